"""A picker page is rendered once for all flows that show the same."""

from __future__ import annotations

import gzip
import re

from support.picker_pages import opened, token_in


def test_flows_that_ask_alike_are_shown_the_same_page_with_their_own_token(host):
    one, other = opened(host), opened(host)
    assert token_in(one) != token_in(other)
    assert same_for_all(one) == same_for_all(other)


def same_for_all(page):
    """Return the page without what is each flow's own: its token and its id."""
    flow_id = re.search(r'lean_flow=([^"&]+)"', page.text)[1]
    return page.text.replace(token_in(page), "").replace(flow_id, "")


def test_a_page_is_rendered_once(host):
    rendered = []
    host.context_processor(lambda: rendered.append(1) or {})
    for _ in range(3):
        opened(host)
    assert len(rendered) == 1
    opened(host, lang="ar")
    assert len(rendered) == 2


def test_the_first_page_compiles_no_template_of_another_page(host):
    opened(host)
    compiled = {name for _, name in host.extensions["lean_flask_templates"].cache}
    assert "lean_flask/picker.html" in compiled
    assert compiled.isdisjoint({"lean_flask/operations.html", "lean_flask/return.html"})


def test_the_way_back_is_each_flows_own(host):
    lean = host.blueprints["lean"]
    customer = "6e3c6d7c-5d0e-4a3a-9a43-2f1f2b0c7a01"

    @host.get("/order/<number>")
    def order(number):
        flow = lean.connect(
            customer_id=customer, permissions=["accounts"], return_url=f"/o/{number}?a=1&b=2"
        )
        return "", 302, {"Location": flow.url}

    for number in ("1", "2"):
        client = host.test_client()
        page = client.get(client.get(f"/order/{number}").location).text
        assert f'href="/o/{number}?a=1&amp;b=2&amp;lean_status=CANCELLED&amp;lean_flow=' in page


def test_a_page_of_a_changed_list_is_made_anew(host, fake_lean):
    def row():
        return re.search(r'<button[^>]*value="RJHI_SAU"[^>]*>', opened(host).text)[0]

    assert "aria-disabled" not in row()
    event = fake_lean.set_availability("RJHI_SAU", active={"data": False})
    body, headers = fake_lean.signed(event)
    host.test_client().post("/lean/webhooks", data=body, headers=headers)
    assert 'aria-disabled="true"' in row()


def test_saved_accounts_are_shown_to_their_customer_alone(host, fake_lean):
    assert 'name="account_id"' not in opened(host, "pay").text
    source = fake_lean.add_payment_source(fake_lean.add_customer("user-1"), "RJHI_SAU")
    page = opened(host, "pay").text
    assert source["accounts"][0]["id"] in page
    fake_lean.payment_sources.clear()
    assert source["accounts"][0]["id"] not in opened(host, "pay").text


def test_gzip_is_sent_to_those_who_take_it(host):
    zipped = opened(host, **{"Accept-Encoding": "br;q=1, gzip;q=0.5"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert b"<!doctype html>" in gzip.decompress(zipped.data)
    for refused in ("", "gzip;q=0", "br"):
        plain = opened(host, **{"Accept-Encoding": refused})
        assert "Content-Encoding" not in plain.headers
        assert "Accept-Encoding" in plain.headers["Vary"]
