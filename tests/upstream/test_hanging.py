"""Operations that hang: few threads wait, others are told at once, and nothing is left behind."""

from __future__ import annotations

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from uuid import uuid4

import pytest

from lean_flask import UpstreamError, UpstreamInvalid, UpstreamTimeout
from lean_flask.config.settings import load_settings
from lean_flask.testing import faults
from lean_flask.upstream import circuit as circuit_module
from lean_flask.upstream.circuit import FAILURES_TO_OPEN, MAX_DELAY, MAX_UNANSWERED, Circuit
from lean_flask.upstream.client import LeanClient
from support.redis_server import until


@pytest.fixture
def circuit(clock):
    return Circuit("payment sources", clock)


def fail(error):
    def work():
        raise error

    return work


def open_it(circuit):
    for _ in range(FAILURES_TO_OPEN):
        with pytest.raises(UpstreamTimeout):
            circuit.run(fail(UpstreamTimeout("no response")))


@pytest.mark.parametrize("error", [UpstreamTimeout("slow"), UpstreamError("refused")])
def test_three_failures_in_a_row_open_it(circuit, clock, caplog, error):
    for _ in range(FAILURES_TO_OPEN):
        with pytest.raises(type(error)):
            circuit.run(fail(error))
    with pytest.raises(type(error), match="payment sources: Lean was not called") as caught:
        circuit.run(pytest.fail)
    assert not caught.value.tried
    assert 0 < caught.value.retry_after <= 1.5
    assert caplog.text.count("Lean is not called for a while (payment sources)") == 1


def test_an_answer_between_failures_keeps_it_closed(circuit):
    for error in [UpstreamTimeout("slow"), UpstreamInvalid("bad"), UpstreamTimeout("slow")] * 3:
        with pytest.raises(UpstreamError, match=r"slow|bad"):
            circuit.run(fail(error))
    assert not circuit.is_open
    for _ in range(9):
        with pytest.raises(UpstreamInvalid):  # 4xx and 5xx are answers, too
            circuit.run(fail(UpstreamInvalid("bad")))
    assert circuit.run(lambda: 1) == 1


def test_one_call_at_a_time_tries_again_and_its_success_closes(circuit, clock, caplog):
    caplog.set_level("INFO")
    open_it(circuit)
    clock.seconds += 2

    def probe():
        for _ in range(5):
            with pytest.raises(UpstreamTimeout, match="not called"):
                circuit.run(pytest.fail)
        return "well"

    assert circuit.run(probe) == "well"
    assert circuit.run(lambda: 1) == 1
    assert "Lean answers again: payment sources" in caplog.text


def test_the_pause_grows_to_its_longest(circuit, clock):
    open_it(circuit)
    pauses = []
    for _ in range(12):
        clock.seconds += MAX_DELAY * 2
        with pytest.raises(UpstreamTimeout, match="no response"):
            circuit.run(fail(UpstreamTimeout("no response")))
        with pytest.raises(UpstreamTimeout, match="not called") as caught:
            circuit.run(pytest.fail)
        pauses.append(caught.value.retry_after)
    assert pauses[0] <= 3
    assert MAX_DELAY / 2 <= pauses[-1] <= MAX_DELAY * 1.5


def test_what_was_not_tried_and_what_is_no_failure_of_lean_count_for_nothing(circuit):
    for error in [UpstreamTimeout("x", tried=False), ValueError("x")] * 5:
        with pytest.raises(type(error)):
            circuit.run(fail(error))
    assert not circuit.is_open


def test_a_probe_that_ends_in_an_error_of_ours_gives_its_place_back(circuit, clock):
    open_it(circuit)
    clock.seconds += 2
    with pytest.raises(ValueError, match="x"):
        circuit.run(fail(ValueError("x")))
    assert circuit.run(lambda: 1) == 1


def test_a_burst_is_never_refused_while_lean_answers(circuit):
    with ThreadPoolExecutor(32) as pool:
        assert list(pool.map(lambda n: circuit.run(lambda: n), range(200))) == [*range(200)]


def test_a_burst_that_hangs_holds_few(circuit, clock):
    over = threading.Event()
    with ThreadPoolExecutor(32) as pool:
        calls = [pool.submit(circuit.run, over.wait, 0) for _ in range(32)]
        try:
            until(lambda: sum(call.done() for call in calls) == 32 - MAX_UNANSWERED)
            refused = [call.exception() for call in calls if call.done()]
        finally:
            over.set()
    assert {type(error) for error in refused} == {UpstreamTimeout}
    assert not any(error.tried for error in refused)


# --- with a Lean that hangs ---------------------------------------------------------------------


@pytest.fixture
def long_pause(monkeypatch):
    """A pause that no slow machine outlasts."""
    monkeypatch.setattr(circuit_module, "INITIAL_DELAY", 600.0)
    monkeypatch.setattr(circuit_module, "MAX_DELAY", 600.0)


