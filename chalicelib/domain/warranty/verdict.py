"""Who answers for a fault by dates: two verdicts, the owner's and the contractor's, and who pays by them. Provisional.

owner's        developer -> owner, from handover: what the quality certificate promises, the legal table, and what is
               left of the contractor's term then, whichever is longest. Common parts count from completion acceptance.
contractor's   contractor -> developer, by the clause that names the component, and at least the law's term

contractor's    owner's         payer
in, before      any             contractor; the developer where its warranty was bought out
over            in              developer: the gap 空档
over            before          developer: nobody has the flat yet
over            over            the owner; of a common part the maintenance fund
not known       any             undecided: no clause, several, no date; the warranty office decides
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from chalicelib.domain.contractor.contract import Clause, Contract, OwnerTerm, Starts
from chalicelib.domain.time.periods import Workday, period_end, season_end
from chalicelib.domain.warranty.terms import Rule, Season


class Payer(StrEnum):
    """Who pays. The fund 专项维修资金 is only named: nobody draws on it from here."""

    CONTRACTOR = "contractor"
    DEVELOPER = "developer"
    PROPERTY = "property"
    FUND = "fund"
    OWNER = "owner"
    THIRD_PERSON = "third_person"
    UNDECIDED = "undecided"


class Standing(StrEnum):
    """Of a side on the day: not begun, in its term, over, over while the owner's runs, not known."""

    BEFORE = "before"
    IN = "in"
    OUT = "out"
    GAP = "gap"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Side:
    """`start`: not counted itself; `end`: the last day, to its end; None where it is not known."""

    start: date | None
    end: date | None
    state: Standing


@dataclass(frozen=True, slots=True)
class Reason:
    """A step of the reasoning: one of REASONS in `language/warranty.py`, with what it names."""

    code: str
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Dates:
    """Of a place: completion acceptance 竣工验收, handover 交付; None where none was entered. `common`: of no flat."""

    accepted: date | None
    handed: date | None
    common: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Both sides, who pays and why. `term`: the law's, "" where it names none. `contract`, `clause`: "" for none.

    `rivals`: the contracts of which the office has to choose one.
    """

    on: date
    term: str
    owner: Side
    contractor: Side
    payer: Payer
    contract: str = ""
    clause: str = ""
    company: str = ""
    rivals: tuple[str, ...] = ()
    why: tuple[Reason, ...] = ()

    def stored(self) -> dict[str, Any]:
        """As an event carries it; `read` reads it again."""
        facts = {
            "on": self.on.isoformat(),
            "term": self.term,
            "owner": _stored(self.owner),
            "contractor": _stored(self.contractor),
            "payer": self.payer.value,
            "contract": self.contract,
            "clause": self.clause,
            "company": self.company,
            "rivals": list(self.rivals),
            "why": [[reason.code, dict(reason.facts)] for reason in self.why],
        }
        return {name: value for name, value in facts.items() if value}


def read(stored: Mapping[str, Any]) -> Verdict:
    """A verdict as an event carries it."""
    return Verdict(
        on=date.fromisoformat(stored["on"]),
        term=stored.get("term", ""),
        owner=_side(stored["owner"]),
        contractor=_side(stored["contractor"]),
        payer=Payer(stored["payer"]),
        contract=stored.get("contract", ""),
        clause=stored.get("clause", ""),
        company=stored.get("company", ""),
        rivals=tuple(stored.get("rivals", ())),
        why=tuple(Reason(code, facts) for code, facts in stored.get("why", ())),
    )


def verdict(
    dates: Dates,
    rule: Rule | None,
    clauses: Sequence[tuple[Contract, Clause]],
    on: date,
    *,
    workdays: Workday | None = None,
    seasons: Mapping[str, Season] | None = None,
    certificate: OwnerTerm | None = None,
) -> Verdict:
    """Who answers for a component on a day.

    `rule`: the law's term for it; `clauses`: those that promise something for it; `seasons`: of the place's city;
    `certificate`: what the owner was promised.
    """
    rule = rule.in_city(seasons or {}) if rule else None
    begun = dates.accepted if dates.common and not dates.handed else dates.handed
    sole = clauses[0] if len(clauses) == 1 else None
    why: list[Reason] = []
    start, end = _contractors(dates, rule, sole, workdays, seasons or {}, why)
    promised = _promised(certificate, begun, rule, workdays, seasons or {}) if certificate else None
    own_end = _owners(dates, rule, begun, end, promised, workdays, why)
    owner = Side(begun, own_end, _state(begun, own_end, on))
    if begun is None and not dates.common:
        owner = Side(None, None, Standing.BEFORE)
    contractor = Side(start, end, _state(start, end, on))
    if contractor.state is Standing.OUT and owner.state is Standing.IN:
        contractor = Side(start, end, Standing.GAP)
    payer = _payer(dates, owner, contractor, clauses, why)
    return Verdict(
        on=on,
        term=rule.name if rule else "",
        owner=owner,
        contractor=contractor,
        payer=payer,
        contract=sole[0].id if sole else "",
        clause=sole[1].id if sole else "",
        company=sole[0].company if sole else "",
        rivals=tuple(dict.fromkeys(contract.id for contract, _ in clauses)) if len(clauses) > 1 else (),
        why=tuple(why),
    )


def _contractors(
    dates: Dates,
    rule: Rule | None,
    sole: tuple[Contract, Clause] | None,
    workdays: Workday | None,
    seasons: Mapping[str, Season],
    why: list[Reason],
) -> tuple[date | None, date | None]:
    """Start and end of the contractor's term: the clause's, never below the law's."""
    lawful = rule.contractors(dates.accepted, workdays) if rule else None
    if sole is None:
        if lawful and dates.accepted and rule:
            why.append(_because("law", term=rule.name, start=dates.accepted, end=lawful))
        return dates.accepted, lawful
    contract, clause = sole
    start = {Starts.ACCEPTANCE: dates.accepted, Starts.HANDOVER: dates.handed, Starts.DAY: clause.starts_on}[
        clause.starts
    ]
    promised = _promised(clause, start, rule, workdays, seasons)
    if promised and start and (lawful is None or promised >= lawful):
        why.append(_because("clause", contract=contract.number, clause=clause.id, start=start, end=promised))
        return start, promised
    if lawful and dates.accepted and rule:
        why.append(_because("law", term=rule.name, start=dates.accepted, end=lawful))
        return dates.accepted, lawful
    why.append(_because("no_start", starts=clause.starts.value, contract=contract.number))
    return None, None


