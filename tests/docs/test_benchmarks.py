"""That the benchmarks compare what they say: the limit sends the bytes of lean-flask."""

import pytest

from benchmarks import __main__ as _  # noqa: F401 - that it can be imported
from benchmarks import launch_hosts
from benchmarks.contenders import Setup, make, remember
from benchmarks.launch import Flows
from benchmarks.load import Ratio
from benchmarks.report import with_section


@pytest.fixture
def contender(fake_lean, tmp_path, monkeypatch):
    setup = Setup(fake_lean.settings(), ttl=60, timeout=5, folder=str(tmp_path))
    for name, value in setup.environment().items():
        monkeypatch.setenv(name, value)
    return lambda name: make(name).test_client()


@pytest.mark.parametrize(
    ("headers", "status"), [({}, 200), ({"Accept-Encoding": "gzip"}, 200), (None, 304)]
)
def test_the_limit_answers_as_lean_flask_does(contender, tmp_path, headers, status):
    ours = contender("lean-flask")
    if headers is None:
        headers = {"If-None-Match": ours.get("/lean/banks").headers["ETag"]}
    response = ours.get("/lean/banks", headers=headers)
    remember(tmp_path, "kind", response.status_code, list(response.headers), response.data)
    limit = contender("limit").get("/kind")
    assert (limit.status_code, limit.data) == (status, response.data)
    assert set(limit.headers) == set(response.headers)


def test_a_ratio_is_the_median_with_the_middle_half():
    assert Ratio.of([1, 9, 2, 3, 4, 5, 6, 7]) == Ratio(4.5, 3, 6)
    assert Ratio.of([2.0]) == Ratio(2.0, 2.0, 2.0)


@pytest.mark.parametrize("there", ["", "## Webhooks\n\nold\n\n"])
def test_one_section_can_be_measured_again(there):
    page = "# Page\n\n## First\n\nstays\n\n{}## What the package costs\n\nstays\n"
    new = with_section(page.format(there), "## Webhooks\n\nnew")
    assert new == page.format("## Webhooks\n\nnew\n\n")


@pytest.mark.parametrize("name", ["plain view", "lean-flask, SQLite"])
def test_a_launch_that_is_measured_is_answered_like_the_others(
    fake_lean, tmp_path, monkeypatch, name
):
    settings = fake_lean.settings() | {"store_url": f"sqlite:///{tmp_path}/store.sqlite3"}
    setup = Setup(settings, ttl=60, timeout=5, folder=str(tmp_path))
    for variable, value in setup.environment().items():
        monkeypatch.setenv(variable, value)
    customer = fake_lean.add_customer(app_user_id="one")
    flows = Flows(fake_lean, tmp_path / "flows.txt", [customer])
    cookie, body = flows.of(name, 1).read_text().rstrip().split("\t")
    client = launch_hosts.make(name).test_client(use_cookies=False)
    call = client.post(
        launch_hosts.PATH, headers={"Cookie": cookie}, data=body, content_type="application/json"
    ).json
    assert call["config"]["customer_id"] == customer
    assert {*call["config"]} >= {"app_token", "access_token", "bank_identifier", "permissions"}
