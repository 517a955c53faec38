"""Makes a browser ready for the next test."""

from __future__ import annotations

from .engine import GONE, Engine, Gone
from .host_port import BLANK, HostPort
from .look import Look


def ready(engine: Engine, port: HostPort) -> None:
    """Leave nothing of the test before; where the browser hung or ended there, start it anew."""
    try:
        forget(engine, port)
    except GONE:
        engine.stop()
        engine.start()
        forget(engine, port)


def forget(engine: Engine, port: HostPort) -> None:
    driver = engine.driver
    if driver is None or engine.process.poll() is not None:
        raise Gone("The browser did not start again")
    engine.set(Look())
    port.forget()
    driver.switch_to.default_content()
    driver.get(f"{port.site}{BLANK}")
    driver.delete_all_cookies()
    driver.execute_script("localStorage.clear(); sessionStorage.clear()")
    driver.get("about:blank")
