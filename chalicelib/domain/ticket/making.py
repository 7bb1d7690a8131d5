"""What each move makes: the events that follow from a command, or why it is refused.

Each function takes the ticket, the command, the time and the policy, and answers (kind, facts) of the events in order.
It may rely on `lifecycle` having checked state and role. What was said goes with the first event.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import IllegalMove, Invalid
from chalicelib.domain.record.making import Made, words
from chalicelib.domain.record.roles import desk_of
from chalicelib.domain.ticket.command import answers
from chalicelib.domain.ticket.merging import URGENCY
from chalicelib.domain.ticket.ticket import Priority, Role, State, Ticket, Window
from chalicelib.domain.ticket.trade import stored

MAX_REASON = 200
MAX_WINDOWS = 5
MAX_NOTES = 200  # per ticket, the owner's and the staff's each: a page stays readable, and neither silences the other
NOTES_LATELY = 30  # by one link in LATELY
LATELY = timedelta(hours=1)
MAX_PROPOSALS = 20  # per ticket, each of which is told to whoever comes
MAX_VISIT = timedelta(hours=12)
MAX_AHEAD = timedelta(days=62)
MAX_PLAN = timedelta(days=366)
SCORES = ("overall", "speed", "thoroughness", "manners")
HELD = frozenset({State.ASSIGNED, State.ACKNOWLEDGED, State.SCHEDULED})


Makes = Callable[[Ticket, Command, datetime, Policy], Made]


def note(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    if not photos_sent(ticket, command):
        words(command)
    notes = [
        e for e in ticket.events if e.kind == "noted" and (e.role is Role.OWNER) is (command.by.role is Role.OWNER)
    ]
    if len(notes) >= MAX_NOTES:
        raise Invalid("words", "too_many_notes", limit=MAX_NOTES)
    if sum((e.by, e.grant) == (command.by.id, command.by.grant) and e.at > at - LATELY for e in notes) >= NOTES_LATELY:
        raise Invalid("words", "too_many_lately", limit=NOTES_LATELY)
    return [("noted", {"photos": len(photos_sent(ticket, command))})]


def photos_sent(ticket: Ticket, command: Command) -> list[str]:
    """The photos that were sent, without those that turned out to be none."""
    return [photo for photo in command.said.get("photos", ()) if photo not in ticket.refused]


def assign(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    if not command.data.get("person"):
        raise Invalid("person", "required")
    data = {k: command.data[k] for k in ("team", "person", "rule", "instruction") if k in command.data}
    return [("assigned", {"team": "", **data})]


def decline(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    words(command)
    return [("declined", {"person": ticket.holder})]


def take_away(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    return [("taken_away", {"person": ticket.holder, "cause": command.data.get("cause", "")})]


def leave(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    """Somebody who was on it works here no more. `instead`: (level, who) is on duty where they answered for it."""
    person = str(command.data["person"])
    resumed: Made = [("resumed", {"quiet": True})] if ticket.holder == person and ticket.state is State.WAITING else []
    others = [(level, who) for level, who in command.data.get("instead", ()) if ticket.watchers.get(level) == person]
    made: Made = [("escalated", {"level": level, "cause": "left", "person": who}) for level, who in others]
    return [*resumed, ("left", {"person": person}), *made]


def acknowledge(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    """Also, in the same breath: that the owner was contacted (`contacted`: how), and windows."""
    made: Made = [("acknowledged", {})]
    if command.data.get("contacted") and not ticket.contacted:
        made.append(("contacted", {"how": str(command.data["contacted"])[:20]}))
    if command.data.get("windows"):
        made += offer(ticket, command, at, policy)
    return made


def parse_windows(raw: object, at: datetime) -> list[Window]:
    """Up to five windows, in the future, each ending after it starts and within two months. Raises Invalid."""
    windows = []
    if not isinstance(raw, (list, tuple)) or not raw:
        raise Invalid("windows", "required")
    if len(raw) > MAX_WINDOWS:
        raise Invalid("windows", "too_many", limit=MAX_WINDOWS)
    for pair in raw:
        try:
            start, end = (x if isinstance(x, datetime) else datetime.fromisoformat(str(x)) for x in pair)
        except (TypeError, ValueError):
            raise Invalid("windows", "no_time") from None
        if start.tzinfo is None or end.tzinfo is None:
            raise Invalid("windows", "no_time")
        if not start < end <= at + MAX_AHEAD or end <= at or end - start > MAX_VISIT:
            raise Invalid("windows", "window_out_of_range")
        windows.append(Window(start, end))
    return windows


def offer(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    windows = sorted(parse_windows(command.data.get("windows"), at), key=lambda w: (w.start, w.end))
    if any(window.start <= at for window in windows):
        raise Invalid("windows", "window_past")
    return [("windows_offered", stored(windows=windows))]


def choose(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    chosen = command.data.get("window")
    if command.by.role is Role.OWNER:
        window = _offered(ticket, chosen)
    elif chosen == "proposed":  # what the owner proposed, as the page showed it
        answers(ticket, command)
        if ticket.proposed is None:
            raise IllegalMove("changed_meanwhile")
        window = ticket.proposed
    else:  # agreed by telephone
        window = parse_windows([chosen], at)[0]
    begun = window.start if command.by.role is Role.OWNER else window.end
    if begun <= at:
        raise Invalid("window", "window_past")
    return [("window_chosen", stored(window=window))]


def _offered(ticket: Ticket, chosen: object) -> Window:
    """The window that was chosen, (start, end), if it is still offered. Raises Invalid, IllegalMove."""
    if chosen is None or chosen == "":
        raise Invalid("window", "required")
    try:
        start, end = (datetime.fromisoformat(str(x)) for x in chosen)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        raise IllegalMove("look_again") from None
    window = next((w for w in ticket.windows if [w.start, w.end] == [start, end]), None)
    if window is None:
        raise IllegalMove("changed_meanwhile")
    return window


def propose(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    window = parse_windows([command.data.get("window")], at)[0]
    if sum(e.kind == "window_proposed" for e in ticket.events) >= MAX_PROPOSALS:
        raise Invalid("day", "too_many", limit=MAX_PROPOSALS)
    return [("window_proposed", stored(window=window))]


def tick(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    done = _on_checklist(ticket, command, policy)
    return [("checklist_ticked", {"done": done, "undone": sorted(ticket.ticked - set(done))})]


def _on_checklist(ticket: Ticket, command: Command, policy: Policy) -> list[str]:
    """What was ticked of the category's checklist."""
    known = set(policy.categories[ticket.category].checklist) if ticket.category in policy.categories else set()
    return sorted(known & set(command.data.get("done", ())))


