"""The verdict by dates, of what is stored about a place and its project; what a finding may name.

A project's contracts are read once a minute; a place when it is judged. Two calls, outside the path of a report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from chalicelib.domain.contractor.contract import Clause, Contract, covering, department_of
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.record.event import SYSTEM
from chalicelib.domain.register.place import Place, narrowest
from chalicelib.domain.ticket.liability import CONTRACTOR, UNASKED, UNDECIDED, about, shares
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.domain.warranty.causes import Cause, causes_of
from chalicelib.domain.warranty.terms import Rule, rule_of
from chalicelib.domain.warranty.verdict import Dates, Payer, Verdict, certified, verdict
from chalicelib.services.recent import Recent
from chalicelib.services.record import numbers
from chalicelib.services.record.numbers import policy_for
from chalicelib.store import contracts, places
from chalicelib.store.contracts import Held

_held: Recent[Held] = Recent(seconds=60, most=100)
ABOVE = ("building", "phase", "project")  # whose acceptance holds for what has none of its own


def forget() -> None:
    """Read the contracts anew."""
    _held.forget()


def held(project: str) -> Held:
    """What is stored about who is liable in a project; at most a minute old."""
    return _held.get(project, lambda: contracts.of_project(project))


def by_dates(ticket: Ticket) -> Command:
    """The command that gives a ticket its verdict. Where no contract was ever loaded, the office is not waited for."""
    found, place = _clauses(ticket), places.get(narrowest(ticket.place))
    given = judge(ticket, found, place)
    facts = given.stored() | {"about": about(ticket)}
    named = f"{ticket.category}/{ticket.component}"
    if answers := _answers(held(ticket.place.get("project", "")), named, _trade(ticket), place, given.on):
        facts["answers"] = list(answers)
    if found:
        facts["contracts"] = _named([contract for contract, _ in found])
    if given.payer == UNDECIDED:
        facts["cause"] = UNDECIDED if held(ticket.place.get("project", "")).contracts else UNASKED
    return Command("give_verdict", SYSTEM, facts)


@dataclass(frozen=True, slots=True)
class Covered:
    """What answers for a part of a place: the law's `term`, its components, both sides, and by which contract.

    `components`: category/component, none where all of the term stand alike. `several`: contracts that rival.
    `answers`: the department and person whose it is where no contractor bears it.
    """

    term: str
    components: tuple[str, ...]
    verdict: Verdict
    contract: str
    several: bool
    answers: tuple[str, ...] = ()


def of_place(place: Place, on: date) -> list[Covered]:
    """Who would answer for each part of a place on a day: by contract where one is about it, else by law alone.

    Two calls more than the place itself, at most a minute apart.
    """
    here, known = place.as_fact(), held(place.as_fact().get("project", ""))
    dates = Dates(_day(place, "acceptance"), _day(place, "handover"), common=place.kind != "unit")
    trades = {category.name: category.trade for category in policy_for(here).categories.values()}
    seasons = known.seasons.seasons if known.seasons else {}
    found: list[Covered] = []
    for rule in numbers.warranty():
        alike: dict[tuple[object, ...], tuple[Verdict, list[str], list[Contract], tuple[str, ...]]] = {}
        for named in rule.components:
            category, _, component = named.partition("/")
            trade = trades.get(category, "")
            clauses = covering(known.contracts, here, category, component, trade)
            certificate = certified(known.owner_terms, here, named, trade)
            given = verdict(
                dates, rule, clauses, on, workdays=numbers.workdays(), seasons=seasons, certificate=certificate
            )
            ours = given.payer in (Payer.DEVELOPER, Payer.UNDECIDED)
            answers = _answers(known, named, trade, place, on) if ours else ()
            key = (given.owner, given.contractor, given.contract, given.rivals, answers)
            alike.setdefault(key, (given, [], [contract for contract, _ in clauses], answers))[1].append(named)
        for given, parts, liable, answers in alike.values():
            called = ", ".join(dict.fromkeys(contract.number for contract in liable))
            named_apart = tuple(parts) if len(alike) > 1 else ()
            found.append(Covered(rule.name, named_apart, given, called, len(given.rivals) > 1, answers))
    return found


def _answers(known: Held, named: str, trade: str, place: Place | None, on: date) -> tuple[str, ...]:
    """(department, person) whose a component is in the project's matrix on a day; () for nobody's."""
    row = department_of(known.matrix, named, trade, place.facts.get("stage", "") if place else "", on)
    return (row.department, row.person) if row else ()


def _trade(ticket: Ticket) -> str:
    category = policy_for(ticket.place).categories.get(ticket.category)
    return category.trade if category else ""


def _clauses(ticket: Ticket) -> list[tuple[Contract, Clause]]:
    known, trade = held(ticket.place.get("project", "")).contracts, _trade(ticket)
    found = [covering(known, ticket.place, ticket.category, part, trade) for part in _parts(ticket)]
    return list({(contract.id, clause.id): (contract, clause) for each in found for contract, clause in each}.values())


def _parts(ticket: Ticket) -> Sequence[str]:
    """The component; where nobody named one, all that it may be: where their clauses differ, the office decides."""
    category = policy_for(ticket.place).categories.get(ticket.category)
    return (category.components if category and not ticket.component else ()) or (ticket.component,)


def _rule(ticket: Ticket) -> Rule | None:
    """The law's term; none where those of the components that it may be differ."""
    found = [rule_of(numbers.warranty(), ticket.category, part) for part in _parts(ticket)]
    return found[0] if all(rule == found[0] for rule in found) else None


