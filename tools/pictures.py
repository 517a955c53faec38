"""Takes a picture of every state of the picker: ``make pictures``, or with names of states alone.

Each state in both languages and colour schemes, on a phone and on a desktop, goes into
``docs/images/states/``; one sheet for each language and size shows them all side by side.
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
from html import escape
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from lean_flask.testing import FakeLean  # noqa: E402
from support.picker_stage import Stage, make_host  # noqa: E402
from support.picker_states import STATES  # noqa: E402

IMAGES = ROOT / "docs" / "images"
SIZES = {"phone": (390, 844), "desktop": (1100, 760)}
SCHEMES = ("light", "dark")
CHROMIUM = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]


def main() -> None:
    wanted = sys.argv[1:] or list(STATES)
    with sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, CHROMIUM)))
        fonts = os.environ | {
            "FONTCONFIG_FILE": str(Path(__file__).with_name("pictures-fonts.conf"))
        }
        chromium = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox"], env=fonts
        )
        for language in ("en", "ar"):
            for state in wanted:
                print(f"{language} {state}")
                take(chromium, state, language)
            for size in SIZES:
                sheet(chromium, language, size)
        for language in ("en", "ar"):
            shutil.copy(
                picture("list", language, "phone", "light"), IMAGES / f"picker-{language}.jpg"
            )
        chromium.close()


def picture(state: str, language: str, size: str, scheme: str) -> Path:
    return IMAGES / "states" / f"{state}-{language}-{size}-{scheme}.jpg"


def take(chromium: Browser, state: str, language: str) -> None:
    bring, settings = STATES[state]
    with FakeLean() as fake:
        app = make_host(fake, **settings)
        server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = chromium.new_page(has_touch=True, device_scale_factor=1.5)
        page.set_viewport_size(dict(zip(("width", "height"), SIZES["phone"], strict=True)))

        def open_page(clock: bool = False, page: Page = page) -> Page:
            if clock:
                page.clock.install()
            return page

        bring(Stage(app, fake, f"http://127.0.0.1:{server.server_port}", open_page, language))
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                path = picture(state, language, size, scheme)
                page.screenshot(path=path, type="jpeg", quality=80)
        page.close()
        server.shutdown()


def sheet(chromium: Browser, language: str, size: str) -> None:
    """All pictures of one language and size on one page."""
    width = 240 if size == "phone" else 420
    figures = "".join(
        f"<figure>{''.join(_image(state, language, size, scheme, width) for scheme in SCHEMES)}"
        f"<figcaption>{escape(state)}</figcaption></figure>"
        for state in STATES
        if picture(state, language, size, "light").exists()
    )
    style = "body{display:flex;flex-wrap:wrap;gap:16px;font:16px sans-serif;background:#889}"
    page = chromium.new_page(viewport={"width": 2060, "height": 800})
    page.goto(f"file://{IMAGES}/")
    page.set_content(f"<style>{style}figure{{margin:0}}img{{margin:2px}}</style>{figures}")
    page.wait_for_load_state("networkidle")
    path = IMAGES / f"states-{language}-{size}.jpg"
    page.screenshot(path=path, full_page=True, type="jpeg", quality=75)
    page.close()


def _image(state: str, language: str, size: str, scheme: str, width: int) -> str:
    path = picture(state, language, size, scheme)
    return f'<img width="{width}" src="{path.relative_to(IMAGES)}">'


if __name__ == "__main__":
    main()
