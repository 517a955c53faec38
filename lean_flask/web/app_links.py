"""The files at the host's root by which its apps open links to it: universal links, App Links.

Apple: https://developer.apple.com/documentation/xcode/supporting-associated-domains. Google:
https://developers.google.com/digital-asset-links/v1/create-statement.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, abort, current_app, request
from werkzeug.exceptions import NotFound

from ..config.settings import Settings
from ..services import EXTENSION, Services, get_services
from .cached_json import to_json

APPLE_PATH = "/.well-known/apple-app-site-association"
ANDROID_PATH = "/.well-known/assetlinks.json"
_FOLDER = "/.well-known/"
#: Seconds. Both are asked for seldom: by Apple's CDN once a day, by Android after an installation.
_MAX_AGE = 3_600
_OPENS_LINKS = "delegate_permission/common.handle_all_urls"
_VARIABLE = re.compile(r"<[^<>]*>")


def add_app_links(app: Flask, settings: Settings) -> None:
    """Serve both files at the root of *app*, for all of its blueprints that name apps.

    This is no URL rule, so that a route of the host's at the same path wins wherever it stands, and
    it runs before any ``before_request``: who asks has no login and follows no redirect.
    """
    if not (settings.ios_apps or settings.android_apps):
        return
    known = app.url_value_preprocessors[None]
    if _answer not in known:
        known.append(_answer)


def _answer(*_: Any) -> None:
    """Answer a request for one of the files.

    :raises HTTPException: with the answer.
    """
    content_of = _FILES.get(request.path)
    if content_of is None or request.method not in {"GET", "HEAD"} or _is_the_hosts():
        return
    content = content_of()
    if not content:
        return
    data = to_json(content).encode()
    response = Response(data, mimetype="application/json")
    response.headers["Cache-Control"] = f"public, max-age={_MAX_AGE}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.set_etag(hashlib.sha256(data).hexdigest()[:32])
    abort(response.make_conditional(request))


def _is_the_hosts() -> bool:
    """Return whether the host has a route for this path; one for any path does not count."""
    error = request.routing_exception
    if error is not None:
        return not isinstance(error, NotFound)
    return request.url_rule is not None and request.url_rule.rule.startswith(_FOLDER)


def _apple() -> dict[str, Any] | None:
    """Return which links which of Apple's apps open: the landings, and the pages of flows."""
    components: dict[str, list[dict[str, str]]] = {}
    for services in _blueprints():
        for app_id in services.settings.ios_apps:
            of_app = components.setdefault(app_id, [])
            of_app += [{"/": path} for path in _paths(services.name) if {"/": path} not in of_app]
    details = [{"appIDs": [app], "components": paths} for app, paths in components.items()]
    return {"applinks": {"details": details}} if details else None


def _android() -> list[dict[str, Any]]:
    """Return which of Android's apps open links; which links is in the manifest of each."""
    packages: dict[str, list[str]] = {}
    for services in _blueprints():
        for package, fingerprints in services.settings.android_apps.items():
            known = packages.setdefault(package, [])
            known += [each for each in fingerprints if each not in known]
    return [
        {
            "relation": [_OPENS_LINKS],
            "target": {
                "namespace": "android_app",
                "package_name": package,
                "sha256_cert_fingerprints": fingerprints,
            },
        }
        for package, fingerprints in packages.items()
    ]


_FILES: Mapping[str, Callable[[], Any]] = MappingProxyType(
    {APPLE_PATH: _apple, ANDROID_PATH: _android}
)


def _blueprints() -> Iterator[Services]:
    return (get_services(name) for name in current_app.extensions[EXTENSION])


def _paths(blueprint_name: str) -> Iterator[str]:
    """Return the paths of a blueprint's pages that an app can open, as patterns of Apple's."""
    for endpoint, last in (("return_success", "*"), ("picker", "picker")):
        rule = next(current_app.url_map.iter_rules(f"{blueprint_name}.{endpoint}")).rule
        folder = request.script_root + _VARIABLE.sub("*", rule).rpartition("/")[0]
        yield quote(f"{folder}/{last}", safe="/*:@!$&'()+,;=~")
