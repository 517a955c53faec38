"""What every command shares: tables, JSON, and how it ends with an error."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")

#: They move a terminal's cursor or turn its text round; in JSON they stand in strings alone.
_UNSAFE = re.compile(r"[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def print_json(content: Any) -> None:
    """Print *content* as JSON; what JSON has no type for is printed as a text."""
    text = json.dumps(content, ensure_ascii=False, indent=2, default=str)
    click.echo(_UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text))


def print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print *rows* below *head*, in columns."""
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    for row in [head, *rows]:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def fail(message: object) -> NoReturn:
    """Print *message* as an error and end with exit code 1."""
    click.echo(f"Error: {message}", err=True)
    sys.exit(1)
