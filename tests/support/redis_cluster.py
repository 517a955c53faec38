"""A real Redis Cluster, whose keys can be moved and whose nodes can be replaced."""

from __future__ import annotations

import redis

from support.redis_server import RedisServer, free_port, until

SYNC_AT_ONCE = ("--repl-diskless-sync-delay", "0")  # a replica has its data
BOUNDS = (0, 5461, 10923, 16384)


class RedisCluster:
    """Three nodes, each of which has a third of the slots."""

    def __init__(self, folder):
        self._folder = folder
        self._buses = {}
        self.nodes = [self._make_node(number) for number in range(3)]
        self.urls = [node.url for node in self.nodes]
        hosts = ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)
        self.url = f"redis+cluster://{hosts}"

    def _make_node(self, number):
        home = self._folder / f"node-{number}"
        home.mkdir()
        # By default 10,000 above the port, which may be taken, or above the highest.
        bus = free_port()
        options = ("--cluster-enabled", "yes", "--cluster-port", str(bus))
        node = RedisServer(home, *options, "--cluster-require-full-coverage", "no", *SYNC_AT_ONCE)
        self._buses[node] = bus
        return node

    def start(self):
        for node in self.nodes:
            node.start()
        for number, node in enumerate(self.nodes):
            slots = (BOUNDS[number], BOUNDS[number + 1] - 1)
            self._run(node, "CLUSTER ADDSLOTSRANGE", *slots)
            self._run(node, "CLUSTER SET-CONFIG-EPOCH", number + 1)
            self._meet(node, self.nodes[:number])
        for node in self.nodes:
            until(lambda n=node: self._knows_all_slots(n))

    def home_of(self, key):
        """Return the node that has *key*, as the cluster was started, and the slot of the key."""
        slot = self._run(self.nodes[0], "CLUSTER KEYSLOT", key)
        number = next(number for number in range(3) if slot < BOUNDS[number + 1])
        return self.nodes[number], slot

    def begin_move(self, slot, home, target):
        """Move half of the keys of *slot*, which costs the commands that need both halves."""
        self._run(target, "CLUSTER SETSLOT", slot, "IMPORTING", self._id(home))
        self._run(home, "CLUSTER SETSLOT", slot, "MIGRATING", self._id(target))
        count = self._run(home, "CLUSTER COUNTKEYSINSLOT", slot)
        self._migrate(slot, home, target, count // 2)

    def end_move(self, slot, home, target):
        self._migrate(slot, home, target, 10_000)
        for node in (target, home, *self.nodes):
            self._run(node, "CLUSTER SETSLOT", slot, "NODE", self._id(target))

    def add_replica(self, master):
        """Start one more node, which could take the place of *master*; return it."""
        node = self._make_node(len(self.nodes))
        node.start()
        self._meet(node, self.nodes)
        until(lambda: self._id(master) in str(self._run(node, "CLUSTER NODES")))
        self._run(node, "CLUSTER REPLICATE", self._id(master))
        self.nodes.append(node)
        until(lambda: self._info(node).get("master_link_status") == "up")
        for other in self.nodes[:3]:
            until(lambda o=other: "slave" in str(self._run(o, "CLUSTER NODES")))
        return node

    def take_over(self, replica):
        """Let *replica* be the master, without the word of the others."""
        self._run(replica, "CLUSTER FAILOVER", "TAKEOVER")
        until(lambda: self._info(replica)["role"] == "master")

    def count(self, node, slot):
        """Return how many keys of *slot* are on *node*."""
        return self._run(node, "CLUSTER COUNTKEYSINSLOT", slot)

    def flush(self):
        for node in self.nodes:
            node.flush()

    def stop(self):
        for node in self.nodes:
            node.stop()

    def _meet(self, node, others):
        for other in others:
            address = ("127.0.0.1", other.port, self._buses[other])
            self._run(node, "CLUSTER MEET", *address)

    def _migrate(self, slot, home, target, count):
        keys = self._run(home, "CLUSTER GETKEYSINSLOT", slot, count)
        if keys:
            self._run(home, "MIGRATE", "127.0.0.1", target.port, "", 0, 5000, "KEYS", *keys)

    def _id(self, node):
        told = self._run(node, "CLUSTER MYID")
        return told.decode() if isinstance(told, bytes) else told

    def _info(self, node):
        with redis.Redis(port=node.port) as client:
            return client.info("replication")

    def _knows_all_slots(self, node):
        with redis.Redis(port=node.port) as client:
            told = client.cluster("info")
        return told["cluster_state"] == "ok" and told["cluster_slots_assigned"] == "16384"

    def _run(self, node, *command):
        with redis.Redis(port=node.port) as client:
            return client.execute_command(*command)
