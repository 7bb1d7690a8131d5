"""A contract's retention as its pages show it: what is held and left, its release, stops, what may be done.

Office, property desk, contractor and finance see one page, each with its own moves; the contractor nothing of what
open defects may cost, and nobody's name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from chalicelib.domain.contractor.contract import Contract
from chalicelib.domain.money.capitals import capitals
from chalicelib.domain.money.release import Ground, Release, Side, State
from chalicelib.domain.money.release_clocks import runs, verify_by
from chalicelib.domain.money.releasing import SIDES, answered, moves
from chalicelib.domain.money.retention import Sheet, alerts
from chalicelib.domain.record.event import Actor
from chalicelib.domain.record.making import MAX_WORDS
from chalicelib.domain.record.reference import parts
from chalicelib.domain.record.roles import Role
from chalicelib.language import money, releases, times, words
from chalicelib.language.amendments import rate_text, term_text
from chalicelib.services.contractor import contacts
from chalicelib.services.contractor import office as desk
from chalicelib.services.money import retentions
from chalicelib.services.money.desk import Held
from chalicelib.services.record.numbers import policy_of
from chalicelib.web.kit import cases
from chalicelib.web.kit.cases import Reader
from chalicelib.web.kit.deduction import Row, shots, timed, tone
from chalicelib.web.kit.forms import Form
from chalicelib.web.kit.moves import Read
from chalicelib.web.kit.typed import fen
from chalicelib.web.staff.view import Clocks

DONE: Mapping[str, str] = {
    "begin": "The retention is on file.",
    "date": "When defect liability and warranty end was read again.",
    "apply": "The application is on record. Until when it has to be verified stands below.",
    "verify": "Your countersignature is on record.",
    "refuse": "Refused. The contractor has been told why.",
    "withdraw": "The application is withdrawn. You may apply again.",
    "press": "Your reminder is on record. Without an answer in time the amount counts as consented to.",
    "pay": "The payment is on record. The contractor has been told.",
    "stop": "Stopped. Nothing is paid back and nothing deducted until it is lifted.",
    "lift": "The stop is lifted.",
}
MAIN = ("verify", "pay", "apply", "press")  # the first of them that is open stands unfolded
LATE = frozenset({"breached", "message_failed", "stopped"})
TO_THEM = frozenset({"stated", "applied", "countersigned", "verified", "refused", "withdrawn", "pressed", "deemed"})
TO_THEM |= {"paid", "stopped", "lifted", "closed", "reopened"}  # what the contractor reads of what happened
OURS = frozenset({"stopped", "lifted"})  # whose words and pictures are none of the contractor's


class Listed(NamedTuple):
    """A retention in a list, in words."""

    href: str
    late: bool
    left: str
    when: str
    clock: str
    number: str
    place: str
    company: str
    state: str
    tone: str
    amount: str
    stop: str


def listed(
    items: Iterable[Held], base: str, names: Mapping[str, str], lang: str, at: datetime, tz: str
) -> list[Listed]:
    """Lines of a list in words; `base`: the path in front of a release's id."""
    said, found = Clocks(lang, at, tz), []
    for item in items:
        line, due = item.line, timed(item, base, said)
        found.append(
            Listed(
                *due,
                releases.clock_word(line.clock, lang) if line.clock else "",
                line.number,
                line.place,
                names.get(line.company, line.company),
                releases.state_word(line.state, lang),
                tone(line.state, late=due.late),
                money.figures(line.left),
                releases.ground_word(line.stop, lang) if line.stop else "",
            )
        )
    return found


