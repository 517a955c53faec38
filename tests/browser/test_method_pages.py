"""What only the pages of some methods have: no list to go back to, a consent that is spent."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from lean_flask.testing import faults
from support.methods import BANK, DESTINATION, RECONNECT

RENEWAL = {
    "en": ("Renew your bank connection", "Your bank connection is renewed"),
    "ar": ("تجديد ربط حسابك البنكي", "تم تجديد ربط حسابك البنكي"),
}


def test_a_chosen_payment_source_leaves_no_list_to_go_back_to(walk):
    here = walk("updatePaymentSource", "en")
    source = here.host.fake.add_payment_source(here.host.customer_id, BANK)
    here.open_with(payment_source_id=source["id"])
    here.end("CANCELLED")
    expect(here.title).to_have_text("Add a payee to your account")
    expect(here.title).to_be_focused()
    expect(here.page.locator("#notice")).to_contain_text("You can open it again")
    here.host.fake.launches.clear()
    here.page.get_by_role("button", name="Continue").click()
    here.end("ERROR")
    here.page.clock.run_for(2_000)
    expect(here.page.get_by_role("button", name="Try again")).to_be_visible()
    expect(here.page.locator("#screen")).not_to_contain_text("another")


def test_without_lean_s_script_the_ways_on_name_no_list(walk):
    here = walk("reconnect", "en")
    here.host.fake.fault("loader", faults.Status(403))
    here.page.goto(f"{here.site}/reconnect/en")
    expect(here.title).to_have_text("The secure window could not load")
    expect(here.page.locator("#screen .actions > *")).to_have_text(["Try again", "Back to Qahwa"])
    here.host.fake.heal("loader")
    here.page.get_by_role("button", name="Try again").click()
    here.end("SUCCESS")
    here.succeeds()


def test_a_spent_consent_leads_back_to_the_host(walk):
    here = walk("authorizeConsent", "en")
    here.open()
    here.end("ERROR")
    here.page.clock.run_for(2_000)
    screen = here.page.locator("#screen")
    expect(screen).to_contain_text("start again with a new one")
    expect(screen.locator(".actions > *")).to_have_text(["Back to Qahwa"])
    here.page.reload()
    expect(here.title).to_have_text("A new approval is needed")


def test_another_try_gets_a_consent_of_the_host_s_function(walk):
    here = walk("authorizeConsent", "en")
    consents = [str(uuid4()) for _ in range(2)]
    left = iter(consents)

    @here.host.lean.new_consent
    def new_consent(flow):
        return next(left)

    here.open_with(consent_id=new_consent)
    here.choose()
    here.given = {"consent_id": consents[0]}
    here.end("CANCELLED")
    here.is_back()
    here.choose()
    here.end("ERROR")
    here.page.clock.run_for(2_000)
    here.retry()
    here.given = {"consent_id": consents[1]}
    here.end("SUCCESS")
    here.succeeds()


def test_a_renewal_by_reconnect_hands_over_the_reconnect_id(walk):
    here = walk("reconnect", "en")
    entity, _ = here.host.fake.add_entity(here.host.customer_id, BANK, ["accounts", "balance"])
    here.host.given = {"entity_id": entity["id"], "reconnect_id": RECONNECT}
    here.page.goto(f"{here.site}/reconnect/en")
    here.end("SUCCESS")
    here.succeeds()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_renewal_asks_for_what_the_connection_had_and_leads_to_no_list(walk, language):
    here = walk("connect", language)
    here.heading, here.success = RENEWAL[language]
    permissions = ["accounts", "balance"]
    entity, _ = here.host.fake.add_entity(here.host.customer_id, BANK, permissions)
    here.host.given = {"entity_id": entity["id"]}
    here.given = {"permissions": permissions, "bank_identifier": BANK}
    here.page.goto(f"{here.site}/connect/{language}")
    here.end("CANCELLED")
    expect(here.title).to_have_text(here.heading)
    expect(here.page.locator("#query, #all, #recent, .unlisted")).to_have_count(0)
    here.host.fake.launches.clear()
    here.page.locator("[data-action=continue]").click()
    here.end("ERROR")
    here.page.clock.run_for(2_000)
    expect(here.page.locator("#screen [data-href=next]")).to_be_visible()
    expect(here.page.locator("#screen [data-action=another]")).to_have_count(0)
    here.retry()
    here.end("SUCCESS")
    here.succeeds()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_consents_in_a_page_of_the_host_are_done_when_they_are_closed(walk, language):
    here = walk("manageConsents", language)
    here.page.goto(f"{here.site}/embedded/manageConsents/{language}")
    here.end("CANCELLED")
    expect(here.page.locator("#screen h2")).to_have_text(here.success)
    here.goes_on("CANCELLED")


def test_consents_that_were_closed_in_another_tab_stay_open_here(walk):
    here = walk("manageConsents", "en")
    here.open()
    flow = here.page.url
    other = here.page.context.new_page()
    other.goto(flow)
    other.frame_locator("#lean-stand-in").locator("[data-lean-end=CANCELLED]").first.click()
    expect(other.get_by_role("heading", name="Done")).to_be_visible()
    other.close()
    with here.page.expect_response("**/lean/flows/**"):
        here.page.evaluate("dispatchEvent(new Event('focus'))")
    expect(here.dialog.locator("[data-lean-end=SUCCESS]")).to_be_visible()
    here.host.fake.launches.pop()
    here.end("SUCCESS")
    here.succeeds()


def test_the_list_of_payment_sources_takes_the_arrow_keys(walk):
    here = walk("createBeneficiary", "en")
    fake = here.host.fake
    for given in ({}, {}, {"payment_destination_id": DESTINATION}):
        fake.add_payment_source(here.host.customer_id, BANK, **given)
    here.page.goto(f"{here.site}/createBeneficiary/en")
    rows = here.page.locator("#all .row")
    expect(rows).to_have_count(3)
    expect(rows.last).to_have_attribute("aria-disabled", "true")
    expect(here.page.get_by_role("searchbox")).to_have_count(0)
    rows.first.focus()
    here.page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    here.page.keyboard.press("Enter")
    here.chosen = {"payment_source_id": rows.nth(1).get_attribute("value")}
    here.end("CANCELLED")
    expect(rows.nth(1)).to_be_focused()
