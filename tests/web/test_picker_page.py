"""What the picker's page shows."""

from __future__ import annotations

import re

import pytest

from support.picker_pages import opened
from support.picker_stage import make_host


def test_the_pages_call_the_host_by_its_name(fake_lean):
    assert "Qahwa" in opened(make_host(fake_lean)).text
    assert "قهوة" in opened(make_host(fake_lean), lang="ar").text
    assert "One &amp; All" in opened(make_host(fake_lean, host_name="One & All"), lang="ar").text
    assert "localhost" in opened(make_host(fake_lean, host_name={})).text


def test_two_records_of_one_brand_are_one_row(host, fake_lean):
    """Paired by relates_to: the one that Open Finance reaches is chosen, where it is available."""
    rajhi = fake_lean.bank("RJHI_SAU")
    twin = rajhi | {
        "identifier": "RJHI_OLD_SAU",
        "connection_type": "REVERSE_ENGINEERED",
        "relates_to": ["RJHI_SAU"],
    }
    rajhi["connection_type"] = "OPEN_BANKING"
    fake_lean.banks.insert(0, twin)
    page = opened(host).text
    assert 'value="RJHI_SAU"' in page
    assert 'value="RJHI_OLD_SAU"' not in page


def test_the_twin_stands_in_while_the_better_record_is_offline(host, fake_lean):
    fake_lean.set_availability("RJHI_SAU", active={"data": False})
    twin = fake_lean.bank("RJHI_SAU") | {
        "identifier": "RJHI_OLD_SAU",
        "relates_to": ["RJHI_SAU"],
        "availability": fake_lean.bank("SNB_SAU")["availability"],
    }
    fake_lean.banks.append(twin)
    page = opened(host).text
    assert 'value="RJHI_OLD_SAU"' in page
    assert 'value="RJHI_SAU"' not in page


@pytest.mark.parametrize(
    ("lang", "minimum", "maximum"),
    [
        (
            "en",
            "Minimum per payment: \u2068SAR 1,000\u2069",
            "Limit per payment: \u2068SAR 99.50\u2069",
        ),
        (
            "ar",
            "الحد الأدنى للعملية: \u20681,000 ريال\u2069",
            "الحد الأعلى للعملية: \u206899.50 ريال\u2069",
        ),
    ],
)
def test_a_bank_outside_whose_limits_the_payment_is_says_which(
    host, fake_lean, lang, minimum, maximum
):
    fake_lean.bank("RJHI_SAU")["transfer_limits"] = [{"currency": "SAR", "min": 1000, "max": 5000}]
    fake_lean.bank("RIYAD_SAU")["transfer_limits"] = [{"currency": "SAR", "min": 1, "max": 99.5}]
    page = opened(host, "checkout", lang).text  # of 250.50
    assert minimum in page
    assert maximum in page


def test_a_bank_that_has_data_alone_says_that_payments_are_off(host, fake_lean):
    fake_lean.set_availability("RJHI_SAU", active={"payments": False})
    lean = host.blueprints["lean"]

    @host.get("/both")
    def both():
        flow = lean.connect(
            customer_id="6e3c6d7c-5d0e-4a3a-9a43-2f1f2b0c7a01", permissions=["accounts", "payments"]
        )
        return "", 302, {"Location": flow.url}

    client = host.test_client()
    assert "Not available for payments right now" in client.get(client.get("/both").location).text


def test_an_own_theme_is_in_the_address_of_the_stylesheet_and_the_common_one_is_not(host):
    lean = host.blueprints["lean"]

    @host.get("/themed")
    def themed():
        flow = lean.connect(
            customer_id="6e3c6d7c-5d0e-4a3a-9a43-2f1f2b0c7a01",
            permissions=["accounts"],
            customization={"theme_color": "#663399"},
        )
        return "", 302, {"Location": flow.url}

    client = host.test_client()
    page = client.get(client.get("/themed").location).text
    stylesheet = re.search(r'rel="stylesheet" href="([^"]+)"', page)[1].replace("&amp;", "&")
    assert "#663399" in client.get(stylesheet).text
    assert "theme=" not in opened(host).text
