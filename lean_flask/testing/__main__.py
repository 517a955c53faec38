"""``python -m lean_flask.testing`` runs the stand-in by itself and prints its settings."""

from __future__ import annotations

import argparse
import signal
import threading

from .fake_lean import FakeLean


def main() -> None:
    """Run the stand-in until Ctrl-C or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m lean_flask.testing", description=__doc__)
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--country", choices=["sa", "ae"], default="sa")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with FakeLean(country=options.country, port=options.port) as fake_lean:
            print("FakeLean runs until Ctrl-C. Settings for your app:")
            for name, value in fake_lean.settings().items():
                print(f"  LEAN_{name.upper()}={value}")
            threading.Event().wait()
    except KeyboardInterrupt:
        print("FakeLean is stopped.")


if __name__ == "__main__":
    main()
