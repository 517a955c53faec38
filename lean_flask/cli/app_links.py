"""What ``flask lean check`` says of the files by which the host's apps open links to it."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from flask import current_app
from werkzeug.routing import MapAdapter

from ..config.settings import Settings
from ..web.app_links import ANDROID_PATH, APPLE_PATH
from .finding import Finding


def app_links(settings: Settings, urls: MapAdapter) -> Iterator[Finding]:
    """Check that each file can be got where Apple and Google look for it.

    :param urls: the host's public address.
    """
    for path, apps in ((APPLE_PATH, settings.ios_apps), (ANDROID_PATH, settings.android_apps)):
        if not apps:
            continue
        url = f"{urls.url_scheme}://{urls.server_name}{path}"
        why = _useless(urls) or _not_served(url)
        if why:
            yield Finding("app links", "warn", f"{url}: {why}")
        else:
            yield Finding("app links", "ok", f"{url} for {', '.join(apps)}")


def _useless(urls: MapAdapter) -> str | None:
    """Return why Apple and Google would not get a file from this address."""
    host, _, port = urls.server_name.partition(":")
    if urls.url_scheme != "https" or port or "." not in host or _is_address(host):
        return (
            "apps look for it at a public name, by https and without a port; set SERVER_NAME, and "
            "PREFERRED_URL_SCHEME to 'https'"
        )
    if folder := urls.script_name.strip("/"):
        return (
            f"your app is below /{folder}, and apps look for it at the root of the host; "
            "let the server in front pass this path on"
        )
    return None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _not_served(url: str) -> str | None:
    """Return what the app answers in place of the file."""
    response = current_app.test_client().get(url)
    if response.status_code == 200 and response.mimetype == "application/json":
        return None
    return f"your app answers it with {response.status} ({response.mimetype}), not with 200 as JSON"
