"""``FakeLean``: Lean's API, SDK and webhooks on this machine, under the test's control."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug.serving import BaseWSGIServer

from .data.banks import load_banks
from .ends import end_flow
from .server import start_server, stop_server
from .stand_in import StandIn


class FakeLean(StandIn):
    """Stands in for Lean over real HTTP: OAuth, Banks API, customers, loader script, webhooks.

    Use it as a context manager, or call :meth:`start` and :meth:`stop`; a stopped one refuses
    connections, and starts again on the same port with all it knew.

    :param country: ``sa`` or ``ae``: whose banks it lists.
    :param port: 0 picks a free one.
    :param host: the address that it listens on.
    :param faults_url: a path, such as ``/_fake``, below which faults, banks, events and the clock
        are controlled over HTTP. By whoever reaches it: there is no password.
    """

    def __init__(
        self,
        country: str = "sa",
        port: int = 0,
        *,
        host: str = "127.0.0.1",
        faults_url: str | None = None,
    ) -> None:
        super().__init__(country, port)
        self.host = host
        self.faults_url = faults_url
        self._server: BaseWSGIServer | None = None

    def __enter__(self) -> FakeLean:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def running(self) -> bool:
        """Whether it listens."""
        return self._server is not None

    def start(self) -> None:
        """Listen. The first start picks the port and writes the bank list."""
        if self._server:
            return
        self._server = start_server(self, self.host, self.faults_url)
        self.port = self._server.server_port
        if not self.banks:
            self.banks = load_banks(self.country, self.url)

    def stop(self) -> None:
        """Refuse connections from now on; whatever a fault holds is let go."""
        if self._server is None:
            return
        self.heal()
        stop_server(self._server)
        self._server = None

    def finish(
        self,
        launch: Mapping[str, Any],
        status: str = "SUCCESS",
        bank_identifier: str | None = None,
    ) -> None:
        """End a flow as the customer would in the dialog, for a test without a browser.

        :param launch: ``method`` and ``config`` of the SDK, as ``POST /launch`` and
            ``POST /return`` answer with.
        :param status: of the SDK: ``SUCCESS``, ``ERROR``, ``CANCELLED`` or ``REDIRECT``.
        :param bank_identifier: what the customer chose in the dialog, if the config names no bank.
        """
        end_flow(self, {**launch, "status": status, "bank_identifier": bank_identifier})

    def settings(self) -> dict[str, Any]:
        """Return keyword settings for a ``LeanBlueprint`` on this stand-in."""
        return {
            "app_token": self.app_token,
            "client_secret": self.client_secret,
            "webhook_secret": self.webhook_secret,
            "country": self.country,
            "sandbox": True,
            "api_url": self.url,
            "auth_url": f"{self.url}/oauth2/token",
            "loader_url": (
                f"{self.url}/link/loader/prod/{self.country}/latest/lean-link-loader.min.js"
            ),
        }