def facts(contract: Contract | None, one: Release, said: Clocks, *, ours: bool) -> dict[str, Any]:
    """What the page says of a retention. `ours`: to whoever works for the house."""
    lang = said.lang
    names, entity = contacts.names([one.company]), desk.entity_named(one.entity)
    sheet = retentions.seen(contract, one) if contract and ours else None
    current = [run for run in runs(one, policy_of(one)) if ours or run.rule.hands != "office"]
    late = any(run.clock.due_at and run.clock.due_at < said.at for run in current)
    return {
        "r": one,
        "id": parts(one.id)[1],
        "number": one.number,
        "state": releases.state_word(one.state.value, lang),
        "tone": tone("closed" if one.state is State.CLOSED else one.state.value, late=late),
        "company": names.get(one.company, one.company),
        "entity": entity.name if entity else one.entity,
        "runs": [_run(run, said) for run in current],
        "balance": [(releases.part_word(part, lang), *more) for part, *more in _balance(one, sheet)],
        "estimate": (money.figures(sheet.estimate), sheet.defects) if sheet and sheet.defects else None,
        "on": times.letter_day(one.balance.on, lang) if one.balance else "",
        "terms": [(releases.part_word(part, lang), *more) for part, *more in _terms(contract, sheet, one, said)],
        "warnings": [releases.alert_word(name, lang) for name in sheet.warnings] if sheet else [],
        "alerts": [releases.alert_word(name, lang) for name in alerts(sheet)] if sheet else [],
        "asked": money.figures(one.asked) if one.asked and one.state is not State.HELD else "",
        "fen": money.figures(one.fen) if one.state is State.VERIFIED else "",
        "capitals": capitals(one.fen) if one.state is State.VERIFIED and one.fen else "",
        "signed": _signed(one, lang),
        "stops": [(stop, releases.ground_word(stop.ground.value, lang), said.when(stop.since)) for stop in one.stops],
    }


def _run(run: Any, said: Clocks) -> tuple[str, str, str, bool]:
    """(clock, left, when, late); a clock that stands still says neither left nor when."""
    due = run.clock.due_at
    if due is None:
        return releases.clock_word(run.name, said.lang), "", "", False
    by = said.deadline(due)
    return releases.clock_word(run.name, said.lang), by.left, by.when, by.late


def _balance(one: Release, sheet: Sheet | None) -> list[tuple[str, str, bool]]:
    """(part, yuan, whether it is a sum): as finance states it, what came since, what is left."""
    known = one.balance
    if known is None:
        return []
    rows = [("held", known.held, False), ("deducted", -known.deducted, False)]
    rows.append(("released", -known.released - one.paid_since, False))
    if sheet:
        rows += [("recovered", one.paid_since - sheet.booked, False), ("pending", -sheet.pending, False)]
    rows.append(("left", sheet.left if sheet else one.left, True))
    return [(word, money.figures(amount), total) for word, amount, total in rows if amount or total]


def _terms(contract: Contract | None, sheet: Sheet | None, one: Release, said: Clocks) -> list[tuple[str, str, bool]]:
    """(part, how much or when, whether it is over)."""
    lang, today = said.lang, said.at.astimezone(said.zone).date()
    liability, warranty = one.liability_ends, one.warranty_ends
    found: list[tuple[str, str, bool]] = []
    if sheet:
        liability, warranty = sheet.liability_ends or liability, sheet.warranty_ends or warranty
        found.append(("rate", rate_text(sheet.rate), False))
        if contract and contract.defect_liability_months:
            found.append(("period", term_text((contract.defect_liability_months, ""), lang), False))
    for word, day in (("liability_ends", liability), ("warranty_ends", warranty)):
        found.append((word, times.letter_day(day, lang) if day else "", bool(day and day < today)))
    return found


def _signed(one: Release, lang: str) -> list[tuple[str, str]]:
    """(side, amount) of both; "" for one that has not countersigned."""
    if one.state not in (State.APPLIED, State.HALF, State.VERIFIED) or one.silent:
        return []
    known = {signature.side: money.figures(signature.fen) for signature in one.signed}
    return [(releases.side_word(side.value, lang), known.get(side, "")) for side in Side]


