"""One source for the fields of each method: the schemas. The docs and the stand-in agree."""

from __future__ import annotations

import re
from typing import get_type_hints

import pytest

from lean_flask.config.secret_files import FILE_KEYS
from lean_flask.config.setting_arguments import SettingArguments
from lean_flask.config.settings import KEYS
from lean_flask.flows import arguments
from lean_flask.flows.flow import SCHEMAS
from lean_flask.flows.methods import TRAITS
from support.paths import ROOT

DOCUMENT = ROOT / "docs" / "methods.md"
#: What lean-flask itself puts into a config.
SUPPLIED = {"app_token", "access_token", "sandbox", "language", "customization", "callback"}


def sdk_fields(method):
    return {
        name for name, field in SCHEMAS[method].fields.items() if not field.metadata.get("internal")
    }


@pytest.mark.parametrize("method", SCHEMAS)
def test_the_document_lists_each_field_as_the_schema_has_it(method):
    section = DOCUMENT.read_text().partition(f"\n### {method}\n")[2].partition("\n#")[0]
    rows = re.findall(r"^\| `(\w+)` \| (\w*) ?\| (.+) \|$", section, re.MULTILINE)
    assert {name: (kind, takes) for name, kind, takes in rows} == {
        name: (
            "required" if field.required else "internal" if field.metadata.get("internal") else "",
            field.metadata["takes"],
        )
        for name, field in SCHEMAS[method].fields.items()
    }


TYPES = {
    method: getattr(arguments, f"{method[0].upper()}{method[1:]}Arguments") for method in SCHEMAS
}


@pytest.mark.parametrize("method", SCHEMAS)
def test_type_checkers_know_the_fields_of_the_schema(method):
    fields = SCHEMAS[method].fields
    assert get_type_hints(TYPES[method]).keys() == fields.keys()
    assert TYPES[method].__required_keys__ == {name for name in fields if fields[name].required}


def test_type_checkers_know_every_setting():
    assert get_type_hints(SettingArguments).keys() == KEYS | FILE_KEYS


def test_the_stand_in_takes_what_the_schema_does(fake_lean, open_page):
    page = open_page()
    page.goto(f"{fake_lean.url}/stand-in/banks")
    page.add_script_tag(url=fake_lean.settings()["loader_url"])
    fields = page.evaluate("Lean.fields")
    for method in SCHEMAS:
        known = set(fields[method]["known"])
        internal = {"account_type"} if method == "connect" else {"customer_id"} & known
        assert known == sdk_fields(method) | SUPPLIED | internal, method
        required = {name for name in sdk_fields(method) if SCHEMAS[method].fields[name].required}
        needs_landings = TRAITS[method].needs_open_finance
        supplied = {"success_redirect_url", "fail_redirect_url"} if needs_landings else set()
        assert set(fields[method]["required"]) == required | supplied, method
