# book_once.py
"""Books each payment once, however often its event is delivered."""

import os
from decimal import Decimal

from sqlalchemy import Numeric, String, create_engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from lean_flask import Event, LeanBlueprint, PaymentPayload

engine = create_engine(os.environ.get("DATABASE_URL", "sqlite:///shop.db"))


class Base(DeclarativeBase):
    pass


class SeenEvent(Base):
    __tablename__ = "lean_events"
    event_id: Mapped[str] = mapped_column(String(255), primary_key=True)


class Booking(Base):
    __tablename__ = "bookings"
    payment_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    intent_id: Mapped[str | None] = mapped_column(String(36))
    amount: Mapped[Decimal] = mapped_column(Numeric(15, 3))
    currency: Mapped[str] = mapped_column(String(3))


def book(event_id: str, payment: PaymentPayload) -> None:
    """Book *payment* in the transaction that notes its event: both are written, or nothing is."""
    with Session(engine) as session:
        session.add(SeenEvent(event_id=event_id))
        try:
            session.flush()
        except IntegrityError:  # the event has been here before
            return
        if payment.status == "ACCEPTED_BY_BANK" and not session.get(Booking, payment.id):
            session.add(
                Booking(
                    payment_id=payment.id,
                    intent_id=payment.intent_id,
                    amount=payment.amount,
                    currency=payment.currency,
                )
            )
        session.commit()


def receive(lean: LeanBlueprint) -> None:
    """Book what Lean tells about payments."""

    @lean.on("payment.created", "payment.updated")
    def book_payment(event: Event[PaymentPayload]) -> None:
        book(event.event_id, event.payload)
