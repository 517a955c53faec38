"""A flow of the blueprint's own methods: what the host's code does with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, has_request_context
from markupsafe import Markup
from marshmallow import Schema, ValidationError

from ..common.error_messages import describe_errors
from ..common.types import PLATFORMS, Platform
from ..common.urls import is_https_or_loopback
from ..config.settings import Settings
from ..errors import ConfigurationError, FlowError
from ..flows.callback import CallbackData, CallbackSchema, told_on
from ..flows.chosen import ChosenSchema
from ..flows.flow import Flow
from ..flows.landing import LandingSchema
from ..flows.launch import Launch
from ..services import get_services
from .capturing import capture_redirect
from .closing import close_flow
from .flow_access import require_launchable
from .launching import launch_flow
from .pages import page_language
from .picker.embed import embedded_picker
from .qr import address_of, qr_code

_CHOSEN = ChosenSchema()
_CALLBACK = CallbackSchema()
_LANDING = LandingSchema()


@dataclass(frozen=True, slots=True)
class HostedFlow(Flow):
    """A flow that knows its blueprint. The routes of the picker do the same for its page."""

    blueprint_name: str = field(default="", repr=False)

    @property
    def absolute_url(self) -> str:
        """The address of the hosted page with scheme and host, to be sent to the customer.

        :raises ConfigurationError: outside of a request, where ``SERVER_NAME`` is not set, or
            ``PREFERRED_URL_SCHEME`` is not ``https`` in production.
        """
        require_address("absolute_url", get_services(self.blueprint_name).settings)
        return address_of(self, self.blueprint_name)

    def qr(self) -> Markup:
        """Return the address as a QR code: an SVG for a page, a letter or a screen in a shop.

        :raises ConfigurationError: without the extra ``lean-flask[qr]``, or as
            :attr:`absolute_url` raises it.
        :raises FlowError: where the flow is bound to this browser session, or its address is too
            long for a code.
        """
        services = get_services(self.blueprint_name)
        require_address("qr()", services.settings)
        language = page_language(services, self)
        return qr_code(self, self.blueprint_name, language)

    def embed(self) -> Markup:
        """Return the picker as HTML for a template of the host.

        It stands in a shadow root: no style of the page reaches it, and none of its own gets out.
        """
        return embedded_picker(self.blueprint_name, self)

    def launch(
        self,
        bank_identifier: str | None = None,
        account_id: str | None = None,
        platform: Platform = "web",
        **chosen: Any,
    ) -> Launch:
        """Return what to open Lean's SDK with, as ``POST /launch`` does for the picker.

        :param bank_identifier: of the bank that the customer chose.
        :param account_id: of the saved account that they chose.
        :param platform: whose SDK it is for: ``web``, ``react-native``, ``flutter``, ``ios`` or
            ``android``.
        :param chosen: ``account_type``, ``payment_source_id`` or ``entity_id``, as the body of
            ``POST /launch`` has them.
        :raises BankUnavailable: when the choice cannot be used for this flow.
        :raises FlowError: naming each bad argument, or when the flow is over.
        :raises UpstreamError: when Lean does not give what the launch needs.
        """
        services = get_services(self.blueprint_name)
        given = {"bank_identifier": bank_identifier, "account_id": account_id, **chosen}
        given = {name: value for name, value in given.items() if value is not None}
        choice = _load(_CHOSEN, given | {"platform": platform}, "launch")
        platform = choice.pop("platform")
        require_launchable(self, services)
        return launch_flow(services, self, choice, page_language(services, self), platform)

    def returned(self, query: Mapping[str, str], platform: Platform = "web") -> Launch | None:
        """Return the call of ``captureRedirect``, when the customer is back from the bank.

        :param query: of the address at which they landed.
        :returns: ``None`` where there is nothing to ask the SDK: the flow was not launched, has
            ended, landed with other parameters before, or has no customer.
        :raises FlowError: when *query* is no mapping, or *platform* none of those.
        """
        services = get_services(self.blueprint_name)
        _check_platform(platform)
        landed_with = _load(_LANDING, query, "query")
        state = services.flow_states.get(self.id)
        language = page_language(services, self)
        return capture_redirect(services, self, state, landed_with, language, platform)

    def closed(self, data: Mapping[str, Any], platform: Platform = "web") -> CallbackData:
        """Note what the SDK said when it closed, and return it under the names of the web's SDK.

        :param data: as the SDK gave it to the front end.
        :raises FlowError: when it is no mapping or has no ``status``, or *platform* is none of
            those.
        """
        _check_platform(platform)
        read = told_on(platform, _load(_CALLBACK, data, "data"))
        close_flow(get_services(self.blueprint_name), self, read)
        return read


def hosted(flow: Flow, blueprint_name: str, **values: str) -> HostedFlow:
    """Return *flow* as one of the blueprint registered as *blueprint_name*.

    :param values: that differ from those of *flow*.
    """
    known = {member.name: getattr(flow, member.name) for member in fields(Flow)}
    return HostedFlow(**known | values, blueprint_name=blueprint_name)


def require_address(caller: str, settings: Settings) -> None:
    """Refuse *caller* where Flask does not know the host's address, or not that it is https.

    :raises ConfigurationError: naming the mend.
    """
    if has_request_context():
        return
    config = current_app.config
    if not config["SERVER_NAME"]:
        raise ConfigurationError(
            f"{caller} is called outside of a request, where Flask cannot tell the address of "
            "the flow's page; set SERVER_NAME, and PREFERRED_URL_SCHEME to 'https'"
        )
    address = urlsplit(f"{config['PREFERRED_URL_SCHEME']}://{config['SERVER_NAME']}")
    if not settings.sandbox and not is_https_or_loopback(address):
        raise ConfigurationError(
            f"{caller} is called outside of a request, and in production its link would begin "
            "with http://; set PREFERRED_URL_SCHEME to 'https'"
        )


def _load(schema: Schema, given: Any, name: str) -> Any:
    """Return what *schema* makes of *given*, which a front end may have sent.

    :param name: of the argument that it is.
    :raises FlowError: naming each wrong field, or *name* where it has no fields.
    """
    if not isinstance(given, Mapping):
        words = f"{name} got a {type(given).__name__}; it takes an object with fields"
        raise FlowError(words, {name: words})
    given = dict(given)
    try:
        return schema.load(given)
    except ValidationError as error:
        sentences = describe_errors(error, schema, given)
        raise FlowError("; ".join(sentences.values()), sentences) from None


def _check_platform(platform: str) -> None:
    if platform not in PLATFORMS:
        words = f"platform got {platform!r:.50}; it takes {', '.join(PLATFORMS)}"
        raise FlowError(words, {"platform": words})
