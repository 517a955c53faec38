"""The sections of docs/benchmarks.md about ``POST /launch`` and ``POST /webhooks``."""

from __future__ import annotations

from collections.abc import Mapping

from .beside import PLAIN, Answers
from .killed_workers.redis_server import DURABLE
from .launch import CUSTOMERS
from .load import LIMIT
from .markdown import ratio, table

_HEAD = (
    "",
    "requests per second, beside the plain view",
    "99th percentile of an answer, beside the plain view",
    "requests per second, beside the limit",
    "in the same processor time, beside the limit",
)


def launch_section(by_kind: Mapping[str, Mapping[str, Answers]]) -> str:
    """Return the section about launches."""
    return f"""## `POST /launch` beside a view that does the same

The **limit** reads the request and answers the same JSON under the same headers. The **plain view** is what a team would
write: it reads the customer from the session, keeps tokens in a TTLCache, and answers JSON; it remembers nothing. lean-flask
also opens the sealed flow, knows a repeat, and writes what was launched to the store. {CUSTOMERS} customers whose tokens the server
holds, each flow launched once.

{table(_HEAD, _rows(by_kind))}"""


def webhooks_section(by_host: Mapping[str, Mapping[str, Answers]]) -> str:
    """Return the section about webhooks; for :func:`with_section`, too."""
    return f"""## `POST /webhooks` beside a view that verifies and writes one row

The **plain view** compares the signature in constant time, parses the JSON and writes one row: SQLite in WAL mode with
`synchronous = FULL`, or `XADD` to a Redis with `{" ".join(DURABLE[:4])}`. The **limit** reads the request and answers the
same, without a store. lean-flask also encrypts the event, knows a repeat, keeps the event in its subject's queue, and
delivers it to a receiver: with `worker` nothing delivers during the round, with `background` the same processes deliver at
the same time. Each event is new.

{table(_HEAD, _rows(by_host))}"""


def _rows(found: Mapping[str, Mapping[str, Answers]]) -> list[list[str]]:
    return [
        [
            f"{host}: {name}",
            "" if name == PLAIN else ratio(one.rate),
            "" if name == PLAIN else ratio(one.p99),
            "" if name == LIMIT else ratio(one.of_limit),
            "" if name == LIMIT else ratio(one.in_processor),
        ]
        for host, by_name in found.items()
        for name, one in by_name.items()
    ]
