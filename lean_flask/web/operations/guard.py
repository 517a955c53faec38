"""Who may see the operations page. For everybody else it does not exist."""

from __future__ import annotations

from functools import partial

from flask import abort, after_this_request, request
from werkzeug.exceptions import HTTPException

from ...common.logs import get_logger
from ...common.operator import OperatorFailed
from ...services import Services
from ..identified_user import response_of_host
from ..security_headers import protect_error_page

log = get_logger(__name__)


def require_operator(services: Services) -> str:
    """Return the name of the operator who sends this request, as ``@lean.operator`` says it.

    :raises HTTPException: a 404 for everybody else; as the function aborts; or with the response of
        the host's own handler of the error that it raised.
    """
    try:
        name = services.host.operators.name()
    except OperatorFailed as error:
        response = response_of_host(error.__cause__)
        if response is not None:
            abort(response)
        log.exception("Cannot tell who asks for %s: %s", request.endpoint, error)
        name = None
    except HTTPException as error:
        status = error.get_response().status_code
        log.info("Refused %s: @lean.operator aborts with %d", request.endpoint, status)
        raise
    if name is None:
        log.info("Refused %s: @lean.operator does not say yes", request.endpoint)
        ancestors = services.settings.frame_ancestors
        after_this_request(partial(protect_error_page, ancestors=ancestors))
        abort(404)
    return name
