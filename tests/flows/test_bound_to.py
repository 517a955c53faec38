"""Flows for a user of the host that are made in a script, and ages of their own."""

from __future__ import annotations

import pytest

from lean_flask import ConfigurationError, FlowError
from lean_flask.flows.flow_states import MAX_TIME_TO_END
from lean_flask.services import get_services
from support.flow_page import NEEDED
from support.launching import CONNECT
from support.user_host import USER, UserHost, post, succeed


@pytest.fixture
def users(fake_lean):
    return UserHost(fake_lean)


def made_in_a_script(users, **fields):
    with users.app.app_context():
        return users.lean.connect(**users.given | {"bound_to": USER} | fields)


def test_a_script_makes_a_link_that_its_user_can_open(users):
    users.app.config.update(SERVER_NAME="shop.example", PREFERRED_URL_SCHEME="https")
    flow = made_in_a_script(users)
    assert flow.url.startswith("https://shop.example/lean/picker?flow=")
    with users.app.app_context():
        assert flow.absolute_url == flow.url
    path = flow.url.removeprefix("https://shop.example")
    for user, status in ((USER, 200), ("user-2", 403), (None, 403)):
        client = users.client(user)
        assert client.get(path, base_url="https://shop.example").status_code == status


def test_in_a_request_the_link_has_the_hosts_address(users):
    with users.app.test_request_context(base_url="https://pay.example"):
        flow = users.lean.connect(**users.given, bound_to=USER)
        assert flow.url.startswith("/lean/picker?flow=")
        assert flow.absolute_url == f"https://pay.example{flow.url}"


def test_a_forged_host_does_not_get_into_a_link_where_the_name_is_set(users):
    users.app.config.update(SERVER_NAME="shop.example", PREFERRED_URL_SCHEME="https")
    with users.app.test_request_context(base_url="https://evil.example"):
        flow = users.lean.connect(**users.given, bound_to=USER)
        assert flow.absolute_url.startswith("https://shop.example/")


def test_without_the_hosts_name_the_error_says_what_to_set(users):
    with pytest.raises(ConfigurationError, match="SERVER_NAME"):
        made_in_a_script(users)
    flow = users.flow()
    with users.app.app_context(), pytest.raises(ConfigurationError, match="SERVER_NAME"):
        _ = flow.absolute_url


def test_in_production_a_link_that_is_mailed_is_https(fake_lean):
    users = UserHost(fake_lean, sandbox=False)
    users.app.config["SERVER_NAME"] = "shop.example"
    with pytest.raises(ConfigurationError, match="PREFERRED_URL_SCHEME"):
        made_in_a_script(users)
    flow = users.flow()
    with users.app.app_context(), pytest.raises(ConfigurationError, match="PREFERRED_URL_SCHEME"):
        _ = flow.absolute_url
    for server, scheme in (("localhost:5000", "http"), ("shop.example", "https")):
        users.app.config.update(SERVER_NAME=server, PREFERRED_URL_SCHEME=scheme)
        assert made_in_a_script(users).url.startswith(f"{scheme}://{server}/")


@pytest.mark.parametrize("method", [*NEEDED, "renew"])
def test_a_flow_of_each_method_can_be_a_users(users, fake_lean, method):
    needed = NEEDED.get(method) or {}
    if method == "renew":
        entity, _ = fake_lean.add_entity(users.customer, "RJHI_SAU", ["identity"])
        needed = {"entity_id": entity["id"]}
    given = {"customer_id": users.customer, **needed, "bound_to": USER, "max_age": 60}
    with users.app.test_request_context():
        flow = getattr(users.lean, method)(**given)
    assert (flow.bound_to, flow.max_age, flow.session_id) == (USER, 60, None)
    for user, status in ((USER, 200), ("user-2", 403)):
        assert users.client(user).get(flow.url).status_code == status


def test_a_flow_of_a_browser_session_needs_a_request(users):
    users.app.config["SERVER_NAME"] = "shop.example"
    with pytest.raises(ConfigurationError, match="bound_to"):
        made_in_a_script(users, bound_to=None)


def test_a_flow_of_nobody_can_be_made_in_a_script(fake_lean):
    users = UserHost(fake_lean, bind_flow=False)
    users.app.config["SERVER_NAME"] = "shop.example"
    flow = made_in_a_script(users, bound_to=None)
    assert users.client().get(flow.url).status_code == 200


def test_open_needs_a_request(users):
    token = users.flow().token
    with users.app.app_context(), pytest.raises(ConfigurationError, match="open"):
        users.lean.open(token)


def test_the_user_is_not_in_the_link_or_in_the_repr(users):
    flow = users.flow("mohammed@example.sa")
    assert "mohammed" not in flow.url + repr(flow)


# --- an age of its own ------------------------------------------------------------------------


@pytest.mark.parametrize("max_age", [0, -1, 1.5, True, "60", 10**9])
def test_an_age_is_a_number_of_seconds_in_which_the_end_is_kept(host, max_age):
    lean = host.blueprints["lean"]
    with pytest.raises(FlowError, match="max_age") as caught:
        lean.connect(**CONNECT, max_age=max_age)
    assert set(caught.value.fields) == {"max_age"}


def test_the_longest_age_is_that_of_events_or_of_flows(fake_lean):
    day = 86_400
    for settings, longest in (
        ({"events_keep": 3 * day}, 3 * day),
        ({"events_keep": 2 * day, "flow_max_age": 5 * day}, 5 * day),
    ):
        users = UserHost(fake_lean, **settings)
        assert users.flow(max_age=longest).max_age == longest
        with pytest.raises(FlowError, match=str(longest)):
            users.flow(max_age=longest + 1)


def test_the_end_of_a_flow_is_kept_until_nothing_can_be_reported_of_it(users, monkeypatch):
    """Or it could be launched, or told to the host, again."""
    longest = 30 * 86_400
    flow, client, kept = users.flow(max_age=longest), users.client(USER), {}
    with users.app.app_context():
        store = get_services("lean").store
    update = type(store).update

    def note(self, key, updater, ttl):
        kept[key.partition(":")[0]] = ttl
        return update(self, key, updater, ttl)

    monkeypatch.setattr(type(store), "update", note)
    post(client, "launch", flow, bank_identifier="RJHI_SAU")
    assert succeed(client, flow).status_code == 200
    assert kept["flow"] >= longest + MAX_TIME_TO_END
    assert MAX_TIME_TO_END < kept["user"] < 2 * MAX_TIME_TO_END  # nobody is at a bank for longer
