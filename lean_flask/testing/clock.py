"""The stand-in's clock, which a test can move."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import RLock

#: Python's dates end with the year 9999; what begins by then has to end by a date, too.
_LAST = datetime(9900, 1, 1, tzinfo=UTC)


class Clock:
    """Gives the time at Lean: the real one, until a test moves it on."""

    def __init__(self) -> None:
        self._ahead = timedelta()
        #: Held while the stand-in's data change in more than one step.
        self.lock = RLock()

    def now(self) -> datetime:
        """Return the time at Lean, in UTC."""
        return datetime.now(UTC) + self._ahead

    @property
    def ahead(self) -> timedelta:
        """How far it was moved on."""
        return self._ahead

    def advance(self, seconds: float) -> None:
        """Move the clock on; what ends by it ends now, with its events.

        Tokens and Lean's repeats of events stay on the real clock.

        :raises ValueError: when *seconds* is negative, or leads beyond the year 9900.
        """
        if seconds < 0:
            raise ValueError("the clock moves on only")
        if not seconds < (_LAST - self.now()).total_seconds():
            raise ValueError("the clock goes to the year 9900 only")
        self._ahead += timedelta(seconds=seconds)
        self.catch_up()

    def catch_up(self) -> None:
        """Let what has ended by now be ended, and tell the host of it."""


def timestamp(moment: datetime) -> str:
    """Return *moment* as Lean writes it in its answers."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment(text: str) -> datetime:
    """Read a date or a time in ISO 8601; without a zone it is in UTC.

    :raises ValueError: when *text* is neither.
    """
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)
