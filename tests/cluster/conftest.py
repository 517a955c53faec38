"""Fixtures: a cluster of gunicorn workers, and each kind of store that they can share."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from cluster_kit import Cluster


@pytest.fixture(params=["sqlite", "redis"])
def store_url(request, tmp_path):
    """Each kind of store that processes can share."""
    if request.param == "redis":
        return request.getfixturevalue("redis_server").url
    return f"sqlite:///{tmp_path / 'shared.sqlite3'}"


@pytest.fixture
def make_cluster(fake_lean, tmp_path):
    with ExitStack() as stack:

        def make(*, threads=8, preload=True, **settings):
            folder = tmp_path / f"cluster{len(list(tmp_path.glob('cluster*')))}"
            folder.mkdir()
            cluster = Cluster(fake_lean.settings() | settings, folder, threads, preload)
            stack.callback(cluster.close)
            cluster.start()
            return cluster

        yield make
