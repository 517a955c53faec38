"""Content-Security-Policy for pages that run Lean's SDK.

Both sets of directives are the ones that Lean documents for its Web SDK. ``wildcard`` trusts all of
``*.leantech.me``, which Lean calls the safest choice since its hosts change without notice.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from ..config.environments import CDN, ENVIRONMENTS, LEAN_DOMAIN, LOADER, MONITORING_URLS
from ..config.settings import Settings

_ANALYTICS_SCRIPTS = ["https://cdn.segment.com", "http://cdn.mxpnl.com"]
_ANALYTICS_CALLS = [
    "https://graphql.contentful.com",
    "https://api.segment.io",
    "https://cdn.segment.com",
    "https://api-js.mixpanel.com",
    "https://cdn.growthbook.io",
]
_PICTURES = [
    "https://images.ctfassets.net",
    "http://images.contentful.com",
    "https://graphql.contentful.com",
]
_STRICT_CALLS = [*MONITORING_URLS, *(each.link_url for each in ENVIRONMENTS.values())]
_STRICT_PICTURES = [CDN, *(each.image_url for each in ENVIRONMENTS.values())]
_WILDCARD = f"https://*.{LEAN_DOMAIN}"


def directives(settings: Settings, policy: str, nonce: str | None = None) -> dict[str, list[str]]:
    """Return the policy as directive to sources.

    :param policy: ``wildcard`` or ``strict``.
    :param nonce: of the host's own inline scripts; ours need none.
    """
    wild = policy == "wildcard"
    lean_sources = [_WILDCARD if wild else CDN, *_stand_in(settings)]
    calls = [_WILDCARD] if wild else _STRICT_CALLS
    pictures = [_WILDCARD] if wild else _STRICT_PICTURES
    own = ["'self'", *([f"'nonce-{nonce}'"] if nonce else [])]
    return {
        "default-src": ["'self'", *lean_sources, "data:", "blob:"],
        "script-src": [*own, *lean_sources, *_ANALYTICS_SCRIPTS],
        "style-src": [
            "'self'",
            *lean_sources,
            "https://fonts.googleapis.com",
            "https://cdn.segment.com",
        ],
        "connect-src": ["'self'", "blob:", *calls, *_stand_in(settings), *_ANALYTICS_CALLS],
        "img-src": [
            "'self'",
            "data:",
            *pictures,
            *_stand_in(settings),
            *_logo(settings),
            *_PICTURES,
        ],
        "font-src": ["'self'", "https://fonts.gstatic.com"],
        "frame-src": ["'self'", *lean_sources, "data:", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
    }


def own_directives(settings: Settings, policy: str) -> dict[str, list[str]]:
    """Return the policy of our own pages, with where they post to and who may frame them."""
    return directives(settings, policy) | {
        "form-action": ["'self'"],
        "frame-ancestors": settings.frame_ancestors.split(),
    }


def header(settings: Settings, policy: str) -> str:
    """Return :func:`own_directives` as the value of the header."""
    own = own_directives(settings, policy)
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in own.items())


def lacking(sent: str, settings: Settings) -> str:
    """Return what *sent* lacks for Lean's SDK: ``script-src https://…, …``, or nothing.

    Lean's two policies are alternatives; the one that *sent* is nearer to counts.
    """
    parts = [directive.split() for directive in sent.split(";")]
    theirs = {name.lower(): sources for name, *sources in filter(None, parts)}
    found = (_lacking(theirs, directives(settings, policy)) for policy in ("wildcard", "strict"))
    return min(found, key=len)


def _lacking(theirs: dict[str, list[str]], wanted: dict[str, list[str]]) -> str:
    gaps = []
    for name in ("script-src", "style-src", "connect-src", "img-src", "font-src", "frame-src"):
        sources = theirs.get(name, theirs.get("default-src", wanted[name]))
        missing = [source for source in wanted[name] if not _covered(source, sources)]
        if missing:
            gaps.append(f"{name} {' '.join(missing)}")
    return ", ".join(gaps)


def _covered(source: str, sources: list[str]) -> bool:
    if source in sources:
        return True
    return source not in {"data:", "blob:"} and not {"*", "https:"}.isdisjoint(sources)


def _logo(settings: Settings) -> list[str]:
    """Return the origins of the host's logo, where it is not on the host's own."""
    parts = [urlsplit(url) for url in settings.host_logo.values()]
    return list(dict.fromkeys(f"{each.scheme}://{each.netloc}" for each in parts if each.netloc))


def _stand_in(settings: Settings) -> list[str]:
    """Return the origin of a loader that is not Lean's own, such as a stand-in for tests."""
    own = urlsplit(LOADER)
    parts = urlsplit(settings.loader_url)
    return [] if parts.netloc == own.netloc else [f"{parts.scheme}://{parts.netloc}"]
