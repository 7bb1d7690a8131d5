"""Releases of retentions, as the mechanism of records asks for them: the lists that they stand in, who is told.

list      key                           who looks
desk      RELEASE.DESK#<office>         the warranty office: what is held of its projects' contracts
holder    RELEASE.HOLDER#<company>      the contractor: what is held of its own
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from chalicelib.domain.money.release import PREFIX, Release, State, fold
from chalicelib.domain.money.release_clocks import due_moments, next_moment, runs
from chalicelib.domain.money.releasing import decide
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.retention import rules_of
from chalicelib.domain.policy.telling import Telling
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import SYSTEM
from chalicelib.domain.record.kinds import Heading, RecordKind, register
from chalicelib.domain.record.promise import Due, deadline
from chalicelib.domain.record.roles import office_of


def heading(one: Release, numbers: Policy) -> Heading:
    """It stands with its warranty office and with the contractor while something is held."""
    by = deadline(runs(one, numbers))
    line = {
        "n": one.number,
        "u": one.contract,
        "w": one.company,
        "e": one.entity,
        "p": one.place.get("project", ""),
        "s": one.state.value,
        "l": one.place.get("label", ""),
        "f": one.left,
        "x": by[0] if by else "",
        "z": one.stops[0].ground.value if one.stops else "",
    }
    lists = {"desk": office_of(one.place), "holder": one.company} if one.is_open else {}
    return Heading(by[1] if by else None, next_moment(one, numbers), {k: v for k, v in line.items() if v}, lists)


class Shown(NamedTuple):
    """A retention in a list. `left` in fen; `clock`: what is due next; `stop`: the ground of a stop, "" for none.

    `entity`, `project`: for whoever looks at those of one.
    """

    number: str
    contract: str
    company: str
    state: str
    place: str
    left: int
    clock: str
    stop: str
    entity: str
    project: str


def shown(stored: Mapping[str, Any]) -> Shown:
    """A line as `heading` made it."""
    get = stored.get
    number, contract, company, state, place = (str(get(letter, "")) for letter in "nuwsl")
    entity, project = str(get("e", "")), str(get("p", ""))
    return Shown(number, contract, company, state, place, get("f", 0), get("x", ""), get("z", ""), entity, project)


def _follows(due: Due, one: Release) -> Command | None:
    """Nobody answered the contractor's own reminder."""
    if due.promise.name == "consent" and due.moment.kind == "deadline" and one.state in (State.APPLIED, State.HALF):
        return Command("deem", SYSTEM)
    return None


def _tellings(numbers: Policy) -> Mapping[str, Sequence[Telling]]:
    return rules_of(numbers).tellings


RELEASES = RecordKind(PREFIX, fold, decide, heading, due_moments, next_moment, _tellings, follows=_follows)
register(RELEASES)
