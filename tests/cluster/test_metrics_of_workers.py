"""prometheus_client joins the numbers of gunicorn's workers, through a folder that they share."""

import pytest

from lean_flask.testing import faults
from support.measured_host import Samples
from support.redis_server import until


@pytest.fixture
def cluster(make_cluster, tmp_path, monkeypatch):
    folder = tmp_path / "metrics"
    folder.mkdir()
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(folder))
    return make_cluster(workers=2, store_url=f"sqlite:///{tmp_path / 'shared.sqlite3'}")


def test_two_workers_are_one_to_prometheus(cluster, fake_lean):
    def value(name, **labels):
        return Samples(cluster.get("/metrics").text, "lean").value(name, **labels)

    def served(state):
        return value("bank_lists_served_total", account_type="PERSONAL", state=state)

    def failed():
        return value("upstream_calls_total", operation="customer", result="rejected")

    assert len(cluster.by_worker("/lean/banks")) == 2
    fresh = served("fresh")
    assert fresh + served("miss") + served("stale") >= 12  # as many as by_worker() sends at least
    fetched = value("upstream_calls_total", operation="bank list", result="ok")
    assert fetched == fake_lean.count("banks")
    assert value("store_up") == 1
    assert value("bank_list_timestamp_seconds", account_type="PERSONAL") > 1e9

    cluster.get("/lean/banks")
    assert served("fresh") == fresh + 1  # whichever worker it was

    fake_lean.fault("customers", faults.Status(503))
    assert cluster.get("/link/user-1").status_code == 500
    before = failed()
    assert before >= 1
    for worker in cluster.workers():
        cluster.kill_worker(worker)
        until(lambda gone=worker: gone not in cluster.workers() and len(cluster.workers()) == 2)
    assert failed() == before  # the counts of those who died stay
