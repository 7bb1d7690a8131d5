"""The gates as pages show them: each condition with the event behind it, or what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from chalicelib.domain.contractor import gates
from chalicelib.domain.contractor.case import Case
from chalicelib.domain.money.deduction import Deduction
from chalicelib.domain.money.gates import OF_CASE, UNDATED
from chalicelib.language import cases, deductions, office
from chalicelib.web.staff.view import Clocks


class Condition(NamedTuple):
    """A condition of a gate. `behind`, `when`: the event that meets it; `lacks`: what is missing where none does, and
    of gate A what it costs in time."""

    met: bool
    word: str
    behind: str = ""
    when: str = ""
    lacks: str = ""


def gate_a(found: Iterable[gates.Condition], case: Case, names: Mapping[str, str], said: Clocks) -> list[Condition]:
    """Gate A in words. `names`: person → name as the reader may see it."""
    rows = []
    for one in found:
        word = office.condition_word(one.name, said.lang)
        if not one.met:
            rows.append(Condition(False, word, lacks=office.costs_text(one, said.tz, said.lang)))
            continue
        event = case.events[one.event - 1]
        behind = cases.event_sentence(event, said.lang, said.tz, names, said.at)
        rows.append(Condition(True, word, behind, said.when(event.at)))
    return rows


def gate_b(
    found: Iterable[gates.Condition], one: Deduction | None, case: Case, names: Mapping[str, str], said: Clocks
) -> list[Condition]:
    """Gate B in words: what the case has to show stands on an event of the case, the rest on one of the deduction."""
    rows = []
    for its in found:
        word = deductions.condition_word(its.name, said.lang)
        if not its.met:
            rows.append(Condition(False, word, lacks=deductions.lack_word(its.name, said.lang)))
        elif its.name in UNDATED or (one is None and its.name not in OF_CASE):
            rows.append(Condition(True, word))
        else:
            of_case = its.name in OF_CASE or one is None
            event = (case if one is None or of_case else one).events[its.event - 1]
            sentence = cases.event_sentence if of_case else deductions.event_sentence
            behind = sentence(event, said.lang, said.tz, names, said.at)
            rows.append(Condition(True, word, behind, said.when(event.at)))
    return rows
