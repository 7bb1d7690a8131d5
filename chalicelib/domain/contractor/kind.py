"""Cases, as the mechanism of records asks for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.changes import fold
from chalicelib.domain.contractor.clocks import due_moments, next_moment
from chalicelib.domain.contractor.heading import heading
from chalicelib.domain.contractor.letter import Cause
from chalicelib.domain.contractor.lifecycle import decide, legal
from chalicelib.domain.policy.ladder import ladder_of
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.telling import Telling
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import SYSTEM
from chalicelib.domain.record.kinds import RecordKind, register
from chalicelib.domain.record.promise import Due
from chalicelib.domain.record.roles import Role

PREFIX = "CASE"
FOLLOWS = {"cure": ("miss", {"cause": Cause.MISSED.value}), "last": ("expire", {})}


def _tellings(policy: Policy) -> Mapping[str, Sequence[Telling]]:
    return ladder_of(policy).tellings


def _follows(due: Due, case: Case) -> Command | None:
    """A cure that is missed, a last deadline that is over: the ladder goes on."""
    found = FOLLOWS.get(due.promise.name) if due.moment.kind == "deadline" else None
    if not found or not legal(case, found[0], Role.SYSTEM):
        return None
    return Command(found[0], SYSTEM, found[1])


CASES = RecordKind(
    prefix=PREFIX,
    fold=fold,
    decide=decide,
    heading=heading,
    due_moments=due_moments,
    next_moment=next_moment,
    tellings=_tellings,
    follows=_follows,
)
register(CASES)
