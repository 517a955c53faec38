"""``GET /metrics`` for Prometheus, which asks the app itself: through the proxy it does not exist.

With several processes, ``PROMETHEUS_MULTIPROC_DIR`` names a folder in which they share their
numbers; gunicorn.conf.py makes it.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from prometheus_client import REGISTRY, CollectorRegistry, make_wsgi_app, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)


def with_metrics(app: WSGIApplication) -> WSGIApplication:
    """Return *app* with ``/metrics``, for requests that come from no proxy."""
    metrics = make_wsgi_app(_registry())

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") == "/metrics" and "HTTP_X_FORWARDED_FOR" not in environ:
            return metrics(environ, start_response)  # type: ignore[no-any-return]
        return app(environ, start_response)

    return serve


def serve_metrics() -> None:
    """Serve ``/metrics`` at ``METRICS_ADDRESS``, such as ``0.0.0.0:8001``, if that is set.

    It is for ``flask lean work``, which answers no requests.
    """
    host, _, port = os.environ.get("METRICS_ADDRESS", "").rpartition(":")
    if not port:
        return
    try:
        start_http_server(int(port), host, _registry())
    except OSError as error:  # another command runs beside the worker
        log.warning("No metrics at port %s: %s", port, error)


def _registry() -> CollectorRegistry:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry
