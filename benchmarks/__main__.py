"""``python -m benchmarks``: measure everything, and write docs/benchmarks.md."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from lean_flask.testing import FakeLean

from . import load, page
from .cost import cost
from .profiling import profiles
from .report import Results, document, webhooks_section, with_section
from .servers import ROOT
from .webhooks import webhooks

T = TypeVar("T")
WEBHOOK_ROUNDS = 9


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="few rounds, for work on the benchmarks themselves"
    )
    parser.add_argument(
        "--only", choices=["webhooks"], help="measure this alone, and replace its section"
    )
    options = parser.parse_args()
    path = ROOT / "docs" / "benchmarks.md"
    if options.only:
        with FakeLean() as lean:
            section = webhooks_section(webhooks(lean, WEBHOOK_ROUNDS), WEBHOOK_ROUNDS)
        path.write_text(with_section(path.read_text(), section))
        return
    quick: bool = options.quick
    rounds = {40: 2, 1000: 1} if quick else {40: 7, 1000: 3, 10_000: 2}
    begun = time.monotonic()

    def step(name: str, work: Callable[[], T]) -> T:
        print(f"==> {name} (after {time.monotonic() - begun:.0f} s)", flush=True)
        return work()

    with FakeLean() as lean:
        results = Results(
            rounds=rounds,
            throughput={
                banks: step(
                    f"GET /banks, {banks:,} banks", partial(load.throughput, lean, banks, n)
                )
                for banks, n in rounds.items()
            },
            picker={
                banks: step(f"GET /picker, {banks:,} banks", partial(load.picker, lean, banks, n))
                for banks, n in rounds.items()
                if banks <= 1000
            },
            stampede=step("Cold stampede", lambda: load.stampede(lean)),
            expiry=step("Expiry under load", lambda: load.expiry(lean, 2 if quick else 4)),
            hanging=step("Lean hangs", lambda: load.hanging(lean, 3 if quick else 4)),
            webhooks=step("POST /webhooks", lambda: webhooks(lean, rounds[40])),
            cost=step("Start", lambda: cost(2 if quick else 7)),
            profiles=step("Profiles", lambda: profiles(lean, 500 if quick else 5000)),
            visits=step("Browser", lambda: page.visits(lean, [40, 1000], 1 if quick else 3)),
            quick=quick,
        )
    path.write_text(document(results))
    print(f"==> Wrote docs/{path.name} after {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
