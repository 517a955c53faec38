"""A host's code, for mypy: what the public names are to it. Never run."""

from decimal import Decimal

from flask import Flask
from typing_extensions import assert_type

from lean_flask import (
    Bank,
    BankUnavailable,
    CallbackData,
    ConfigurationError,
    Flow,
    FlowError,
    LeanBlueprint,
    LeanError,
    SignatureError,
    UpstreamError,
    UpstreamInvalid,
    UpstreamRejected,
    UpstreamTimeout,
    flow_closed,
)
from lean_flask.testing import FakeLean, faults

app = Flask(__name__)
lean = LeanBlueprint("lean_ae", url_prefix="/ae", config_prefix="LEAN_AE_", country="ae")
app.register_blueprint(lean)


def flows() -> None:
    flow = lean.connect(customer_id="…", permissions=["identity"], return_url="/done")
    assert_type(flow, Flow)
    assert_type(flow.url, str)
    assert_type(flow.id, str)
    assert_type(flow.embed().strip().upper()[:1].lower(), MarkupLike)
    assert_type(lean.pay(payment_intent_id="…", amount=Decimal("1.5"), currency="SAR"), Flow)
    assert_type(lean.checkout(payment_intent_id="…"), Flow)
