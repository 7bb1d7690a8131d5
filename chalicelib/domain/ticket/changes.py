"""What each event changes of a ticket: a function a kind of event, which sets fields of the copy that is folded."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from chalicelib.domain.record.event import Event
from chalicelib.domain.record.roles import Role
from chalicelib.domain.ticket.folded import Ticket
from chalicelib.domain.ticket.trade import Data, Kind, Priority, State


def _reported(t: Ticket, e: Event) -> None:
    d = e.data
    t.number, t.kind, t.priority = d["number"], Kind(d["kind"]), Priority(d["priority"])
    t.category, t.component, t.place = d["category"], d.get("component", ""), d["place"]
    t.verified, t.reporter, t.desk = d.get("verified", False), d.get("reporter", "owner"), d["desk"]
    t.lang, t.reported_at = d.get("lang", "zh_CN"), e.at
    t.linked = tuple(d.get("linked", ()))
    t.by_system = e.role is Role.SYSTEM and t.kind is Kind.COMPLAINT
    t.of, t.why, t.missed = d.get("of", ""), d.get("cause", ""), d.get("clock", "")


def _assigned(t: Ticket, e: Event) -> None:
    t.team, t.holder, t.route_due, t.at_desk = e.data["team"], e.data["person"], False, False
    if t.is_work:
        t.state = State.ASSIGNED
        t.windows, t.window, t.proposed = (), None, None


def _routed_to_desk(t: Ticket, e: Event) -> None:
    t.team, t.holder, t.route_due, t.at_desk = e.data["team"], e.data.get("person", ""), False, True


def _declined(t: Ticket, e: Event) -> None:
    t.declined_by |= {e.data["person"]}
    t.state, t.holder, t.route_due = State.REPORTED, "", True


def _left(t: Ticket, e: Event) -> None:
    """Who worked here holds it no more. What is begun starts with somebody else; what is finished is nobody's until
    it comes back."""
    person = e.data["person"]
    t.watchers = {level: who for level, who in t.watchers.items() if who != person}
    if t.holder != person:
        return
    t.holder, t.at_desk = "", False
    if not t.is_work:
        t.route_due = True
    elif t.state not in (State.COMPLETED, State.SIGNED_OFF):
        t.state, t.route_due = State.REPORTED, True


def _taken_away(t: Ticket, e: Event) -> None:
    t.passed_over |= {e.data["person"]}
    t.state, t.holder, t.route_due = State.REPORTED, "", True


def _to(state: State) -> Callable[[Ticket, Event], None]:
    def change(t: Ticket, e: Event) -> None:
        t.state = state

    return change


def _contacted(t: Ticket, e: Event) -> None:
    t.contacted = True


def _acknowledged(t: Ticket, e: Event) -> None:
    t.state, t.passed_over = State.ACKNOWLEDGED, frozenset()


def _windows_offered(t: Ticket, e: Event) -> None:
    t.windows = Data(e.data).windows
    t.proposed = None


def _window_chosen(t: Ticket, e: Event) -> None:
    t.window = Data(e.data).window
    t.windows, t.proposed, t.state = (), None, State.SCHEDULED


def _window_proposed(t: Ticket, e: Event) -> None:
    """Who asks for another time has answered: what was offered is no choice any more."""
    t.proposed, t.windows = Data(e.data).window, ()


def _plan_proposed(t: Ticket, e: Event) -> None:
    t.plan_proposed = Data(e.data).until


def _plan_agreed(t: Ticket, e: Event) -> None:
    t.plan, t.plan_proposed = Data(e.data).until, None


def _plan_refused(t: Ticket, e: Event) -> None:
    t.plan_proposed = None


def _paused(t: Ticket, e: Event) -> None:
    t.before, t.state, t.pause_reason = t.state, State.WAITING, e.data["reason"]
    t.paused_at, t.until, t.asked_at = e.at, Data(e.data).until, None


def _wait_changed(t: Ticket, e: Event) -> None:
    t.until, t.asked_at = Data(e.data).until, None


def _resumption_asked(t: Ticket, e: Event) -> None:
    t.asked_at = e.at


def _resumed(t: Ticket, e: Event) -> None:
    t.state, t.pause_reason = t.before, ""
    t.paused_at = t.until = t.asked_at = None


def _ticked(t: Ticket, e: Event) -> None:
    t.ticked = (t.ticked | set(e.data.get("done", ()))) - set(e.data.get("undone", ()))


def _completed(t: Ticket, e: Event) -> None:
    t.state, t.photos_after = State.COMPLETED, e.data.get("photos", 0)
    t.ticked = frozenset(e.data.get("done", t.ticked))


def _signed(t: Ticket, e: Event) -> None:
    t.state, t.signed = State.SIGNED_OFF, True


def _reworked(t: Ticket, e: Event) -> None:
    t.state, t.rounds, t.signed, t.followed_up = State.ASSIGNED, t.rounds + 1, False, False
    t.windows, t.window, t.proposed, t.tries = (), None, None, ()
    t.plan_proposed = t.plan = None
    t.ticked = frozenset()
    if not t.holder:  # whoever did it works here no more
        t.state, t.route_due = State.REPORTED, True


def _followed_up(t: Ticket, e: Event) -> None:
    t.followed_up = e.data.get("fixed", True)  # refused, or not reached often enough: asked no more


def _not_reached(t: Ticket, e: Event) -> None:
    t.tries += (e.at,)


def _rated_low(t: Ticket, e: Event) -> None:
    t.why_asked = True


def _told_why(t: Ticket, e: Event) -> None:
    t.why_asked = False


def _rated(t: Ticket, e: Event) -> None:
    t.rated, t.scores = True, Data(e.data).scores


def _priority(t: Ticket, e: Event) -> None:
    t.priority = Priority(e.data["priority"])


def _category(t: Ticket, e: Event) -> None:
    t.category, t.component = e.data["category"], e.data.get("component", "")


def _moved(t: Ticket, e: Event) -> None:
    before, t.place, t.desk = t.place, e.data["place"], e.data["desk"]
    if t.place.get("project") != before.get("project") and t.state is State.REPORTED:
        t.team, t.holder, t.at_desk, t.route_due = "", "", False, True
    if t.place.get("subsidiary") != before.get("subsidiary"):
        t.watchers = {level: who for level, who in t.watchers.items() if level == 3}


def _recorded(t: Ticket, e: Event) -> None:
    t.recorded |= {e.data["moment"]}


def _reminded(t: Ticket, e: Event) -> None:
    _watched(t, e)
    _recorded(t, e)


def _watched(t: Ticket, e: Event) -> None:
    if e.data.get("person"):
        t.watchers = {**t.watchers, e.data["level"]: e.data["person"]}


def _escalated(t: Ticket, e: Event) -> None:
    t.level = max(t.level, e.data["level"])
    _watched(t, e)
    if "moment" in e.data:
        _recorded(t, e)
    if e.data["level"] == 3 and t.is_work and not any(x.kind == "linked" and _by_climbing(x) for x in t.events):
        t.complaint_due = True


def _by_climbing(e: Event) -> bool:
    return bool(e.data.get("cause") == "climbed")


def _handed_back(t: Ticket, e: Event) -> None:
    t.watchers = {k: v for k, v in t.watchers.items() if k < e.data["from"]}
    t.level = max(1, e.data["from"] - 1)


def _linked(t: Ticket, e: Event) -> None:
    t.linked += (e.data["ticket"],)
    if _by_climbing(e):
        t.complaint_due = False


def _joined(t: Ticket, e: Event) -> None:
    t.linked += (e.data["ticket"],)
    t.watchers = {**dict(e.data.get("watchers", ())), **t.watchers}
    t.level = max(t.level, e.data.get("level", 1))


def _merged(t: Ticket, e: Event) -> None:
    t.state, t.route_due, t.goes_on = State.MERGED, False, e.data.get("other", "")
    if e.data.get("into"):
        t.linked += (e.data["into"],)


def _relayed(t: Ticket, e: Event) -> None:
    """With a department, and with somebody there; older events name no person."""
    t.state, t.department = State.RELAYED, e.data.get("name", "")
    if e.data.get("person"):
        t.team, t.holder, t.route_due, t.at_desk = e.data["team"], e.data["person"], False, False


def _dissatisfied(t: Ticket, e: Event) -> None:
    """Back to the department that had it; where none had, to whoever answers."""
    t.state = State.RELAYED if any(x.kind == "relayed" for x in t.events) else State.REPORTED


def _done(state: State) -> Callable[[Ticket, Event], None]:
    def change(t: Ticket, e: Event) -> None:
        t.state, t.route_due = state, False

    return change


def _message_failed(t: Ticket, e: Event) -> None:
    t.failed_messages += 1


CHANGES: Mapping[str, Callable[[Ticket, Event], None]] = {
    "reported": _reported,
    "assigned": _assigned,
    "routed_to_desk": _routed_to_desk,
    "declined": _declined,
    "left": _left,
    "taken_away": _taken_away,
    "contacted": _contacted,
    "acknowledged": _acknowledged,
    "windows_offered": _windows_offered,
    "window_chosen": _window_chosen,
    "window_proposed": _window_proposed,
    "plan_proposed": _plan_proposed,
    "plan_agreed": _plan_agreed,
    "plan_refused": _plan_refused,
    "arrived": _to(State.ON_SITE),
    "paused": _paused,
    "wait_changed": _wait_changed,
    "resumption_asked": _resumption_asked,
    "resumed": _resumed,
    "checklist_ticked": _ticked,
    "completed": _completed,
    "signed_off": _signed,
    "checked": _signed,
    "reworked": _reworked,
    "followed_up": _followed_up,
    "not_reached": _not_reached,
    "rated": _rated,
    "rated_low": _rated_low,
    "told_why": _told_why,
    "priority_changed": _priority,
    "category_changed": _category,
    "place_changed": _moved,
    "warned": _recorded,
    "breached": _recorded,
    "reminded": _reminded,
    "escalated": _escalated,
    "handed_back": _handed_back,
    "linked": _linked,
    "relayed": _relayed,
    "answered": _to(State.ANSWERED),
    "result_written": _to(State.RESULT_WRITTEN),
    "dissatisfied": _dissatisfied,
    "closed": _done(State.CLOSED),
    "cancelled": _done(State.CANCELLED),
    "waived": _done(State.WAIVED),
    "merged": _merged,
    "joined": _joined,
    "message_failed": _message_failed,
}


# Events that change nothing of the ticket itself: they are told, counted, or read by the clocks.
SILENT = frozenset({"noted", "refused", "satisfied", "deadline_changed", "schedule_corrected", "link_asked"})