def rows(one: Release, base: str, names: Mapping[str, str], said: Clocks, *, ours: bool) -> list[Row]:
    """What happened, newest first."""
    seen = shots(one, base) if ours else {}
    return [
        Row(
            said.when(event.at),
            text,
            names.get(event.by) or words.role_word(event.role.value, said.lang),
            str(event.said.get("words", "")) if event.said and (ours or event.kind not in OURS) else "",
            seen.get(event.version, []),
            event.kind in LATE,
        )
        for event in reversed(one.events)
        if (ours or event.kind in TO_THEM) and (text := releases.happened(event, said.lang))
    ]


# what may be done


def offered(one: Release, by: Actor, at: datetime, *, speaks: bool = True) -> dict[str, Any]:
    """The moves that this person may make now, which of them is next, and what each form carries."""
    legal = [move for move in moves(one, by.role) if move in DONE and _now(one, move, by, at, speaks)]
    if not one.balance or one.left <= 0:
        legal = [move for move in legal if move != "apply"]
    main = next((move for move in MAIN if move in legal), "")
    main = "" if main == "apply" and by.role is Role.OFFICE else main  # for a letter that came
    other = next((s for s in one.signed if s.side is not SIDES.get(by.role)), None)
    return {
        "legal": legal,
        "main": main,
        "answers": {move: n for move in legal if (n := answered(one, move))},
        "grounds": [ground.value for ground in Ground],
        "counted": bool(other),
        "suggested": plain_yuan(one.left if one.state is State.HELD else one.asked),
        "lifts": [stop.version for stop in one.stops if stop.by != by.id] if "lift" in legal else [],
    }


def _now(one: Release, move: str, by: Actor, at: datetime, speaks: bool) -> bool:
    """Whether it would be taken, as far as the page can tell."""
    signed = {signature.by: signature for signature in one.signed}
    if by.role is Role.CONTRACTOR and not speaks:
        return False
    if move == "date":
        return one.liability_ends is None
    if move == "apply":
        return one.liability_ends is not None and one.liability_ends < _today(one, at)
    if move == "press":
        due = verify_by(one, policy_of(one))
        return one.pressed_at is None and due is not None and at > due
    if move == "verify":
        theirs = signed.get(by.id)
        return theirs is None or theirs.side is SIDES[by.role]
    return move != "pay" or not (by.id in signed or one.stopped)


def _today(one: Release, at: datetime) -> date:
    return at.astimezone(policy_of(one).calendars["office"].zone).date()


def opens_on(one: Release, said: Clocks) -> tuple[str, str]:
    """(from which day it may be applied for, from when the contractor's own reminder counts); "" for not ahead."""
    ends, applies = one.liability_ends, ""
    if one.state is State.HELD and ends and ends >= said.at.astimezone(said.zone).date():
        applies = times.letter_day(ends + timedelta(days=1), said.lang)
    due = verify_by(one, policy_of(one)) if one.state in (State.APPLIED, State.HALF) else None
    waits = due is not None and one.pressed_at is None and said.at <= due
    return applies, said.when(due) if due and waits else ""


def plain_yuan(amount: int) -> str:
    """As it is typed."""
    return f"{amount // 100}.{amount % 100:02}"


def read(move: str, form: Form, at: datetime) -> Read:
    """The facts and words of a move's form. Raises Invalid, NotAllowed."""
    return cases.read(READERS, move, form, at)


def _amount(form: Form, at: datetime) -> Read:
    return {"fen": fen(form.plain("fen", 30), "fen")}, {
        "words": form.text("words", MAX_WORDS),
        "photos": form.photos(),
    }


def _pay(form: Form, at: datetime) -> Read:
    return {"on": form.plain("on", 20), "voucher": form.plain("voucher", 60)}, {"photos": form.photos()}


def _stop(form: Form, at: datetime) -> Read:
    said = {"words": form.text("words", MAX_WORDS), "photos": form.photos()}
    return {"ground": form.plain("ground", 20), "waived": form.is_on("waived")}, said


READERS: Mapping[str, Reader] = {
    "date": cases.nothing,
    "apply": _amount,
    "verify": _amount,
    "refuse": cases.words,
    "withdraw": cases.nothing,
    "press": cases.words,
    "pay": _pay,
    "stop": _stop,
    "lift": cases.words_and_photos,
}
