"""The requests that a host answers most often, each ready to be counted.

A name is that of the limits in ``tests/performance/limits.toml``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count, islice, permutations
from typing import Any
from urllib.parse import parse_qs, urlsplit

from support.counted_host import CountedHost, Environ

#: Makes the next request of its kind; each call makes another one.
Next = Callable[[], Environ]
Kind = Callable[[CountedHost], Next]

GZIP = {"Accept-Encoding": "gzip"}
_WORDS = ("jedah", "natonal", "digtal", "savngs", "islmic", "comercial", "medina", "unted")
_WARM = 10  # queries, more than a test asks
_patterns = count()  # of all tests of the process


def _same(path: str, **headers: str) -> Kind:
    return lambda host: lambda: host.request(path, headers=headers)


def _unchanged(host: CountedHost) -> Next:
    etag = host.ask(host.request("/lean/banks")).headers["ETag"]
    return lambda: host.request("/lean/banks", headers={"If-None-Match": etag})


def _new_queries(host: CountedHost) -> Next:
    """Queries that the list has not had, each in letters that the URL has never had.

    What the process knows of words is known: it does not depend on which test was before.
    """
    for query in islice(_queries(), _WARM):
        host.ask(host.request(f"/lean/banks?q={_newly_quoted(query)}"))
    host.start_anew()
    host.ask(host.request("/lean/banks"))
    ahead = _queries()
    return lambda: host.request(f"/lean/banks?q={_newly_quoted(next(ahead))}")


def _queries() -> Iterator[str]:
    for words in range(2, 5):
        yield from map(" ".join, permutations(_WORDS, words))


def _newly_quoted(query: str) -> str:
    bits = next(_patterns)
    letters = (letter if bits >> at & 1 else f"%{ord(letter):x}" for at, letter in enumerate(query))
    return "".join(letters)


def _picker(lang: str) -> Kind:
    def prepare(host: CountedHost) -> Next:
        path = host.link(lang)
        return lambda: host.request(path, headers=GZIP)

    return prepare


def _first_picker(lang: str) -> Kind:
    """The page of a new process that has the list."""

    def prepare(host: CountedHost) -> Next:
        path = host.link(lang)

        def ask() -> Environ:
            host.start_anew()
            host.ask(host.request(f"/lean/banks?lang={lang}"))
            return host.request(path, headers=GZIP)

        return ask

    return prepare


def _new_flow(host: CountedHost) -> Next:
    return lambda: host.request("/connect/en")


def _launch(host: CountedHost) -> Next:
    host.launched()  # the customer's token is ready
    return lambda: host.launch(host.token())


def _webhook(host: CountedHost) -> Next:
    numbers = iter(range(10**9))
    return lambda: host.webhook({"id": f"entity {next(numbers)}", "customer_id": "nobody"})


def _webhook_again(host: CountedHost) -> Next:
    data, headers = host.fake.signed(host.fake.webhook_event("entity.created", {"id": "known"}))
    again: Next = lambda: host.request("/lean/webhooks", data=data, headers=headers)  # noqa: E731
    host.ask(again())
    return again


def _report(host: CountedHost) -> Next:
    return lambda: host.report(host.launched())


def _report_again(host: CountedHost) -> Next:
    flow = host.launched()
    host.ask(host.report(flow))
    return lambda: host.report(flow)


def _landing(host: CountedHost) -> Next:
    flow = host.launched()
    host.ask(host.report(flow, status="REDIRECT"))
    return lambda: host.request("/lean/return/success")


def _status(host: CountedHost) -> Next:
    flow = host.launched()
    known = parse_qs(urlsplit(host.ask(host.report(flow)).json["next"]).query)
    return lambda: host.request(f"/lean/flows/{known['lean_flow'][0]}?flow={flow}")


def _return(host: CountedHost) -> Next:
    return lambda: host.request("/lean/return", body={"flow": host.launched()})


def _event(host: CountedHost) -> Next:
    body: dict[str, Any] = {"flow": host.token(), "event": "search_empty"}
    return lambda: host.request("/lean/events", body=body)


#: What is asked again and again with the same answer.
REPEATED: dict[str, Kind] = {
    "GET /banks": _same("/lean/banks"),
    "GET /banks, gzip": _same("/lean/banks", **GZIP),
    "GET /banks, 304": _unchanged,
    "GET /banks?q=, repeated": _same("/lean/banks?q=riyadh"),
    "GET /picker, en": _picker("en"),
    "GET /picker, ar": _picker("ar"),
}
HOT: dict[str, Kind] = REPEATED | {
    "GET /banks?q=, new": _new_queries,
    "GET /picker, first, en": _first_picker("en"),
    "GET /picker, first, ar": _first_picker("ar"),
    "start of a flow": _new_flow,
    "POST /launch": _launch,
    "POST /callback": _report,
    "POST /callback, repeated": _report_again,
    "GET /flows/<id>": _status,
    "GET /return/success": _landing,
    "POST /return": _return,
    "POST /events": _event,
    "POST /webhooks": _webhook,
    "POST /webhooks, repeated": _webhook_again,
}
