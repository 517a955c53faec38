"""Make the flows that ``connect``, ``pay`` and ``checkout`` return."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from flask import url_for
from markupsafe import Markup

from ..common.types import Method
from ..errors import FlowError
from ..flows.flow import Flow, make_flow, to_payload
from ..services import get_services
from .browser_session import browser_id
from .flow_access import MAX_TOKEN_LENGTH, flow_seal
from .picker.embed import embedded_picker


@dataclass(frozen=True, slots=True)
class EmbeddableFlow(Flow):
    """A flow that knows its blueprint, so that it can render its picker."""

    blueprint_name: str = field(default="", repr=False)

    def embed(self) -> Markup:
        return embedded_picker(self.blueprint_name, self)


def new_flow(blueprint_name: str, method: Method, arguments: Mapping[str, Any]) -> Flow:
    """Return a flow of the host's *arguments*, with its token and URL.

    :raises FlowError: naming each bad argument.
    """
    settings = get_services(blueprint_name).settings
    seal = flow_seal(blueprint_name)
    session_id = browser_id() if settings.bind_flow else None
    flow = make_flow(method, arguments, session_id)
    token = seal.close(to_payload(flow))
    if len(token) > MAX_TOKEN_LENGTH:
        raise FlowError(
            f"{method}: the arguments are too long to travel in an address; shorten them"
        )
    values = {member.name: getattr(flow, member.name) for member in fields(flow)}
    url = url_for(f"{blueprint_name}.picker", flow=token)
    return EmbeddableFlow(**values | {"token": token, "url": url}, blueprint_name=blueprint_name)
