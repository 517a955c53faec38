"""Fixtures: a cluster of gunicorn workers, and each kind of store that they can share."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from lean_flask.testing import FakeLean
from support.cluster import WORKERS, Cluster
from support.redis_server import RedisServer


@pytest.fixture(params=["sqlite", "redis"])
def store_url(request, tmp_path):
    """Each kind of store that processes can share."""
    if request.param == "redis":
        return request.getfixturevalue("redis_server").url
    return f"sqlite:///{tmp_path / 'shared.sqlite3'}"


@pytest.fixture
def make_cluster(fake_lean, tmp_path):
    with ExitStack() as stack:

        def make(*, threads=8, preload=True, kind="gthread", workers=WORKERS, **settings):
            folder = tmp_path / f"cluster{len(list(tmp_path.glob('cluster*')))}"
            folder.mkdir()
            cluster = Cluster(
                fake_lean.settings() | settings, folder, threads, preload, kind, workers
            )
            stack.callback(cluster.close)
            cluster.start()
            return cluster

        yield make


@pytest.fixture(scope="package", params=["sqlite", "redis"])
def settled(request, tmp_path_factory):
    """A cluster for all tests that leave it as it was, and the Lean that it asked once."""
    folder = tmp_path_factory.mktemp("settled")
    redis = RedisServer(folder)
    with FakeLean() as fake_lean, ExitStack() as stack:
        stack.callback(redis.stop)
        if request.param == "redis":
            redis.start()
            url = redis.url
        else:
            url = f"sqlite:///{folder / 'shared.sqlite3'}"
        settings = fake_lean.settings() | {"store_url": url, "per_customer": True}
        cluster = Cluster(settings, folder, threads=8, preload=True)
        stack.callback(cluster.close)
        cluster.start()
        yield cluster, fake_lean
