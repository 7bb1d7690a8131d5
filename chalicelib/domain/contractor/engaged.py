"""What third parties were engaged for in a subsidiary, once each job was over: their record, and who engaged them.

by framework    the price was the register's own; else by quotes
late            done after the end of its appointment
concentration   a company's part of all jobs, and of their cost, in per cent
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.words import Engagement, Route


@dataclass(frozen=True, slots=True)
class Job:
    """A job that is over. `by`: who engaged; `refused`: how often the owner did; `given_up`: it was not done."""

    case: str
    company: str
    route: str
    by: str
    at: datetime
    price: int = 0
    basis: str = ""
    late: bool = False
    accepted: bool = False
    refused: int = 0
    given_up: bool = False


@dataclass(frozen=True, slots=True)
class Clerk:
    """How many jobs somebody gave, and how many of them were stops of damage."""

    person: str
    jobs: int
    stops: int

    @property
    def share(self) -> int:
        return round(100 * self.stops / self.jobs)


@dataclass(frozen=True, slots=True)
class Record:
    """A company's jobs that are over. `cost`: fen; `part`, `part_of_cost`: per cent of the subsidiary's."""

    jobs: int
    framework: int
    quotes: int
    accepted: int
    late: int
    refused: int
    given_up: int
    stops: int
    cost: int
    part: int
    part_of_cost: int
    clerks: tuple[Clerk, ...]


def over(case: Case, job: Engagement, *, given_up: bool = False) -> Job:
    """What is said of a job of a case that is over."""
    refused = sum(
        1 for e in case.events if e.kind == "work_refused" and e.data.get("third_party") and e.version > job.event
    )
    late = job.done_at is not None and job.ends is not None and job.done_at > job.ends
    accepted = job.accepted_at is not None
    facts = (case.id, job.company, job.route.value, job.by, job.at, job.price or 0, job.basis)
    return Job(*facts, late=late, accepted=accepted, refused=refused, given_up=given_up)


def record_of(company: str, jobs: Sequence[Job]) -> Record:
    """A company's record among the jobs of its subsidiary; of every clerk who engaged it, all that they gave."""
    mine = [one for one in jobs if one.company == company]
    done = [one for one in mine if not one.given_up]
    cost, whole = sum(one.price for one in done), sum(one.price for one in jobs if not one.given_up)
    given = Counter(one.by for one in jobs)
    stops = Counter(one.by for one in jobs if one.route == Route.STOP.value)
    clerks = sorted({one.by for one in mine}, key=lambda who: (-stops[who], -given[who], who))
    return Record(
        jobs=len(mine),
        framework=sum(one.basis == "framework" for one in done),
        quotes=sum(one.basis not in ("framework", "") for one in done),
        accepted=sum(one.accepted for one in done),
        late=sum(one.late for one in done),
        refused=sum(one.refused for one in done),
        given_up=len(mine) - len(done),
        stops=sum(one.route == Route.STOP.value for one in mine),
        cost=cost,
        part=round(100 * len(mine) / len(jobs)) if jobs else 0,
        part_of_cost=round(100 * cost / whole) if whole else 0,
        clerks=tuple(Clerk(who, given[who], stops[who]) for who in clerks),
    )
