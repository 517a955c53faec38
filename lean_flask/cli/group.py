"""The group that a blueprint's commands stand in: ``flask lean``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from functools import cached_property

import click
from flask import Blueprint
from flask.cli import AppGroup

from ..services import Services


def add_commands(blueprint: Blueprint, services_of: Callable[[], Services]) -> None:
    """Add the commands of one blueprint, under its name: ``flask lean check``."""
    blueprint.cli.short_help = "Lean's bank list and events: check, show, refresh, retry."
    blueprint.cli.commands = _Commands(services_of)


class _Commands(MutableMapping[str, click.Command]):
    """Commands by name, imported and made when one is asked for: a web server needs none."""

    def __init__(self, services_of: Callable[[], Services]) -> None:
        self._services_of = services_of

    @cached_property
    def _made(self) -> MutableMapping[str, click.Command]:
        from .commands import add_all

        group = AppGroup()
        add_all(group, self._services_of)
        return group.commands

    def __bool__(self) -> bool:
        return True  # Flask asks when the blueprint is registered

    def __len__(self) -> int:
        return len(self._made)

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __getitem__(self, name: str) -> click.Command:
        return self._made[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._made[name] = command

    def __delitem__(self, name: str) -> None:
        del self._made[name]
