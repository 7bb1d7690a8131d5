"""Letters of a case go: by the office's releaser, or the notice by itself when its time has come.

`release` is what `record.perform` does for the moves that release a letter: number, content and event in one
transaction. What can't be written (a contract without its clause's text, a company without a name) is noted once, and
the office is told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.adapters.log import logger
from chalicelib.adapters.metrics import ring
from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.letter import OF_CASES, Letter, LetterKind
from chalicelib.domain.contractor.lifecycle import legal
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import IllegalMove, Invalid
from chalicelib.domain.record.event import SYSTEM, Actor
from chalicelib.services.contractor import contacts, letters
from chalicelib.services.contractor.writing import letter_of
from chalicelib.services.record import record

KINDS = {f"release_{kind.value}": kind for kind in OF_CASES}


def release(command: Command, reference: str, at: datetime, allow: Callable[[Any], Actor] | None = None) -> Case:
    """Release a letter; the case afterwards. May be sent twice. `said`: `words`, the office's own.

    Raises IllegalMove, NotAllowed, Invalid, NotFound, Busy.
    """
    kind = KINDS[command.name]

    def make(case: Case) -> tuple[Letter, Command]:
        wanted = replace(command, by=allow(case)) if allow else command
        if not case.knows(wanted.key) and not legal(case, wanted.name, wanted.by.role):
            raise IllegalMove("illegal_move", move=wanted.name, state=case.state.value)
        words = str(wanted.said.get("words", "")) or edited(case, kind)
        facts = {"kind": kind.value, "person": contacts.nearest(case.company)}
        return letter_of(case, kind, at, words), replace(wanted, data=facts)

    before = {one.number for one in record.load(reference).letters}
    released: Case = letters.release(reference, make, at)
    for one in released.letters:
        if one.number not in before:
            letters.ask_for_pdf(one.number)
    return released


def edited(case: Case, kind: LetterKind) -> str:
    """What the office wrote for a letter that has not gone yet."""
    edit = case.last("letter_edited", kind=kind.value)
    sent = case.letter(kind)
    return str(edit.said.get("words", "")) if edit and (sent is None or sent.event < edit.version) else ""


def release_by_itself(case: Case, at: datetime) -> bool:
    """The notice goes; whether the case changed. What it lacks is noted. May run again. Raises Busy."""
    try:
        release(Command("release_notice", SYSTEM, key="release/notice"), case.id, at)
    except Invalid as lack:
        logger.error("a notice can't be written", extra={"record": case.id, "field": lack.field})
        ring("NoticeNotWritten")
        record.perform(Command("note_unwritten", SYSTEM, {"field": lack.field}), case.id, at)
    except IllegalMove:  # the office was faster
        return False
    return True