def complete(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    """With what was done, the photos after, and the checklist as it stands then: `done`, and what does not apply."""
    category = policy.categories.get(ticket.category)
    photos = len(photos_sent(ticket, command))
    if category and category.after_photo and not photos:
        raise Invalid("photos", "after_photo_refused" if command.said.get("photos") else "after_photo_needed")
    words(command)
    data: dict[str, Any] = {"photos": photos, "round": ticket.rounds}
    done = _on_checklist(ticket, command, policy) if "done" in command.data else sorted(ticket.ticked)
    without = _without(command, category.checklist, done) if category else []
    if category and not {*category.required} <= {*done, *without}:
        raise Invalid("checklist", "checklist_required")
    return [
        (
            "completed",
            data | ({"done": done} if "done" in command.data else {}) | ({"without": without} if without else {}),
        )
    ]


def _without(command: Command, checklist: Sequence[str], done: Sequence[str]) -> list[str]:
    """What does not apply, each with its reason in `why`: entry → a few words. Raises Invalid."""
    why = command.said.get("why", {})
    if not isinstance(why, Mapping):
        raise Invalid("checklist", "checklist_required")
    if any(len(str(reason)) > MAX_REASON for reason in why.values()):
        raise Invalid("checklist", "too_long", limit=MAX_REASON)
    return [entry for entry in checklist if str(why.get(entry, "")).strip() and entry not in done]


def set_priority(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    try:
        priority = Priority(command.data.get("priority", ""))
    except ValueError:
        raise Invalid("priority", "required") from None
    if priority is ticket.priority:
        return []
    if URGENCY.index(priority) > URGENCY.index(ticket.priority):
        return [("priority_changed", {"priority": priority.value})]
    words(command)  # whoever waits for it, or was to hurry, reads why not
    return [("priority_changed", {"priority": priority.value, "cause": "lowered"})]


def set_category(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    category = policy.categories.get(str(command.data.get("category", "")))
    if category is None:
        raise Invalid("category", "required")
    component = str(command.data.get("component", ""))
    if component and component not in category.components:
        raise Invalid("component", "unknown")
    if (category.name, component) == (ticket.category, ticket.component):
        return []
    changed = {"category": category.name, "component": component}
    if ticket.priority is Priority.EMERGENCY:  # what to do first is another thing then
        changed["priority"] = ticket.priority.value
    return [("category_changed", changed)]


def climb(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    """The owner asks for the next desk. `level`: the one that the page offered; nothing happens if it knows already."""
    level = command.data.get("level", ticket.level + 1)
    if not isinstance(level, int) or not 1 < level <= 3:
        raise Invalid("level", "required")
    if level > ticket.level + 1:
        raise IllegalMove("one_level_at_a_time")
    return [("escalated", {"level": level, "cause": "owner", "person": command.data.get("person", "")})] * (
        level > ticket.level
    )


def hand_back(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    words(command)
    return [("handed_back", {"from": ticket.level})]


def change_place(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    """Another place; in another project it is for other people, so whoever has it loses it."""
    place = command.data.get("place")
    if not isinstance(place, Mapping) or not place.get("project") or not place.get("subsidiary"):
        raise Invalid("place", "required")
    if dict(place) == dict(ticket.place):
        return []
    made: Made = [("place_changed", {"place": dict(place), "desk": desk_of(1, place)})]
    if place["project"] != ticket.place.get("project") and ticket.state in HELD:
        made.append(("taken_away", {"person": ticket.holder, "cause": "place_changed"}))
    return made


def propose_plan(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    """A repair plan with the completion that is promised for it (承诺完工时间)."""
    words(command)
    try:
        until = datetime.fromisoformat(str(command.data.get("until")))
    except ValueError:
        raise Invalid("until", "no_time") from None
    if until.tzinfo is None:
        raise Invalid("until", "no_time")
    if not at < until <= at + MAX_PLAN:
        raise Invalid("until", "out_of_range")
    return [("plan_proposed", stored(until=until))]


def agree_plan(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    """The owner agrees to the plan that was proposed last."""
    if ticket.plan_proposed is None:
        raise IllegalMove("no_plan")
    if ticket.plan_proposed <= at:
        raise Invalid("until", "plan_past")
    return [("plan_agreed", stored(until=ticket.plan_proposed))]


def refuse_plan(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    """The owner does not agree to the plan that was proposed last, and says why."""
    if ticket.plan_proposed is None:
        raise IllegalMove("no_plan")
    if not command.said.get("words"):
        raise Invalid("words", "required")
    return [("plan_refused", stored(until=ticket.plan_proposed))]
