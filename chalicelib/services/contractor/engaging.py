"""What only the stored data know of a command to a case: who may confirm, whose people act, what a framework price is.

A page's own word for any of it is never taken: it is looked up here, or taken out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.contract import Company, CompanyKind
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.record.roles import Role
from chalicelib.services.contractor import contacts
from chalicelib.services.recent import Recent
from chalicelib.services.record.numbers import policy_for
from chalicelib.store import contracts

CONFIRMS = frozenset({"confirm", "acknowledge", "refuse"})
ENGAGES = frozenset({"engage", "stop_damage"})
LOOKED_UP = frozenset({"authorised", "of_company", "contact"})
QUANTITY = 1000  # quantities are in thousandths of a unit
KEEP_SECONDS = 60
_third_parties: Recent[Sequence[Company]] = Recent(KEEP_SECONDS, most=200)


def informed(command: Command, case: Case, at: datetime) -> Command:
    """A command with what only the stored data know. Raises Invalid for a company that may not be engaged."""
    data: dict[str, Any] = {k: v for k, v in command.data.items() if k not in LOOKED_UP}
    if case.knows(command.key):
        return command
    if command.name in CONFIRMS:
        data["authorised"] = contacts.authorised(case.company, command.by.id)
    elif command.name in ENGAGES:
        data |= _engaged(str(data.get("company", "")), case, data)
    if command.by.role is Role.THIRD_PARTY:
        jobs = [job.company for job in (case.job, case.stop) if job]
        data["of_company"] = next((one for one in jobs if contacts.works_for(one, command.by.id)), "")
    return replace(command, data=data) if data != dict(command.data) else command


def candidates(case: Case) -> Sequence[Company]:
    """The third parties that do such work there, by name; kept for a minute. What `engage` goes by is read then."""
    project, trade = case.place.get("project", ""), trade_of(case)
    found = _third_parties.get((project, trade), lambda: contracts.third_parties(project, trade))
    return sorted((one for one in found if one.id != case.company), key=lambda one: one.name)


def forget() -> None:
    """Read the third parties anew."""
    _third_parties.forget()


def trade_of(case: Case) -> str:
    category = policy_for(case.place).categories.get(case.category)
    return category.trade if category else ""


def _engaged(company_id: str, case: Case, data: dict[str, Any]) -> dict[str, Any]:
    """The contact of a third party, and by `items` ([item, thousandths of a unit]) its framework price."""
    found = contracts.company(company_id) if company_id else None
    if found is None or found.kind is not CompanyKind.THIRD_PARTY:
        raise Invalid("company", "required")
    if trade_of(case) not in found.trades or (found.projects and case.place.get("project") not in found.projects):
        raise Invalid("company", "not_its_trade")
    contact = contacts.third_party_contact(company_id)
    if not contact:
        raise Invalid("company", "nobody_there")
    if not data.get("items"):
        return {"contact": contact}
    priced = framework(found, data["items"])
    return {"contact": contact, "price": priced, "basis": "framework", "items": [list(one) for one in data["items"]]}


def framework(company: Company, items: Sequence[Sequence[object]]) -> int:
    """What so much of these items costs by a third party's list, in fen, each rounded half up. Raises Invalid."""
    total = 0
    for item, quantity in items:
        price = company.prices.get(str(item))
        if price is None or not isinstance(quantity, int) or quantity <= 0:
            raise Invalid("items", "unknown")
        total += (price.fen * quantity + QUANTITY // 2) // QUANTITY
    return total
