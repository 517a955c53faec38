"""A bank without a logo has the letters that its readers know it by."""

from __future__ import annotations

import pytest

from support.picker_pages import opened
from support.picker_stage import make_host


@pytest.mark.parametrize(
    ("lang", "name", "letters"),
    [
        ("en", "Alinma Bank", "A"),
        ("en", "Bank AlJazira", "A"),
        ("en", "Al Rajhi Bank", "R"),
        ("en", "Al-Rajhi Bank", "R"),
        ("en", "Saudi National Bank", "SNB"),
        ("en", "Emirates NBD", "ENBD"),
        ("en", "J.P. Morgan", "JPM"),
        ("en", "First Abu Dhabi Commercial Bank", "FA"),
        ("ar", "مصرف الراجحي", "ر"),
        ("ar", "البنك الأهلي السعودي", "أ"),
        ("ar", "مصرف الإنماء", "إ"),
        ("ar", "ألفا", "أ"),
        ("ar", "\u200fبنك ميم", "م"),
        ("ar", "بنك", "ب"),
        ("ar", "Citibank", "C"),
    ],
)
def test_the_letters_are_of_the_name_on_the_page(fake_lean, lang, name, letters):
    bank = fake_lean.bank("ALJAZIRA_SAU")
    bank |= {"name": name, "arabic_name": name, "commercial_name_arabic": None}
    row = opened(make_host(fake_lean), lang=lang).text.partition('value="ALJAZIRA_SAU"')[2]
    assert row.partition("</text>")[0].endswith(f">{letters}")
