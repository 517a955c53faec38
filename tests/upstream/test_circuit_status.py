"""What operators are told of the calls that this process made."""

from __future__ import annotations

from contextlib import suppress
from uuid import uuid4

import pytest

from lean_flask import UpstreamError
from lean_flask.testing import faults
from lean_flask.upstream.circuit import FAILURES_TO_OPEN, Circuit


def kinds(client):
    return {status.operation: status for status in client.circuits()}


def test_a_call_that_went_well_is_told_as_that(make_client, fake_lean):
    client = make_client()
    client.payment_sources(fake_lean.add_customer(app_user_id="user-1"))
    made = kinds(client)
    assert made["payment sources"].is_well
    assert made["payment sources"].succeeded_ago >= 0
    assert made["payment sources"].last_error is None
    assert made["customer token"].succeeded_ago is None  # none was asked for


def test_a_refusal_is_told_in_words_though_lean_answers(make_client, fake_lean):
    client, customer = make_client(), str(uuid4())
    fake_lean.fault("payment_sources", faults.Status(403))
    with pytest.raises(UpstreamError):
        client.payment_sources(customer)
    refused = kinds(client)["payment sources"]
    assert "does not permit this call" in refused.last_error
    assert customer not in refused.last_error
    assert (refused.failures, refused.retry_in, refused.is_well) == (0, 0, False)


def test_what_is_not_called_for_a_while_comes_first(make_client, fake_lean):
    client = make_client()
    fake_lean.fault("payment_sources", faults.Status(403))
    with suppress(UpstreamError):
        client.payment_sources(str(uuid4()))
    for _ in range(FAILURES_TO_OPEN):
        with suppress(UpstreamError):
            client._circuit(client._request_of("consent", "GET", "/")).run(_times_out)
    first, second = client.circuits()[:2]
    assert (first.operation, first.failures) == ("consent", FAILURES_TO_OPEN)
    assert first.retry_in > 0
    assert second.operation == "payment sources"


def test_success_after_a_failure_is_well_again(clock):
    circuit = Circuit("consent", clock)
    with suppress(UpstreamError):
        circuit.run(_times_out)
    clock.seconds += 5
    circuit.run(lambda: 1)
    clock.seconds += 1
    status = circuit.status()
    assert status.is_well
    assert (status.succeeded_ago, status.failed_ago, status.last_error) == (1, 6, "no response")


def _times_out():
    raise UpstreamError("no response")
