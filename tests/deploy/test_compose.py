"""The commands of deploy/compose.yaml as processes, behind nginx with TLS and a prefix."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import shlex
import uuid
from datetime import UTC, datetime
from functools import partial

import httpx

from support.compose import DEPLOY, README
from support.deployed import Customer
from support.redis_server import until as until_seconds

# A busy machine takes its time, and is not to be made busier by the asking.
until = partial(until_seconds, seconds=120, pause=0.1)


def send_event(deployed, type="entity.created"):
    """Send an event as Lean would; its id, and the status of the answer."""
    event_id = str(uuid.uuid4())
    payload = {"id": str(uuid.uuid4()), "customer_id": str(uuid.uuid4())}
    event = {"type": type, "payload": payload, "message": "An event.", "event_id": event_id}
    body = json.dumps(event | {"timestamp": datetime.now(UTC).isoformat()}).encode()
    secret = deployed.compose.variables["FLASK_LEAN_WEBHOOK_SECRET"].encode()
    digest = hmac.new(secret, body, hashlib.sha512).hexdigest()
    headers = {"lean-signature": f"sha512={digest}", "Content-Type": "application/json"}
    with deployed.browser() as lean:
        answer = lean.post("/bank/lean/webhooks", content=body, headers=headers)
    return event_id, answer.status_code


def test_a_customer_links_a_bank(deployed):
    customer = Customer(deployed)
    listed = customer.client.get("/bank/lean/banks", params={"lang": "ar"})
    assert "RJHI_SAU" in {bank["identifier"] for bank in listed.json()}

    assert {cookie.path for cookie in customer.client.cookies.jar} == {"/bank"}
    assert customer.picker.startswith("/bank/lean/picker?")
    page = customer.client.get(customer.picker)
    assert page.status_code == 200
    assert "الراجحي" in page.text
    addresses = set(re.findall(r'(?:href|src|action)="(/[^"]*)"', page.text))
    assert [one for one in addresses if not one.startswith("/bank/")] == []
    files = {one.replace("&amp;", "&") for one in addresses if re.search(r"\.(css|js)\b", one)}
    assert len(files) >= 2
    assert {customer.client.get(one).status_code for one in files} == {200}

    launch = customer.launch()
    landing = f"{deployed.origin}/bank/lean/return/success"
    assert launch["config"]["success_redirect_url"] == landing
    customer.end(launch)
    worker = deployed.compose.container("worker")
    until(lambda: "says that a bank is linked" in worker.log.read_text())


def test_a_customer_pays(deployed):
    customer = Customer(deployed, "pay")
    customer.end(customer.launch())
    worker = deployed.compose.container("worker")
    until(lambda: "says ACCEPTED_BY_BANK" in worker.log.read_text())


def test_the_browser_gets_the_sdk_from_the_loaders_address(deployed):
    customer = Customer(deployed)
    page = customer.client.get(customer.picker).text
    loader = re.search(rf'"({deployed.origin}/link/loader/[^"]+)"', page)[1]
    script = customer.client.get(loader)
    assert script.headers["Content-Type"].startswith("text/javascript")


def test_a_proxys_headers_from_a_visitor_are_not_believed(deployed):
    forged = {
        "X-Forwarded-Host": "elsewhere.example",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Prefix": "/elsewhere",
        "Forwarded": "host=elsewhere.example;proto=http",
    }
    customer = Customer(deployed, **forged)
    landing = customer.launch()["config"]["success_redirect_url"]
    assert landing == f"{deployed.origin}/bank/lean/return/success"


def test_a_path_reaches_the_app_as_the_visitor_wrote_it(deployed):
    """But for the prefix: nginx decodes a path, and encodes it again."""
    name = "a%20b%3Fc%25%D8%A7"
    app = deployed.compose.container("app")
    direct = httpx.get(f"http://{app.address}:8000/lean/banks/{name}")
    with deployed.browser() as visitor:
        assert visitor.get(f"/bank/lean/banks/{name}").text == direct.text
        assert visitor.get("/bank").headers["Location"] == "/bank/"


def test_another_host_name_is_refused(deployed):
    with deployed.browser() as stranger:
        headers = {"Host": "elsewhere.example"}
        assert stranger.get("/bank/lean/banks", headers=headers).status_code == 400


def test_the_container_is_healthy(deployed):
    """The Dockerfile's HEALTHCHECK, run beside the app."""
    text = (DEPLOY / "Dockerfile").read_text()
    program, *arguments = json.loads(re.search(r"HEALTHCHECK .*\n\s+CMD (.*)", text)[1])
    app = deployed.compose.container("app")
    until(lambda: app.run(program, *arguments).returncode == 0)


def test_the_image_runs_the_same_command_as_compose():
    words = json.loads(re.findall(r"^CMD (.*)", (DEPLOY / "Dockerfile").read_text(), re.M)[-1])
    assert f"command: {' '.join(words)}\n" in (DEPLOY / "compose.yaml").read_text()


def test_flask_lean_check_finds_nothing_wrong(deployed):
    checked = deployed.compose.container("app").run("flask", "--app", "app", "lean", "check")
    assert checked.returncode == 0, checked.stdout
    assert "/bank/lean/return/success in Lean's dashboard" in checked.stdout


