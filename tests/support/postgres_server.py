"""A real Postgres, to be started, stopped and started again."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import psycopg
import pytest

from support.redis_server import free_port, until

#: Debian keeps the programs of each version in a folder of its own.
_FOLDERS = (*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True),)
#: It keeps nothing after a crash of the machine, and needs not.
_OPTIONS = {
    "fsync": "off",
    "full_page_writes": "off",
    # What a killed server may forget, such as the end of a delivery, comes again after a minute.
    "wal_writer_delay": "10ms",
    "shared_buffers": "16MB",
    "max_connections": "60",
    "autovacuum": "off",
    "log_min_messages": "fatal",
}


def program(name: str) -> str:
    """Return the path of a program of Postgres; skip the test where there is none."""
    folders = os.pathsep.join(map(str, _FOLDERS))
    found = (
        shutil.which(name)
        or shutil.which(name, path=folders)
        or shutil.which(name, path="/usr/sbin")
    )
    if found is None:
        if "CI" in os.environ:
            pytest.fail(f"{name} is not installed; make postgres installs it")
        pytest.skip(f"{name} is not installed")
    return found


def unprivileged() -> dict[str, object]:
    """Return how to start a program of Postgres, which root may not run."""
    if os.geteuid():
        return {}
    names = {user.pw_name for user in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _parent_of(stat: Path) -> str:
    try:
        return stat.read_text().rpartition(")")[2].split()[1]
    except OSError:  # it has ended
        return ""


class PostgresServer:
    """A server of its own in a new folder. It trusts everybody; ``host`` asks for passwords."""

    def __init__(self) -> None:
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="lean-flask-postgres-"))
        self._as = unprivileged()
        if self._as:
            os.chown(self.folder, self._as["user"], self._as["group"])
        self._data = self.folder / "data"
        self._process: subprocess.Popen[bytes] | None = None
        self._admin: psycopg.Connection | None = None
        self._run(program("initdb"), "-D", self._data, "-U", "lean", "-A", "trust", "--no-sync")
        # By the socket everybody is trusted; by TCP each has to say a password.
        (self._data / "pg_hba.conf").write_text(
            "local all all trust\n"
            "host all lean 127.0.0.1/32 trust\n"
            "host all all 127.0.0.1/32 scram-sha-256\n"
        )

    def url(self, user: str = "lean", more: str = "") -> str:
        """Return the URL for *user*, with a password behind a colon; *more* begins with "?"."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/postgres{more}"

    def start(self) -> None:
        self._process = self._spawn()
        until(self._answers)

    def stop(self, number: int = signal.SIGQUIT) -> None:
        """Stop it at once, as a crash would."""
        if self._admin:
            self._admin.close()
        if self._process:
            self._process.send_signal(number)
            self._process.wait()
            self._process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    @property
    def is_running(self) -> bool:
        return self._process is not None

    def use_tls(self, certificate: Path, key: Path) -> None:
        """Let new connections be encrypted."""
        for name, source in (("server.crt", certificate), ("server.key", key)):
            target = self._data / name
            shutil.copyfile(source, target)
            target.chmod(0o600)
            if self._as:
                os.chown(target, self._as["user"], self._as["group"])
        self._set_tls("on")

    def use_no_tls(self) -> None:
        self._set_tls("off")

    def _set_tls(self, value: str) -> None:
        self.sql(f"ALTER SYSTEM SET ssl = {value}")
        self.sql("SELECT pg_reload_conf()")
        until(lambda: self.sql("SHOW ssl") == [(value,)])

    def freeze(self) -> None:
        """Let nothing in it run, neither what listens nor what has connections."""
        for pid in self._processes():
            os.kill(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        for pid in self._processes():
            os.kill(pid, signal.SIGCONT)

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def sql(self, statement: str) -> list[tuple]:
        """Run *statement*, or several, as a superuser; the rows of the last that has some."""
        if self._admin is None or self._admin.closed:
            self._admin = psycopg.connect(self.url(), autocommit=True)
        cursor, rows = self._admin.execute(statement), []
        while True:
            rows = cursor.fetchall() if cursor.description else rows
            if not cursor.nextset():
                return rows

    def empty(self) -> None:
        """Delete all rows of ours."""
        found = self.sql("SELECT tablename FROM pg_tables WHERE tablename LIKE 'lean_flask_%'")
        self.sql(";".join(f"DELETE FROM {name}" for (name,) in found) or "SELECT 1")

    def _processes(self) -> list[int]:
        parent = str(self._process.pid)
        stats = ((path.parent.name, _parent_of(path)) for path in Path("/proc").glob("[0-9]*/stat"))
        return [self._process.pid, *(int(pid) for pid, found in stats if found == parent)]

    def _spawn(self) -> subprocess.Popen[bytes]:
        options = [f"-c{name}={value}" for name, value in _OPTIONS.items()]
        return subprocess.Popen(
            [
                program("postgres"),
                "-D",
                self._data,
                "-h",
                "127.0.0.1",
                "-p",
                str(self.port),
                "-k",
                self.folder,
                *options,
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            **self._as,
        )

    def _answers(self) -> bool:
        if self._process.poll() is not None:  # another test's connection had the port
            self._process = self._spawn()
        try:
            psycopg.connect(self.url(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, *command: object) -> None:
        subprocess.run(
            list(map(str, command)), check=True, capture_output=True, cwd=self.folder, **self._as
        )
