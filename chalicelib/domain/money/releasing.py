"""The moves of a retention's release: who may make them, and the events that they make. Nothing is changed here.

What only the world knows is put into the command by services, never taken from a page: `sheet_left` (what is left with
the deductions taken off that are not booked yet), `alerts`, `authorised` (whether a contact may speak for its company).
Whoever answers says it to what the page showed (`of`): the application of that version, or what was verified of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from chalicelib.domain.money.release import Ground, Release, Side, State, fold
from chalicelib.domain.money.release_clocks import consent_by, today, verify_by
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record import moving
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import IllegalMove, Invalid, NotAllowed
from chalicelib.domain.record.event import Event
from chalicelib.domain.record.making import Made, words
from chalicelib.domain.record.moving import Move, book
from chalicelib.domain.record.roles import Role

S = State
MOST = 10**12  # fen
MAX_NUMBER = 40
ANY, ASKED = frozenset(State), frozenset({S.APPLIED, S.HALF})
SIDES: Mapping[Role, Side] = {Role.DESK: Side.PROPERTY, Role.OFFICE: Side.OFFICE}


def _fen(command: Command, most: int) -> int:
    raw = command.data.get("fen")
    if not isinstance(raw, int) or isinstance(raw, bool) or not 0 < raw <= MOST:
        raise Invalid("fen", "no_amount")
    if raw > most:
        raise Invalid("fen", "above_left", left=max(0, most))
    return raw


def _left(one: Release, command: Command) -> int:
    """What is left, with what is not booked yet taken off where services know it."""
    return min(one.left, int(command.data.get("sheet_left", one.left)))


def _day(command: Command, at: datetime, numbers: Policy) -> str:
    try:
        on = date.fromisoformat(str(command.data.get("on", "")))
    except ValueError:
        raise Invalid("on", "no_time") from None
    if on > today(at, numbers):
        raise Invalid("on", "in_future")
    return on.isoformat()


def _proof(command: Command) -> int:
    """How many pictures of the paper came with it. Raises Invalid without one."""
    if not command.said.get("photos"):
        raise Invalid("photos", "proof_needed")
    return len(command.said["photos"])


ANSWERS: Mapping[str, tuple[str, ...]] = {  # move → the events that it answers, the last of them
    **dict.fromkeys(("verify", "refuse", "withdraw", "press"), ("applied",)),
    "pay": ("verified", "deemed"),
}


def answered(one: Release, move: str) -> int:
    """The version that a move's form carries as `of`; 0 where it answers nothing."""
    shown = one.last(*ANSWERS.get(move, ()))
    return shown.version if shown else 0


def _shown(one: Release, command: Command) -> None:
    """Raises IllegalMove where the page showed another application, or another amount to be paid."""
    if command.data.get("of") != answered(one, command.name):
        raise IllegalMove("changed_meanwhile")


STATED = ("on", "held", "deducted", "released", "payable", "bond", "liability_ends", "warranty_ends", "file")


def _state(one: Release, command: Command, at: datetime, numbers: Policy) -> Made:
    """A balance from finance's file. The same again is nothing; an older one is refused."""
    facts = {name: command.data[name] for name in STATED if command.data.get(name)}
    facts["held"] = command.data["held"]
    before = next((e.data for e in reversed(one.events) if e.kind == "stated"), {})
    if {**facts, "file": ""} == {**before, "file": ""}:
        return []
    if one.balance and facts["on"] < one.balance.on.isoformat():
        raise IllegalMove("older_balance", on=one.balance.on.isoformat())
    return [("stated", facts)]


def _date(one: Release, command: Command, at: datetime, numbers: Policy) -> Made:
    """When both periods end, as it is on file now: a lot was accepted since finance's last balance."""
    facts = {name: str(command.data[name]) for name in ("liability_ends", "warranty_ends") if command.data.get(name)}
    known = {"liability_ends": one.liability_ends, "warranty_ends": one.warranty_ends}
    if facts == {name: day.isoformat() for name, day in known.items() if day}:
        return []
    return [("dated", facts)]


def _apply(one: Release, command: Command, at: datetime, numbers: Policy) -> Made:
    """By whom the contract names, or by the office for a letter that came, with its picture."""
    if command.by.role is Role.CONTRACTOR:
        if not command.data.get("authorised"):
            raise NotAllowed("not_authorised")
    else:
        _proof(command)
    words(command, required=False)
    if one.liability_ends is None:
        raise IllegalMove("no_liability_end")
    if today(at, numbers) <= one.liability_ends:
        raise IllegalMove("liability_runs", day=one.liability_ends.isoformat())
    return [("applied", {"fen": _fen(command, one.left)})]


def _verify(one: Release, command: Command, at: datetime, numbers: Policy) -> Made:
    """A side's count of what is to be paid back; the second one that finds the same amount verifies it."""
    _shown(one, command)
    side, left = SIDES[command.by.role], _left(one, command)
    fen = _fen(command, min(one.asked, left))
    words(command, required=fen < one.asked)
    other = one.signature(Side.OFFICE if side is Side.PROPERTY else Side.PROPERTY)
    if other and other.by == command.by.id:
        raise NotAllowed("two_people")
    mine = one.signature(side)
    if mine and mine.fen == fen and mine.by == command.by.id:
        raise IllegalMove("countersigned_already")
    alerts = list(command.data.get("alerts", ()))
    made: Made = [("countersigned", {"side": side.value, "fen": fen, **({"alerts": alerts} if alerts else {})})]
    if other and other.fen == fen:
        made.append(("verified", {"fen": fen}))
    return made


