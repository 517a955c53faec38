"""Services of systemd as processes of this machine: with its socket, environment and signals."""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import subprocess
import sys

from support.compose import DEPLOY, program
from support.paths import ROOT

#: Gives a socket the number that systemd gives the first one, and becomes the command.
PASS_ON = """\
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ["LISTEN_PID"] = str(os.getpid())
os.execv(sys.argv[2], sys.argv[2:])
"""


class Unit:
    """A service of systemd on this machine, in *folder*."""

    def __init__(self, name, folder, secrets):
        text = (DEPLOY / "systemd" / f"{name}.service").read_text()
        credentials = dict(re.findall(r"^LoadCredential=(\w+):/etc/lean/(\w+)$", text, re.M))
        for credential, file in credentials.items():
            (folder / credential).write_text(secrets[file])
        environment = (folder / "env").read_text().splitlines()
        environment += re.findall(r"^Environment=(.+)$", text, re.M)
        folders = {"%d": folder, "/var/lib/lean": folder, "/run/lean-app": folder, ":8001": ":0"}
        for known, here in folders.items():
            environment = [line.replace(known, str(here)) for line in environment]
        self._environment = dict(line.split("=", 1) for line in environment)
        path, *arguments = shlex.split(re.search(r"^ExecStart=(.+)$", text, re.M)[1])
        self._command = [program(path.rpartition("/")[2]), *arguments]
        self._grace = int(re.search(r"^TimeoutStopSec=(\d+)$", text, re.M)[1])
        self._notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._notices.bind(str(folder / f"{name}.notify"))
        self._notices.settimeout(60)
        self.log = folder / f"{name}.log"
        self.process = None

    def start(self, listener=None):
        """As systemd does; with *listener*, until the service says that it is ready."""
        environment = os.environ | self._environment
        command, passed = self._command, []
        if listener:
            passed = [listener.fileno()]
            command = [sys.executable, "-c", PASS_ON, str(listener.fileno()), *command]
            environment |= {"NOTIFY_SOCKET": self._notices.getsockname(), "LISTEN_FDS": "1"}
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                command,
                cwd=DEPLOY,
                env=environment | {"PYTHONPATH": str(ROOT)},
                pass_fds=passed,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        while listener and b"READY=1" not in self._notice():
            pass

    def _notice(self):
        try:
            return self._notices.recv(4096)
        except TimeoutError:
            raise AssertionError(self.log.read_text()[-2000:]) from None

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(self._grace)

    def close(self):
        self._notices.close()
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
