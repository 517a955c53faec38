"""The picker inside a page of the host."""

from __future__ import annotations

from flask import render_template_string


def test_an_embedded_picker_is_no_second_page(host):
    page = host.test_client().get("/embedded/ar").text
    picker = page.split("<lean-picker")[1].split("</lean-picker>")[0]
    assert 'lang="ar" dir="rtl" hx-history="false"><template shadowrootmode="open"' in picker
    assert "<main" not in picker
    assert "<h1" not in picker
    assert "<html" not in picker
    assert page.count("<h1") == 1


def test_a_page_that_embeds_a_flow_is_kept_by_nobody(host):
    assert host.test_client().get("/embedded/en").headers["Cache-Control"] == "no-store"


def test_embed_is_markup_that_templates_leave_alone(host):
    lean = host.blueprints["lean"]
    with host.test_request_context():
        flow = lean.connect(
            customer_id="6e3c6d7c-5d0e-4a3a-9a43-2f1f2b0c7a01", permissions=["accounts"]
        )
        assert "<lean-picker" in render_template_string("{{ flow.embed() }}", flow=flow)
