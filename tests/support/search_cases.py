"""The vectors of the bank search, and the picker's script in Node.js to compare with."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from lean_flask.banks.bank import Bank
from lean_flask.banks.search import names_of
from support.paths import ROOT, SUPPORT

VECTORS = json.loads((SUPPORT / "search_vectors.json").read_text("utf-8"))
BANKS = tuple(Bank(**record) for record in VECTORS["banks"])
SEARCH_JS = ROOT / "lean_flask" / "static" / "src" / "search.js"
_SCRIPT = f"""
import {{ createInterface }} from "node:readline";
import {{ fold, hasLongNumber, SearchIndex }} from {json.dumps(SEARCH_JS.as_uri())};
let banks, index;
const tasks = {{
  fold: (texts) => texts.map(fold),
  digits: (texts) => texts.filter((text) => /^\\p{{Nd}}$/u.test(text)),
  numbers: (texts) => texts.map(hasLongNumber),
  banks: (given) => {{ banks = given; index = new SearchIndex(banks); }},
  search: (queries) => queries.map((query) => {{
    const {{ found, known }} = index.find(query);
    const shown = fold(query) ? found.map((at) => banks[at]) : banks;
    return [shown.map(({{ identifier }}) => identifier), known?.[0] ?? null];
  }}),
}};
for await (const line of createInterface({{ input: process.stdin }})) {{
  const [task, given] = JSON.parse(line);
  console.log(JSON.stringify(tasks[task](given) ?? null));
}}
"""


class Case(NamedTuple):
    """One query.

    :param identifier: the beginning of the identifier of the bank that is meant, or ``-``.
    """

    identifier: str
    query: str


def cases_of(name: str) -> list[Case]:
    """Return the cases of the class *name*: lines of an identifier, and queries between bars."""
    lines = (SUPPORT / "search_vectors" / f"{name}.txt").read_text("utf-8").splitlines()
    return [
        Case(identifier, query)
        for line in lines
        if not line.startswith("#")
        for identifier, _, queries in [line.partition(": ")]
        for query in queries.split(" | ")
    ]


class SearchScript:
    """The picker's search, in a process of Node.js."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, task: str, given: Any) -> Any:
        """Return what *task* of the script makes of *given*."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([task, given]) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def use(self, banks: Sequence[Bank]) -> None:
        """Search *banks* from now on."""
        listed = [
            {
                "identifier": bank.identifier,
                "names": names_of(bank),
                "swift": bank.swift_code or "",
            }
            for bank in banks
        ]
        self.ask("banks", listed)


@contextmanager
def search_script() -> Iterator[SearchScript]:
    """Run the picker's search in Node.js."""
    process = subprocess.Popen(
        ["node", "--input-type=module", "--eval", _SCRIPT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    with process:
        yield SearchScript(process)
        assert process.stdin
        process.stdin.close()
