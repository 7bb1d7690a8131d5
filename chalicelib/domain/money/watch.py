"""What the auditor is shown: patterns that need not be wrong, and that somebody outside the work has to look at.

rule            finds                                                                         by
shared          a phone, account or tax number of third party, contractor or staff            keyed hashes
concentrated    a person whose engagements go to one third party, above a share               person, third party
dearer          a person who pays a third party more on average than others do                person, third party
split           amounts below a limit, of the same parties within some days, together above   person, parties
stops           stops of damage by one person: how many, and their share of the engagements   person
photo           the same picture on several tickets                                           picture

Each hit has its tickets. Nothing personal is in here: people are their ids, what they share is a hash of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.domain.policy.watch import Marks

RULES = ("shared", "concentrated", "dearer", "split", "stops", "photo")
STAFF, CONTRACTOR, THIRD = "staff", "contractor", "third_party"
MOST_TICKETS = 50


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who may share something: `keys` are (phone | account | tax_number, hash)."""

    kind: str
    id: str
    keys: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Engaged:
    """A third party's job. `by`: who engaged it; `fen`: as agreed, 0 while it is not; `tickets`: id → number."""

    id: str
    by: str
    company: str
    third_party: str
    fen: int
    at: datetime
    stop: bool = False
    tickets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture that two tickets have."""

    picture: str
    tickets: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Hit:
    """What a rule found. `parties`: ids of people and companies; `figures`: what it was measured by."""

    rule: str
    parties: tuple[str, ...]
    figures: Mapping[str, int | str]
    tickets: Mapping[str, str]


def shared(parties: Iterable[Party], jobs: Sequence[Engaged]) -> list[Hit]:
    """What parties of two kinds share, or two companies; colleagues of one house may share a phone."""
    holders: dict[tuple[str, str], dict[str, Party]] = {}
    for party in parties:
        for key in party.keys:
            holders.setdefault(key, {})[party.id] = party
    found = []
    for (what, _), those in sorted(holders.items()):
        kinds = {party.kind for party in those.values()}
        companies = [party.id for party in those.values() if party.kind != STAFF]
        if len(those) < 2 or (len(companies) < 2 and len(kinds) < 2):
            continue
        ids = tuple(sorted(those))
        theirs = [job for job in jobs if {job.third_party, job.company, job.by} & {*ids}]
        found.append(Hit("shared", ids, {"what": what, "kinds": ",".join(sorted(kinds))}, _tickets(theirs)))
    return found


def concentrated(jobs: Sequence[Engaged], marks: Marks) -> list[Hit]:
    """Of a person with enough engagements: the third party that has the largest share of them."""
    found = []
    for by, theirs in _by(jobs, "by").items():
        for third, those in _by(theirs, "third_party").items():
            percent = 100 * len(those) // len(theirs)
            if len(theirs) >= marks.least and percent >= marks.share:
                figures = {"jobs": len(those), "of": len(theirs), "percent": percent, "fen": sum(j.fen for j in those)}
                found.append(Hit("concentrated", (by, third), figures, _tickets(those)))
    return found


def dearer(jobs: Sequence[Engaged], marks: Marks) -> list[Hit]:
    """Who pays a third party more on average than others pay it, each with two priced jobs at least."""
    found = []
    for third, those in _by([job for job in jobs if job.fen], "third_party").items():
        people = _by(those, "by")
        for by, theirs in people.items():
            others = [job for job in those if job.by != by]
            if len(theirs) < 2 or len(others) < 2:
                continue
            mine, usual = _average(theirs), _average(others)
            if mine * 100 >= usual * marks.dearer:
                figures = {"average": mine, "others": usual, "percent": 100 * mine // usual}
                found.append(Hit("dearer", (by, third), figures, _tickets(theirs)))
    return found


def split(jobs: Sequence[Engaged], limit: int, marks: Marks) -> list[Hit]:
    """Amounts of one person, contractor and third party, none above the limit, that exceed it within some days."""
    alike: dict[tuple[str, str, str], list[Engaged]] = {}
    for job in sorted(jobs, key=lambda one: one.at):
        if 0 < job.fen <= limit:
            alike.setdefault((job.by, job.company, job.third_party), []).append(job)
    found = []
    for who, those in alike.items():
        best: list[Engaged] = []
        for first, job in enumerate(those):
            window = [one for one in those[first:] if one.at - job.at <= marks.within]
            if sum(one.fen for one in window) > max(limit, sum(one.fen for one in best)):
                best = window
        if best:
            figures = {"jobs": len(best), "fen": sum(one.fen for one in best), "limit": limit}
            found.append(Hit("split", who, figures, _tickets(best)))
    return found


def stops(jobs: Sequence[Engaged], marks: Marks) -> list[Hit]:
    """Who calls what an emergency, and how often beside the ladder."""
    found = []
    for by, theirs in _by(jobs, "by").items():
        those = [job for job in theirs if job.stop]
        if len(those) >= marks.stops:
            figures = {"jobs": len(those), "of": len(theirs), "percent": 100 * len(those) // len(theirs)}
            found.append(Hit("stops", (by,), figures, _tickets(those)))
    return found


def photo(seen: Iterable[Seen]) -> list[Hit]:
    """The same picture on several tickets."""
    found: dict[str, dict[str, str]] = {}
    for one in seen:
        found.setdefault(one.picture, {}).update(one.tickets)
    return [
        Hit("photo", (), {"picture": picture[:16], "tickets": len(tickets)}, tickets)
        for picture, tickets in sorted(found.items())
        if len(tickets) > 1
    ]


def hits(
    parties: Iterable[Party], jobs: Sequence[Engaged], seen: Iterable[Seen], limit: int, marks: Marks
) -> dict[str, list[Hit]]:
    """All that the rules find, by rule, those with the most tickets first."""
    found = {
        "shared": shared(parties, jobs),
        "concentrated": concentrated(jobs, marks),
        "dearer": dearer(jobs, marks),
        "split": split(jobs, limit, marks),
        "stops": stops(jobs, marks),
        "photo": photo(seen),
    }
    return {rule: sorted(found[rule], key=lambda hit: (-len(hit.tickets), hit.parties)) for rule in RULES}


def _by(jobs: Iterable[Engaged], name: str) -> dict[str, list[Engaged]]:
    found: dict[str, list[Engaged]] = {}
    for job in jobs:
        found.setdefault(getattr(job, name), []).append(job)
    return found


def _average(jobs: Sequence[Engaged]) -> int:
    return sum(job.fen for job in jobs) // len(jobs)


def _tickets(jobs: Iterable[Engaged]) -> dict[str, str]:
    found = {ticket: number for job in jobs for ticket, number in job.tickets.items()}
    return dict(sorted(found.items(), reverse=True)[:MOST_TICKETS])
