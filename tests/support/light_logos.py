"""One pixel for each logo of the stand-in's banks.

A browser takes a third of a page's load for thirty drawings, which few tests look at.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Blueprint, Response

from lean_flask.testing import server

_GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


def _pixel(variant: str, name: str) -> Response:
    return Response(_GIF, mimetype="image/gif", headers={"Cache-Control": "max-age=3600"})


@pytest.fixture(scope="package", autouse=True)
def light_logos() -> Iterator[None]:
    """Let the stand-ins of the folder that imports this serve them."""
    sdk_routes = server.sdk_routes

    def with_light_logos(fake_lean: Any) -> Blueprint:
        sdk = sdk_routes(fake_lean)
        sdk.record(lambda state: state.app.view_functions.update({"sdk.logo": _pixel}))
        return sdk

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "sdk_routes", with_light_logos)
        yield
