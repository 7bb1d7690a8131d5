"""Lives of cases for the tests of the domain, written as they would be told: who did what, how much later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.changes import fold
from chalicelib.domain.contractor.clocks import due_moments, running
from chalicelib.domain.contractor.kind import CASES
from chalicelib.domain.contractor.lifecycle import decide
from chalicelib.domain.contractor.words import Terms
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import Actor, Event
from chalicelib.domain.record.roles import Role
from tests.domain.happened import DAY, HOME, HOUR, MONDAY, POLICY

__all__ = ["DAY", "HOUR", "MONDAY", "POLICY", "Told"]
WHO: Mapping[str, Role] = {
    "k1": Role.CONTRACTOR,
    "o1": Role.OFFICE,
    "o2": Role.OFFICE,
    "t1": Role.THIRD_PARTY,
    "s1": Role.SUPERVISOR,
    "d1": Role.DESK,
    "system": Role.SYSTEM,
}
SAID = {"words": "说明", "photos": ["/p"], "witness": "见证人"}
TERMS = Terms(timedelta(hours=24), 7)


def waybill(number: str) -> dict[str, str]:
    """What names a letter and its waybill."""
    return {"letter": number, "waybill": "EE123456785CN", "contents": number}


class Told:
    """One case and its time; `then` makes a move and says what the case is afterwards."""

    def __init__(self, terms: Terms = TERMS, priority: str = "urgent", tickets: int = 1) -> None:
        self.at = MONDAY
        self.number = 0
        facts = {
            "ticket": "T1",
            "number": "483921756",
            "contract": "H1",
            "clause": "7.2",
            "company": "C1",
            "entity": "E1",
            "place": HOME,
            "category": "water_leak",
            "component": "bathroom",
            "priority": priority,
            "terms": terms.stored(),
        }
        self.case: Case = fold("CASE#1", [Event("opened", MONDAY, "system", Role.SYSTEM, facts)])
        for n in range(2, tickets + 1):
            self.then("join", "o1", tickets={f"T{n}": f"{n}"})

    def then(
        self, move: str, who: str = "system", after: timedelta = HOUR, said: Mapping[str, Any] = SAID, **data: Any
    ) -> Case:
        """A move, `after` the one before; what the clocks had to record until then comes first."""
        self.wait(after)
        made = decide(self.case, Command(move, Actor(who, WHO[who]), data, said), self.at, POLICY)
        self.case = fold(self.case.id, made, onto=self.case)
        return self.case

    def wait(self, span: timedelta) -> Case:
        """Time passes, and the book of clocks is kept."""
        self.at += span
        for due in due_moments(self.case, POLICY, self.at):
            name = {"warning": "warn", "deadline": "breach", "level": "escalate", "reminder": "remind"}[due.moment.kind]
            facts = {"moment": due.moment.key, "clock": due.promise.name, "level": due.moment.which}
            self._made(Command(name, Actor("system", Role.SYSTEM), facts), due.moment.at)
            if follows := CASES.follows(due, self.case):
                self._made(follows, due.moment.at)
        return self.case

    def _made(self, command: Command, at: datetime) -> None:
        if self.case.is_open:
            self.case = fold(self.case.id, decide(self.case, command, max(at, MONDAY), POLICY), onto=self.case)

    def letter(self, kind: str, who: str = "o1", after: timedelta = HOUR) -> str:
        """A letter is released; its number."""
        self.number += 1
        number = f"E1-2026-{self.number:04d}"
        self.then(f"release_{kind}", who, after, kind=kind, letter=number, person="k1")
        return number

    def arrives(self, number: str, how: str = "ems_signed", **data: Any) -> Case:
        facts: dict[str, Any] = {
            "letter": number,
            "how": how,
            "at": self.at.isoformat(),
            "waybill": "EE123456785CN",
            "contents": number,
        }
        return self.then("prove_delivery", "o1", timedelta(0), **(facts | data))

    def due(self, clock: str) -> datetime | None:
        run = running(self.case, POLICY).get(clock)
        return run.clock.due_at if run else None

    # the ways to somewhere

    def noticed(self) -> Told:
        self.arrives(self.letter("notice"))
        return self

    def found(self, share: int = 100, finder: str = "b1", ticket: str = "T1") -> Told:
        self.then("hear_finding", ticket=ticket, finder=finder, share=share)
        return self

    def silent(self) -> Told:
        """Nobody answers, to the end of the last deadline."""
        self.noticed().found().wait(9 * DAY)
        self.arrives(self.letter("reminder"))
        self.then("call", "o1", purpose="deadline", result="no_answer")
        self.wait(6 * DAY)
        return self

    def gated(self) -> Told:
        self.silent().then("pass_gate", "o1")
        return self

    def engaged(self) -> Told:
        self.gated().then("engage", "o1", company="T1", contact="t1", price=54_000, basis="framework")
        return self
