"""Takes the pictures of the picker for the README: ``python tools/pictures.py``."""

from __future__ import annotations

import shutil
import sys
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from example_app import create_app  # noqa: E402
from lean_flask.testing import FakeLean  # noqa: E402

IMAGES = ROOT / "docs" / "images"
POPULAR = ["RJHI_SAU", "SNB_SAU", "RIYAD_SAU"]


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with FakeLean() as fake, sync_playwright() as playwright:
        app = create_app(fake, store_url="memory:", popular_banks=POPULAR)
        server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for language in ("en", "ar"):
            page = chromium.new_page(
                viewport={"width": 390, "height": 844}, device_scale_factor=1.5, has_touch=True
            )
            page.goto(f"http://127.0.0.1:{server.server_port}/?lang={language}")
            page.locator("form[action='/link'] button").click()
            page.locator("#all .row").first.wait_for()
            page.wait_for_load_state("networkidle")
            page.screenshot(path=IMAGES / f"picker-{language}.png")
        chromium.close()
        server.shutdown()


if __name__ == "__main__":
    main()
