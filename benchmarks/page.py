"""The picker in Chromium as on a cheap phone: paints, layout shift, blocking, latency."""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from playwright.sync_api import Browser, Page, sync_playwright

from lean_flask.testing import FakeLean
from lean_flask.testing.data.banks import many_banks

from .contenders import Setup, remember
from .load import LIMIT, LONG, OURS, setup_on
from .servers import Server, serve

CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
MANY = 1000  # banks; a list that is longer is loaded once, in one language
CPU_SLOWDOWN = 4
ROUND_TRIP, DOWN, UP = 150, 1.6, 0.75  # ms, Mbit/s: a slow mobile network
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "is_mobile": True,
    "has_touch": True,
}
BARE = b"<!doctype html><html lang=en><title>Bare</title><p>One line of text.</p></html>"
_TYPED = {"en": "bank", "ar": "بنك"}
_SHORTEST = 16  # ms: the Event Timing API tells of nothing shorter

_OBSERVE = """
window.seen = {fcp: 0, lcp: 0, cls: 0, tbt: 0, events: [], tapped: 0, called: 0};
const watch = (type, use, more) => new PerformanceObserver(list => list.getEntries().forEach(use))
  .observe({type, buffered: true, ...more});
watch("paint", one => { if (one.name == "first-contentful-paint") seen.fcp = one.startTime; });
watch("largest-contentful-paint", one => { seen.lcp = one.startTime; });
watch("layout-shift", one => { if (!one.hadRecentInput) seen.cls += one.value; });
watch("longtask", one => { seen.tbt += Math.max(0, one.duration - 50); });
watch("event", one => { if (one.interactionId) seen.events.push([one.name, one.duration]); },
  {durationThreshold: 16});
addEventListener("click", event => { seen.tapped = event.timeStamp; }, true);
const noteCalls = sdk => new Proxy(sdk, {get: (of, name) => {
  if (typeof of[name] == "function") seen.called ||= performance.now();
  return of[name];
}});
let sdk;
Object.defineProperty(window, "Lean", {get: () => sdk, set: to => { sdk = noteCalls(to); }});
"""
#: Whether what comes after the list is there: two scripts, and the screens with their stylesheet.
_ALL_CAME = """["bank-list.js", "ending.js", "screens", "ending.css"].every(name =>
  performance.getEntriesByType("resource").some(one => one.name.includes(`/${name}?`)))"""


@dataclass(frozen=True)
class Visit:
    """One visit, or the median of several. Times are ms, ``page`` is the HTML's size in bytes.

    ``tbt`` is what long tasks take beyond 50 ms each, with the scripts that come after the list.
    ``keystroke`` is the worst of those typed, ``tap`` that on a bank, both to the next paint.
    ``call`` is from the tap to the call of Lean's SDK, with the customer's token minted ahead.
    """

    fcp: float
    lcp: float
    cls: float
    tbt: float
    page: float
    keystroke: float | None = None
    tap: float | None = None
    call: float | None = None


def visits(lean: FakeLean, sizes: Iterable[int], loads: int) -> dict[str, Visit]:
    """Measure the bare page, then the picker with as many banks in both languages."""
    with _chromium() as browser:
        found = {"a bare page": _median(_bare(lean, browser) for _ in range(loads))}
        for banks in sizes:
            is_huge = banks > MANY
            lean.banks = many_banks(banks, lean.country, lean.url)
            with setup_on(lean, LONG) as setup, _served(OURS, setup) as server:
                server.at_once("/lean/banks", 8)
                for language in ("en",) if is_huge else ("en", "ar"):
                    found[f"{banks:,} banks, {language}"] = _median(
                        _picker(lean, browser, server, language)
                        for _ in range(1 if is_huge else loads)
                    )
    return found


def chromium_version() -> str:
    with _chromium() as browser:
        return browser.version


@contextmanager
def _chromium() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, CHROMIUM)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def _served(name: str, setup: Setup) -> AbstractContextManager[Server]:
    """Run a contender in one process, where the token that the page asked for is held."""
    return serve(name, setup, threads=4, workers=1)


