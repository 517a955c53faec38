"""Four workers and one store: the host learns of a success once, and every worker knows of it."""

from concurrent.futures import ThreadPoolExecutor

import httpx

from support.cluster import WORKERS


def test_a_success_is_told_once_in_the_whole_cluster(settled):
    cluster, _ = settled
    with cluster.browser() as browser:
        flow = browser.get("/link/outcome").headers["location"].split("flow=")[1]
        assert browser.post("/lean/launch", json={"flow": flow}).status_code == 200
        cookies = dict(browser.cookies)

    def post(path, **body):
        """A connection of its own, so that any worker may answer; the cookies stay the same."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        with httpx.Client(base_url=cluster.url, timeout=20, headers=headers) as connection:
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
