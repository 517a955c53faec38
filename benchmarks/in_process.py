"""lean-flask's contender as an app of this process, without a server."""

from __future__ import annotations

import os
import tempfile
from typing import Any

from flask import Flask

from lean_flask.testing import FakeLean

from .contenders import ENVIRONMENT, Setup, make
from .load import LONG, OURS

PATIENCE = 60.0  # seconds that Lean's stand-in may take for its longest list
# Until this process ends: the threads of the apps use their stores as long.
_FOLDERS = tempfile.TemporaryDirectory()


def make_app(lean: FakeLean, **settings: Any) -> tuple[Setup, Flask]:
    """Return the app, and what it was made with.

    :param settings: beside those of *lean*.
    """
    folder = tempfile.mkdtemp(dir=_FOLDERS.name)
    setup = Setup(lean.settings() | settings, LONG, PATIENCE, folder)
    os.environ |= setup.environment()
    app = make(OURS)
    del os.environ[ENVIRONMENT]
    return setup, app