def _press(one: Release, command: Command, at: datetime, numbers: Policy) -> Made:
    """The contractor's own reminder, once nobody has answered in time."""
    if not command.data.get("authorised"):
        raise NotAllowed("not_authorised")
    _shown(one, command)
    words(command, required=False)
    by = verify_by(one, numbers)
    if one.pressed_at is not None:
        raise IllegalMove("pressed_already")
    if by is None or at <= by:
        raise IllegalMove("not_due_yet")
    return [("pressed", {})]


def _deem(one: Release, command: Command, at: datetime, numbers: Policy) -> Made:
    """Silence is consent: to what was applied for, as far as it is there."""
    by = consent_by(one, numbers)
    if by is None or at <= by:
        raise IllegalMove("not_due_yet")
    return [("deemed", {"fen": max(0, min(one.asked, _left(one, command)))})]


def _pay(one: Release, command: Command, at: datetime, numbers: Policy) -> Made:
    """With the day, the number of the voucher, and its picture; by a third person, and not while a stop stands."""
    _shown(one, command)
    if one.stopped:
        raise IllegalMove("payments_stopped", ground=one.stops[0].ground.value)
    if command.by.id in {signed.by for signed in one.signed}:
        raise NotAllowed("not_who_verified")
    if one.fen > _left(one, command):
        raise IllegalMove("less_left", left=max(0, _left(one, command)))
    voucher = str(command.data.get("voucher", "")).strip()
    if not voucher or len(voucher) > MAX_NUMBER:
        raise Invalid("voucher", "required" if not voucher else "too_long", limit=MAX_NUMBER)
    alerts = list(command.data.get("alerts", ()))
    facts = {"fen": one.fen, "on": _day(command, at, numbers), "voucher": voucher, "photos": _proof(command)}
    return [("paid", facts | ({"alerts": alerts} if alerts else {}))]


def _refuse(one: Release, command: Command, at: datetime, numbers: Policy) -> Made:
    _shown(one, command)
    words(command)
    return [("refused", {})]


def _withdraw(one: Release, command: Command, at: datetime, numbers: Policy) -> Made:
    if not command.data.get("authorised"):
        raise NotAllowed("not_authorised")
    _shown(one, command)
    return [("withdrawn", {})]


def _stop(one: Release, command: Command, at: datetime, numbers: Policy) -> Made:
    """With the paper that asks for it: a court's, or the notice of the assignment."""
    words(command)
    try:
        ground = Ground(str(command.data.get("ground", "")))
    except ValueError:
        raise Invalid("ground", "unknown") from None
    waived = ground is Ground.FACTORED and bool(command.data.get("waived"))
    facts = {"ground": ground.value, "photos": _proof(command)}
    return [("stopped", facts | ({"waived": True} if waived else {}))]


def _lift(one: Release, command: Command, at: datetime, numbers: Policy) -> Made:
    """A stop, by its version, with the paper that ends it; not by whoever recorded it."""
    words(command)
    stop = next((stop for stop in one.stops if stop.version == command.data.get("of")), None)
    if stop is None:
        raise IllegalMove("changed_meanwhile")
    if stop.by == command.by.id:
        raise NotAllowed("not_who_stopped")
    return [("lifted", {"of": stop.version, "ground": stop.ground.value, "photos": _proof(command)})]


OFFICE, CONTRACTOR, SYSTEM = frozenset({Role.OFFICE}), frozenset({Role.CONTRACTOR}), frozenset({Role.SYSTEM})
MONEY = frozenset({Role.OFFICE, Role.FINANCE})
MOVES: Mapping[str, Move] = {
    "apply": Move(frozenset({S.HELD}), CONTRACTOR | OFFICE, _apply),
    "verify": Move(ASKED, frozenset(SIDES), _verify),
    "refuse": Move(ASKED, OFFICE, _refuse),
    "withdraw": Move(ASKED, CONTRACTOR, _withdraw),
    "press": Move(ASKED, CONTRACTOR, _press),
    "deem": Move(ASKED, SYSTEM, _deem),
    "pay": Move(frozenset({S.VERIFIED}), MONEY, _pay),
    "stop": Move(ANY, MONEY, _stop),
    "lift": Move(ANY, MONEY, _lift, when=lambda one: one.stopped),
    "date": Move(ANY, OFFICE | SYSTEM, _date),
    "state": Move(ANY, SYSTEM | frozenset({Role.FINANCE}), _state),
    **book(ANY, ANY),
}


def legal(one: Release, name: str, role: Role) -> bool:
    """Whether the move is open to the role in this state."""
    return moving.legal(MOVES, one, name, role)


def moves(one: Release, role: Role) -> list[str]:
    """The moves open to the role now."""
    return moving.moves(MOVES, one, role)


def decide(one: Release, command: Command, at: datetime, numbers: Policy) -> list[Event]:
    """What happens to it. Raises IllegalMove, NotAllowed, Invalid.

    It is closed with whatever leaves nothing of what was withheld, and opened again by a balance that has something.
    """

    def then(events: list[Event]) -> Made:
        after = fold(one.id, events, onto=one)
        if after.balance and after.left <= 0 and after.state is S.HELD:
            return [("closed", {})]
        return [("reopened", {})] if after.balance and after.left > 0 and after.state is S.CLOSED else []

    return moving.events_of(MOVES, one, command, at, numbers, then)
