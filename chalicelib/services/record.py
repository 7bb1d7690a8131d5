"""Commands on tickets: load, let the domain decide, append. The one way in which a ticket changes.

Loses against nobody: when somebody else wrote in between, it reloads and decides again, up to three times, and refuses
only if the move is illegal by then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.adapters.policies import policy
from chalicelib.domain.errors import Refused
from chalicelib.domain.heading import Heading, heading
from chalicelib.domain.lifecycle import Command, decide
from chalicelib.domain.promises import may_climb, promises
from chalicelib.domain.ticket import DONE, Actor, Event, Ticket, fold
from chalicelib.store import tickets
from chalicelib.store.table import Write
from chalicelib.store.tickets import StaleTicket, Timer

TRIES = 3


class NotFound(Refused):
    """There is no such ticket."""

    def __init__(self) -> None:
        super().__init__("not_found")


class Busy(Refused):
    """Others kept writing the ticket; trying again will do."""

    def __init__(self) -> None:
        super().__init__("busy")


def load(ticket_id: str, *, consistent: bool = False) -> Ticket:
    """The ticket as it is. Raises NotFound."""
    return load_with_timer(ticket_id, consistent=consistent)[0]


def load_with_timer(ticket_id: str, *, consistent: bool = False) -> tuple[Ticket, Timer]:
    found = tickets.load(ticket_id, consistent=consistent)
    if found is None:
        raise NotFound
    return found


Decides = Callable[[Ticket], Sequence[Event]]


def change(
    ticket_id: str,
    decides: Decides,
    *,
    more: Callable[[Ticket], Iterable[Write]] = lambda t: (),
    timer: Timer | None = None,
) -> Ticket:
    """Append what `decides` makes of the ticket; the ticket afterwards. Raises what it raises, NotFound and Busy."""
    for attempt in range(TRIES):
        before, seen = load_with_timer(ticket_id, consistent=attempt > 0)
        events = decides(before)
        if not events:
            return before
        try:
            return append(before, seen, events, more=more(before), timer=timer)
        except StaleTicket:
            continue
    raise Busy


def perform(
    command: Command, ticket_id: str, at: datetime, *, allow: Callable[[Ticket], Actor] | None = None
) -> Ticket:
    """Make a move. `allow` names the actor on the ticket as it is now, or raises; it is asked again on every try."""

    def decides(ticket: Ticket) -> Sequence[Event]:
        wanted = replace(command, by=allow(ticket)) if allow else command
        if wanted.name == "climb" and not may_climb(ticket, promises(ticket, policy()), at):
            from chalicelib.domain.errors import IllegalMove

            raise IllegalMove("not_late_yet")
        return decide(ticket, wanted, at, policy())

    return change(ticket_id, decides)


def append(
    before: Ticket | None,
    seen: Timer,
    events: Sequence[Event],
    *,
    ticket_id: str = "",
    more: Iterable[Write] = (),
    timer: Timer | None = None,
) -> Ticket:
    """Write events and the head they make. `timer`: what the caller armed; else `due` is only ever lowered.

    Raises StaleTicket, NumberTaken.
    """
    numbers = policy()
    after = fold(before.id if before else ticket_id, events, onto=before)
    top = heading(after, numbers)
    next_timer = timer or lowered(seen, top, after)
    stops = after.state in DONE and bool(seen.armed)
    wakes_act = after.route_due or (timer is None and (next_timer.due != seen.due or stops))
    wakes_tell = any(e.kind in numbers.tellings for e in events)
    tickets.append(
        before, after, events, top, next_timer, seen=seen, act=wakes_act, tell=wakes_tell, more=more
    )
    return after


def lowered(seen: Timer, top: Heading, after: Ticket) -> Timer:
    """The timer after a change: `due` moves only if the next moment is earlier; nothing is due on a ticket that is done."""
    if top.due is None:
        return replace(seen, due="") if after.state in DONE and not after.route_due else seen
    due = tickets.iso(top.due)
    return replace(seen, due=due) if not seen.due or due < seen.due else seen


