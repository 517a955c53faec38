"""One pixel for each logo of the stand-in's banks.

A browser takes a third of a page's load for thirty drawings, which few tests look at.
"""

from __future__ import annotations

import base64

import pytest
from flask import Response

from lean_flask.testing import server

_GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


def _pixel(variant: str, name: str) -> Response:
    return Response(_GIF, mimetype="image/gif", headers={"Cache-Control": "max-age=3600"})


@pytest.fixture(autouse=True)
def light_logos(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the stand-ins in a test of the folder that imports this serve them."""
    monkeypatch.setitem(server._app().view_functions, "sdk.logo", _pixel)
