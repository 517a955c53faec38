"""Which user of the host the current request is of."""

from __future__ import annotations

from flask import Response, abort, current_app

from ..flows.identity import IdentifyFailed
from ..services import Services


def identified_user(services: Services) -> str | None:
    """Return the user's id, as the host's ``@lean.identify`` says it; ``None`` of nobody.

    :raises IdentifyFailed: when the function fails.
    :raises HTTPException: as the function aborts; or with the response of the host's own handler of
        the error that it raised, as libraries for bearer tokens have for a token that has expired.
    """
    try:
        return services.host.identity.user()
    except IdentifyFailed as error:
        response = response_of_host(error.__cause__)
        if response is not None:
            abort(response)
        raise


def response_of_host(error: BaseException | None) -> Response | None:
    """Return what the host's own handler makes of *error*, which a function of the host raised.

    ``None`` where it has none, and where it only says that the host failed.
    """
    if not isinstance(error, Exception):
        return None
    try:
        response = current_app.make_response(current_app.handle_user_exception(error))
    except Exception:  # the same error, or one of the handler
        return None
    return response if response.status_code < 500 else None
