"""What a completion sheet has to prove: what was promised and kept, what was checked, what came back, who signed.

item       done · not_done · not_applicable, with the reason that was given
promised   a clock of the owner's: its first and its last deadline, and when it was kept
round      a rework: why it came back
signed     the owner's signature, or a supervisor's check
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.ticket.promises import promises
from chalicelib.domain.ticket.ticket import Event, Ticket


class Item(NamedTuple):
    entry: str
    state: Literal["done", "not_done", "not_applicable"]
    why: str = ""


class Promised(NamedTuple):
    """`kept`: when it was done; None while it runs."""

    clock: str
    run: int
    first: datetime
    last: datetime
    kept: datetime | None
    late: bool


class Round(NamedTuple):
    """`cause`: refused or follow_up; `words`: what was wrong, as far as it is still kept."""

    at: datetime
    cause: str
    words: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Of the last round: `arrived`, `completed`, `items`, `signed`; None or empty where it is not there yet."""

    arrived: Event | None
    completed: Event | None
    items: tuple[Item, ...]
    promised: tuple[Promised, ...]
    rounds: tuple[Round, ...]
    agreed: Event | None
    signed: Event | None


def evidence(ticket: Ticket, policy: Policy, at: datetime) -> Evidence:
    """What the ticket's events prove at `at`, by the numbers that it is judged by."""
    last: dict[str, Event] = {}
    rounds: list[Round] = []
    for event in ticket.events:
        if event.kind == "reworked":
            back = last.get("refused") or last.get("followed_up")
            rounds.append(
                Round(event.at, str(event.data.get("cause", "")), str(back.said.get("words", "")) if back else "")
            )
            last = {kind: kept for kind, kept in last.items() if kind == "plan_agreed"}
        else:
            last[event.kind] = event
    done = last.get("completed")
    return Evidence(
        arrived=last.get("arrived"),
        completed=done,
        items=_items(ticket, policy, done) if done else (),
        promised=_promised(ticket, policy, at),
        rounds=tuple(rounds),
        agreed=last.get("plan_agreed"),
        signed=last.get("signed_off") or last.get("checked"),
    )


def _items(ticket: Ticket, policy: Policy, done: Event) -> tuple[Item, ...]:
    """The category's checklist, and what was ticked of a list that is no longer its own."""
    category = policy.categories.get(ticket.category)
    listed = category.checklist if category else ()
    without = frozenset(done.data.get("without", ()))
    given = done.said.get("why", {})
    why: Mapping[str, str] = given if isinstance(given, Mapping) else {}
    entries = (*listed, *sorted((ticket.ticked | without) - set(listed)))
    return tuple(
        Item(entry, "done")
        if entry in ticket.ticked
        else Item(entry, "not_applicable", str(why.get(entry, "")))
        if entry in without
        else Item(entry, "not_done")
        for entry in entries
    )


def _promised(ticket: Ticket, policy: Policy, at: datetime) -> tuple[Promised, ...]:
    """Of every run of the clocks that were promised to the owner before the work was finished."""
    found: list[Promised] = []
    for p in promises(ticket, policy):
        if not p.rule.promised or p.rule.unlisted or "completed" in p.rule.starts:
            continue
        run = sum(f.clock == p.name for f in found) + 1
        last = p.clock.due_at or p.clock.first_due
        found.append(Promised(p.name, run, p.clock.first_due, last, p.clock.stopped_at, p.clock.breached(at)))
    return tuple(sorted(found, key=lambda p: (p.run, p.first)))
