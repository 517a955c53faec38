"""docs/benchmarks.md, of results that nobody measured: it names every row and keeps the soak."""

from benchmarks.beside import PLAIN, Answers
from benchmarks.cost import Applications, Cost
from benchmarks.launch import REDIS, SQLITE
from benchmarks.load import BARE, CONTROL, LIMIT, OURS, SESSION, Ratio, Rounds, Run
from benchmarks.page import Visit
from benchmarks.profiling import Line, Profile
from benchmarks.report import document
from benchmarks.results import Results
from benchmarks.servers import GTHREAD, SYNC
from benchmarks.strain import Stampede, Strain
from benchmarks.webhook_hosts import BACKGROUND, WORKER


def test_a_ratio_is_of_the_processor_time_in_the_same_round():
    rounds = Rounds({LIMIT: [_run(0.1), _run(0.2)], OURS: [_run(0.2), _run(0.4)]})
    assert rounds.beside(OURS) == Ratio(0.5, 0.5, 0.5)


def test_the_page_says_for_each_row_what_was_to_be_reached_and_what_was():
    page = document(_results(), before="# Old\n\n## Soak\n\nflat\n\n## Other\n\ngone\n")
    table = page.partition("## To reach")[2].partition("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("|")]
    assert {row.count("|") for row in rows} == {6}
    for row in ("`GET /picker`, 1,000 banks | 0.60", "Tap to the SDK's call, 40 banks | 200 ms"):
        assert f"| {row} | " in page
    assert "This run was **loaded**: other programs took 2% of the processors just before" in page
    assert "\n## Soak\n\nflat\n\n## What the package costs" in page
    assert "gone" not in page


def _run(processor):
    return Run(100, 0, 100.0, 0.01, 0.02, 0.03, processor)


def _results():
    ratio = Ratio(1.0, 0.9, 1.1)
    rounds = Rounds({name: [_run(0.1)] for name in (LIMIT, CONTROL, BARE, SESSION, OURS)})
    answers = Answers(ratio, ratio, ratio, ratio)
    strain = {kind: dict.fromkeys((OURS, LIMIT), Strain(ratio, 0.0)) for kind in (GTHREAD, SYNC)}
    visit = Visit(1, 1, 0, 0, 1000, 24, 24, 170)
    return Results(
        taken=(0.02, 0.4),
        banks={kind: {n: {"gzip": rounds} for n in (40, 1000)} for kind in (GTHREAD, SYNC)},
        picker={kind: dict.fromkeys((40, 1000), rounds) for kind in (GTHREAD, SYNC)},
        under_load={"banks 40": ratio, "picker 40": ratio},
        search={40: 1.5},
        stampede={OURS: Stampede(1, 1.1, 0)},
        expiry=strain,
        hanging=strain | {SYNC: dict.fromkeys((OURS, LIMIT), Strain(None, 1.0))},
        launch={kind: dict.fromkeys((LIMIT, PLAIN, SQLITE, REDIS), answers) for kind in strain},
        webhooks={
            f"{store}, {kind}": dict.fromkeys((PLAIN, WORKER, BACKGROUND, LIMIT), answers)
            for store in ("sqlite", "redis")
            for kind in strain
        },
        growth="## Growth",
        cost=Cost(1.5, 9, {200: Applications(2, 0.5, 20)}),
        profiles={"GET /banks": Profile(0.2, 1.1, [Line("a.py: b", 0.1)])},
        visits={"a bare page": Visit(1, 1, 0, 0, 100), "40 banks": visit},
        versions="2 cores",
        quick=False,
    )
