"""Contracts held against the law and each other: a term below the legal minimum is a fault, the rest is remarked.

fault     a clause shorter than the law has it for a component that it is the one to cover, or counted otherwise
remark    two clauses that cover the same; a component of a lot with a legal term that none covers; no clause at all
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from chalicelib.domain.contractor.contract import Clause, Contract, Starts, covering
from chalicelib.domain.register.reader import Reader

Rows = Mapping[tuple[str, str], int]


def check(reader: Reader, contracts: Mapping[str, Contract], rows: Mapping[str, int], clauses: Rows) -> None:
    """All checks of the contracts that a file has or changes. `clauses`: (contract, clause) → row of the file."""
    for contract in contracts.values():
        if not contract.clauses:
            reader.remark("contracts", rows.get(contract.id, 0), "code", "no_clauses", code=contract.id)
        for clause in contract.clauses:
            row = clauses.get((contract.id, clause.id))
            if row:
                _against_law(reader, row, contract, clause)
    _among_each_other(reader, contracts, clauses)


def _against_law(reader: Reader, row: int, contract: Contract, clause: Clause) -> None:
    for rule in reader.numbers.rules:
        mine = [c for c in rule.components if _is_the_one(contract, clause, c, reader.numbers.trades.get(c, ""))]
        otherwise = rule.of != clause.season
        if mine and (otherwise or (clause.seasons or clause.months) < rule.contractor):
            reason, term = "term_counted" if otherwise else "term_short", (rule.contractor, rule.of)
            reader.fault("clauses", row, "term", reason, components=reader.called(mine), term=term)
    if clause.starts is Starts.DAY and clause.starts_on:
        for lot in clause.scope.lots or contract.lots:
            place = reader.place(lot)
            accepted = place.facts.get("acceptance", "") if place else ""
            if accepted and clause.starts_on.isoformat() < accepted:
                reader.fault("clauses", row, "starts", "starts_early", code=lot, accepted=accepted)


def _is_the_one(contract: Contract, clause: Clause, component: str, trade: str) -> bool:
    """Whether a clause covers a component, and no other covers it more exactly wherever this one does."""
    exact = clause.scope.narrowness(component, trade)
    return exact >= 0 and not any(
        other.scope.narrowness(component, trade) > exact and _as_wide(contract, other, clause)
        for other in contract.clauses
    )


def _as_wide(contract: Contract, one: Clause, other: Clause) -> bool:
    """Whether one clause holds wherever another of the contract does."""
    a, b = one.scope, other.scope
    if a.places:
        return bool(b.places) and {*a.places} >= {*b.places}
    return {*(a.lots or contract.lots)} >= {*(b.lots or contract.lots)}


def _among_each_other(reader: Reader, contracts: Mapping[str, Contract], clauses: Rows) -> None:
    """Of each project with a contract of the file: where several clauses promise the same, and where none does."""
    lawful = {component for rule in reader.numbers.rules for component in rule.components}
    for project in sorted({project for contract in contracts.values() for project in contract.projects}):
        known = {**{contract.id: contract for contract in reader.known.contracts_in(project)}, **contracts}
        here = [contract for contract in known.values() if project in contract.projects]
        overlaps: dict[tuple[tuple[str, str], ...], list[str]] = {}
        for place, lot in _places(reader, project, here):
            gaps, local = [], _local(here, place)
            for component, trade in sorted(reader.numbers.trades.items()):
                category, _, part = component.partition("/")
                found = covering(local, place, category, part, trade)
                if len(found) > 1:
                    at = overlaps.setdefault(tuple((contract.id, clause.id) for contract, clause in found), [])
                    at += [component] if component not in at else []
                elif not found and component in lawful:
                    gaps.append(component)
            if lot and gaps:
                reader.remark("clauses", 0, "", "no_clause_for", code=lot, components=reader.called(gaps))
        for names, components in overlaps.items():
            if row := next((clauses[name] for name in reversed(names) if name in clauses), 0):
                said, what = [f"{contract} {clause}" for contract, clause in names], reader.called(components)
                reader.remark("clauses", row, "components", "overlap", clauses=said, components=what)


def _local(contracts: Sequence[Contract], place: Mapping[str, str]) -> list[Contract]:
    """The contracts with those of their clauses that are about a place."""
    with_theirs = ((c, tuple(clause for clause in c.clauses if c.lies_in(clause.scope, place))) for c in contracts)
    return [replace(contract, clauses=clauses) for contract, clauses in with_theirs if clauses]


def _places(reader: Reader, project: str, contracts: Sequence[Contract]) -> Iterator[tuple[Mapping[str, str], str]]:
    """The lots of a project that contracts hang on, with their codes, and the places that clauses name, with ""."""
    for lot in _each(contract.lots for contract in contracts):
        place = reader.place(lot)
        if lot == project:
            yield {"project": project}, lot
        elif place and place.above.get("project") == project:
            yield {**place.above, "phase": lot}, lot
    for code in _each(clause.scope.places for contract in contracts for clause in contract.clauses):
        place = reader.place(code)
        if place and place.above.get("project") == project:
            yield {**place.above, place.kind: code}, ""


def _each(codes: Iterable[Sequence[str]]) -> list[str]:
    return sorted({code for some in codes for code in some})
