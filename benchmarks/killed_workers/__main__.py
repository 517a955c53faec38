"""Is any event lost or out of order while workers are killed?"""

from __future__ import annotations

import argparse
import sys
import tempfile

from lean_flask.testing import FakeLean

from .host import HostSetup
from .plan import make_plan
from .processes import Processes
from .redis_server import store_url
from .run import Outcome, send_while_killing

STORES = ("sqlite", "redis")
MODES = ("background", "worker")
WEB, WORK = 4, 2  # processes


def main() -> None:
    """Run each store in each mode, and exit with 1 if a promise was broken."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.killed_workers", description=__doc__
    )
    parser.add_argument("--store", choices=STORES, action="append", help="default: both")
    parser.add_argument("--mode", choices=MODES, action="append", help="default: both")
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--rate", type=float, default=150, help="events per second")
    parser.add_argument("--kill-every", type=float, default=1.0, help="seconds")
    parser.add_argument("--lease", type=float, default=5.0, help="seconds; lowered for the run")
    parser.add_argument("--failing", type=int, default=1, help="events of a thousand, at first")
    parser.add_argument("--slow", type=int, default=50, help="events of a thousand")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    outcomes = []
    with FakeLean() as lean:
        for store in options.store or STORES:
            for mode in options.mode or MODES:
                print(f"==> {store}, {mode}", flush=True)
                outcomes.append(_run(lean, store, mode, options))
                print(outcomes[-1], flush=True)
    sys.exit(not all(outcome.is_good for outcome in outcomes))


def _run(lean: FakeLean, store: str, mode: str, options: argparse.Namespace) -> Outcome:
    bursts = make_plan(options.events, lean.webhook_secret, options.seed)
    with tempfile.TemporaryDirectory() as folder, store_url(store, folder) as url:
        settings = lean.settings() | {"store_url": url, "webhook_delivery": mode}
        setup = HostSetup(
            settings, folder, options.lease, failing=options.failing, slow=options.slow
        )
        work = WORK if mode == "worker" else 0
        with Processes(setup, WEB, work, options.seed) as processes:
            outcome = send_while_killing(
                setup,
                processes,
                bursts,
                rate=options.rate,
                kill_every=options.kill_every,
                patience=120,
            )
        if not outcome.is_good:
            print(processes.log[-4000:])
        return outcome


if __name__ == "__main__":
    main()
