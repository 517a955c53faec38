"""Limits of a host that runs on a busy machine: no slow answer is an outage, and outages end soon.

The test of deploy/ puts this beside the app, which imports it.
"""

from lean_flask.banks import stores
from lean_flask.banks.stores import fallback, postgres, postgres_pool, redis_connection
from lean_flask.events import postgres_inbox, redis_inbox

SECONDS = 5.0
stores.REQUEST_BUDGET = SECONDS
redis_connection.RedisConnection.__init__.__defaults__ = (SECONDS,)
redis_inbox.TIMEOUT = postgres_inbox.TIMEOUT = postgres.TIMEOUT = SECONDS
postgres_pool.CONNECT_TIMEOUT = SECONDS
fallback.RETRY_INTERVAL = fallback.MAX_RETRY_INTERVAL = 1.0
