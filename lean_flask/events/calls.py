"""Who is called with an event, in which order, and under which name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from ..common.callables import full_name_of
from ..upstream.webhook import WebhookEvent
from .receivers import Receivers

#: Name and function of a receiver of our own.
OwnReceiver = tuple[str, Callable[[WebhookEvent], object]]
Call = Callable[[], object]


class Calls:
    """The receivers of one blueprint's events: lean-flask's own, then the host's.

    :param own: each must bear to be called twice with one event.
    :param receivers: registered with ``on()``.
    :param of_signal: yields name and function of those of ``webhook_received``.
    """

    def __init__(
        self,
        own: Sequence[OwnReceiver],
        receivers: Receivers,
        of_signal: Callable[[], Iterable[tuple[str, Callable[..., object]]]],
        sender: Any,
    ) -> None:
        self._own = own
        self._receivers = receivers
        self._of_signal = of_signal
        self._sender = sender

    def of(self, event: WebhookEvent) -> dict[str, list[Call]]:
        """Return what to call for *event*, by name. What shares a name counts as one receiver."""
        calls: dict[str, list[Call]] = {}
        for name, call in self._named(event):
            calls.setdefault(name, []).append(call)
        return calls

    def _named(self, event: WebhookEvent) -> Iterator[tuple[str, Call]]:
        for name, own in self._own:
            yield name, partial(own, event)
        if matching := self._receivers.matching(event.type):
            from .event import event_of  # with the classes of all payloads

            typed = event_of(event)
            for receiver in matching:
                yield full_name_of(receiver), partial(receiver, typed)
        for name, receiver in self._of_signal():
            yield name, partial(receiver, self._sender, event=event)
