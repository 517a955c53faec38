"""A page on which the flows of one method are walked through."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, expect

from .browser import skip_pause
from .methods import BANK, CONSENT, METHODS, MethodsHost

#: What a failure offers: on the page itself, or where the bank has led.
RETRY = "#screen :is([data-action=retry], [data-href=retry])"


class Walk:
    """One page, its time a test's, on which flows of one method end in one way after the other."""

    def __init__(
        self, host: MethodsHost, site: str, page: Page, method: str, language: str
    ) -> None:
        self.host, self.site, self.page = host, site, page
        self.method, self.language = method, language
        self.case = METHODS[method]
        self.heading, self.success = self.case.words[language]
        self.reports: list[dict[str, Any]] = []
        self.chosen: dict[str, Any] = {}
        self.focused = ""  # what has the focus once the SDK is closed
        self.given: dict[str, Any] = {}  # by the host, besides what the method needs
        page.on("request", self._note)

    def _note(self, request: Any) -> None:
        if "/lean/callback" in request.url and request.method == "POST":
            self.reports.append(request.post_data_json["data"])

    @property
    def dialog(self) -> Any:
        return self.page.frame_locator("#lean-stand-in")

    @property
    def title(self) -> Any:
        return self.page.locator("h1:visible")

    def open(self) -> None:
        """Start a fresh flow, and choose where there is something to choose."""
        self.focused = "#choice .title"
        if self.case.chooses == "source":  # a new one, which has no payee yet
            source = self.host.fake.add_payment_source(self.host.customer_id, BANK)
            self.chosen = {"payment_source_id": source["id"]}
        self.host.fake.launches.clear()
        self.page.goto(f"{self.site}/{self.method}/{self.language}", wait_until="commit")
        ready = self.page.locator(f"html[lang={self.language}] #choice[data-ready]")
        ready.wait_for(state="attached")
        if self.case.chooses:
            expect(self.title).to_have_text(self.heading)
            expect(self.page).to_have_title(f"{self.heading} – {self.host_name}")
            self.choose()

    def choose(self) -> None:
        """Choose the bank or account, or where there is no list: open the SDK once more."""
        self.host.fake.launches.clear()
        self.focused = self.row if self.case.chooses else "#choice [data-action=continue]"
        self.page.locator(self.focused).first.click()

    def retry(self) -> None:
        """Press what leads on from a failure, with the choice as it was."""
        self.host.fake.launches.clear()
        self.page.locator(RETRY).click()

    def open_with(self, **given: Any) -> None:
        """Start a flow with more than the method needs, and choose nothing."""
        self.host.fake.launches.clear()
        self.given = self.host.given = given
        self.page.goto(f"{self.site}/{self.method}/{self.language}", wait_until="commit")

    @property
    def host_name(self) -> str:
        return {"en": "Qahwa", "ar": "قهوة"}[self.language]

    @property
    def row(self) -> str:
        """Of what is chosen in each flow."""
        (name, value) = next(iter(self.chosen.items()))
        return f"#choice [name={name}][value='{value}']"

    def end(self, status: str) -> None:
        """End the flow as *status* once the SDK has been called with all that it is to get."""
        button = self.dialog.locator(f"[data-lean-end={status}]").first
        button.wait_for()
        self.check_config()
        expect(self.page.locator("#notice")).to_be_hidden()  # of the ending before
        self.reports.clear()
        button.click()

    def check_config(self) -> None:
        (launch,) = self.host.fake.launches
        config = dict(launch["config"])
        assert config.pop("access_token").count(".") == 2
        assert launch["method"] == self.method
        wanted = self.host.config(self.method, self.language, self.site) | self.given | self.chosen
        assert config == wanted

    def goes_on(self, status: str) -> None:
        """The page leads to the host by itself, with what the SDK said."""
        skip_pause(self.page)
        self.page.wait_for_url("**/done?**", wait_until="commit")
        query = parse_qs(urlsplit(self.page.url).query)
        assert query["lean_status"] == [status]
        assert query["lean_flow"]
        is_to_confirm = self.method != "manageConsents"  # closing it is its end
        assert query.get("lean_confirmed") == (["false"] if is_to_confirm else None)

    def succeeds(self, status: str = "SUCCESS") -> None:
        self.page.locator("#screen .icon-check").wait_for()
        expect(self.title).to_have_text(self.success)
        expect(self.title).to_be_focused()
        expect(self.page).to_have_title(f"{self.success} – {self.host_name}")
        assert [report["status"] for report in self.reports] == [status]
        self.goes_on(status)

    def fails(self, can_retry: bool) -> None:
        self.page.locator("#screen .icon-alert").wait_for()
        expect(self.title).to_be_focused()
        assert [report["status"] for report in self.reports] == ["ERROR"]
        another = self.page.locator("#screen :is([data-action=another], [data-href=another])")
        expect(self.page.locator(RETRY)).to_have_count(int(can_retry))
        expect(another).to_have_count(int(can_retry and bool(self.case.chooses)))
        back = self.page.locator("#screen [data-href=next]")
        expect(back).to_have_attribute("href", re.compile("lean_status=ERROR"))
        self.speaks_of_no_payment()

    def lands(self, is_good: bool, can_retry: bool) -> None:
        """Back from the bank, on the landing page for what the bank did."""
        assert [report["status"] for report in self.reports] == ["REDIRECT"]
        assert urlsplit(self.page.url).path.endswith("success" if is_good else "fail")
        end = "SUCCESS" if is_good else "ERROR"
        button = self.dialog.locator(f".main[data-lean-end={end}]")
        button.wait_for()
        launch = self.host.fake.launches[-1]
        config = dict(launch["config"])
        assert launch["method"] == "captureRedirect"
        assert config.pop("access_token").count(".") == 2
        landed_with = {
            "granular_status_code": "USER_CANCELLED",
            "status_additional_info": "The customer declined at the bank",
        }
        if is_good:
            assert len(config.pop("consent_attempt_id")) == 36
            landed_with = {"granular_status_code": "SUCCESS", "bank_identifier": BANK}
        if self.method == "authorizeConsent":
            landed_with["consent_id"] = CONSENT
        assert config == {
            "app_token": self.host.fake.app_token,
            "sandbox": True,
            "language": self.language,
            "customer_id": self.host.customer_id,
            **landed_with,
        }
        self.reports.clear()
        button.click()
        if is_good:
            self.succeeds()
        else:
            self.fails(can_retry)

    def ends_at_an_unlisted_bank(self) -> None:
        """Leave the list that is on the page for a bank that is not on it, and come back to it."""
        self.host.fake.launches.clear()
        self.reports.clear()
        self.page.locator(".unlisted button").click()
        self.dialog.locator("[data-lean-end=UNLISTED]").click()
        self.page.locator("#screen .icon-alert").wait_for()
        another = self.page.locator("#screen [data-action=another]")
        expect(another).to_be_visible()
        (report,) = self.reports
        assert (report["status"], report["bank"]["is_supported"]) == ("CANCELLED", False)
        assert "bank_identifier" not in self.host.fake.launches[0]["config"]
        another.click()
        expect(self.title).to_have_text(self.heading)

    def is_back(self) -> None:
        """The page is as before the SDK was opened: a list, or what opens it once more.

        The focus is on what was pressed.
        """
        self.page.locator("#choice > .title").wait_for()
        expect(self.title).to_have_text(self.heading)
        expect(self.page.locator(self.focused).first).to_be_focused()
        expect(self.page.locator("#choice [data-action=continue]")).to_be_visible()
        self.speaks_of_no_payment()

    def speaks_of_no_payment(self) -> None:
        """A page that pays nothing does not say that something is paid."""
        if self.method not in {"pay", "checkout"}:
            text = self.page.locator("#lean-picker, #lean-return").inner_text()
            assert not any(word in text for word in ("You are paying", "ستدفع", "your payment"))
