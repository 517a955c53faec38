"""GET /health: what a load balancer and an operator see."""

from lean_flask.testing import faults
from support.redis_server import until


def test_health_of_a_server_with_a_list(client):
    client.get("/lean/banks")
    response = client.get("/lean/health")
    assert response.status_code == 200
    assert response.json["status"] == "ok"
    assert response.json["banks"]["count"] > 10
    assert response.json["banks"]["state"] == "fresh"
    assert response.json["upstream"] == {"failures": 0, "retry_in": 0}
    assert response.headers["Cache-Control"] == "no-store"


def test_a_new_server_gets_healthy_by_being_asked(client):
    assert client.get("/lean/health").status_code == 503
    until(lambda: client.get("/lean/health").status_code == 200)


def test_health_never_waits_on_lean(client, fake_lean):
    gate = faults.Gate()
    fake_lean.fault("banks", gate)
    response = client.get("/lean/health")
    assert (response.status_code, response.json["status"]) == (503, "down")
    assert response.json["banks"] == {"count": 0, "age": 0, "state": "empty"}
    gate.open()


def test_health_while_lean_fails(make_app, fake_lean):
    client = make_app(banks_ttl=0.01).test_client()
    client.get("/lean/banks")
    fake_lean.fault("banks", faults.Status(403))

    def degraded():
        client.get("/lean/banks")
        response = client.get("/lean/health")
        return response if response.json["status"] == "degraded" else None

    response = until(degraded)
    assert response.status_code == 200
    assert response.json["upstream"]["failures"] >= 1
    assert response.json["banks"]["state"] == "stale"


def test_health_says_nothing_secret(client, fake_lean):
    fake_lean.fault("banks", faults.Status(403, b'{"message": "inside story"}'))
    client.get("/lean/banks")
    text = client.get("/lean/health").text
    assert "inside story" not in text
    assert fake_lean.app_token not in text


def test_live_and_ready_do_not_depend_on_lean(client, fake_lean):
    fake_lean.stop()
    for _ in range(2):
        for probe in ("live", "ready"):
            response = client.get(f"/lean/health/{probe}")
            assert (response.status_code, response.json) == (200, {"status": "ok"})
            assert response.headers["Cache-Control"] == "no-store"
    assert client.get("/lean/health").status_code == 503
    picker = client.get(client.get("/link").location)  # and so it is
    assert picker.status_code == 200


def test_ready_asks_for_the_list_that_is_missing(client, fake_lean):
    client.get("/lean/health/ready")
    until(lambda: client.get("/lean/health").status_code == 200)


def test_a_process_without_services_lives_and_is_not_ready(app, client, monkeypatch):
    def fail():
        raise OSError("no disk")

    monkeypatch.setattr(app.extensions["lean_flask"]["lean"], "get", fail)
    assert client.get("/lean/health/live").status_code == 200
    response = client.get("/lean/health/ready")
    assert (response.status_code, response.json) == (503, {"status": "down"})
