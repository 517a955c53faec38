"""The address of a flow as a QR code. Needs ``lean-flask[qr]``."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec

from flask import url_for
from markupsafe import Markup

from ..errors import ConfigurationError, FlowError
from ..flows.flow import Flow
from .language import PageLanguage

#: A code of version 25 holds these; phones read it from a screen. A flow's address has about 350.
MAX_SCANNED_CHARACTERS = 1_273
_MAX_CHARACTERS = 2_953  # of version 40, the largest
_SVG = "http://www.w3.org/2000/svg"


@cache
def is_installed() -> bool:
    """Return whether segno is there to draw the code."""
    return find_spec("segno") is not None


def offers_phone(flow: Flow, blueprint_name: str) -> bool:
    """Return whether the page of *flow* offers to go on with a phone.

    The flow has to be the customer's on each device, and to have an end to wait for.
    """
    if flow.bound_to is None or flow.traits.is_done_when_closed or not is_installed():
        return False
    return len(address_of(flow, blueprint_name)) <= MAX_SCANNED_CHARACTERS


def address_of(flow: Flow, blueprint_name: str) -> str:
    """Return the address of the page of *flow* with scheme and host."""
    return url_for(f"{blueprint_name}.picker", flow=flow.token, _external=True)


def qr_code(flow: Flow, blueprint_name: str, language: PageLanguage) -> Markup:
    """Return the address of *flow* as an SVG, black on white, that has a name for screen readers.

    :raises ConfigurationError: where segno is not installed, or as :func:`address_of` raises it.
    :raises FlowError: for a flow of one browser, or with too long an address.
    """
    if not is_installed():
        raise ConfigurationError("flow.qr() needs segno: pip install 'lean-flask[qr]'")
    import segno

    if flow.session_id is not None:
        raise FlowError(
            f"{flow.method}: a QR code leads to another device, and this flow belongs to a browser "
            "session; give the user's id as bound_to"
        )
    address = address_of(flow, blueprint_name)
    if len(address) > _MAX_CHARACTERS:
        raise FlowError(
            f"{flow.method}: the flow's address has {len(address)} characters, and a QR code holds "
            f"{_MAX_CHARACTERS}; shorten the arguments"
        )
    name = language.gettext("QR code that opens this page on your phone")
    code = segno.make_qr(address, error="L")  # a screen has no dirt, and large dots are read sooner
    drawn = code.svg_inline(omitsize=True, light="#fff", title=name, svgclass=None, lineclass=None)
    root = f'<svg xmlns="{_SVG}" role="img"'
    return Markup(drawn.replace("<svg", root, 1))  # noqa: S704 - segno escapes the name
