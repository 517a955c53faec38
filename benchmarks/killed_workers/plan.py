"""The events that are sent: many subjects and some hot ones, in bursts, with times in no order."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

HOT_SUBJECTS = 5
HOT_SHARE = 0.3  # of all events; the senders post them at the same time
MAX_CHAIN = 20  # events of one other subject, sent one after the other


@dataclass(frozen=True, slots=True)
class SignedEvent:
    """A signed event, as it is posted.

    :param subject: the entity that it is about.
    """

    id: str
    subject: str
    body: bytes
    signature: str


@dataclass(frozen=True, slots=True)
class Burst:
    """Chains that are sent at once. The events of a chain are sent one after the other.

    :param pause: seconds until the next burst, in units of the time that its events would take at
        the rate that was asked for.
    """

    chains: list[list[SignedEvent]]
    pause: float

    @property
    def size(self) -> int:
        """Return how many events there are."""
        return sum(map(len, self.chains))


def make_event(subject: str, secret: str, about: random.Random) -> SignedEvent:
    """Return an event about *subject* whose time says nothing about its place."""
    event_id = str(uuid.UUID(int=about.getrandbits(128), version=4))
    time = datetime.now(UTC) - timedelta(seconds=about.uniform(0, 86_400))
    payload = {"id": subject, "customer_id": f"customer of {subject}", "app_user_id": subject}
    body = json.dumps(
        {
            "type": "entity.created",
            "payload": payload,
            "message": "An event of a benchmark.",
            "timestamp": time.isoformat().replace("+00:00", "123Z"),
            "event_id": event_id,
        }
    ).encode()
    digest = hmac.digest(secret.encode(), body, hashlib.sha512).hex()
    return SignedEvent(event_id, subject, body, f"sha512={digest}")


def make_plan(count: int, secret: str, seed: int) -> list[Burst]:
    """Return bursts of *count* events in all."""
    about = random.Random(seed)
    chains = list(_chains(count, secret, about))
    about.shuffle(chains)
    bursts = []
    while chains:
        size = min(len(chains), round(about.lognormvariate(2.5, 1)) + 1)
        bursts.append(Burst([chains.pop() for _ in range(size)], about.uniform(0.5, 1.5)))
    return bursts


def _chains(count: int, secret: str, about: random.Random) -> Iterator[list[SignedEvent]]:
    hot = [f"hot-{number}" for number in range(HOT_SUBJECTS)]
    for _ in range(round(count * HOT_SHARE)):
        yield [make_event(about.choice(hot), secret, about)]
    left = count - round(count * HOT_SHARE)
    while left:
        length = min(left, about.randint(1, MAX_CHAIN))
        subject = str(uuid.UUID(int=about.getrandbits(128), version=4))
        yield [make_event(subject, secret, about) for _ in range(length)]
        left -= length
