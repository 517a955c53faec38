"""The services of deploy/compose.yaml as processes of this machine.

Their commands, environments and mounted files are read from the file. Two things differ: each
service has an address of its own in 127.0.0.0/8 in place of its name, so that the ports stay as
they are; and what is mounted lies in a folder of the test.
"""

from __future__ import annotations

import os
import re
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from support.paths import ROOT
from support.redis_server import until

DEPLOY = ROOT / "deploy"
README = (DEPLOY / "README.md").read_text("utf-8")
WORKDIR = "/srv"  # of the Dockerfile, which puts the files of deploy/ there
PATH = f"{os.environ['PATH']}:/usr/sbin"  # where Debian has nginx
_VARIABLE = re.compile(r"\$\{(\w+)(?::-([^${}]*)|:\?[^${}]*)?\}")


def read_variables(path):
    """The variables of a ``.env`` file."""
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def program(name):
    """Where a program is: beside Python, or of the system."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name, path=PATH)
    assert found, f"{name} is not installed"
    return found


def needs(name):
    """Skip the test where a program is not installed; in CI, fail it."""
    if not shutil.which(name, path=PATH) and "CI" not in os.environ:
        pytest.skip(f"{name} is not installed")


class Service:
    """One container, as a process."""

    def __init__(self, compose, name, address):
        self.name, self.address = name, address
        self.log = compose.folder / f"{name}-{address}.log"
        self._compose = compose
        self._service = compose.services[name]
        self._mounts = {WORKDIR: compose.deploy}
        for path in self._service.get("tmpfs", []):
            self._mounts[path] = compose.mounted(f"{name}-{address}{path}")
        for volume in self._service.get("volumes", []):
            source, target, *_ = volume.split(":")
            self._mounts[target] = compose.mounted(source)
        self.process = None

    def resolve(self, text):
        """A value of compose.yaml, as compose does, and then as :meth:`here`."""
        variables = self._compose.variables
        while found := _VARIABLE.search(text):  # the innermost first
            name, default = found.groups()
            value = variables.get(name) or default
            assert value is not None, f"{name} is not in .env"
            text = text.replace(found[0], value)
        return self.here(text)

    def here(self, text):
        """*text* with the addresses and folders of the test."""
        paths, hosts = (
            "|".join(map(re.escape, known)) for known in (self._mounts, self._compose.hosts)
        )
        itself = r'0\.0\.0\.0\b|127\.0\.0\.1(?=:8000|")'
        known = self._compose.hosts | self._mounts
        return re.sub(
            rf'(?<![\w.-])(?:{itself}|(?:{hosts})(?=:\d|")|(?:{paths})(?=[/\s;]|$))',
            lambda found: str(known.get(found[0], self.address)),
            text,
        )

    @property
    def environment(self):
        """What the process gets besides ours."""
        of_file = self._compose.variables if "env_file" in self._service else {}
        values = of_file | self._service.get("environment", {})
        return {key: self.resolve(value) for key, value in values.items()}

    def command(self, *words):
        """The command of the service, or another one, on this machine."""
        words = words or shlex.split(self._service["command"])
        return [program(words[0]), *map(self.resolve, words[1:])]

    def start(self):
        for source in (self._mounts[path] for path in self._mounts if path != WORKDIR):
            source.mkdir(parents=True, exist_ok=True)
        command = self.command()
        if self.name == "nginx":
            self.render()
            if os.geteuid() == 0:  # nobody, whom nginx would become, may not see the test's folders
                command[-1] += " user root;"
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                command,
                cwd=self._compose.deploy,
                env=os.environ | {"PYTHONPATH": str(ROOT)} | self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self

    def run(self, *words):
        """Run a command that ends, in the container."""
        return subprocess.run(
            self.command(*words),
            cwd=self._compose.deploy,
            env=os.environ | {"PYTHONPATH": str(ROOT)} | self.environment,
            capture_output=True,
            text=True,
            timeout=240,
        )

    def render(self):
        """Write the files of ./nginx with the addresses and folders of the test."""
        (target,) = (path for path in self._mounts if path.startswith("/etc"))
        for source in (self._compose.deploy / "nginx").iterdir():
            (self._mounts[target] / source.name).write_text(self.here(source.read_text()))

    def listens(self, port):
        """Whether something answers at *port*; an error if the process has ended."""
        assert self.process.poll() is None, f"{self.name} ended: {self.log.read_text()[-2000:]}"
        with socket.socket() as probe:
            return probe.connect_ex((self.address, port)) == 0

    def children(self):
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return {int(pid) for pid in children.read_text().split()}

    def stop(self, seconds=60):
        """As ``docker stop`` does; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def kill(self):
        """The process and all that it started."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Compose:
    """*folder* gets a copy of deploy/, and what is mounted."""

    def __init__(self, folder):
        self.folder = folder
        self.deploy = folder / "deploy"
        shutil.copytree(DEPLOY, self.deploy)
        self.services = yaml.safe_load((self.deploy / "compose.yaml").read_text())["services"]
        # A network of its own: nobody else can have taken the ports.
        self._net = f"127.{secrets.randbelow(253) + 1}.{secrets.randbelow(256)}"
        self._numbers = iter(range(1, 255))
        self.hosts = {name: self._address() for name in self.services}
        self.hosts["localhost"] = self.hosts["nginx"]  # whose port is published
        self.running = []

    @property
    def variables(self):
        return read_variables(self.deploy / ".env")

    def _address(self):
        return f"{self._net}.{next(self._numbers)}"

    def mounted(self, name):
        """The folder of a volume, or of a folder beside compose.yaml."""
        return self.folder / "mounted" / name.removeprefix("./")

    def start(self, name):
        """Start a service; a second time, one more container of it at an address of its own."""
        known = {service.address for service in self.running}
        address = self._address() if self.hosts[name] in known else self.hosts[name]
        service = Service(self, name, address)
        self.running.append(service)
        return service.start()

    def container(self, name):
        """The latest container of a service."""
        return [service for service in self.running if service.name == name][-1]

    def send_to(self, service):
        """Have nginx ask *service* in place of the one of that name before; wait until it does."""
        self.hosts[service.name] = service.address
        nginx = self.container("nginx")
        before = nginx.children()
        nginx.render()
        nginx.process.send_signal(signal.SIGHUP)
        until(lambda: nginx.children() and not nginx.children() & before, 120)

    def close(self):
        for service in reversed(self.running):
            service.kill()
