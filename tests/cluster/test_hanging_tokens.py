"""Lean's token endpoint hangs: the list goes on, and each worker keeps most of its threads."""

from concurrent.futures import ThreadPoolExecutor

from lean_flask.testing import faults
from lean_flask.upstream.circuit import MAX_UNANSWERED
from support.cluster import WORKERS
from support.redis_server import until


def test_the_list_is_served_while_every_launch_hangs(make_cluster, fake_lean):
    """More launches than the cluster has threads, and a budget that outlasts the test."""
    cluster = make_cluster(threads=4 + MAX_UNANSWERED, timeout=90)
    cluster.by_worker()
    browsers = [cluster.browser(timeout=100) for _ in range(48)]
    flows = [
        browser.get(f"/link/user-{number}").headers["location"].split("flow=")[1]
        for number, browser in enumerate(browsers)
    ]
    fake_lean.fault("token", faults.Hang())

    def launch(number):
        body = {"flow": flows[number], "bank_identifier": "RJHI_SAU"}
        return browsers[number].post("/lean/launch", json=body).status_code

    with ThreadPoolExecutor(48) as pool:
        launches = [pool.submit(launch, number) for number in range(48)]
        hanging = WORKERS * MAX_UNANSWERED
        until(lambda: sum(not one.done() for one in launches) <= hanging)
        refused = [one.result() for one in launches if one.done()]
        assert {*refused} == {503}
        responses = cluster.many(requests=40)
        assert {response.status_code for response in responses} == {200}
        assert all(response.elapsed.total_seconds() < 5 for response in responses)
        assert len({*cluster.by_worker()}) == WORKERS
        fake_lean.heal()
        assert {one.result() for one in launches} <= {200, 503}
    for browser in browsers:
        browser.close()