def _promised(
    clause: Clause | OwnerTerm,
    start: date | None,
    rule: Rule | None,
    workdays: Workday | None,
    seasons: Mapping[str, Season],
) -> date | None:
    """The last day of a term as it was promised; None where it has none, or no start."""
    if start is None:
        return None
    if clause.seasons:
        season = seasons.get(clause.season) or (rule.season if rule else None)
        return season_end(start, clause.seasons, *season, workdays=workdays) if season else None
    return period_end(start, months=clause.months, workdays=workdays) if clause.months else None


def _owners(
    dates: Dates,
    rule: Rule | None,
    begun: date | None,
    contractors_end: date | None,
    promised: date | None,
    workdays: Workday | None,
    why: list[Reason],
) -> date | None:
    """The owner's last day: of what he was promised, his table, and what was left of the contractor's at handover."""
    if begun is None:
        if not dates.common:
            why.append(_because("not_handed_over"))
        return None
    own = rule.owners(begun, workdays) if rule else None
    left = contractors_end if contractors_end and contractors_end >= begun else None
    ends = {"owner_table": own, "owner_promised": promised, "owner_left": left}
    known = {code: end for code, end in ends.items() if end}
    if not known:
        why.append(_because("no_term"))
        return None
    code = max(known, key=lambda code: known[code])  # of several that end alike the first
    why.append(_because(code, term=rule.name if rule else "", start=begun, end=known[code]))
    return known[code]


def certified(terms: Sequence[OwnerTerm], place: Mapping[str, str], component: str, trade: str) -> OwnerTerm | None:
    """What the owners at a place were promised for a component, by its name before its trade, by lot before project."""
    lots = [place.get("phase", ""), place.get("project", "")]
    fits = [term for term in terms if term.lot in lots and term.subject in (component, trade)]
    return min(fits, key=lambda term: (term.subject != component, lots.index(term.lot)), default=None)


def _state(start: date | None, end: date | None, on: date) -> Standing:
    if start is None or end is None:
        return Standing.UNKNOWN
    if on < start:
        return Standing.BEFORE
    return Standing.IN if on <= end else Standing.OUT


def _payer(
    dates: Dates, owner: Side, contractor: Side, clauses: Sequence[tuple[Contract, Clause]], why: list[Reason]
) -> Payer:
    """By the table above; the reason that decides is the last."""
    if len(clauses) != 1:
        numbers = ", ".join(dict.fromkeys(contract.number for contract, _ in clauses))
        why.append(_because("several", contracts=numbers) if clauses else _because("no_clause"))
        return Payer.UNDECIDED
    contract = clauses[0][0]
    if contractor.state is Standing.UNKNOWN:
        return Payer.UNDECIDED  # its start is not known, as is said already
    if contractor.state in (Standing.IN, Standing.BEFORE):
        if contract.bought_out:
            why.append(_because("bought_out", contract=contract.number))
            return Payer.DEVELOPER
        why.append(_because("in_term" if contractor.state is Standing.IN else "not_accepted"))
        return Payer.CONTRACTOR
    if owner.state is Standing.IN:
        why.append(_because("gap"))
        return Payer.DEVELOPER
    if owner.state is Standing.BEFORE:
        why.append(_because("still_developers"))
        return Payer.DEVELOPER
    if owner.start is None:
        why.append(_because("no_start", starts=Starts.ACCEPTANCE.value, contract=contract.number))
        return Payer.UNDECIDED
    why.append(_because("both_over_common" if dates.common else "both_over"))
    return Payer.FUND if dates.common else Payer.OWNER


def _because(code: str, **facts: str | date) -> Reason:
    return Reason(code, {name: fact if isinstance(fact, str) else fact.isoformat() for name, fact in facts.items()})


def _stored(side: Side) -> list[str]:
    return [side.start.isoformat() if side.start else "", side.end.isoformat() if side.end else "", side.state.value]


def _side(stored: Sequence[str]) -> Side:
    start, end, state = stored
    return Side(_day(start), _day(end), Standing(state))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
