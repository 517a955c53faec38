"""Four workers and one store: the host learns of a success once, and every worker knows of it."""

from concurrent.futures import ThreadPoolExecutor

from support import plain_http
from support.cluster import WORKERS
from support.redis_server import until


def test_a_success_is_told_once_in_the_whole_cluster(settled):
    cluster, _ = settled
    with cluster.browser() as browser:
        flow = browser.get("/link/outcome").headers["location"].split("flow=")[1]
        assert browser.post("/lean/launch", json={"flow": flow}).status_code == 200
        cookies = dict(browser.cookies)

    def post(path, **body):
        """A connection of its own, so that any worker may answer; the cookies stay the same."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        with plain_http.Client(base_url=cluster.url, timeout=20, headers=headers) as connection:
            return connection.post(path, json={"flow": flow, **body})

    def report(_):
        return post("/lean/callback", data={"status": "SUCCESS"})

    with ThreadPoolExecutor(16) as pool:
        responses = list(pool.map(report, range(32)))
    assert {response.status_code for response in responses} == {200}
    assert len({response.headers["X-Worker"] for response in responses}) > 1
    told = [line for line in cluster.events.read_text().splitlines() if " SUCCESS" in line]
    assert len(told) == 1
    workers = set()
    while len(workers) < WORKERS:
        response = post("/lean/launch")
        assert (response.status_code, response.json()["reason"]) == (410, "completed")
        workers.add(response.headers["X-Worker"])


def test_the_banks_word_reaches_every_worker_and_the_host_once(settled):
    cluster, fake_lean = settled
    with cluster.browser() as browser:
        flow = browser.get("/link/confirmed").headers["location"].split("flow=")[1]
        body = {"flow": flow, "bank_identifier": "RJHI_SAU"}
        assert browser.post("/lean/launch", json=body).status_code == 200
        cookies = dict(browser.cookies)
    flow_id = lines_of(cluster)[-1].split()[0]
    bank = {"identifier": "RJHI_SAU"}
    entity = {"id": "e-1", "customer_id": fake_lean.add_customer("confirmed"), "bank_details": bank}
    events = [fake_lean.webhook_event("entity.updated", entity) for _ in range(4)]
    posts = [fake_lean.signed(event) for event in events] * 2
    with ThreadPoolExecutor(16) as pool:
        list(
            pool.map(
                lambda post: cluster.post("/lean/webhooks", content=post[0], headers=post[1]), posts
            )
        )
    told = f"{flow_id} is confirmed e-1"
    until(lambda: told in lines_of(cluster))
    workers = {}
    while len(workers) < WORKERS:
        url = f"{cluster.url}/lean/flows/{flow_id}"
        response = plain_http.get(url, params={"flow": flow}, cookies=cookies, timeout=20)
        workers[response.headers["X-Worker"]] = response.json()["status"]
    assert set(workers.values()) == {"confirmed"}
    until(lambda: all(event["event_id"] in lines_of(cluster) for event in events))
    assert lines_of(cluster).count(told) == 1


def lines_of(cluster):
    return cluster.events.read_text().splitlines()
