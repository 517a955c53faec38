"""The control of a stand-in for Lean, from another process."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from ..common.urls import LOOPBACK_HOSTS, is_web_address, split_url
from .certificates import certificate_advice, verifier

TIMEOUT = 60.0  # seconds; an event is sent to every host before the answer
#: Where the stand-in is controlled, unless it was started with another ``--faults-url``.
CONTROL_PATH = "/_fake"
_LEAN = "leantech.me"


class NoStandInError(Exception):
    """There is no stand-in, or it does not do what it was asked."""


def control_url(given: str | None, api_url: str) -> str:
    """Return where the stand-in is controlled: as *given*, else on the host of *api_url*.

    :raises NoStandInError: when it can be no stand-in.
    """
    if not given and split_url(api_url).hostname not in LOOPBACK_HOSTS:
        raise NoStandInError(
            f"LEAN_API_URL is {api_url}, which is not on this machine, so it can be Lean itself. "
            "If it is a stand-in, name it with --url or LEAN_FAKE_URL."
        )
    url = given or api_url
    try:
        parts = split_url(url)
    except ValueError:
        parts = urlsplit("")
    if not is_web_address(parts):
        raise NoStandInError(f"{url!r} is not an http(s) URL, such as http://127.0.0.1:8765.")
    if f".{parts.hostname}".endswith(f".{_LEAN}"):
        raise NoStandInError(f"{url} is Lean itself. This is for the stand-in alone.")
    path = parts.path.rstrip("/") or CONTROL_PATH
    return urlunsplit((parts.scheme, parts.netloc, path if given else CONTROL_PATH, "", ""))


class StandInControl:
    """Asks a stand-in, after it has said that it is one.

    :raises NoStandInError: when none answers at *url*.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.state = self.ask("GET", "/")
        if self.state.get("stand_in") != "lean-flask":
            raise NoStandInError(f"{url} answers, but it is no stand-in of lean-flask.")

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the answer to a request.

        :raises NoStandInError: when there is none, or it is an error.
        """
        import httpx  # here, since one command imports all

        try:
            answer = httpx.request(
                method,
                f"{self.url}{path}",
                json=body,
                timeout=TIMEOUT,
                trust_env=False,  # no proxy of the environment leads to a stand-in
                verify=verifier(self.url),
            )
            content = answer.json()
        except httpx.ConnectError as error:
            raise NoStandInError(
                f"{self.url}: {told}"
                if (told := certificate_advice(error))
                else f"Nothing listens at {self.url}. Start python -m lean_flask.testing, or name "
                "its address with --url or LEAN_FAKE_URL."
            ) from None
        except httpx.HTTPError as error:
            raise NoStandInError(f"{self.url}: {type(error).__name__} {error}") from None
        except ValueError:
            content = None
        if not isinstance(content, dict):
            raise NoStandInError(f"{self.url} answers, but it is no stand-in of lean-flask.")
        if answer.is_success:
            return content
        raise NoStandInError(_problem(content) or f"{self.url} answered {answer.status_code}")


def _problem(content: dict[str, Any]) -> str:
    """Return an error of the control in one line."""
    fields = content.get("fields")
    if isinstance(fields, dict):
        return "; ".join(f"{name}: {_first(told)}" for name, told in fields.items())
    return str(content.get("error") or "")


def _first(told: Any) -> str:
    if isinstance(told, dict):
        return "; ".join(f"{name}: {_first(inner)}" for name, inner in told.items())
    return str(told[0] if isinstance(told, list) and told else told)
