"""A stand-in for Lean over real HTTP, for this project's tests, its users' tests and the demo."""

from . import faults
from .fake_lean import FakeLean
from .recording import Recorded

__all__ = ["FakeLean", "Recorded", "faults"]
