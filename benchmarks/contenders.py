"""What is compared: Flask apps that serve one bank list, each as a careful team would write it.

gunicorn makes one with ``benchmarks.contenders:make("<name>")``. All get the same settings, in the
environment, and the same ``SECRET_KEY``, since opening the session is part of what Flask does.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, redirect, request, session

ENVIRONMENT = "LEAN_FLASK_BENCHMARK"
STALE = 86_400  # seconds that a list may be served after it expired, where that can be said


@dataclass(frozen=True)
class Setup:
    """What a contender is made with.

    :param lean: keyword settings for a ``LeanBlueprint`` on the stand-in for Lean.
    :param ttl: seconds that a list is fresh.
    :param timeout: seconds for one call to Lean.
    :param folder: a directory of the contender's own.
    """

    lean: dict[str, Any]
    ttl: int
    timeout: float
    folder: str

    def environment(self) -> dict[str, str]:
        return {ENVIRONMENT: json.dumps(asdict(self))}


def make(name: str) -> Flask:
    """Return the app that gunicorn runs."""
    # No templates of whichever folder this runs in: they would stand before those of the package.
    app = Flask(name, instance_path=os.getcwd(), template_folder=None)
    app.config["SECRET_KEY"] = "the same for all"
    MAKERS[name](app, Setup(**json.loads(os.environ[ENVIRONMENT])))
    return app


def _limit(app: Flask, setup: Setup) -> None:
    """Constant bytes under the headers that lean-flask sends: as fast as a Flask view can be.

    ``/bare/<name>`` sends them without those headers, ``/session/<name>`` reads the session before.
    """
    for path in Path(setup.folder).glob("*.json"):
        about = json.loads(path.read_text())
        body = path.with_suffix(".body").read_bytes()
        status: int = about["status"]
        headers: list[tuple[str, str]] = list(map(tuple, about["headers"]))
        kind = dict(headers).get("Content-Type")
        answer = partial(Response, body, status, headers)
        app.add_url_rule(f"/{path.stem}", path.stem, answer)
        bare = partial(Response, body, status, content_type=kind)
        app.add_url_rule(f"/bare/{path.stem}", f"bare {path.stem}", bare)

        def after_session(answer: Callable[[], Response] = answer) -> Response:
            session.get("user")
            return answer()

        app.add_url_rule(f"/session/{path.stem}", f"session {path.stem}", after_session)


def remember(folder: Path, name: str, status: int, headers: list[Any], body: bytes) -> None:
    """Give the limit in *folder* one more answer, at ``/<name>``."""
    (folder / f"{name}.body").write_bytes(body)
    (folder / f"{name}.json").write_text(json.dumps({"status": status, "headers": headers}))


def _lean_flask(app: Flask, setup: Setup) -> None:
    from lean_flask import LeanBlueprint

    lean = LeanBlueprint(
        **setup.lean,
        banks_ttl=setup.ttl,
        timeout=setup.timeout,
        store_url=f"sqlite:///{setup.folder}/lean.sqlite3",
    )
    app.register_blueprint(lean)

    @app.get("/link/<customer_id>")
    def link(customer_id: str) -> Any:
        return redirect(lean.connect(customer_id=customer_id, permissions=["identity"]).url)


def _flask_caching(app: Flask, setup: Setup) -> None:
    from flask_caching import Cache

    cache = Cache(app, config={"CACHE_TYPE": "SimpleCache"})
    fetch = _fetcher(setup, _session())

    cached = cache.cached(setup.ttl, make_cache_key=lambda *_, **__: f"banks {_takes_gzip()}")
    app.add_url_rule("/banks", "banks", cached(lambda: _answer(fetch())))
    _conditional(app)


def _requests_cache(app: Flask, setup: Setup) -> None:
    from requests_cache import CachedSession

    session = CachedSession(
        backend="memory", expire_after=setup.ttl, stale_while_revalidate=STALE, stale_if_error=STALE
    )
    _view_of_every_request(app, _fetcher(setup, session))


def _hishel(app: Flask, setup: Setup) -> None:
    from hishel import SqliteStorage
    from hishel.requests import CacheAdapter

    session = _session()
    path = f"{setup.folder}/hishel-{os.getpid()}.sqlite3"
    session.mount(
        "http://", CacheAdapter(storage=SqliteStorage(database_path=path, default_ttl=setup.ttl))
    )
    _view_of_every_request(app, _fetcher(setup, session))


def _cachetools(app: Flask, setup: Setup) -> None:
    from cachetools import TTLCache, cached

    fetch = _fetcher(setup, _session())
    _view_of_every_request(app, cached(TTLCache(1, setup.ttl))(fetch))


MAKERS: dict[str, Callable[[Flask, Setup], None]] = {
    "limit": _limit,
    "lean-flask": _lean_flask,
    "Flask-Caching": _flask_caching,
    "requests-cache": _requests_cache,
    "hishel": _hishel,
    "cachetools TTLCache": _cachetools,
}


# --- what the others have in common -------------------------------------------------------------


def _session() -> Any:
    import requests

    return requests.Session()


def _fetcher(setup: Setup, session: Any) -> Callable[[], list[Any]]:
    url = f"{setup.lean['api_url']}/banks/v1/?account_types=PERSONAL"
    headers = {"lean-app-token": setup.lean["app_token"]}

    def fetch() -> list[Any]:
        response = session.get(url, headers=headers, timeout=setup.timeout)
        response.raise_for_status()
        banks: list[Any] = response.json()
        return banks

    return fetch


def _view_of_every_request(app: Flask, fetch: Callable[[], list[Any]]) -> None:
    app.add_url_rule("/banks", "banks", lambda: _answer(fetch()))
    _conditional(app)


def _answer(banks: list[Any]) -> Response:
    response = jsonify(banks)
    if _takes_gzip():
        response.set_data(gzip.compress(response.get_data(), 6))
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    response.add_etag()
    return response


def _conditional(app: Flask) -> None:
    app.after_request(lambda response: response.make_conditional(request))


def _takes_gzip() -> bool:
    return bool(request.accept_encodings.quality("gzip"))
