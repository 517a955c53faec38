"""What the SDKs for apps need besides the web's config, and values that survive their way.

Lean's SDKs for apps open one page of Lean, with every field in the query of its address. That for
Flutter writes most values into it as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from ..common.types import Language, Platform
from ..config.customization import parse_colour
from ..config.settings import Settings
from .launch import Launch

#: Fields that an app sets the SDK up with, once, instead of giving them to each method.
_SET_UP = frozenset({"app_token", "sandbox", "language"})
#: What ends a value, or stands for something else, in the query of an address.
_UNSAFE = frozenset("#&+%")


def for_platform(
    launch: Launch, platform: Platform, settings: Settings, language: Language
) -> Launch:
    """Return *launch* for the SDK of *platform*."""
    if platform == "web":
        return launch
    config = {name: value for name, value in launch.config.items() if name not in _SET_UP}
    if "customization" in config:
        config["customization"] = _safe_colours(config["customization"])
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


def _safe_colours(customization: Mapping[str, Any]) -> dict[str, Any]:
    """Return *customization* with each colour spelt without ``#`` and without spaces."""
    return {name: _safe_colour(value) for name, value in customization.items()}


def _safe_colour(value: Any) -> Any:
    if not isinstance(value, str) or "#" not in value:
        return value
    try:
        colour = parse_colour(value)
    except ValueError:
        return value
    rgb = f"{colour.red},{colour.green},{colour.blue}"
    return f"rgb({rgb})" if colour.alpha == 1 else f"rgba({rgb},{round(colour.alpha, 4):g})"


def _escaped(value: Any) -> Any:
    if isinstance(value, str) and _UNSAFE & {*value}:
        return quote(value, safe="/:?=,;@!$'()*~ ")
    return value
