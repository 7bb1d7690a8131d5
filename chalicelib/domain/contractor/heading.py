"""What stands on top of a case for lists, timers and the sweep: derived from the case, never decided elsewhere.

A list shows a line of each case, stored in short letters, since every entry of an index carries it:

    n  number of its ticket   t  its ticket       s  state        p  priority     c  category     o  component
    l  place                  b  building         u  contract     w  company      e  entity
    m  how many tickets       x  clock            d  hands        r  opened, in seconds since 1970
    f  flags: c cause, i found, u undelivered, s stop of damage, m message failed
    g  third party              k  letters           v  repairs that failed           q  what third parties cost, in fen
    y  what the warranty office has to do next       z  by when, in seconds since 1970               h  outcome
    i  what the contractor has to do next            j  by when

What waits for the warranty office stands in its list; what waits for others alone, in one beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.clocks import next_moment, promises
from chalicelib.domain.contractor.words import State
from chalicelib.domain.policy.ladder import ladder_of
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.kinds import Heading
from chalicelib.domain.record.promise import Promise, deadline
from chalicelib.domain.record.roles import office_of
from chalicelib.domain.ticket.trade import Priority

FLAGS: Mapping[str, str] = {"c": "missed", "i": "found", "u": "undelivered", "s": "stopping", "m": "message_failed"}


@dataclass(frozen=True, slots=True)
class Line:
    """A case in a list. `clock`: which is due next, in whose `hands`; `third_party`: who is engaged.

    `task`: the office's own next clock, due at `task_by`; `owed`: the contractor's, due at `owed_by`.
    `cost`: of third parties, fen; `failures`: repairs refused.
    """

    number: str
    ticket: str
    state: str
    priority: str
    category: str
    component: str
    place: str
    building: str
    contract: str
    company: str
    entity: str
    tickets: int
    clock: str
    hands: str
    opened: datetime | None
    flags: frozenset[str]
    third_party: str = ""
    task: str = ""
    task_by: datetime | None = None
    letters: int = 0
    failures: int = 0
    cost: int = 0
    outcome: str = ""
    owed: str = ""
    owed_by: datetime | None = None


def heading(case: Case, policy: Policy) -> Heading:
    """The heading of a case: at the warranty office's desk, and with the companies that have to do with it."""
    runs = promises(case, policy)
    clock, by = (deadline(runs) if case.is_open else None) or ("", None)
    task, task_by = (deadline(_in_hand(runs, "office")) if case.is_open else None) or ("", None)
    owed, owed_by = (deadline(_in_hand(runs, "contractor")) if case.is_open else None) or ("", None)
    hands = ladder_of(policy).clocks[clock].hands if clock else ""
    line = {
        "n": case.number,
        "t": case.ticket,
        "s": case.state.value,
        "p": case.priority.value,
        "c": case.category,
        "o": case.component,
        "l": case.place.get("label", ""),
        "b": case.place.get("building", ""),
        "u": case.contract,
        "w": case.company,
        "e": case.entity,
        "m": len(case.tickets),
        "x": clock,
        "d": hands,
        "r": int(case.opened_at.timestamp()) if case.opened_at else 0,
        "f": _flags(case),
        "g": case.job.company if case.job else "",
        "k": len(case.letters),
        "v": case.failures,
        "q": sum(job.price or 0 for job in (case.job, case.stop) if job),
        "y": task,
        "z": int(task_by.timestamp()) if task_by else 0,
        "h": case.outcome,
        "i": owed,
        "j": int(owed_by.timestamp()) if owed_by else 0,
    }
    pinned = case.priority is Priority.EMERGENCY and case.is_open and case.state not in (State.DONE, State.ACCEPTED)
    coming = next_moment(case, policy, runs=runs)
    return Heading(by, coming, {k: v for k, v in line.items() if v}, _lists(case, task), pinned)


def _in_hand(runs: Sequence[Promise], hands: str) -> list[Promise]:
    """Those that somebody has to keep."""
    return [one for one in runs if one.rule.hands == hands]


def beside(office: str) -> str:
    """The list of what is open at an office and waits for others."""
    return f"{office}/others"


def _lists(case: Case, task: str) -> dict[str, str]:
    if not case.is_open:
        return {"past": case.company}
    job = case.stop if case.stopping else case.job or case.stop
    engaged = {"engaged": job.company} if job and not job.finished else {}
    office = office_of(case.place)
    return {"desk": office if task else beside(office), "holder": case.company, **engaged}


def unpack(stored: Mapping[str, Any]) -> Line:
    """A stored line, whatever version wrote it."""
    get = stored.get
    return Line(
        number=get("n", ""),
        ticket=get("t", ""),
        state=get("s", ""),
        priority=get("p", ""),
        category=get("c", ""),
        component=get("o", ""),
        place=get("l", ""),
        building=get("b", ""),
        contract=get("u", ""),
        company=get("w", ""),
        entity=get("e", ""),
        tickets=get("m", 1),
        clock=get("x", ""),
        hands=get("d", ""),
        opened=_moment(get("r", 0)),
        flags=frozenset(FLAGS[letter] for letter in get("f", "") if letter in FLAGS),
        third_party=get("g", ""),
        task=get("y", ""),
        task_by=_moment(get("z", 0)),
        letters=get("k", 0),
        failures=get("v", 0),
        cost=get("q", 0),
        outcome=get("h", ""),
        owed=get("i", ""),
        owed_by=_moment(get("j", 0)),
    )


def _moment(seconds: int) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def _flags(case: Case) -> str:
    said = {
        "c": case.cause is not None,
        "i": bool(case.findings),
        "u": bool(case.undelivered),
        "s": case.stopping,
        "m": bool(case.failed_messages),
    }
    return "".join(letter for letter, so in said.items() if so)
