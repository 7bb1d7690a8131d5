"""The deduction notice 扣款通知单, the fourth letter: what is deducted, how it was reckoned, how to object."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.letter import Charge, Letter, LetterKind
from chalicelib.domain.money.deduction import Deduction
from chalicelib.domain.money.moves import legal
from chalicelib.domain.policy.money import money_of
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import IllegalMove
from chalicelib.domain.record.event import Actor
from chalicelib.language.money import reckoning
from chalicelib.services.contractor import contacts, letters
from chalicelib.services.contractor.writing import LANG, letter_of
from chalicelib.services.money.gathering import must_not_be_stopped
from chalicelib.services.record import record
from chalicelib.services.record.numbers import policy_for

KIND = LetterKind.DEDUCTION_NOTICE


def notice_of(one: Deduction, at: datetime, words: str = "") -> Letter:
    """The facts of its notice, as things are now. Some calls. Raises Invalid."""
    case: Case = record.load(one.case)
    days = one.terms.days or money_of(policy_for(one.place)).objection_days
    lines = tuple((line.nature.value, reckoning(line.steps, LANG), line.fen) for line in one.lines)
    charge = Charge(one.number, lines, one.total, one.source, days, one.terms.silence_is_consent)
    return replace(letter_of(case, KIND, at, words), charge=charge)


def release(command: Command, reference: str, at: datetime, allow: Callable[[Any], Actor] | None = None) -> Deduction:
    """Release the notice; the deduction afterwards. May be sent twice. `said`: `words`, the office's own.

    Raises IllegalMove, NotAllowed, Invalid, NotFound, Busy.
    """

    def make(one: Deduction) -> tuple[Letter, Command]:
        wanted = replace(command, by=allow(one)) if allow else command
        if not one.knows(wanted.key) and not legal(one, wanted.name, wanted.by.role):
            raise IllegalMove("illegal_move", move=wanted.name, state=one.state.value)
        if not one.knows(wanted.key):
            must_not_be_stopped(one)
        facts = {"kind": KIND.value, "person": contacts.nearest(one.company)}
        return notice_of(one, at, str(wanted.said.get("words", ""))), replace(wanted, data=facts)

    before = len(record.load(reference).letters)
    released: Deduction = letters.release(reference, make, at)
    if len(released.letters) > before and released.letter:
        letters.ask_for_pdf(released.letter.number)
    return released