def test_prometheus_gets_the_metrics_of_all_processes_and_a_visitor_gets_none(deployed):
    worker = deployed.compose.container("worker")
    metrics = in_container(deployed, "python -c")
    assert re.search(r'^lean_flask_upstream_calls_total.*"bank list",result="ok"', metrics, re.M)
    assert "pid=" not in metrics
    assert "lean_flask_event_deliveries_total" in httpx.get(f"http://{worker.address}:8001/").text
    with deployed.browser() as visitor:
        assert visitor.get("/bank/metrics").status_code == 404


def in_container(deployed, beginning):
    """Run the shortest line of README.md that begins so, in the app's container; its output."""
    lines = [line for line in README.splitlines() if line.startswith("docker compose exec app ")]
    commands = [line.removeprefix("docker compose exec app ") for line in lines]
    command = min((one for one in commands if one.startswith(beginning)), key=len)
    done = deployed.compose.container("app").run(*shlex.split(command))
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_an_operator_takes_a_bank_out_and_puts_it_back(deployed):
    customer = Customer(deployed)
    words = {"en": "Back at 6 pm", "ar": "يعود الساعة 6 مساءً"}

    def notice():
        return customer.client.get("/bank/lean/banks/SNB_SAU").json()["notice"]

    def launch():
        return customer.post("launch", bank_identifier="SNB_SAU").status_code

    # Each request may meet another process; all follow within two seconds.
    in_container(deployed, "flask --app app lean bank SNB_SAU --unavailable")
    until(lambda: notice() == words)
    until(lambda: words["ar"] in customer.client.get(customer.picker).text)
    until(lambda: launch() == 409)
    in_container(deployed, "flask --app app lean bank SNB_SAU --clear")
    until(lambda: notice() is None)
    until(lambda: launch() == 200)


def test_the_page_for_operators_works_behind_nginx_for_those_with_the_password(deployed):
    path, password = "/bank/lean/operations", deployed.compose.variables["OPERATOR_PASSWORD"]
    with deployed.browser() as client:
        assert client.get(path).status_code == 401
        assert client.get(path, auth=("sara", "guessed")).status_code == 401
        client.auth = ("sara", password)
        page = client.get(path)
        assert page.status_code == 200
        token = re.search(r'name="token" value="([^"]+)"', page.text)[1]
        done = client.post(path, data={"token": token, "do": "refresh"})
        assert done.headers["Location"].startswith("/bank/lean/operations")
        assert 'role="status"' in client.get(done.headers["Location"]).text


def test_the_stand_in_is_controlled_from_the_apps_container(deployed):
    with deployed.browser() as client:

        def is_up():
            return client.get("/bank/lean/banks/SNB_SAU").json()["available"]["data"]

        in_container(deployed, "flask --app app lean fake bank SNB_SAU --off")
        until(lambda: not is_up())
        in_container(deployed, "flask --app app lean fake bank SNB_SAU --on")
        until(is_up)


def lose_and_get_back(deployed, stop, start):
    """Lose the store, and get it back, without a failed request and without a lost event."""
    linked, customer = Customer(deployed), Customer(deployed)
    worker = deployed.compose.container("worker")
    linked.end(linked.launch())
    with deployed.visited(customer, "/bank/lean/banks", customer.picker, "/bank/") as all_answered:
        stop()
        all_answered()
        customer.launch()
        assert send_event(deployed)[1] == 503  # Lean sends it again
        start()
        until(lambda: send_event(deployed)[1] == 200)
        all_answered()
    until(lambda: linked.outcome() == "confirmed")  # the store has kept what it knew
    event_id, status = send_event(deployed)
    assert status == 200
    until(lambda: event_id in worker.log.read_text())


def test_redis_is_killed_and_comes_back_without_a_failed_request(deployed):
    redis = deployed.compose.container("redis")
    lose_and_get_back(deployed, redis.kill, redis.start)


def test_a_rolling_update_while_lean_is_down_fails_no_request(deployed):
    """New processes become ready by /health/ready, get the requests, and then the old ones end."""
    customer, compose = Customer(deployed), deployed.compose
    old, lean = compose.container("app"), compose.container("lean")
    lean.kill()
    with deployed.visited(customer, "/bank/lean/banks", customer.picker, "/bank/") as all_answered:
        new = compose.start("app")
        until(lambda: deployed.is_ready(new))
        compose.send_to(new)
        all_answered()
        assert old.stop() == 0
        all_answered()
    health = httpx.get(f"http://{new.address}:8000/lean/health").json()
    assert health["banks"]["count"] > 0
    with deployed.browser() as stranger:  # who needs an answer of Lean gets words in place of it
        answer = stranger.post("/bank/link", data={"lang": "en"})
        assert answer.status_code == 503
        assert "try again soon" in answer.text
    lean.start()
    until(lambda: lean.listens(8765))
    until(lambda: deployed.browser().post("/bank/link").status_code == 303)


def test_postgres_is_killed_and_comes_back_without_a_failed_request(deployed, postgres_server):
    """In place of Redis. Its container makes a database, which is made here by initdb."""
    compose = deployed.compose
    old = [compose.container(name) for name in ("app", "worker")]
    with (compose.deploy / ".env").open("a") as file:
        file.write(f"STORE_URL={postgres_server.url()}\n")
    app, _ = (compose.start(name) for name in ("app", "worker"))
    until(lambda: deployed.is_ready(app))
    compose.send_to(app)
    assert [service.stop() for service in old] == [0, 0]
    lose_and_get_back(deployed, postgres_server.stop, postgres_server.start)
