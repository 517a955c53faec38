"""``python -m benchmarks``: measure everything, and write docs/benchmarks.md."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from lean_flask.testing import FakeLean

from . import page, strain, throughput
from .cost import cost
from .growth import growth
from .launch import launch
from .load import OURS, Ratio
from .loaded import busy_machine, share_taken
from .profiling import profiles
from .report import document, with_section
from .report_growth import section as growth_section
from .report_writes import webhooks_section
from .results import Results
from .search import search
from .servers import GTHREAD, ROOT, SYNC
from .versions import versions
from .webhooks import webhooks

T = TypeVar("T")
PAGE = ROOT / "docs" / "benchmarks.md"
WEBHOOK_ROUNDS = 2
# For each kind of worker: numbers of banks, and the rounds for them.
BANKS = {GTHREAD: {40: 3, 1000: 2}, SYNC: {40: 2, 1000: 2}}
PICKER = {GTHREAD: {40: 3, 1000: 3}, SYNC: {40: 2, 1000: 2}}


def main() -> None:
    """Measure everything, or one section."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="few rounds, for work on the benchmarks themselves"
    )
    parser.add_argument(
        "--only", choices=["webhooks"], help="measure this alone, and replace its section"
    )
    options = parser.parse_args()
    if options.only:
        with FakeLean() as lean:
            section = webhooks_section(webhooks(lean, WEBHOOK_ROUNDS))
        PAGE.write_text(with_section(PAGE.read_text(), section))
        return
    begun = time.monotonic()
    with FakeLean() as lean:
        results = _measure(lean, options.quick, begun)
    PAGE.write_text(document(results, PAGE.read_text()))
    print(f"==> Wrote docs/{PAGE.name} after {time.monotonic() - begun:.0f} s")


def _measure(lean: FakeLean, quick: bool, begun: float) -> Results:
    def step(name: str, work: Callable[[], T]) -> T:
        print(f"==> {name} (after {time.monotonic() - begun:.0f} s)", flush=True)
        return work()

    def rounds(wanted: int) -> int:
        return 1 if quick else wanted

    before = step("Is the machine quiet?", share_taken)
    return Results(
        banks={
            kind: {
                size: step(
                    f"GET /banks, {kind}, {size:,} banks",
                    partial(throughput.banks, lean, size, kind, rounds(n), _few(kind, size)),
                )
                for size, n in sizes.items()
            }
            for kind, sizes in BANKS.items()
        },
        picker={
            kind: {
                size: step(
                    f"GET /picker, {kind}, {size:,} banks",
                    partial(throughput.picker, lean, size, kind, rounds(n)),
                )
                for size, n in sizes.items()
            }
            for kind, sizes in PICKER.items()
        },
        under_load=step("Under load", lambda: _under_load(lean, rounds(2))),
        search=step("GET /banks?q=", lambda: search(lean, [40, 1000, 10_000], rounds(2))),
        stampede=step("Cold stampede", lambda: strain.stampede(lean)),
        expiry=step("Expiry under load", lambda: strain.expiry(lean, rounds(2))),
        hanging=step("Lean hangs", lambda: strain.hanging(lean, rounds(2))),
        launch=step("POST /launch", lambda: launch(lean, rounds(2))),
        webhooks=step("POST /webhooks", lambda: webhooks(lean, rounds(WEBHOOK_ROUNDS))),
        growth=growth_section(step("Growth", lambda: growth(lean, quick)), PAGE.parent / "images"),
        cost=step("Start", lambda: cost(rounds(5))),
        profiles=step("Profiles", lambda: profiles(lean, 500 if quick else 3000)),
        visits=step("Browser", lambda: page.visits(lean, [40, 1000], rounds(2))),
        versions=versions(),
        taken=(before, step("Is it quiet still?", share_taken)),
        quick=quick,
    )


def _few(kind: str, size: int) -> int:
    """Return the rounds for what others would write."""
    return 1 if kind == GTHREAD and size <= 1000 else 0


def _under_load(lean: FakeLean, rounds: int) -> dict[str, Ratio]:
    with busy_machine():
        list_of_banks = throughput.banks(lean, 40, GTHREAD, rounds)["gzip"]
        page_of_banks = throughput.picker(lean, 40, GTHREAD, rounds)
    return {"banks 40": list_of_banks.beside(OURS), "picker 40": page_of_banks.beside(OURS)}


if __name__ == "__main__":
    main()