def test_a_token_endpoint_that_hangs_is_not_asked_by_each_launch(
    make_client, fake_lean, long_pause, caplog
):
    client = make_client(timeout=1.0)
    fake_lean.fault("token", faults.Hang())
    with ThreadPoolExecutor(FAILURES_TO_OPEN) as pool:
        customers = [str(uuid4()) for _ in range(FAILURES_TO_OPEN)]
        calls = [pool.submit(client.customer_token, customer) for customer in customers]
    assert {type(call.exception()) for call in calls} == {UpstreamTimeout}
    until(lambda: "Lean is not called" in caplog.text)  # the caller may be told first
    asked = fake_lean.count("token")
    for _ in range(20):
        with pytest.raises(UpstreamTimeout) as caught:
            client.customer_token(str(uuid4()))
        assert not caught.value.tried
        assert caught.value.retry_after
        client.prepare_customer_token(str(uuid4()))
    assert fake_lean.count("token") == asked


def test_each_operation_has_a_circuit_of_its_own(make_client, fake_lean, long_pause, caplog):
    customer = fake_lean.add_customer(app_user_id="user-1")
    client = make_client(timeout=1.0)
    fake_lean.fault("payment_sources", faults.Hang())
    with ThreadPoolExecutor(FAILURES_TO_OPEN) as pool:
        calls = [pool.submit(client.payment_sources, customer) for _ in range(FAILURES_TO_OPEN)]
    assert {type(call.exception()) for call in calls} == {UpstreamTimeout}
    until(lambda: "Lean is not called" in caplog.text)  # the callers may be told first
    with pytest.raises(UpstreamTimeout, match="not called"):
        client.payment_sources(customer)
    assert client.customer_token(customer)
    assert client.banks("PERSONAL")
    assert client.create_customer("user-1") == customer
    assert client.create_payment_intent(customer, 1, "SAR")


def test_a_picker_waits_a_second_for_saved_accounts(app, client, fake_lean):
    link = client.get("/pay").location
    fake_lean.fault("payment_sources", faults.Hang())
    begun = time.monotonic()
    page = client.get(link)
    assert time.monotonic() - begun < 4  # LEAN_TIMEOUT is 5
    assert 'name="bank_identifier"' in page.text


def test_the_list_is_served_while_launches_hang(make_app, fake_lean):
    """With as many threads as gunicorn would have: eight, and sixteen launches under way."""
    app = make_app(timeout=60)
    visitor = app.test_client()
    visitor.get("/lean/banks")
    tokens = []
    for number in range(16):
        app.config["CONNECT"]["customer_id"] = fake_lean.add_customer(app_user_id=f"u{number}")
        tokens.append(visitor.get("/link").location.partition("flow=")[2])
    fake_lean.fault("token", faults.Hang())
    cookie = visitor.get_cookie("session").value

    def launch(token):
        client = app.test_client()
        client.set_cookie("session", cookie)
        return client.post("/lean/launch", json={"flow": token}).status_code

    def banks(_):
        return app.test_client().get("/lean/banks").status_code

    with ThreadPoolExecutor(8) as threads:
        launches = [threads.submit(launch, token) for token in tokens]
        lists = [threads.submit(banks, number) for number in range(20)]
        try:
            assert [one.result(timeout=20) for one in lists] == [200] * 20
            until(lambda: sum(not one.done() for one in launches) <= MAX_UNANSWERED)
        finally:
            fake_lean.heal()
        assert {one.result() for one in launches} <= {200, 503}


# --- headers that never end ---------------------------------------------------------------------


class Dripping:
    """A server whose headers come byte by byte for ever, until it is healed."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.over = threading.Event()
        self.drips = True
        self.open = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while not self.over.is_set():
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        self.open += 1
        with connection:
            try:
                connection.recv(65536)
                if not self.drips:
                    connection.sendall(
                        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                        b"Content-Length: 2\r\nConnection: close\r\n\r\n[]"
                    )
                else:
                    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                    while not self.over.wait(0.02):
                        connection.sendall(b"x")
            except OSError:
                pass  # the client went away, as it should
            finally:
                self.open -= 1


@pytest.fixture
def dripping():
    server = Dripping()
    yield server
    server.over.set()
    server.listener.close()


def ours():
    return [one for one in threading.enumerate() if one.name == "lean-flask-upstream"]


def test_headers_that_never_end_keep_no_thread_and_no_connection(dripping):
    """More of them than the pool has places, and each ends with its budget."""
    settings = {"app_token": "t", "api_url": dripping.url, "timeout": 0.2}
    client = LeanClient(load_settings({}, overrides=settings))

    def call(_):
        with pytest.raises(UpstreamTimeout):
            client.banks("PERSONAL")

    with ThreadPoolExecutor(26) as pool:
        list(pool.map(call, range(104)))
    until(lambda: not ours() and dripping.open == 0)
    dripping.drips = False

    def answers():
        with suppress(UpstreamTimeout):  # a busy machine may need longer than this budget
            return client.banks("PERSONAL") == []

    until(answers)
