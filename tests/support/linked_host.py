"""A host whose customer has linked banks."""

from __future__ import annotations

from flask import Flask, redirect, render_template_string

from lean_flask import LeanBlueprint
from lean_flask.services import get_services

from .picker_stage import SETTINGS

ASKED = ["identity", "accounts", "balance"]
ENDS = "2027-01-11T22:30:00Z"  # half past one of the next day in Riyadh


class LinkedHost:
    """An app whose flows mark or hide what is linked, and the customer of those flows."""

    def __init__(self, fake, **settings):
        self.fake = fake
        self.customer = fake.add_customer("user-1")
        self.app = Flask(__name__)
        self.app.config.update(SECRET_KEY="a host's secret key", TESTING=True)
        self.lean = LeanBlueprint(**fake.settings() | SETTINGS | settings)
        self.app.register_blueprint(self.lean)
        self.client = self.app.test_client()

        @self.app.get("/start/<user>/<linked>")
        def start(user, linked):
            customer = fake.add_customer(user)
            return redirect(self.flow(customer, None if linked == "none" else linked).url)

        @self.app.get("/embedded")
        def embedded():
            return render_template_string(
                "<main>{{ flow.embed() }}</main>", flow=self.flow(self.customer, "mark")
            )

    def flow(self, customer, linked):
        return self.lean.connect(
            customer_id=customer, permissions=ASKED, linked_banks=linked, return_url="/done"
        )

    def link(self, bank="RJHI_SAU", permissions=("accounts",), customer=None, ends=ENDS):
        entity, _ = self.fake.add_entity(
            customer or self.customer, bank, list(permissions), access_to=ends
        )
        return entity

    def open(self, linked="mark", lang="en", user="user-1", client=None):
        self.forget()
        client = client or self.client
        url = client.get(f"/start/{user}/{linked}").location
        return client.get(f"{url}&lang={lang}")

    def forget(self):
        with self.app.app_context():
            get_services("lean").linked_banks.forget(self.customer)

    def asked(self):
        return [one for one in self.fake.requests if one.endpoint == "entities"]
