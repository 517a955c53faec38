"""A real Redis Sentinel: a master, a replica that may take over, and a sentinel."""

from __future__ import annotations

import subprocess

import redis

from support.redis_server import AT_ONCE, RedisServer, free_port, until

SERVICE = "shop"
# A busy machine is no master that is down: only notice() makes the sentinel look.
CONFIG = """
port {port}
bind 127.0.0.1
{password}
sentinel monitor {service} 127.0.0.1 {master} 1
sentinel down-after-milliseconds {service} 600000
sentinel failover-timeout {service} 2000
"""


class RedisSentinel:
    """Starts both servers, then the sentinel.

    :param sentinel_password: what the sentinel asks for.
    """

    def __init__(self, folder, *, has_replica=False, password="", sentinel_password=""):
        options = ("--requirepass", password, "--masterauth", password) if password else ()
        at_once = ("--repl-diskless-sync-delay", "0")
        self.master = RedisServer(folder, *options, *at_once)
        replicaof = ("--replicaof", f"127.0.0.1 {self.master.port}")
        self.replica = RedisServer(folder, *options, *replicaof) if has_replica else None
        self._config = folder / "sentinel.conf"
        self._password, self._sentinel_password = password, sentinel_password
        self._process = None
        self.port = free_port()
        self.url = self.make_url()

    def make_url(self, user="", options="", hosts=()):
        """Return a URL whose first sentinel is not there, as after the loss of a machine."""
        nodes = ",".join((*hosts, f"127.0.0.1:{self.port}"))
        return f"redis+sentinel://{user}{nodes}/{SERVICE}/0{options}"

    def start(self):
        self.master.start()
        if self.replica:
            self.replica.start()
            until(lambda: self._says("slave", self.replica.port, "master_link_status", "up"))
        self._start_sentinel()
        until(self._knows_all)

    def _start_sentinel(self):
        asks = f"requirepass {self._sentinel_password}" if self._sentinel_password else ""
        auth = f"sentinel auth-pass {SERVICE} {self._password}\n" if self._password else ""
        values = {"port": self.port, "service": SERVICE, "master": self.master.port}
        self._config.write_text(CONFIG.format(password=asks, **values) + auth)
        self._process = subprocess.Popen(
            ["redis-server", self._config, "--sentinel"],
            cwd=self._config.parent,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _says(self, role, port, name, value):
        with redis.Redis(port=port, password=self._password or None) as client:
            told = client.info("replication")
            return told["role"] == role and told.get(name) == value

    def _knows_all(self):
        if self._process.poll() is not None:  # another test's connection had the port
            self._start_sentinel()
        try:
            return self.state()["num-slaves"] == bool(self.replica)
        except redis.ConnectionError:
            return False

    def state(self):
        """Return what the sentinel knows of the service."""
        told = {"password": self._sentinel_password or None, "retry": AT_ONCE}
        with redis.Redis(port=self.port, **told) as sentinel:
            return sentinel.sentinel_masters()[SERVICE]

    def notice(self):
        """Let the sentinel see soon that the master is down."""
        with redis.Redis(port=self.port) as sentinel:
            sentinel.execute_command("SENTINEL SET", SERVICE, "down-after-milliseconds", 200)

    def flush(self):
        self.master.flush()

    def stop(self):
        if self._process:
            self._process.kill()
            self._process.wait()
        for server in (self.master, self.replica):
            if server:
                server.stop()
