"""Reads QR codes, as a phone does, with a library that lean-flask does not draw them with."""

from __future__ import annotations

import base64
import re

import zxingcpp
from playwright.sync_api import Locator

DOT = 4  # pixels of the picture for each dot of the code

#: Draws the picture as it is shown, and gives its grey levels.
_GREY_LEVELS = """async (picture) => {
  await picture.decode();
  const side = Math.round(picture.getBoundingClientRect().width * 3);
  const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side });
  const context = canvas.getContext("2d");
  context.drawImage(picture, 0, 0, side, side);
  const { data } = context.getImageData(0, 0, side, side);
  let greys = "";
  for (let at = 0; at < data.length; at += 4) greys += String.fromCharCode(data[at]);
  return btoa(greys);
}"""


def read_svg(svg: str) -> str:
    """Return the text of a code of segno's, whose dark dots are strokes of one path."""
    side = int(re.search(r'viewBox="0 0 (\d+) ', svg)[1])
    picture = bytearray(b"\xff" * side * side * DOT * DOT)
    x = y = 0.0
    for command, numbers in re.findall(
        r"([Mmh])([-.\d ]+)", re.search(r'#000" d="([^"]+)', svg)[1]
    ):
        values = [float(number) for number in numbers.split()]
        if command == "h":
            for row in range(int(y) * DOT, int(y + 1) * DOT):
                start = row * side * DOT + int(x) * DOT
                length = int(values[0]) * DOT
                picture[start : start + length] = bytes(length)
            x += values[0]
        else:
            x, y = (values[0], values[1]) if command == "M" else (x + values[0], y + values[1])
    return _read(bytes(picture), side * DOT)


def read_shown(picture: Locator) -> str:
    """Return the text of the code in an ``<img>`` of a page."""
    greys = base64.b64decode(picture.evaluate(_GREY_LEVELS))
    return _read(greys, int(len(greys) ** 0.5))


def _read(greys: bytes, side: int) -> str:
    picture = memoryview(greys).cast("B", shape=[side, side])
    (code,) = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
    return str(code.text)
