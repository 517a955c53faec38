"""``GET /banks?q=`` with queries that were never asked before, beside the picker's own search."""

from __future__ import annotations

import gc
import json
import random
import statistics
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from flask.testing import FlaskClient

from lean_flask.banks.bank import Bank
from lean_flask.banks.schema import load_banks
from lean_flask.banks.search import names_of
from lean_flask.testing import FakeLean
from lean_flask.testing.data.banks import many_banks

from .in_process import make_app

QUERIES = 60
_SCRIPT = Path(__file__).with_suffix(".mjs")
_NAMES_NO_BANK = ("no such bank", "pay my rent", "xqzt", "لا يوجد")
_OTHER_KEYBOARD = {"hgvdhq", "hgvh[pd"}  # the keys of Arabic names on an English keyboard


def search(lean: FakeLean, sizes: Sequence[int], turns: int) -> dict[int, float]:
    """Return by number of banks: processor time of one request, in that of one query of the script.

    The request is the whole WSGI call: routing, session and JSON count, too. No server would look
    through what this program has made before whenever it collects garbage.
    """
    gc.collect()
    gc.freeze()
    return {size: _beside_script(lean, size, turns) for size in sizes}


def _beside_script(lean: FakeLean, size: int, turns: int) -> float:
    lean.banks = many_banks(size, lean.country, lean.url)
    banks = load_banks(lean.banks)
    client = make_app(lean)[1].test_client()
    ratios = []
    for turn in range(turns):
        queries, warm_up = (_queries(banks, f"{turn} {part}") for part in ("now", "before"))
        _milliseconds(client, warm_up)
        took = _milliseconds(client, queries)
        ratios.append(took / _milliseconds_of_script(banks, queries, warm_up))
    return statistics.median(ratios)


def _queries(banks: Sequence[Bank], seed: str) -> list[str]:
    """Return what customers type: beginnings, whole names, slips, sentences and nothing known."""
    about = random.Random(seed)

    def one() -> str:
        bank = about.choice(banks)
        name = about.choice([bank.names["en"], bank.names["ar"]])
        at = about.randrange(1, len(name))
        return about.choice(
            [
                name,
                name[: at + 1],
                name[:at] + name[at + 1 :],
                name.split()[0],
                f"my account at {name}",
                f"{about.choice(_NAMES_NO_BANK)} {about.randrange(10**6)}",
                about.choice(sorted(_OTHER_KEYBOARD)),
            ]
        )

    return [one() for _ in range(QUERIES)]


def _milliseconds(client: FlaskClient, queries: Sequence[str]) -> float:
    begun = time.thread_time()
    for query in queries:
        client.get(f"/lean/banks?q={quote(query)}").close()
    return (time.thread_time() - begun) * 1000 / len(queries)


def _milliseconds_of_script(
    banks: Sequence[Bank], queries: Sequence[str], warm_up: Sequence[str]
) -> float:
    listed = [
        {"identifier": bank.identifier, "names": names_of(bank), "swift": bank.swift_code or ""}
        for bank in banks
    ]
    given = {"banks": listed, "queries": queries, "warmUp": warm_up}
    output = subprocess.run(
        ["node", str(_SCRIPT)], input=json.dumps(given), check=True, capture_output=True, text=True
    ).stdout
    return float(output)
