"""What is kept of an error: where it came from, not what it says."""

from __future__ import annotations

import sys

from lean_flask.events.error_text import MAX_LENGTH, describe_error

SECRET = "SA0380000000608010167519"


def caught(function):
    try:
        function()
    except BaseException as error:
        return describe_error(error)
    raise AssertionError


class HostError(Exception):
    pass


def test_the_type_has_its_module_unless_it_is_pythons_own():
    def fail():
        raise HostError(SECRET)

    assert caught(fail).startswith(f"{__name__}.HostError\n")
    assert caught(lambda: 1 / 0).startswith("ZeroDivisionError\n")


def test_notes_groups_and_contexts_show_no_value():
    def fail():
        try:
            raise KeyError(SECRET)
        except KeyError:
            error = ExceptionGroup(SECRET, [ValueError(SECRET), HostError(SECRET)])
            error.add_note(SECRET)
            raise error  # noqa: B904

    text = caught(fail)
    assert SECRET not in text
    for name in ("ExceptionGroup", "with\nValueError", f"with\n{__name__}.HostError", "KeyError"):
        assert name in text


def test_errors_that_cause_each_other_end():
    def fail():
        first, second = ValueError(), KeyError()
        first.__cause__, second.__cause__ = second, first
        raise first

    assert caught(fail).count("ValueError") == 1


def test_an_endless_recursion_is_cut():
    def fail():
        fail()

    limit = sys.getrecursionlimit()
    assert len(caught(fail).splitlines()) < 30 < limit
    assert len(caught(fail)) <= MAX_LENGTH
