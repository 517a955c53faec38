"""What an error of Postgres says to an operator, without the values that its own text quotes."""

from __future__ import annotations

import re

_WORDS = {
    "25006": "it is read-only, perhaps a standby",
    "28000": "it refuses the user name or the password",
    "28P01": "it refuses the user name or the password",
    "3D000": "there is no such database",
    "3F000": "there is no such schema",
    "42501": "the user may not do this",
    "53100": "its disk is full",
    "53200": "its memory is full",
    "53300": "it takes no more connections",
    "55P03": "others hold the lock",
    "57014": "no answer in time",
    "57P01": "it is shutting down",
    "57P02": "it is shutting down",
    "57P03": "it is starting up or shutting down",
}
#: What libpq says of a connection: there is no code then. The servers of others speak English, too,
#: where ``lc_messages`` does.
_SAID = (
    ("password authentication failed", "28P01"),
    ("no password supplied", "28P01"),
    ("authentication failed", "28000"),
    ("no pg_hba.conf entry", "28000"),
    ("too many clients", "53300"),
    ("remaining connection slots", "53300"),
    ("too many connections", "53300"),
    ("the database system is", "57P03"),
    ("session is read-only", "25006"),
    ("session is not read-only", "25006"),
    ("server is in hot standby mode", "25006"),
)
_PLACE = re.compile(r".*?connection to server (?:at|on socket) .*? failed: ", re.DOTALL)
_QUOTED = re.compile(r"[\"'`(].*", re.DOTALL)


def describe(error: BaseException) -> str:
    """Return the cause in words, with its code or the name of the class."""
    name = type(error).__name__
    code = getattr(error, "sqlstate", None)
    if code is None:
        return describe_refusal(str(error)) or name
    return f"{_WORDS.get(code, name)} ({code})"


def describe_refusal(said: str) -> str:
    """Return in words what libpq *said* of a connection that failed."""
    for part, code in _SAID:
        if part in said:
            return f"{_WORDS[code]} ({code})"
    if "database" in said and "does not exist" in said:
        return f"{_WORDS['3D000']} (3D000)"
    if "unsupported startup parameter" in said:
        return "it refuses an option of the URL, as PgBouncer does"
    first = _PLACE.sub("", said).strip().partition("\n")[0].removeprefix("FATAL:").strip()
    if "SSL" in said or "certificate" in said:
        return f"TLS failed: {_clean(first)}"
    return _clean(first)


def _clean(text: str) -> str:
    return re.sub(r"[^ -~]", " ", _QUOTED.sub("", text))[:80].strip()
