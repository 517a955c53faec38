"""What is the same for both engines: a driver's process, its limits of time, and its end."""

from __future__ import annotations

import os
import shutil
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Remote
from selenium.webdriver.common.options import ArgOptions
from selenium.webdriver.common.service import Service
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection
from urllib3.exceptions import HTTPError
from urllib3.util import Retry

from .look import Look

PAGE_LOAD, SCRIPT, ANSWER, QUIT = 45, 30, 60, 5  # seconds


class Gone(Exception):
    """The browser has ended, or hangs."""


_NOT_TWICE = {"retries": Retry(2, read=0)}
#: How calls to a driver fail then.
GONE = (Gone, WebDriverException, OSError)


class _Calls(RemoteConnection):
    """Calls that end in time, and say so; none is sent twice to a browser that hangs."""

    def execute(self, command: str, params: dict[str, Any]) -> dict[str, Any]:
        try:
            return super().execute(command, params)
        except HTTPError as error:
            raise Gone(f"The browser did not answer {command!r} within {ANSWER} s") from error


class Unavailable(Exception):
    """The engine is not on this machine; says what would bring it."""


class Engine:
    """One browser, which a session of tests starts once.

    :ivar driver: Selenium's; none while nothing runs.
    """

    name = ""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.driver: Remote | None = None
        self._service: Service | None = None

    def start(self) -> None:
        """Start the browser.

        :raises Unavailable: where it is not installed.
        """
        self._service = self._make_service()
        self._service.start()
        self._limits = ClientConfig(
            remote_server_addr=self._service.service_url,
            timeout=ANSWER,
            init_args_for_pool_manager={"init_args_for_pool_manager": _NOT_TWICE},
        )
        self.driver = Remote(_Calls(client_config=self._limits), options=self._options())
        self.driver.set_page_load_timeout(PAGE_LOAD)
        self.driver.set_script_timeout(SCRIPT)

    def stop(self) -> None:
        """End the browser, and the driver with all that it has started."""
        if self.driver:
            self._limits.timeout = QUIT
            with suppress(*GONE):
                self.driver.quit()
            with suppress(*GONE):
                self.driver.command_executor.close()
        self.driver = None
        if self._service:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self._service = None

    @property
    def process(self) -> Any:
        """The driver's, which leads a group with all that it has started."""
        assert self._service
        return self._service.process

    def set(self, look: Look) -> None:
        """Bring the browser to *look*, before a page is loaded."""
        raise NotImplementedError

    def complaints(self) -> list[str]:
        """Return the errors of scripts and policies that the browser's own console has, once."""
        return []

    def _make_service(self) -> Service:
        raise NotImplementedError

    def _options(self) -> ArgOptions:
        raise NotImplementedError


def find(program: str, target: str) -> str:
    """Return the path of *program*.

    :raises Unavailable: which names the *target* of make that installs it.
    """
    path = shutil.which(program)
    if path is None:
        raise Unavailable(f"{program} is not installed here: make {target}")
    return path


#: A process group for the driver and its browser, so that both end together.
OWN_GROUP: dict[str, Any] = {"start_new_session": True}
