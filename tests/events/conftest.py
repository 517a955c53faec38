"""An inbox of each kind."""

from __future__ import annotations

import pytest

from lean_flask.events.open_inbox import open_inbox

SCOPE = "https://sandbox.example app-1"


@pytest.fixture(params=["memory", "sqlite"])
def store_url(request, tmp_path):
    if request.param == "memory":
        return "memory:"
    return f"sqlite:///{tmp_path}/store.sqlite3"


@pytest.fixture
def inbox(store_url):
    return open_inbox(store_url, "/nowhere", SCOPE)
