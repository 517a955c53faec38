"""How many bytes an answer has, with its headers. The first load is in tests/web/test_weight.py."""

from __future__ import annotations

from support.hot_requests import HOT

#: Random ids compress by a byte more or less, and each zlib in its own way.
SLACK = 0.02
SENT = {name: kind for name, kind in HOT.items() if "first" not in name}
LONG = "GET /banks, gzip", "GET /picker, en", "GET /picker, ar"


def sizes(answer):
    """The bytes of an answer's headers and of its body."""
    return len(str(answer.headers).encode()), len(answer.data)


def test_an_answer_has_no_more_bytes(make_host, limits):
    host = make_host()
    for name, kind in SENT.items():
        answer = host.ask(host.next_of(kind))
        headers, body = sizes(answer)
        limits.hold("bytes_of_headers", name, headers, answer.headers, SLACK)
        limits.hold("bytes_of_bodies", name, body, answer.data[:500], SLACK)


def test_an_answer_about_1000_banks_has_no_more_bytes(make_host, limits):
    host = make_host(1_000)
    for name in LONG:
        _, body = sizes(host.ask(host.next_of(HOT[name])))
        limits.hold("bytes_of_bodies", f"{name}, 1,000 banks", body, slack=SLACK)


def test_a_browser_keeps_no_more_bytes_of_cookies(make_host, limits):
    host = make_host()
    for number in range(1, 6):
        flow = host.launched()
        host.ask(host.report(flow))
        limits.hold("bytes_of_cookies", f"after {number} flows", host.cookie_bytes, slack=SLACK)


def test_each_limit_of_bytes_is_of_something_that_is_counted(limits):
    assert limits.names("bytes_of_headers") == {*SENT}
    assert limits.names("bytes_of_bodies") == {*SENT} | {f"{name}, 1,000 banks" for name in LONG}
