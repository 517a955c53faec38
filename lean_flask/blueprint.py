"""The one thing that a host registers: settings, then services, then routes."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Unpack
from weakref import WeakKeyDictionary

from flask import Blueprint, Flask, current_app, has_app_context, has_request_context
from flask.sansio.app import App
from flask.sansio.blueprints import BlueprintSetupState
from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader, PrefixLoader

from .bank_methods import BankMethods
from .banks.stores import time_spent
from .cli.group import add_commands
from .common.logs import get_logger
from .common.operator import Function as OperatorFunction
from .config.setting_arguments import SettingArguments
from .config.settings import hide_secrets, load_settings
from .errors import ConfigurationError
from .events.receivers import Receiver
from .flow_methods import FlowMethods
from .flows.flow_state import Outcome
from .flows.identity import Function as IdentifyFunction
from .flows.new_consents import Function
from .services import HostFunctions, get_services, install
from .upstream.client import LeanClient
from .web import (
    app_links,
    assets,
    csp,
    csrf,
    origins,
    problems,
    proxy,
    request_ids,
    security_headers,
)
from .web.flow_access import open_flow
from .web.hosted_flow import HostedFlow, hosted
from .web.routes import (
    banks,
    callback,
    events,
    flow_status,
    health,
    launch,
    openapi,
    operations,
    picker,
    qr,
    returns,
    screens,
    webhooks,
)
from .web.url_rules import urls_built_later

log = get_logger(__name__)

_ROUTES = (
    banks,
    picker,
    launch,
    callback,
    events,
    returns,
    screens,
    qr,
    flow_status,
    webhooks,
    health,
    operations,
    openapi,
    assets,
)
_FOLDER = Path(__file__).parent / "templates"
_TEMPLATES = ChoiceLoader(
    [
        FileSystemLoader(_FOLDER),
        PrefixLoader({"!lean_flask": FileSystemLoader(_FOLDER / "lean_flask")}),
    ]
)


@cache
def _routes() -> tuple[Callable[[BlueprintSetupState], None], ...]:
    """Return what adds each of our routes to an app, made once for all blueprints."""
    blueprint = Blueprint("lean", __name__)
    for module in _ROUTES:
        module.add_routes(blueprint)
    return tuple(blueprint.deferred_functions)


class LeanBlueprint(FlowMethods, BankMethods, Blueprint):
    """Lean's bank list, the bank picker and the launch of Lean's SDK, for one Lean application.

    :param name: the blueprint's name; a second one on the same app needs another.
    :param url_prefix: where its routes stand.
    :param config_prefix: what its keys in ``app.config`` begin with.
    :param settings: keyword settings, lower case and without prefix; they win over ``app.config``.
    :raises ConfigurationError: on registration, naming each bad key and what it takes.
    """

    def __init__(
        self,
        name: str = "lean",
        *,
        url_prefix: str | None = "/lean",
        config_prefix: str = "LEAN_",
        **settings: Unpack[SettingArguments],
    ) -> None:
        super().__init__(name, __name__, url_prefix=url_prefix)
        self._config_prefix = config_prefix
        self._overrides = hide_secrets({**settings})
        self._host = HostFunctions()
        self._names: WeakKeyDictionary[App, str] = WeakKeyDictionary()
        for add_route in _routes():
            self.record(add_route)
        self.app_url_value_preprocessor(self._begin_request)
        request_ids.forget_request_ids(self)
        security_headers.add_security_headers(self)
        proxy.add_check(self)
        problems.add_handler(self)
        csrf.exempt_from_csrf_tokens(self)
        origins.answer_preflights(self)
        add_commands(self, lambda: get_services(self._registered_name()))

    @property
    def jinja_loader(self) -> BaseLoader:
        """Our templates; also under ``!lean_flask/``, for a template of the host to extend.

        A host's own ``lean_flask/picker.html`` stands before ours, so it needs another name for it.
        """
        return _TEMPLATES

    def register(self, app: App, options: dict[str, Any]) -> None:
        """Read the settings, install the services and add the routes to *app*."""
        if not isinstance(app, Flask):
            kind = f"{type(app).__module__.partition('.')[0]}'s {type(app).__name__}"
            raise ConfigurationError(f"lean-flask needs an app of Flask, and got {kind}")
        settings = load_settings(app.config, self._config_prefix, self._overrides)
        prefix = options.get("name_prefix", "")
        self._names[app] = f"{prefix}.{options.get('name', self.name)}".lstrip(".")
        headers = security_headers.page_headers(settings)
        install(app, self._names[app], settings, headers, self._host)
        with urls_built_later(app):
            super().register(app, options)
        app_links.add_app_links(app, settings)
        origins.let_read(app, self._names[app], settings.origins)

    def on(self, *patterns: str) -> Callable[[Receiver], Receiver]:
        """Register a function that is called with each event of these types, in every app.

        It is called as ``receiver(event)``, in an app context and without a request. An event
        comes again while the function raises, and may come twice: ``event_id`` tells.

        :param patterns: types such as ``entity.created``; ``payment.*`` is each type that begins
            with ``payment.``, and ``*`` is all of them.
        :raises ConfigurationError: without a pattern, or for one that no type can match.
        :raises TypeError: for an async function, which nobody would await.
        """
        return self._host.receivers.on(*patterns)

    def new_consent(self, function: Function) -> Function:
        """Register a function that makes the consents of flows: ``authorize_consent`` takes it.

        It is called as ``function(flow)`` at the first launch, and again after an attempt that
        failed. It returns what ``lean.client.create_consent`` returned, or a consent's id.

        :raises TypeError: for an async function, which nobody would await.
        """
        return self._host.new_consents.register(function)

    def identify(self, function: IdentifyFunction) -> IdentifyFunction:
        """Register the function that says which user of the host a request is of.

        It is called without arguments, in a request that brings a flow made with ``bound_to``. It
        returns the user's own id, as ``bound_to`` has it, or ``None`` where nobody is signed in. It
        may abort, for instance with a redirect to a login page.

        :raises TypeError: for an async function, which nobody would await.
        """
        return self._host.identity.register(function)

    def operator(self, function: OperatorFunction) -> OperatorFunction:
        """Register the function that says who may see the operations page, ``/operations``.

        It is called without arguments, in each request of that page. It returns the operator's
        name, which stands in the log beside what was done, or ``True``. For anything else the page
        is a 404, also while no function is registered, and when it raises. It may abort, for
        instance with a redirect to a login page.

        :raises TypeError: for an async function, which nobody would await.
        """
        return self._host.operators.register(function)

    def open(self, token: str) -> HostedFlow:
        """Return the flow of *token*, if the current request may go on with it.

        :param token: of a flow that this blueprint made, as the front end sends it.
        :raises FlowError: with a ``reason``: ``expired``, ``completed``, ``invalid_flow``, and of a
            flow that is bound to a user ``signed_out``, ``other_user`` or ``identify_failed``.
        :raises HTTPException: as the host's ``@lean.identify`` aborts.
        :raises ConfigurationError: outside of a request.
        """
        services = get_services(self._registered_name())
        if not has_request_context():
            raise ConfigurationError(
                "open() needs a request, since a flow opens for its holder alone; call it in a view"
            )
        return hosted(open_flow(token, may_have_ended=True, services=services), services.name)

    def outcome(self, flow_id: str) -> Outcome:
        """Return what became of a flow, as far as its page and Lean's webhooks have said.

        It is kept for ``LEAN_EVENTS_KEEP``. A flow that nobody launched, or that is kept no more,
        is ``open``.

        :param flow_id: as the host keeps it. One from a browser proves nothing: anybody may send
            any id.
        """
        return get_services(self._registered_name()).flow_states.outcome(flow_id)

    def _begin_request(self, *_: Any) -> None:
        """Do what each request of the app needs.

        A ``before_request`` would do, but Flask asks about each of those whether it is async.
        """
        request_ids.begin_request()
        time_spent.begin_request()  # views of the host use the store, too
        self._start_delivery()

    def _start_delivery(self) -> None:
        """Start the threads that deliver events: a process that answers requests is no master."""
        try:
            services = get_services(self._registered_name())
            services.events.start()
            if services.events.delivery == "worker":
                services.gauges.start()
            else:
                services.gauges.update_in_background()
        except Exception:  # a page of the host must not fail for it
            log.exception("This process cannot deliver events")

    def _registered_name(self) -> str:
        if not has_app_context():
            raise ConfigurationError(
                f"The blueprint {self.name!r} is used outside of an app; in a script or a thread, "
                "use it inside of `with app.app_context():`"
            )
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        name = self._names.get(app)
        if name is None:
            raise ConfigurationError(f"The blueprint {self.name!r} is not registered on this app")
        return name

    @property
    def client(self) -> LeanClient:
        """The backend calls that a flow needs first."""
        return get_services(self._registered_name()).client

    @property
    def loader_url(self) -> str:
        """The ``src`` of Lean's loader, for a page of the host that opens the SDK itself."""
        return get_services(self._registered_name()).settings.loader_url

    def csp(self, nonce: str | None = None) -> dict[str, list[str]]:
        """Return Content-Security-Policy directives for a page of the host that shows the picker.

        :param nonce: of the host's own inline scripts, if it has any.
        :returns: directive to sources, as flask-talisman takes it.
        """
        settings = get_services(self._registered_name()).settings
        return csp.directives(settings, settings.csp or "wildcard", nonce)
