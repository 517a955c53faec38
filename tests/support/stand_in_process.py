"""``python -m lean_flask.testing`` as a process of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
from urllib.parse import urlsplit

from support import plain_http
from support.paths import ROOT
from support.redis_server import until


class StandInProcess:
    """The stand-in on a free port, which stays its own when it is started again.

    :param folder: for its file of settings.
    :param options: of the command line, before which those of the test's own stand.
    """

    def __init__(self, folder, *options):
        self.port = 0
        self.env_file = folder / "stand-in.env"
        self._options = options
        self._process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop(signal.SIGKILL)

    def start(self):
        self.env_file.unlink(missing_ok=True)
        self._process = self._spawn()
        until(self._listens, 60)
        self.url = self.environment()["LEAN_API_URL"]
        self.port = urlsplit(self.url).port

    def _spawn(self):
        command = [
            sys.executable, "-m", "lean_flask.testing", "--port", str(self.port),
            "--env-file", str(self.env_file), *self._options,
        ]  # fmt: skip
        return subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def _listens(self):
        if self._process.poll() is not None:  # another test's connection had the port
            self._process.communicate()
            self._process = self._spawn()
        return self.env_file.exists()

    def stop(self, number=signal.SIGTERM):
        """Send the signal; return what the process has printed, and its exit code."""
        if self._process is None:
            return "", None
        self._process.send_signal(number)
        printed, _ = self._process.communicate(timeout=30)
        code, self._process = self._process.returncode, None
        return printed, code

    def environment(self):
        """The variables of the file of settings."""
        lines = self.env_file.read_text("utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines)

    def control(self, method, path, **options):
        """Ask the stand-in's control; return the JSON of its answer."""
        url = f"{self.environment()['LEAN_FAKE_URL']}{path}"
        with plain_http.Client(timeout=30) as client:
            return client.request(method, url, **options).raise_for_status().json()
