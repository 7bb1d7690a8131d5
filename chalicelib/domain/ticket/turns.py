"""Whose turn it was while a clock ran: its time in stretches, each waiting for one thing.

turn         whose          until
dispatch     the desk       somebody has it
contact      the holder     the owner was spoken to
acknowledge  the holder     it is taken on
choose       the owner      a time is chosen of those offered
confirm      the holder     the owner's own time is answered
visit        the holder     they are on site
work         the holder     it is finished
pause        by the reason  it goes on
sign         the owner      it is signed off
answer       the desk       what is owed in words: an answer, a result, a call
reply        the owner      the owner has answered
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.ticket.explaining import Account, explain
from chalicelib.domain.ticket.ticket import ENDED, State, Ticket, Window, fold
from chalicelib.domain.time.calendar import instant

# What some clocks wait for whatever the state is; the others wait for what the state lacks.
BY_CLOCK = {"acknowledge": "acknowledge", "sign_off": "sign", "satisfaction": "reply", "follow_up": "answer"}
BY_STATE = {
    State.ASSIGNED: "acknowledge",
    State.ACKNOWLEDGED: "visit",
    State.SCHEDULED: "visit",
    State.ON_SITE: "work",
    State.WAITING: "pause",
    State.COMPLETED: "sign",
    State.RESULT_WRITTEN: "reply",
}


class Stretch(NamedTuple):
    """`why`: the reason of a pause; `holder`: who had the ticket then."""

    start: datetime
    end: datetime
    turn: str
    why: str = ""
    holder: str = ""

    @property
    def length(self) -> timedelta:
        return self.end - self.start


def turns(ticket: Ticket, account: Account) -> tuple[Stretch, ...]:
    """The stretches of an account's time, from its start to its stop or now; neighbours differ."""
    found: list[Stretch] = []
    then = Ticket(ticket.id)
    ends = [instant(e.at) for e in ticket.events[1:]]
    for event, end in zip(ticket.events, [*ends, account.until], strict=True):
        then = fold(ticket.id, [event], onto=then)
        start, end = max(instant(event.at), account.started), min(end, account.until)
        if start >= end:
            continue
        turn = _turn(then, account.name)
        why = then.pause_reason if turn == "pause" else ""
        now = Stretch(start, end, turn, why, then.holder)
        last = found[-1] if found else None
        if last and (last.turn, last.why, last.holder) == (turn, why, then.holder):
            found[-1] = last._replace(end=end)
        else:
            found.append(now)
    return tuple(found)


def _turn(then: Ticket, clock: str) -> str:
    if clock in BY_CLOCK:
        return BY_CLOCK[clock]
    if then.is_work and then.state is State.REPORTED and not then.at_desk:
        return "dispatch"
    if clock in ("response", "dispatch"):
        return "contact" if clock == "response" else "dispatch"
    if then.state in (State.ACKNOWLEDGED, State.SCHEDULED) and then.proposed:
        return "confirm"
    if then.state is State.ACKNOWLEDGED and then.windows:
        return "choose"
    if then.is_work and then.state is State.REPORTED:
        return "dispatch"
    return "answer" if then.state in ENDED else BY_STATE.get(then.state, "answer")


class Cause(NamedTuple):
    """Why a clock is late: whose turn it was when its time ran out, whose took longest, whose it is now (running)."""

    then: Stretch
    longest: Stretch
    share: timedelta
    now: Stretch | None


def cause(ticket: Ticket, account: Account) -> Cause | None:
    """Why an account's deadline passed; None where it did not. `share`: what the longest turn took in all."""
    if account.verdict not in ("late", "over") or account.due is None:
        return None
    stretches = turns(ticket, account)
    if not stretches:
        return None
    at = next((s for s in stretches if s.end > account.due), stretches[-1])
    sums: dict[tuple[str, str], timedelta] = {}
    for s in stretches:
        key = (s.turn, s.why)
        sums[key] = sums.get(key, timedelta(0)) + s.length
    most = max(sums, key=lambda key: sums[key])
    longest = next(s for s in reversed(stretches) if (s.turn, s.why) == most)
    return Cause(at, longest, sums[most], None if account.stopped else stretches[-1])


def causes(ticket: Ticket, policy: Policy, at: datetime) -> dict[str, Cause]:
    """Why each clock is late whose last run is: clock → its cause."""
    last = {account.name: account for account in explain(ticket, policy, at).accounts}
    found = {name: cause(ticket, account) for name, account in last.items() if account.verdict == "late"}
    return {name: why for name, why in found.items() if why}


def waits_for(ticket: Ticket, policy: Policy, clock: str, at: datetime) -> Stretch | None:
    """What the last run of a clock waits for, or waited for last."""
    runs = [account for account in explain(ticket, policy, at).accounts if account.name == clock]
    return next(iter(turns(ticket, runs[-1])[-1:]), None) if runs else None


class NewTime(NamedTuple):
    """What stands in the place of a promise that was missed. `by`: none where somebody has to choose or to fix it.

    visit, wait, plan   a time that is arranged, or proposed
    choose, confirm     a time is there as soon as the owner chooses one, or the owner's own is confirmed
    none                nothing is arranged yet
    """

    what: str
    by: Window | datetime | None = None


def new_time(ticket: Ticket, at: datetime) -> NewTime:
    """What lies ahead of a late ticket."""
    if ticket.state is State.WAITING and ticket.until and ticket.until > at:
        return NewTime("wait", ticket.until)
    if ticket.state is State.SCHEDULED and ticket.window and ticket.window.end > at:
        return NewTime("visit", ticket.window)
    if ticket.plan_proposed and ticket.plan_proposed > at:
        return NewTime("plan", ticket.plan_proposed)
    if ticket.proposed and ticket.proposed.end > at:
        return NewTime("confirm")
    return NewTime("choose" if any(w.start > at for w in ticket.windows) else "none")
