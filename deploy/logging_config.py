"""Logging of the app under gunicorn: INFO is shown, as text or as one JSON object per line.

gunicorn sets up its own loggers alone, so without this the lines of lean-flask below WARNING are
lost, and the others have neither time nor level. Use it as ``logconfig_dict`` of gunicorn, or call
``logging.config.dictConfig(logging_config())`` before the app is made.

The environment chooses: ``LOG_FORMAT=json``, ``LOG_LEVEL=WARNING``.
"""

from __future__ import annotations

import json
import logging
import os
from datetime import UTC, datetime
from typing import Any

#: What a record of Python's own has; whatever else it has is a field.
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class TextLines(logging.Formatter):
    """Time, level, logger, request and message."""

    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03d"

    def __init__(self) -> None:
        super().__init__(
            "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s",
            defaults={"request_id": "-"},
        )


class JSONLines(logging.Formatter):
    """One JSON object per record, with its fields; those of lean-flask begin with ``lean_``."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "time": f"{datetime.fromtimestamp(record.created, UTC):%Y-%m-%dT%H:%M:%S.%f}Z",
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        fields = {name: value for name, value in vars(record).items() if name not in _STANDARD}
        for name, value in fields.items():
            if value != "-":
                line.setdefault(name, value)
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        if record.stack_info:
            line["stack"] = record.stack_info
        return json.dumps(line, ensure_ascii=False, default=str)


def logging_config(level: str | None = None, as_json: bool | None = None) -> dict[str, Any]:
    """Return the argument of ``logging.config.dictConfig``.

    :param level: of all loggers; by default ``LOG_LEVEL``, else ``INFO``.
    :param as_json: by default whether ``LOG_FORMAT`` is ``json``.
    """
    if as_json is None:
        as_json = os.environ.get("LOG_FORMAT") == "json"
    level = level or os.environ.get("LOG_LEVEL", "INFO")
    formatter = "json" if as_json else "text"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"text": {"()": TextLines}, "json": {"()": JSONLines}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": formatter},
        },
        "root": {"level": level, "handlers": ["stderr"]},
        "loggers": {
            # gunicorn gives its loggers handlers of their own, and does not pass their lines on.
            **{
                name: {"level": level, "handlers": [], "propagate": True}
                for name in ("gunicorn.error", "gunicorn.access")
            },
            # At INFO it logs each URL, whole, of what you ask with it.
            "httpx": {"level": "WARNING"},
        },
    }
