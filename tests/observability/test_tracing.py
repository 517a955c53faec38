"""Calls to Lean are spans below the request's own, without ids of customers."""

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from lean_flask.testing import faults
from support.launching import token_of


@pytest.fixture
def spans(monkeypatch):
    """The spans that have ended; by a provider of this test, as the process can have but one."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)
    yield exporter.get_finished_spans
    provider.shutdown()


@pytest.fixture
def traced(app):
    """A client of the app, whose requests are spans, as the host's instrumentation makes them."""
    inner = app.wsgi_app

    def wsgi_app(environ, start_response):
        with trace.get_tracer("host").start_as_current_span(environ["PATH_INFO"]):
            return inner(environ, start_response)

    app.wsgi_app = wsgi_app
    return app.test_client()


def named(spans, name):
    return [span for span in spans() if span.name == name]


def test_a_call_is_a_child_of_the_request_though_another_thread_makes_it(spans, traced):
    traced.get("/lean/banks")
    [request] = named(spans, "/lean/banks")
    [call] = named(spans, "GET /banks/v1/")
    [token] = [span for span in spans() if span.attributes.get("lean_flask.operation") ==
               "backend token"]  # fmt: skip
    assert call.parent.span_id == token.parent.span_id == request.context.span_id
    assert call.context.trace_id == request.context.trace_id
    assert call.kind is trace.SpanKind.CLIENT
    assert dict(call.attributes) == {
        "http.request.method": "GET",
        "url.template": "/banks/v1/",
        "server.address": "127.0.0.1",
        "http.response.status_code": 200,
        "lean_flask.operation": "bank list",
        "lean_flask.result": "ok",
    }


def test_a_failure_is_marked_and_says_how_often_it_was_tried(spans, traced, fake_lean):
    fake_lean.fault("banks", faults.Status(503))
    traced.get("/lean/banks")
    [call] = named(spans, "GET /banks/v1/")
    assert call.status.status_code is trace.StatusCode.ERROR
    assert call.status.description is None
    assert call.attributes["error.type"] == "UpstreamRejected"
    assert call.attributes["lean_flask.result"] == "rejected"
    assert call.attributes["http.response.status_code"] == 503
    assert call.attributes["http.request.resend_count"] == 2
    assert not call.events


def test_no_span_has_an_id_or_a_secret(spans, app, traced, fake_lean):
    traced.get("/lean/picker", query_string={"flow": token_of(traced, "/pay")})
    flow = token_of(traced, "/pay")
    traced.post("/lean/launch", json={"flow": flow, "bank_identifier": "RJHI_SAU"})
    customer_id = app.config["PAY"]["customer_id"]
    ours = [span for span in spans() if span.instrumentation_scope.name == "lean_flask"]
    assert any("{" in span.name for span in ours)
    text = "\n".join(span.to_json() for span in ours)
    for private in (customer_id, fake_lean.settings()["client_secret"], flow, "Bearer"):
        assert private not in text


def test_receivers_of_an_event_run_in_a_span(spans, app, traced, fake_lean):
    lean = app.blueprints["lean"]
    seen = []
    lean.on("test.event")(lambda event: seen.append(trace.get_current_span().name))
    body, headers = fake_lean.signed(fake_lean.webhook_event("test.event", {}))
    traced.post("/lean/webhooks", data=body, headers=headers)
    [delivery] = named(spans, "lean_flask deliver")
    assert seen == ["lean_flask deliver"]
    assert delivery.kind is trace.SpanKind.CONSUMER
    assert delivery.attributes["lean_flask.event_type"] == "test.event"
    [request] = named(spans, "/lean/webhooks")
    assert delivery.parent.span_id == request.context.span_id  # memory: delivers in the request


def test_the_request_of_flask_stays_with_its_thread(app, client, fake_lean):
    """Only the span and the id go along: a thread of ours must not see the host's request."""
    seen = []
    from flask import has_request_context

    from lean_flask import banks_refreshed

    def note(sender, **values):
        seen.append(has_request_context())

    with banks_refreshed.connected_to(note, app):
        client.get("/lean/banks")
    assert seen
    assert not any(seen)