def _bare(lean: FakeLean, browser: Browser) -> Visit:
    with setup_on(lean, LONG) as setup:
        remember(Path(setup.folder), "bare", 200, [("Content-Type", "text/html")], BARE)
        with _served(LIMIT, setup) as server, _phone(browser, "en") as page:
            return Visit(**_loaded(page, f"{server.url}/bare"))


def _picker(lean: FakeLean, browser: Browser, server: Server, language: str) -> Visit:
    customer_id = lean.add_customer(app_user_id="benchmark")
    with _phone(browser, language) as page:
        link = page.context.request.get(f"{server.url}/link/{customer_id}", max_redirects=0)
        seen = _loaded(page, urljoin(server.url, link.headers["location"]))
        page.locator("#query").tap()
        page.evaluate("seen.events = []")
        _type(page, _TYPED[language])
        keystroke = _worst(page, "key")
        page.evaluate("seen.events = []")
        page.locator("#all .row").first.tap()
        tap = _worst(page, "pointer", "click")
        _until(page, "seen.called", 10_000)
        call = page.evaluate("seen.called - seen.tapped")
        return Visit(**seen, keystroke=keystroke, tap=tap, call=call)


@contextmanager
def _phone(browser: Browser, language: str) -> Iterator[Page]:
    """Open a page with an empty cache, slowed down."""
    context = browser.new_context(locale="ar-SA" if language == "ar" else "en-GB", **PHONE)
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.add_init_script(_OBSERVE)
    devtools = context.new_cdp_session(page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
    devtools.send("Network.enable")
    conditions = {
        "offline": False,
        "latency": ROUND_TRIP,
        "downloadThroughput": DOWN * 1e6 / 8,
        "uploadThroughput": UP * 1e6 / 8,
    }
    devtools.send("Network.emulateNetworkConditions", conditions)
    yield page
    context.close()


def _loaded(page: Page, url: str) -> dict[str, float]:
    page.goto(url, wait_until="domcontentloaded")
    _until(page, "seen.lcp > 0")
    if page.evaluate("!!document.querySelector('#lean-picker')"):
        _until(page, _ALL_CAME, 20_000)
    page.wait_for_timeout(1000)  # for what is painted, moves or blocks after that
    size = "performance.getEntriesByType('navigation')[0].encodedBodySize"
    seen: dict[str, float] = page.evaluate(f"({{...seen, page: {size}}})")
    return {name: seen[name] for name in ("fcp", "lcp", "cls", "tbt", "page")}


def _type(page: Page, text: str) -> None:
    """Real key events, also of letters that are on no English keyboard."""
    devtools = page.context.new_cdp_session(page)
    for letter in text:
        devtools.send("Input.dispatchKeyEvent", {"type": "keyDown", "key": letter, "text": letter})
        devtools.send("Input.dispatchKeyEvent", {"type": "keyUp", "key": letter})
        page.wait_for_timeout(150)


def _worst(page: Page, *kinds: str) -> float:
    """Return the longest interaction of these kinds since the last look."""
    _until(page, "seen.events.length > 0")
    page.wait_for_timeout(200)
    events: list[Any] = page.evaluate("seen.events")
    durations = [duration for name, duration in events if name.startswith(kinds)]
    return max(durations, default=_SHORTEST)


def _until(page: Page, true: str, milliseconds: int = 2000) -> None:
    """Wait, but no longer than that. The policy of the page forbids Playwright's own way."""
    for _ in range(milliseconds // 50):
        if page.evaluate(true):
            return
        page.wait_for_timeout(50)


def _median(visits: Iterable[Visit]) -> Visit:
    every = [vars(visit) for visit in visits]
    medians: dict[str, Any] = {
        name: None if value is None else statistics.median(visit[name] for visit in every)
        for name, value in every[0].items()
    }
    return Visit(**medians)
