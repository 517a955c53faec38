"""A receiver of the host never breaks a customer's page."""

from contextlib import ExitStack
from functools import partial

import pytest

from lean_flask import bank_selected, flow_closed, flow_launched, picker_viewed, webhook_received
from support.launching import SUCCESS


def fail(sender, **details):
    raise RuntimeError("the host's own fault")


async def never_awaited(sender, **details):
    raise AssertionError


class NeverAwaited:
    async def __call__(self, sender, **details):
        raise AssertionError


async def takes_a_key(sender, key, **details):
    raise AssertionError


PARTIAL = partial(takes_a_key, key="a secret")
OBJECT = NeverAwaited()


@pytest.mark.parametrize("receiver", [fail, never_awaited, PARTIAL, OBJECT])
def test_a_receiver_breaks_no_page(app, client, flow, launch, callback, caplog, receiver):
    told = []
    with ExitStack() as stack:
        for signal in (picker_viewed, bank_selected, flow_launched, flow_closed):
            stack.enter_context(signal.connected_to(receiver, app))
            heard = lambda sender, signal=signal, **_: told.append(signal.name)  # noqa: E731
            stack.enter_context(signal.connected_to(heard, app))
        assert client.get("/lean/picker", query_string={"flow": flow}).status_code == 200
        assert launch(bank_identifier="RJHI_SAU").status_code == 200
        assert callback(**SUCCESS).status_code == 200
    assert told == [
        f"lean-{name}"
        for name in ("picker-viewed", "bank-selected", "flow-launched", "flow-closed")
    ]
    lines = [record for record in caplog.records if "eceiver" in record.message]
    assert len(lines) == 4
    assert "a secret" not in caplog.text


def test_an_async_receiver_is_named_once(client, app, flow, caplog):
    async def counts_views(sender, **details):
        raise AssertionError

    with picker_viewed.connected_to(counts_views, app):
        for _ in range(2):
            client.get("/lean/picker", query_string={"flow": flow})
    assert caplog.text.count("counts_views") == 1


@pytest.mark.parametrize("receiver", [never_awaited, PARTIAL, OBJECT])
def test_a_webhook_whose_receiver_is_async_is_not_taken_for_done(app, client, fake_lean, receiver):
    body, headers = fake_lean.signed(fake_lean.webhook_event("entity.created", {}))
    with webhook_received.connected_to(receiver, app):
        response = client.post("/lean/webhooks", data=body, headers=headers)
    assert response.status_code == 500
