"""What is asked in a soak: visitors, webhooks, operators, and those who mean no good."""

from __future__ import annotations

import random
import string
import threading
import uuid
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from lean_flask.testing import FakeLean

from .soak_client import Answers, Browser, GoneAwry, Pace, hang_up
from .soak_host import FLOW_MAX_AGE, HurriedSetup

BANK = "RJHI_SAU"
LETTERS = string.ascii_lowercase + "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
KEPT_EVENTS, KEPT_FLOWS = 50, 500


class Traffic:
    """Makes visits to the host on *port*, each by a browser of its own; for several threads."""

    def __init__(
        self, lean: FakeLean, setup: HurriedSetup, port: int, answers: Answers, rate: float
    ) -> None:
        self._lean, self._setup, self._port, self._answers = lean, setup, port, answers
        self._pace = Pace(rate)
        self._sent: deque[tuple[bytes, dict[str, str]]] = deque(maxlen=KEPT_EVENTS)
        self._flows: deque[tuple[float, str, dict[str, str]]] = deque(maxlen=KEPT_FLOWS)
        #: Each with its share of all visits.
        self._visits: dict[Callable[[Browser, random.Random], None], int] = {
            self._look_at_lists: 6,
            self._search: 6,
            self._connect: 6,
            self._pay: 3,
            self._look_at_pickers: 3,
            self._send_events: 6,
            self._change_a_bank: 1,
            self._operate: 1,
            self._come_too_late: 2,
            self._mean_no_good: 2,
            self._hang_up: 2,
        }

    def run(self, over: threading.Event, seed: int) -> None:
        """Visit until *over*."""
        about = random.Random(seed)
        while not over.is_set():
            (visit,) = about.choices(list(self._visits), list(self._visits.values()))
            browser = Browser(self._port, self._answers, self._pace)
            try:
                visit(browser, about)
            except GoneAwry:
                pass  # it has been counted
            finally:
                browser.close()

    def _look_at_lists(self, browser: Browser, about: random.Random) -> None:
        browser.get("banks", "/lean/banks")
        zipped = browser.get("banks, gzip", "/lean/banks?lang=ar", Accept_Encoding="gzip")
        browser.get(
            "banks, 304", "/lean/banks?lang=ar", 200, 304,
            Accept_Encoding="gzip", If_None_Match=zipped.headers["ETag"],
        )  # fmt: skip
        amount = f"amount={about.randrange(10**6)}&currency=SAR"
        browser.get("banks, filter", f"/lean/banks?purpose=payments&{amount}")
        browser.get("bank", f"/lean/banks/{BANK}")
        browser.get("bank, unknown", f"/lean/banks/{quote(_word(about, 8))}", 404)

    def _search(self, browser: Browser, about: random.Random) -> None:
        """Ask what was never asked before: words of any letters, and names with slips."""
        for _ in range(4):
            name = about.choice(self._lean.banks)["name"]
            place = about.randrange(len(name))
            slip = name[:place] + about.choice(LETTERS) + name[place + 1 :]
            query = about.choice([_word(about, 5), slip, f"{_word(about, 3)} {name[:5]}"])
            language = about.choice(["en", "ar"])
            browser.get("banks, query", f"/lean/banks?lang={language}&q={quote(query)}")

    def _connect(self, browser: Browser, about: random.Random) -> None:
        user = str(uuid.UUID(int=about.getrandbits(128), version=4))
        token = self._begin(browser, f"/connect/{user}")
        language = about.choice(["en", "ar"])
        page = f"/lean/picker?flow={token}&lang={language}"
        browser.get("picker", page, Accept_Encoding="gzip")
        call = browser.post(
            "launch", f"/lean/launch?lang={language}", {"flow": token, "bank_identifier": BANK}
        ).json()
        customer = call["config"]["customer_id"]
        self._close(browser, token, "REDIRECT")
        browser.get("return", f"/lean/return/success?bank_identifier={BANK}")
        browser.post("return, SDK", "/lean/return", {"flow": token})
        if about.random() < 0.5:
            self._lean.add_entity(customer, BANK, ["identity"])
        payload = {
            "id": str(uuid.uuid4()), "customer_id": customer, "app_user_id": user,
            "permissions": ["identity"], "bank_details": {"identifier": BANK},
        }  # fmt: skip
        self._send(browser, "entity.created", payload)
        self._close(browser, token, "SUCCESS")
        again = f"/connect/{user}?bank_identifier={BANK}&account_type=PERSONAL"
        browser.get("picker, preset", f"/lean/picker?flow={self._begin(browser, again)}")

    def _pay(self, browser: Browser, about: random.Random) -> None:
        user = str(uuid.UUID(int=about.getrandbits(128), version=4))
        token = self._begin(browser, f"/pay/{user}?amount={about.randrange(1, 10**4)}")
        browser.get("picker, pay", f"/lean/picker?flow={token}")
        form = f"flow={token}&bank_identifier={BANK}"
        chosen = browser.post("choice", "/lean/launch", form, 303).headers["Location"]
        browser.get("picker, chosen", chosen)
        launch = {"flow": token, "bank_identifier": BANK}
        intent = browser.post("launch, pay", "/lean/launch", launch).json()["config"]
        event = {"id": str(uuid.uuid4()), "intent_id": intent["payment_intent_id"]}
        late = self._clock()
        self._send(browser, "payment.updated", event | {"status": "ACCEPTED_BY_BANK"}, late)
        self._send(browser, "payment.created", event | {"status": "PENDING"}, late - 30)
        self._close(browser, token, about.choice(["SUCCESS", "ERROR", "CANCELLED"]))

    def _begin(self, browser: Browser, path: str) -> str:
        answer = browser.get("new flow", path, 302)
        token = parse_qs(urlsplit(answer.headers["Location"]).query)["flow"][0]
        self._flows.append((self._clock(), token, browser.cookies))
        return token

    def _close(self, browser: Browser, token: str, status: str) -> None:
        data = {"status": status, "message": "Done", "bank": {"bank_identifier": BANK}}
        answer = browser.post("callback", "/lean/callback", {"flow": token, "data": data})
        flow_id = parse_qs(urlsplit(answer.json()["next"] or "").query).get("lean_flow")
        if flow_id:
            browser.get("flow", f"/lean/flows/{flow_id[0]}?flow={token}")

    def _look_at_pickers(self, browser: Browser, about: random.Random) -> None:
        user = str(uuid.UUID(int=about.getrandbits(128), version=4))
        browser.get("embedded", f"/embedded/{user}")
        # A theme of its own for each: whatever is kept for a theme must end somewhere.
        colour = f"#{about.getrandbits(24):06x}"
        token = self._begin(browser, f"/themed/{user}?colour={quote(colour)}")
        page = browser.get("picker, themed", f"/lean/picker?flow={token}").body.decode()
        for part in page.split('href="')[1:]:
            path = part.partition('"')[0].replace("&amp;", "&")
            if ".css" in path and path.startswith("/"):
                browser.get("stylesheet", path)
        event = {"flow": token, "event": "search_empty", "query": _word(about, 9)}
        browser.post("event of the page", "/lean/events", event, 204)

    def _send_events(self, browser: Browser, about: random.Random) -> None:
        """Send new ones, one again, and one that nobody of Lean's has signed."""
        subject = {"id": str(uuid.UUID(int=about.getrandbits(128), version=4))}
        for seconds in (0, 20, 10):
            self._send(browser, "entity.updated", subject, self._clock() - seconds)
        self._send(browser, f"unknown.{_word(about, 6)}", subject)
        body, headers = about.choice(list(self._sent))
        browser.post("webhook, again", "/lean/webhooks", body, **headers)
        browser.post("webhook, forged", "/lean/webhooks", body + b" ", 401, **headers)
        browser.post("webhook, large", "/lean/webhooks", b" " * 1_200_000, 413)

    def _change_a_bank(self, browser: Browser, about: random.Random) -> None:
        """Change the list, so that what was made of the former one is of no use any more."""
        bank = about.choice([one for one in self._lean.banks if one["identifier"] != BANK])
        event = self._lean.set_availability(
            bank["identifier"], active={"payments": about.random() < 0.8}
        )
        self._send(browser, event["type"], event["payload"])

    def _send(
        self, browser: Browser, kind: str, payload: dict[str, Any], at: float | None = None
    ) -> None:
        moment = datetime.fromtimestamp(self._clock() if at is None else at, UTC)
        event = self._lean.webhook_event(
            kind, payload, timestamp=f"{moment:%Y-%m-%dT%H:%M:%S.%f}123Z"
        )
        body, headers = self._lean.signed(event)
        signature = {"lean_signature": headers["lean-signature"]}
        self._sent.append((body, signature))
        browser.post("webhook", "/lean/webhooks", body, **signature)

    def _operate(self, browser: Browser, about: random.Random) -> None:
        name = _word(about, 8)
        browser.get("operations", "/lean/operations", X_Operator=name.encode().hex())
        browser.get("operations, nobody", "/lean/operations", 404)
        browser.get("health", "/lean/health")
        browser.get("ready", "/lean/health/ready")
        browser.get("metrics", "/metrics")

    def _come_too_late(self, browser: Browser, about: random.Random) -> None:
        """Go on with a flow that has expired since, in the browser that it was made in."""
        expired = self._clock() - FLOW_MAX_AGE - 10
        old = [one for one in list(self._flows) if one[0] < expired]
        if not old:
            return
        _, token, cookies = about.choice(old)
        browser.cookies = dict(cookies)
        browser.get("picker, expired", f"/lean/picker?flow={token}", 410)
        browser.post("launch, expired", "/lean/launch", {"flow": token}, 410)

    def _mean_no_good(self, browser: Browser, about: random.Random) -> None:
        token = _word(about, 200)
        browser.get("picker, tampered", f"/lean/picker?flow={quote(token)}", 403)
        browser.post("launch, tampered", "/lean/launch", {"flow": token}, 403)
        browser.post("launch, no JSON", "/lean/launch", b"[" * 50_000, 400)
        browser.post("launch, large", "/lean/launch", b" " * 100_000, 413)
        browser.post(
            "launch, cross-site", "/lean/launch", {"flow": token}, 403,
            Origin=f"https://{about.getrandbits(64):x}.example",
        )  # fmt: skip
        browser.get("return, nobody", f"/lean/return/fail?x={_word(about, 5).encode().hex()}")
        browser.get("banks, wrong", f"/lean/banks?{about.getrandbits(64):x}={quote(token)}")
        browser.get("page, unknown", f"/lean/{about.getrandbits(64):x}", 404)

    def _hang_up(self, browser: Browser, about: random.Random) -> None:
        """Hang up in the middle of a request, before its answer, and in the middle of that."""
        head = b"HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        body = b"POST /lean/webhooks " + head + b"Content-Length: 9000\r\n\r\n" + b"x" * 4000
        for sent, read in (
            (body, 0),
            (b"GET /lean/banks " + head + b"\r\n", 0),
            (b"GET /lean/banks " + head + b"\r\n", 100),
            (b"GET /lean/picker HTTP/1.1\r\nHo", 0),
        ):
            self._pace.wait()
            hang_up(self._port, sent, read)

    def _clock(self) -> float:
        return self._setup.wall_clock()


def _word(about: random.Random, length: int) -> str:
    return "".join(about.choices(LETTERS, k=length))
