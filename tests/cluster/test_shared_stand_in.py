"""README's app under four workers, on one stand-in in a process of its own."""

from __future__ import annotations

import re
import sys
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from support import plain_http
from support.cluster import Cluster
from support.documents import blocks_of
from support.redis_server import until
from support.stand_in_process import StandInProcess

NAMES_WORKER = """
@app.after_request
def name_worker(response):
    import os
    response.headers["X-Worker"] = str(os.getpid())
    return response
"""


def readme_app():
    """README's app, with its settings from the environment in place of a stand-in of its own."""
    (app,) = [block.code for block in blocks_of("README.md") if block.file == "app.py"]
    for line in (
        "from lean_flask.testing import FakeLean\n",
        "fake.start()\n",
        "    **fake.settings(),\n",
    ):
        assert line in app
        app = app.replace(line, "")
    app = re.sub(r"fake = FakeLean\(\).*\n", "", app)
    assert "fake" not in app.lower()
    made = "app = Flask(__name__)\n"
    assert made in app
    return app.replace(made, f"{made}app.config.from_prefixed_env()\n") + NAMES_WORKER


class ReadmeCluster(Cluster):
    """The workers of README's app, in a folder with the file of settings of a stand-in."""

    def __init__(self, folder, environment):
        super().__init__({}, folder, threads=2, preload=False)
        (folder / "app.py").write_text(readme_app())
        start = self._command.index("--bind")
        self._command[start + 2 :] = ["--chdir", str(folder), "app:app"]
        self._environment |= environment
        assert self._command[0] == sys.executable

    def _answers(self):
        try:
            return self.get("/done").status_code == 200
        except httpx.TransportError:
            return False


@pytest.fixture
def stand_in(tmp_path):
    with StandInProcess(tmp_path) as running:
        yield running


@pytest.fixture
def workers(stand_in, tmp_path):
    cluster = ReadmeCluster(tmp_path, stand_in.environment())
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.close()


def walk(workers, stand_in):
    """One browser's way to a linked bank that Lean confirms, each request in whatever worker."""
    with workers.browser() as browser:
        begun = browser.get("/")
        flow = parse_qs(urlsplit(begun.headers["location"]).query)["flow"][0]
        assert "مصرف الراجحي" in browser.get(begun.headers["location"]).text
        body = {"flow": flow, "bank_identifier": "RJHI_SAU"}
        origin = {"Origin": workers.url}
        launch = browser.post("/lean/launch", json=body, headers=origin)
        assert launch.status_code == 200, launch.text
        end = {"status": "SUCCESS", **launch.json(), "bank_identifier": "RJHI_SAU"}
        assert plain_http.post(f"{stand_in.url}/stand-in/ends", json=end).status_code == 204
        data = {"flow": flow, "data": {"status": "SUCCESS"}}
        closed = browser.post("/lean/callback", json=data, headers=origin).json()
        assert closed["next"].startswith("/done?lean_status=SUCCESS")
        (flow_id,) = parse_qs(urlsplit(closed["next"]).query)["lean_flow"]

        def is_confirmed():
            answer = browser.get(f"/lean/flows/{flow_id}", params={"flow": flow})
            assert answer.status_code == 200, answer.text
            return answer.json()["status"] == "confirmed"

        until(is_confirmed)


def test_the_app_of_the_readme_runs_in_four_workers_on_one_stand_in(workers, stand_in):
    hooks = f"{workers.url}/lean/webhooks"
    stand_in.control("PATCH", "/webhooks", json={"urls": [hooks]})
    walk(workers, stand_in)
    assert len(workers.by_worker("/done")) == 4
    asked = stand_in.control("GET", "/requests")["counts"]
    assert asked["banks"] == 1  # one list for all workers

    stand_in.control("PATCH", "/banks/RJHI_SAU", json={"active": {"data": False}})

    def all_know():
        answers = workers.by_worker("/lean/banks/RJHI_SAU").values()
        return all(answer.json()["available"]["data"] is False for answer in answers)

    workers.until(all_know)

    stand_in.control("PUT", "/faults/all", json={"fault": "Reset"})
    assert {answer.status_code for answer in workers.many("/lean/banks", 12)} == {200}
    stand_in.control("DELETE", "/faults")
