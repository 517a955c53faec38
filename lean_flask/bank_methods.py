"""The methods of a blueprint about banks: the list, and a bank by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

from flask import current_app

from .banks.bank import Bank
from .banks.catalog import filter_banks
from .banks.overrides import Override
from .banks.query import BanksQuerySchema
from .common.types import Language, Purpose
from .services import get_services
from .upstream.ids import customer_id_text


class BankMethods:
    """What a host asks of the bank list, and what it says of a bank itself."""

    def banks(
        self,
        account_type: str | None = None,
        country: str | None = None,
        purpose: Purpose | None = None,
        customer_id: str | UUID | None = None,
    ) -> tuple[Bank, ...]:
        """Return the banks that a customer may be shown now, from the cache.

        :param account_type: ``PERSONAL`` or ``BUSINESS``; all that are held by default.
        :param country: ISO 3166 alpha-3, such as ``SAU``.
        :param purpose: ``data`` or ``payments``: only banks available for it.
        :param customer_id: scopes the list where ``LEAN_PER_CUSTOMER`` is on.
        :raises ValueError: naming each argument that is none of these.
        :raises FlowError: when *customer_id* is no id.
        :raises UpstreamError: when there is no list, and Lean gives none.
        """
        given = {"account_type": account_type, "country": country, "purpose": purpose}
        errors = BanksQuerySchema().validate(
            {name: value for name, value in given.items() if value is not None}
        )
        if errors:
            problems = (f"{name} got {given[name]!r}: {said[0]}" for name, said in errors.items())
            raise ValueError("; ".join(problems))
        customer = None if customer_id is None else customer_id_text(customer_id)
        listing = get_services(self._registered_name()).catalog.listing(account_type, customer)
        return filter_banks(listing.banks, country=country, purpose=purpose)

    def override(
        self,
        identifier: str,
        action: Literal["unavailable", "hide", "clear"],
        *,
        purpose: Purpose | None = None,
        until: datetime | None = None,
        message: str | Mapping[Language, str] | None = None,
        by: str | None = None,
        why: str = "",
    ) -> tuple[Override, ...]:
        """Lay your word over what Lean says of a bank, in every process that shares the store.

        It holds until it is cleared, across new lists of Lean, webhooks and restarts. What was said
        of the same bank and purpose before is replaced.

        :param identifier: Lean's, such as ``RJHI_SAU``.
        :param action: ``unavailable``: it is shown and cannot be chosen; ``hide``: it is not shown;
            ``clear``: what Lean says counts again.
        :param purpose: only for this one; all by default.
        :param until: when it ends by itself: a datetime with a zone.
        :param message: what customers are told of an unavailable bank, in up to 200 characters:
            one text, or a mapping of ``en`` and ``ar``.
        :param by: who does it, for the log; by default the app's name.
        :param why: for the log and your colleagues; customers do not see it.
        :returns: what is in force from now on; with ``clear``, what was in force until now.
        :raises ValueError: naming each bad argument, or for a bank that the lists do not have.
        """
        catalog = get_services(self._registered_name()).catalog
        who = f"the app {current_app.name}" if by is None else by
        if action == "clear":
            if until is not None or message is not None:
                raise ValueError("clear takes no until and no message")
            cleared = catalog.clear_override(identifier, purpose, by=who, why=why)
            if not cleared:
                catalog.require_known(identifier)
            return cleared
        override = catalog.override(
            identifier, action, purpose=purpose, until=until, message=message, by=who, why=why
        )
        return (override,)

    def overrides(self) -> tuple[Override, ...]:
        """Return the overrides in force, by bank."""
        return get_services(self._registered_name()).catalog.overrides()

    def _registered_name(self) -> str:
        raise NotImplementedError  # the blueprint has it
