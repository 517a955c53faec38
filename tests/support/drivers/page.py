"""The page of a driver, with the calls of Playwright's page that the stages of tests need."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any
from urllib.parse import urljoin

import httpx
from selenium.common import exceptions
from selenium.webdriver import Remote

from support.redis_server import until

from .engine import Engine
from .host_port import HostPort, Route, like
from .locator import ROLES, Locator
from .look import Look

PATIENCE = 45.0  # seconds
#: The page is not there yet, or changes under our hands.
SOON = (
    exceptions.ElementClickInterceptedException,
    exceptions.ElementNotInteractableException,
    exceptions.JavascriptException,
    exceptions.NoSuchElementException,
    exceptions.NoSuchFrameException,
    exceptions.StaleElementReferenceException,
)
_ADD_SCRIPT = """(src) => new Promise((resolve, reject) => {
  const tag = Object.assign(document.createElement("script"), { src, onerror: reject });
  tag.onload = () => resolve(true);
  document.head.append(tag);
})"""
_EVALUATE = "const it = (%s); return typeof it === 'function' ? it(...arguments) : it;"


class Page:
    """What the browser of *engine* shows; ``context`` and ``clock`` are as in Playwright."""

    def __init__(self, engine: Engine, port: HostPort) -> None:
        self._engine, self._port = engine, port
        self.clock = SimpleNamespace(install=self._install_clock, run_for=self.pass_time)
        self.context = SimpleNamespace(request=Customer(self))

    @property
    def driver(self) -> Remote:
        assert self._engine.driver
        return self._engine.driver

    @property
    def url(self) -> str:
        return str(self.driver.current_url)

    def run(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)  # type: ignore[no-untyped-call]

    def enter(self, frame: str) -> None:
        """Turn to the document in the frame that *frame* selects, or to the page."""
        self.driver.switch_to.default_content()
        if frame:
            self.driver.switch_to.frame(self.driver.find_element("css selector", frame))

    def set(self, **look: Any) -> None:
        """Set the browser; see :class:`.Look`."""
        self._engine.set(Look(**look))

    def goto(self, url: str) -> None:
        self.enter("")
        self.driver.get(url)

    def reload(self) -> None:
        self.enter("")
        self.driver.refresh()

    def go_back(self) -> None:
        self.enter("")
        self.driver.back()

    def locator(self, selector: str, has_text: str = "") -> Locator:
        return Locator(self, selector, has_text=has_text)

    def get_by_role(self, role: str, name: str = "") -> Locator:
        return Locator(self, ROLES[role], name=name)

    def frame_locator(self, frame: str) -> Any:
        return SimpleNamespace(locator=lambda selector: Locator(self, selector, frame=frame))

    def evaluate(self, script: str, *arguments: Any) -> Any:
        self.enter("")
        return self.run(_EVALUATE % script, *arguments)

    def add_script_tag(self, url: str) -> None:
        self.evaluate(_ADD_SCRIPT, url)

    def wait_for_function(self, script: str) -> None:
        self.until(lambda: bool(self.evaluate(script)), f"{script} never held")

    def wait_for_url(self, pattern: str) -> None:
        self.until(
            lambda: bool(like(pattern).fullmatch(self.url)), f"The page never came to {pattern}"
        )

    def wait_for_title(self, title: str) -> None:
        self.until(lambda: self.driver.title == title, f"The page never had the title {title}")

    def until(self, condition: Callable[[], bool], complaint: str) -> None:
        """Poll *condition*, whose page may be on its way.

        :raises AssertionError: when it does not hold in time; says what the page is.
        """
        refused = ""

        def holds() -> bool:
            nonlocal refused
            try:
                refused = ""
                return condition()
            except SOON as error:
                refused = f"{type(error).__name__} {error.msg}"
                return False

        try:
            until(holds, PATIENCE)
        except TimeoutError:
            raise AssertionError(f"{complaint}. {refused} {self.said()}") from None

    def said(self) -> str:
        """Where the page is and what can be read there, for a message."""
        self.enter("")
        text = self.run("return document.body?.innerText ?? ''")
        return f"{self.url}: {text[:400]!r}"

    def route(self, pattern: str, handler: Callable[[Route], object]) -> None:
        self._port.route(pattern, handler)

    @contextmanager
    def expect_response(self, pattern: str) -> Iterator[None]:
        before = len(self._port.seen)
        path = like(pattern.replace("?**", ""))
        yield
        until(lambda: any(path.fullmatch(seen) for _, seen in self._port.seen[before:]), PATIENCE)

    def set_viewport_size(self, size: dict[str, int]) -> None:
        self.set(**size)

    def _install_clock(self) -> None:
        """Give the time of the pages that are loaded from now on to the test."""
        self._port.has_clock = True

    def pass_time(self, ms: int) -> None:
        self.enter("")
        self.run("return letPass(arguments[0])", ms)


class Customer:
    """Sends requests with the cookies of the page."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def get(self, url: str, max_redirects: int = 0) -> httpx.Response:
        self._page.goto(urljoin(url, "/done"))  # cookies are given to the site that is shown
        return self._send("GET", url)

    def post(self, url: str, data: dict[str, Any]) -> httpx.Response:
        return self._send("POST", url, json=data)

    def _send(self, method: str, url: str, **more: Any) -> httpx.Response:
        driver = self._page.driver
        cookies = {each["name"]: each["value"] for each in driver.get_cookies()}
        with httpx.Client(cookies=cookies) as client:
            response = client.request(method, url, **more)
        for cookie in response.cookies.jar:
            path, value = cookie.path, str(cookie.value)
            driver.add_cookie({"name": cookie.name, "value": value, "path": path})
        return response
