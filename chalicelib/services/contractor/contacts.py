"""Who is who at a company: its contacts by their levels, whom its contract authorises; kept for a minute."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.contract import Company
from chalicelib.domain.record.roles import company_team, desk_of, office_of
from chalicelib.services import staffed
from chalicelib.services.recent import Recent
from chalicelib.services.ticket import dispatch
from chalicelib.store import contracts

KEEP_SECONDS = 60
_companies: Recent[Company | None] = Recent(KEEP_SECONDS, most=500)


def company(company_id: str) -> Company | None:
    """A company; at most a minute old."""
    return _companies.get(company_id, lambda: contracts.company(company_id))


def names(ids: Iterable[str]) -> Mapping[str, str]:
    """What companies are called; those that are not kept are read together. One call at most, of up to 100."""
    wanted = [one for one in dict.fromkeys(ids) if one]
    if missing := [one for one in wanted if _companies.peek(one) is None][:100]:
        read = contracts.companies(missing)
        for one in missing:
            _companies.put(one, read.get(one))
    return {one: known.name if (known := _companies.peek(one)) else one for one in wanted}


def forget() -> None:
    """Read the companies anew."""
    _companies.forget()


def receiving(company_id: str) -> Sequence[str]:
    """Who may receive its letters and is active, the nearest first."""
    known = company(company_id)
    active = {s.id for s in dispatch.roster(company_team(company_id, "contractor")) if s.person.active}
    return [one.id for one in known.receives() if one.id in active] if known else []


def nearest(company_id: str) -> str:
    """Whom a letter goes to; "" where the company has nobody who may receive it."""
    return next(iter(receiving(company_id)), "")


def authorised(company_id: str, person: str) -> bool:
    return person in receiving(company_id)


def above(company_id: str, person: str) -> str:
    """Who hears of it where somebody at a company keeps silent: the next one up; "" for none."""
    others = receiving(company_id)
    after = others[others.index(person) + 1 :] if person in others else others
    return next(iter(after), "")


def third_party_contact(company_id: str) -> str:
    """Who has a third party's jobs: the first of its people; "" for none."""
    team = dispatch.roster(company_team(company_id, "third_party"))
    return next((s.id for s in sorted(team, key=lambda s: s.id) if s.person.active), "")


def works_for(company_id: str, person: str) -> bool:
    """Whether somebody is on a third party's team."""
    return any(s.id == person and s.person.active for s in dispatch.roster(company_team(company_id, "third_party")))


def at_office(case: Case, at: datetime) -> str:
    """Who of the warranty office has a case now; where nobody works there, the developer desk answers."""
    return staffed.at_office(case.place, at)


def at_developer_desk(case: Case, at: datetime) -> str:
    return staffed.at_developer_desk(case.place, at)


def at_level(level: int, case: Case, at: datetime) -> str:
    """Who hears of a case at a level: 1 the contact above, 2 the warranty office, 3 the developer desk."""
    if level == 1:
        return above(case.company, case.contact) or at_office(case, at)
    return at_office(case, at) if level == 2 else at_developer_desk(case, at)


def written_to(case: Case) -> str:
    """Whom of the contractor messages go to: who was written to last, while they are there; else the nearest."""
    team = dispatch.roster(company_team(case.company, "contractor"))
    stays = any(s.id == case.contact and s.person.active for s in team)
    return case.contact if stays else nearest(case.company)


def in_hand(hands: str, case: Case, at: datetime) -> str:
    """Whose turn it is, in person."""
    if hands == "contractor":
        return written_to(case)
    if hands == "third_party":
        job = case.stop if case.stopping else case.job or case.stop
        return job.contact if job else ""
    return at_office(case, at)


def team_of(case: Case, person: str) -> str:
    """The team by which somebody has to do with a case; "" for none. From rosters that are kept."""
    engaged = {job.company for job in (case.job, case.stop) if job}
    teams = [company_team(case.company, "contractor")]
    teams += [company_team(one, "third_party") for one in sorted(engaged)]
    teams += [office_of(case.place), desk_of(2, case.place), desk_of(1, case.place)]
    return staffed.team_among(teams, person)