def _named(found: Sequence[Contract]) -> list[list[str]]:
    """(id, number, company's name) of contracts, as pages name them without looking them up."""
    named = contracts.companies(contract.company for contract in found)
    return [
        [contract.id, contract.number, named[contract.company].name if contract.company in named else ""]
        for contract in {contract.id: contract for contract in found}.values()
    ]


def judge(ticket: Ticket, clauses: Sequence[tuple[Contract, Clause]], place: Place | None) -> Verdict:
    """Who answers for it by the dates that are stored now, on the day of its report."""
    known, here = held(ticket.place.get("project", "")), ticket.place
    named = f"{ticket.category}/{ticket.component}"
    assert ticket.reported_at is not None
    return verdict(
        _dates(ticket, place),
        _rule(ticket),
        clauses,
        ticket.reported_at.astimezone(ZoneInfo(policy_for(here).zone)).date(),
        workdays=numbers.workdays(),
        seasons=known.seasons.seasons if known.seasons else {},
        certificate=certified(known.owner_terms, here, named, _trade(ticket)),
    )


def _dates(ticket: Ticket, place: Place | None) -> Dates:
    """Of the place, or of what it lies in where it has no acceptance of its own."""
    accepted = _day(place, "acceptance")
    if accepted is None and (place is None or place.kind != "unit"):  # a flat has what it lies in, since it was loaded
        above = places.several(ticket.place[kind] for kind in ABOVE if kind in ticket.place)
        found = (_day(above.get(ticket.place.get(kind, "")), "acceptance") for kind in ABOVE)
        accepted = next((day for day in found if day), None)
    return Dates(accepted, _day(place, "handover"), common=place is None or place.kind != "unit")


def _day(place: Place | None, name: str) -> date | None:
    text = place.facts.get(name) if place else ""
    return date.fromisoformat(text) if text else None


def causes(category: str, component: str) -> list[Cause]:
    """What a fault may come from."""
    return causes_of(numbers.causes(), category, component)


def names(ticket: Ticket, *, every: bool = False) -> dict[str, str]:
    """What contracts are called, by id: those whose clauses are about it, those that bear it; `every`: the project's.

    No call where the verdict names them all.
    """
    known = {key: f"{company} {number}".strip() for key, number, company in ticket.verdict.get("contracts", ())}
    lacking = {share.contract for share in shares(ticket)} - known.keys() - {""}
    if every or lacking:
        stored = held(ticket.place.get("project", "")).contracts
        known |= {c.id: c.number for c in stored if c.id not in known and (every or c.id in lacking)}
    return known


def informed(command: Command, ticket: Ticket) -> Command:
    """A finding or decision that names what there is. Raises Invalid for a cause or contract that there isn't.

    One that names a contractor and no contract means the one whose clause it is, where there is one.
    """
    if (cause := command.data.get("cause")) and cause not in {
        known.name for known in causes(ticket.category, ticket.component)
    }:
        raise Invalid("cause", "unknown")
    known = {contract.id for contract in held(ticket.place.get("project", "")).contracts}
    if command.name == "decide_liability" and command.data.get("contract") not in (None, "", *known):
        raise Invalid("contract", "unknown")
    named = command.data.get("shares")
    if not named:
        return command
    made = [_completed(share, ticket.verdict.get("contract", "")) for share in named]
    if any(share[0] == CONTRACTOR and share[2:] and share[2] not in ("", *known) for share in made):
        raise Invalid("shares", "unknown")
    return replace(command, data={**command.data, "shares": made})


def _completed(share: Sequence[object], contract: str) -> list[object]:
    bare = len(share) == 2 or not share[2]
    return [*share[:2], contract] if bare and share[0] == CONTRACTOR else list(share)
