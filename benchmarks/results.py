"""Everything that one run of the benchmarks measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .beside import Answers
from .cost import Cost
from .load import Ratio, Rounds
from .page import Visit
from .profiling import Profile
from .strain import Stampede, Strain


@dataclass(frozen=True)
class Results:
    """Everything that one run measured.

    :param taken: shares of the processors that other programs took before and after.
    :param banks: by kind of worker, number of banks and what is asked.
    :param picker: by kind of worker and number of banks.
    :param growth: its section.
    :param versions: of the machine and all programs.
    :param under_load: beside the limit, while each processor had another program to run.
    """

    taken: tuple[float, float]
    banks: Mapping[str, Mapping[int, Mapping[str, Rounds]]]
    picker: Mapping[str, Mapping[int, Rounds]]
    under_load: Mapping[str, Ratio]
    search: Mapping[int, float]
    stampede: Mapping[str, Stampede]
    expiry: Mapping[str, Mapping[str, Strain]]
    hanging: Mapping[str, Mapping[str, Strain]]
    launch: Mapping[str, Mapping[str, Answers]]
    webhooks: Mapping[str, Mapping[str, Answers]]
    growth: str
    cost: Cost
    profiles: Mapping[str, Profile]
    visits: Mapping[str, Visit]
    versions: str
    quick: bool
