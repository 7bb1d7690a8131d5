"""What came of asking owners afterwards, in a month: how many were called back, what they say, and who said nothing.

called back     owners who were reached / the base                    refused counts: somebody spoke with them
response        owners who answered / drawn
satisfaction    overall 4 or 5 stars / answered, of phones that somebody vouches for
non-response    not reached, or nobody called in time; still open is neither
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

REACHED = frozenset({"answered", "refused"})
SILENT = frozenset({"unreached", "lapsed"})
SATISFIED = 4


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of asking one owner: ids and numbers alone. `how`: link or call; `outcome`: see `survey.OUTCOMES`."""

    project: str
    month: str
    unit: str
    building: str
    stage: str
    outcome: str
    at: datetime
    how: str = ""
    scores: Mapping[str, int] = field(default_factory=dict)
    still: bool = False
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """A month's counts, whole numbers to divide later. `rated`: answers that count for satisfaction."""

    base: int = 0
    wanted: int = 0
    drawn: int = 0
    reached: int = 0
    answered: int = 0
    refused: int = 0
    silent: int = 0
    rated: int = 0
    satisfied: int = 0
    still: int = 0

    @property
    def open(self) -> int:
        return self.drawn - self.reached - self.silent

    def __add__(self, other: Asked) -> Asked:
        return Asked(*(getattr(self, name) + getattr(other, name) for name in Asked.__slots__))


def counted(base: int, wanted: int, drawn: int, outcomes: Iterable[Outcome]) -> Asked:
    """The counts of a month's sample; each flat counts once."""
    each = {one.unit: one for one in sorted(outcomes, key=lambda o: (o.at, o.unit))}.values()
    answers = [one for one in each if one.outcome == "answered"]
    rated = [one for one in answers if one.verified]
    return Asked(
        base=base,
        wanted=wanted,
        drawn=drawn,
        reached=sum(one.outcome in REACHED for one in each),
        answered=len(answers),
        refused=sum(one.outcome == "refused" for one in each),
        silent=sum(one.outcome in SILENT for one in each),
        rated=len(rated),
        satisfied=sum(one.scores.get("overall", 0) >= SATISFIED for one in rated),
        still=sum(one.still for one in answers),
    )
