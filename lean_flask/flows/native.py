"""What the SDKs for apps need besides the web's config, and values that survive their way.

Lean's SDKs for apps open one page of Lean, with every field in the query of its address. That for
Flutter writes most values into it as they are, and that for iOS leaves a plus sign, which the page
reads as a space.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from ..common.types import Language, Platform
from ..config.customization import parse_colour
from ..config.settings import Settings
from ..errors import FlowError
from .flow import Flow
from .launch import Launch
from .native_fields import (
    CUSTOMIZATION_TAKEN,
    LACKING,
    NOT_TAKEN,
    NUMBERS,
    PERMISSIONS_NEEDED,
    REQUIRED,
)

#: Fields that an app sets the SDK up with, once, instead of giving them to each method.
_SET_UP = frozenset({"app_token", "sandbox", "language"})
#: What ends a value, or stands for something else, in the query of an address.
_UNSAFE = frozenset("#&+%")
_DATES = ("access_from", "access_to")
_HEX_COLOUR = re.compile(r"#[0-9a-f]{3,8}\b", re.ASCII | re.IGNORECASE)


def require_openable(flow: Flow, chosen: Mapping[str, str | None], platform: Platform) -> None:
    """Refuse a launch that the SDK of *platform* has no way to open.

    :param chosen: what the customer chose, by the names of the config.
    :raises FlowError: naming the mend.
    """
    if instead := LACKING.get(platform, {}).get(flow.method):
        words = f"Lean's SDK for {platform} has no {flow.method}; make the flow with {instead}()"
        raise FlowError(words, {"platform": words})
    needed = REQUIRED.get(platform, {}).get(flow.method)
    if needed and not (flow.config.get(needed) or chosen.get(needed)):
        words = f"Lean's SDK for {platform} opens {flow.method} only with a {needed}"
        raise FlowError(words, {needed: words})


def for_platform(
    launch: Launch, platform: Platform, settings: Settings, language: Language
) -> Launch:
    """Return *launch* for the SDK of *platform*: the fields that it takes, under the web's names.

    Colours are spelt without ``#`` for each of them, since older versions of the others write
    their addresses as that for Flutter does.
    """
    if platform == "web":
        return launch
    left_out = _SET_UP | NOT_TAKEN[platform].get(launch.method, frozenset())
    config = {name: value for name, value in launch.config.items() if name not in left_out}
    if "customization" in config:
        config["customization"] = _customization(config["customization"], platform)
    if launch.method in PERMISSIONS_NEEDED and platform != "react-native":
        config.setdefault("permissions", [])
    if platform in {"ios", "android"}:
        config |= {name: _in_utc(config[name]) for name in _DATES if name in config}
    if platform == "android" and launch.method == "connect":
        config |= _both_dates(config)
    if platform == "flutter":
        config = {name: _escaped(value) for name, value in config.items()}
    native = {
        "app_token": settings.app_token,
        "country": settings.country,
        "env": "production",
        "sandbox": settings.sandbox,
        "version": settings.sdk_version,
        "language": language,
    }
    return replace(launch, config=config, native=native)


def _customization(customization: Mapping[str, Any], platform: Platform) -> dict[str, Any]:
    """Return what *platform* takes of *customization*, each colour without ``#`` and spaces."""
    taken = CUSTOMIZATION_TAKEN.get(platform, customization.keys())
    fields = {name: _safe(value) for name, value in customization.items() if name in taken}
    numbers = NUMBERS.get(platform, frozenset())
    fields = {name: value if name in numbers else _text(value) for name, value in fields.items()}
    if platform == "flutter":
        fields = {name: _escaped(value) for name, value in fields.items()}
    return fields


def _safe(value: Any) -> Any:
    return _HEX_COLOUR.sub(_spelt_out, value) if isinstance(value, str) else value


def _spelt_out(found: re.Match[str]) -> str:
    """Return the colour of hexadecimal digits as ``rgb()`` or ``rgba()``."""
    colour = parse_colour(found[0])
    rgb = f"{colour.red},{colour.green},{colour.blue}"
    return f"rgb({rgb})" if colour.alpha == 1 else f"rgba({rgb},{round(colour.alpha, 4):g})"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _in_utc(text: str) -> str:
    """Return a time of an offset east of Greenwich as the same moment without a plus sign."""
    if "+" not in text:
        return text
    try:
        moment = datetime.fromisoformat(text).astimezone(UTC)
    except OverflowError:
        return text
    return moment.isoformat().replace("+00:00", "Z")


def _both_dates(config: Mapping[str, Any]) -> dict[str, str]:
    """Return the dates of a consent; one that the host does not name is a year ago, or tomorrow.

    The SDK for Android writes a date that is missing as ``null``, which Lean refuses.
    """
    today = datetime.now(UTC).date()
    start, end = today - timedelta(days=365), today + timedelta(days=1)
    if "access_from" in config:
        end = max(end, _day(config["access_from"]))
    if "access_to" in config:
        start = min(start, _day(config["access_to"]))
    dates = {"access_from": str(start), "access_to": str(end)}
    return {name: config.get(name, day) for name, day in dates.items()}


def _day(text: str) -> date:
    return datetime.fromisoformat(text).date()


def _escaped(value: Any) -> Any:
    if isinstance(value, str) and _UNSAFE & {*value}:
        return quote(value, safe="/:?=,;@!$'()*~ ", errors="replace")
    return value
