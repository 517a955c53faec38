"""``python -m lean_flask.testing``: the stand-in as a process of its own, for any number of others.

It keeps the same credentials, and gives customers the same ids, each time it is started.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Sequence

from .env_file import env_lines, write_env_file
from .fake_lean import FakeLean
from .options import Options, read_options


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the stand-in until Ctrl-C or SIGTERM."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    options = read_options(arguments)
    try:
        with make_stand_in(options) as fake_lean:
            settings = fake_lean.settings()
            control = f"http://{_own_address(options.host)}:{fake_lean.port}{options.faults_url}"
            if options.env_file:
                write_env_file(options.env_file, settings, control)
            print("FakeLean runs until Ctrl-C. Settings for your app:")
            for line in env_lines(settings, control):
                print(f"  {line}")
            sys.stdout.flush()
            threading.Event().wait()
    except KeyboardInterrupt:
        print("FakeLean is stopped.", flush=True)
    except OSError as error:
        sys.exit(f"FakeLean cannot start: {error}")


def make_stand_in(options: Options) -> FakeLean:
    """Return the stand-in that *options* ask for."""
    fake_lean = FakeLean(
        options.country, options.port, host=options.host, faults_url=options.faults_url
    )
    fake_lean.app_token = options.app_token
    fake_lean.client_secret = options.client_secret
    fake_lean.webhook_secret = options.webhook_secret
    fake_lean.webhook_urls = options.webhook_urls
    fake_lean.base_url = options.base_url
    fake_lean.resumes = True
    return fake_lean


def _own_address(host: str) -> str:
    """Return where this machine reaches what listens on *host*."""
    if host in {"0.0.0.0", "::", ""}:
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


if __name__ == "__main__":
    main()
