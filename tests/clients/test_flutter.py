"""The Flutter example, as far as it can be checked without Dart: the names that it uses."""

from __future__ import annotations

import re

import pytest

from support.native_addresses import FLUTTER, fields_of
from support.paths import ROOT

LIB = ROOT / "examples" / "flutter" / "lib"
#: What each widget has besides the fields of its method.
SET_UP = {"appToken", "isSandbox", "version", "country", "language", "callback"}
#: Of ``LeanResponse``, in lean_types.dart.
RESPONSE = {
    "status", "message", "lastApiResponse", "exitPoint", "secondaryStatus", "bankId",
    "bankIsSupported", "exitIntentPoint", "exitSurveyReason", "leanCorrelationId", "userExitIntent",
}  # fmt: skip


def camel_case(name):
    first, *others = name.split("_")
    return first + "".join(map(str.title, others))


def arguments(method):
    """The arguments of a widget in lean_sdk.dart, by name."""
    source = (LIB / "lean_sdk.dart").read_text("utf-8")
    body = re.search(rf"  return Lean\.{method}\(\n(.*?)\n *\);", source, re.DOTALL)[1]
    return dict(re.findall(r"^ +(\w+): (.+?),?$", body, re.MULTILINE))


@pytest.mark.parametrize("method", ["connect", "captureRedirect"])
def test_the_widgets_get_each_field_under_its_name(method):
    given = arguments(method)
    fields = {camel_case(name): name for name in fields_of(FLUTTER, method)}
    assert given.keys() == fields.keys() | SET_UP
    texts = {name: value for name, value in given.items() if value.startswith("text(")}
    assert texts == {name: f"text('{fields[name]}')" for name in texts}
    assert fields.keys() - texts.keys() <= {
        "customization",
        "permissions",
        "showConsentExplanation",
    }


def test_the_report_has_each_field_of_flutters_response():
    source = (LIB / "lean_sdk.dart").read_text("utf-8")
    pairs = re.findall(r"'(\w+)': response\.(\w+),", source)
    assert {key for key, _ in pairs} == RESPONSE
    assert all(key == name for key, name in pairs)
