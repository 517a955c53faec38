"""WebKit, the engine of Safari, by WebKitWebDriver and a window of its own on a display of Xvfb."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from dataclasses import asdict
from pathlib import Path

from selenium.webdriver import WebKitGTKOptions
from selenium.webdriver.webkitgtk.service import Service

from support.redis_server import until

from .engine import OWN_GROUP, Engine, Unavailable, find
from .look import Look

WINDOW = Path(__file__).with_name("webkit_window.py")
#: Debian's Python has the bindings to WebKitGTK that a virtual environment lacks.
PYTHON = "/usr/bin/python3"
_BINDINGS = "import gi; gi.require_version('Gtk', '3.0'); gi.require_version('WebKit2', '4.1')"


class WebKit(Engine):
    name = "webkit"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._settings = folder / "settings.json"
        self._pid = folder / "settings.json.pid"
        self._obeyed = folder / "settings.json.done"
        self._display: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._settings.write_text(json.dumps(asdict(Look())), "utf-8")
        super().start()

    def stop(self) -> None:
        super().stop()
        if self._display:
            self._display.terminate()
            self._display.wait()
        self._display = None

    def set(self, look: Look) -> None:
        self._settings.write_text(json.dumps(asdict(look)), "utf-8")
        self._obeyed.unlink(missing_ok=True)
        os.kill(int(self._pid.read_text("utf-8")), signal.SIGUSR1)
        until(self._obeyed.exists, 10)

    def _make_service(self) -> Service:
        driver = find("WebKitWebDriver", "webkit")
        if subprocess.run([PYTHON, "-c", _BINDINGS], check=False, capture_output=True).returncode:
            raise Unavailable(f"{PYTHON} has no gi with WebKit2 4.1: make webkit")
        environment = os.environ | {
            "DISPLAY": self._start_display(),
            "GDK_BACKEND": "x11",
            "GSETTINGS_BACKEND": "memory",
            "NO_AT_BRIDGE": "1",
            "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",  # it needs namespaces of the system
        }
        log = str(self.folder / "webkit.log")
        return Service(driver, env=environment, log_output=log, popen_kw=OWN_GROUP)

    def _start_display(self) -> str:
        """Start an X server at the first number that is free; return its name."""
        reads, writes = os.pipe()
        command = [find("Xvfb", "webkit"), "-displayfd", str(writes), "-nolisten", "tcp"]
        self._display = subprocess.Popen(
            [*command, "-screen", "0", "1400x1000x24"], pass_fds=[writes], stderr=subprocess.DEVNULL
        )
        os.close(writes)
        with os.fdopen(reads) as number:
            return f":{number.readline().strip()}"

    def _options(self) -> WebKitGTKOptions:
        options = WebKitGTKOptions()
        options.binary_location = PYTHON
        options.add_argument(str(WINDOW))
        options.add_argument(str(self._settings))
        options.overlay_scrollbars_enabled = True
        return options
