"""What a workbook is checked against: what the table has, and what the policy knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from chalicelib.adapters import holidays
from chalicelib.adapters.settings import settings
from chalicelib.domain.contractor.contract import Company, Contract, Entity
from chalicelib.domain.policy.overrides import Override, apply
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.errors import PolicyError
from chalicelib.domain.record.phone import compared
from chalicelib.domain.register.cells import unparted
from chalicelib.domain.register.place import Place
from chalicelib.domain.register.reader import Numbers
from chalicelib.language import words
from chalicelib.language.catalogue import LANGS
from chalicelib.services.access import access
from chalicelib.services.record import numbers
from chalicelib.store import contracts, people, phones, places


class Stored:
    """What the table has, for what the file leaves out. Phones are asked for once."""

    def __init__(self) -> None:
        self._teams: dict[str, Mapping[str, str]] = {}

    def place(self, code: str) -> Place | None:
        return places.get(code)

    def staffed(self, team: str, without: frozenset[str]) -> bool:
        return any(s.person.active and s.id not in without for s in people.team(team))

    def works_here(self, person: str) -> bool:
        found = people.get(person)
        return bool(found and found.person.active)

    def teams_under(self, phone: str) -> Mapping[str, str]:
        if phone not in self._teams:
            found = phones.stands(access.ever_hidden("phone", compared(phone))).staff
            self._teams[phone] = {s.id: s.person.team for s in people.several(list(found)).values()} if found else {}
        return self._teams[phone]

    def entity(self, code: str) -> Entity | None:
        return contracts.entity(code)

    def company(self, code: str) -> Company | None:
        return contracts.company(code)

    def sharing(self, what: str, value: str) -> Sequence[str]:
        return contracts.sharing(what, value)

    def contract(self, code: str) -> Contract | None:
        return contracts.contract(code)

    def contracts_in(self, project: str) -> Sequence[Contract]:
        return contracts.of_project(project).contracts


def policy_numbers() -> Numbers:
    """What the policy knows."""
    base = numbers.policy_for(numbers.NOWHERE)

    def check_override(override: Override) -> str:
        try:
            apply(base, [override])
        except PolicyError as fault:
            return str(fault)
        return ""

    components, trades = _components(base)
    return Numbers(check_override, check_year, settings().sms_abroad, numbers.warranty(), components, trades)


def check_year(days: Mapping[date, bool]) -> date | None:
    """The date at fault in a year's schedule; None when it holds."""
    try:
        holidays.check(days)
    except holidays.BadSchedule as fault:
        return date.fromisoformat(str(fault).partition(":")[0])
    return None


def _components(policy: Policy) -> tuple[Mapping[str, Sequence[str]], Mapping[str, str]]:
    """What components and categories may be called, in every language or by their own name, without what parts words;
    and their trades."""
    called: dict[str, Sequence[str]] = {}
    trades = {}
    for name, category in policy.categories.items():
        theirs = [f"{name}/{component}" for component in category.components]
        if not theirs:
            continue
        trades.update(dict.fromkeys(theirs, category.trade))
        names = [name, *(words.category_word(name, lang) for lang in LANGS)]
        called |= {unparted(one): theirs for one in names}
        for component in category.components:
            parts = [component, *(words.component_word(component, lang) for lang in LANGS)]
            called |= {unparted(f"{a}/{b}"): [f"{name}/{component}"] for a, b in zip(names, parts, strict=True)}
    return called, trades
