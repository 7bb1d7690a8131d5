"""What each event changes of a ticket: a function a kind of event, which sets fields of the copy that is folded."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from chalicelib.domain.record.event import Event
from chalicelib.domain.record.roles import Role
from chalicelib.domain.ticket.folded import Ticket
from chalicelib.domain.ticket.liability import FOLDS, shares
from chalicelib.domain.ticket.trade import GATED, HOUSE, Data, Kind, Priority, State


def _reported(ticket: Ticket, event: Event) -> None:
    d = event.data
    ticket.number, ticket.kind, ticket.priority = d["number"], Kind(d["kind"]), Priority(d["priority"])
    ticket.category, ticket.component, ticket.place = d["category"], d.get("component", ""), d["place"]
    ticket.verified, ticket.reporter, ticket.desk = d.get("verified", False), d.get("reporter", "owner"), d["desk"]
    ticket.lang, ticket.reported_at = d.get("lang", "zh_CN"), event.at
    ticket.linked = tuple(d.get("linked", ()))
    ticket.by_system = event.role is Role.SYSTEM and ticket.kind is Kind.COMPLAINT
    ticket.of, ticket.why, ticket.missed = d.get("of", ""), d.get("cause", ""), d.get("clock", "")


def _assigned(ticket: Ticket, event: Event) -> None:
    ticket.team, ticket.holder, ticket.route_due, ticket.at_desk = (
        event.data["team"],
        event.data["person"],
        False,
        False,
    )
    if ticket.is_work:
        ticket.state = State.ASSIGNED
        ticket.windows, ticket.window, ticket.proposed = (), None, None


def _routed_to_desk(ticket: Ticket, event: Event) -> None:
    ticket.team, ticket.holder, ticket.route_due, ticket.at_desk = (
        event.data["team"],
        event.data.get("person", ""),
        False,
        True,
    )


def _declined(ticket: Ticket, event: Event) -> None:
    ticket.declined_by |= {event.data["person"]}
    ticket.state, ticket.holder, ticket.route_due = State.REPORTED, "", True


def _left(ticket: Ticket, event: Event) -> None:
    """Who worked here holds it no more. What is begun starts with somebody else; what is finished is nobody's until
    it comes back."""
    person = event.data["person"]
    ticket.watchers = {level: who for level, who in ticket.watchers.items() if who != person}
    if ticket.holder != person:
        return
    ticket.holder, ticket.at_desk = "", False
    if not ticket.is_work:
        ticket.route_due = True
    elif ticket.state not in (State.COMPLETED, State.SIGNED_OFF):
        ticket.state, ticket.route_due = State.REPORTED, True


def _taken_away(ticket: Ticket, event: Event) -> None:
    ticket.passed_over |= {event.data["person"]}
    ticket.state, ticket.holder, ticket.route_due = State.REPORTED, "", True
    if event.data.get("cause") in (HOUSE, GATED):  # a company has it no more
        ticket.team = ""


def _to(state: State) -> Callable[[Ticket, Event], None]:
    def change(ticket: Ticket, event: Event) -> None:
        ticket.state = state

    return change


def _contacted(ticket: Ticket, event: Event) -> None:
    ticket.contacted = True


def _acknowledged(ticket: Ticket, event: Event) -> None:
    ticket.state, ticket.passed_over = State.ACKNOWLEDGED, frozenset()


def _windows_offered(ticket: Ticket, event: Event) -> None:
    ticket.windows = Data(event.data).windows
    ticket.proposed = None


def _window_chosen(ticket: Ticket, event: Event) -> None:
    ticket.window = Data(event.data).window
    ticket.windows, ticket.proposed, ticket.state = (), None, State.SCHEDULED


def _window_proposed(ticket: Ticket, event: Event) -> None:
    """Who asks for another time has answered: what was offered is no choice any more."""
    ticket.proposed, ticket.windows = Data(event.data).window, ()


def _plan_proposed(ticket: Ticket, event: Event) -> None:
    ticket.plan_proposed = Data(event.data).until


def _plan_agreed(ticket: Ticket, event: Event) -> None:
    ticket.plan, ticket.plan_proposed = Data(event.data).until, None


def _plan_refused(ticket: Ticket, event: Event) -> None:
    ticket.plan_proposed = None


def _paused(ticket: Ticket, event: Event) -> None:
    ticket.before, ticket.state, ticket.pause_reason = ticket.state, State.WAITING, event.data["reason"]
    ticket.paused_at, ticket.until, ticket.asked_at = event.at, Data(event.data).until, None


def _wait_changed(ticket: Ticket, event: Event) -> None:
    ticket.until, ticket.asked_at = Data(event.data).until, None


def _resumption_asked(ticket: Ticket, event: Event) -> None:
    ticket.asked_at = event.at


def _resumed(ticket: Ticket, event: Event) -> None:
    ticket.state, ticket.pause_reason = ticket.before, ""
    ticket.paused_at = ticket.until = ticket.asked_at = None


def _ticked(ticket: Ticket, event: Event) -> None:
    ticket.ticked = (ticket.ticked | set(event.data.get("done", ()))) - set(event.data.get("undone", ()))


def _completed(ticket: Ticket, event: Event) -> None:
    ticket.state, ticket.photos_after = State.COMPLETED, event.data.get("photos", 0)
    ticket.ticked = frozenset(event.data.get("done", ticket.ticked))


def _signed(ticket: Ticket, event: Event) -> None:
    ticket.state, ticket.signed = State.SIGNED_OFF, True
    ticket.stars = event.data.get("stars", {})


def _reworked(ticket: Ticket, event: Event) -> None:
    ticket.state, ticket.rounds, ticket.signed, ticket.followed_up = State.ASSIGNED, ticket.rounds + 1, False, False
    ticket.windows, ticket.window, ticket.proposed, ticket.tries = (), None, None, ()
    ticket.plan_proposed = ticket.plan = None
    ticket.ticked = frozenset()
    if not ticket.holder:  # whoever did it works here no more
        ticket.state, ticket.route_due = State.REPORTED, True


def _followed_up(ticket: Ticket, event: Event) -> None:
    ticket.followed_up = event.data.get("fixed", True)  # refused, or not reached often enough: asked no more


def _not_reached(ticket: Ticket, event: Event) -> None:
    ticket.tries += (event.at,)


def _rated_low(ticket: Ticket, event: Event) -> None:
    ticket.why_asked = True


def _told_why(ticket: Ticket, event: Event) -> None:
    ticket.why_asked = False


def _rated(ticket: Ticket, event: Event) -> None:
    ticket.rated, ticket.scores = True, Data(event.data).scores


def _priority(ticket: Ticket, event: Event) -> None:
    ticket.priority = Priority(event.data["priority"])


def _category(ticket: Ticket, event: Event) -> None:
    ticket.category, ticket.component = event.data["category"], event.data.get("component", "")


def _moved(ticket: Ticket, event: Event) -> None:
    before, ticket.place, ticket.desk = ticket.place, event.data["place"], event.data["desk"]
    if ticket.place.get("project") != before.get("project") and ticket.state is State.REPORTED:
        ticket.team, ticket.holder, ticket.at_desk, ticket.route_due = "", "", False, True
    if ticket.place.get("subsidiary") != before.get("subsidiary"):
        ticket.watchers = {level: who for level, who in ticket.watchers.items() if level == 3}


def _recorded(ticket: Ticket, event: Event) -> None:
    ticket.recorded |= {event.data["moment"]}


def _reminded(ticket: Ticket, event: Event) -> None:
    _watched(ticket, event)
    _recorded(ticket, event)


def _watched(ticket: Ticket, event: Event) -> None:
    if event.data.get("person"):
        ticket.watchers = {**ticket.watchers, event.data["level"]: event.data["person"]}


def _escalated(ticket: Ticket, event: Event) -> None:
    ticket.level = max(ticket.level, event.data["level"])
    _watched(ticket, event)
    if "moment" in event.data:
        _recorded(ticket, event)
    if (
        event.data["level"] == 3
        and ticket.is_work
        and not any(x.kind == "linked" and _by_climbing(x) for x in ticket.events)
    ):
        ticket.complaint_due = True


def _by_climbing(event: Event) -> bool:
    return bool(event.data.get("cause") == "climbed")


def _handed_back(ticket: Ticket, event: Event) -> None:
    ticket.watchers = {k: v for k, v in ticket.watchers.items() if k < event.data["from"]}
    ticket.level = max(1, event.data["from"] - 1)


def _linked(ticket: Ticket, event: Event) -> None:
    ticket.linked += (event.data["ticket"],)
    if _by_climbing(event):
        ticket.complaint_due = False


def _joined(ticket: Ticket, event: Event) -> None:
    ticket.linked += (event.data["ticket"],)
    ticket.watchers = {**dict(event.data.get("watchers", ())), **ticket.watchers}
    ticket.level = max(ticket.level, event.data.get("level", 1))


def _merged(ticket: Ticket, event: Event) -> None:
    ticket.state, ticket.route_due, ticket.goes_on = State.MERGED, False, event.data.get("other", "")
    if event.data.get("into"):
        ticket.linked += (event.data["into"],)


def _relayed(ticket: Ticket, event: Event) -> None:
    """With a department, and with somebody there; older events name no person."""
    ticket.state, ticket.department = State.RELAYED, event.data.get("name", "")
    if event.data.get("person"):
        ticket.team, ticket.holder, ticket.route_due, ticket.at_desk = (
            event.data["team"],
            event.data["person"],
            False,
            False,
        )


def _dissatisfied(ticket: Ticket, event: Event) -> None:
    """Back to the department that had it; where none had, to whoever answers."""
    ticket.state = State.RELAYED if any(x.kind == "relayed" for x in ticket.events) else State.REPORTED


def _done(state: State) -> Callable[[Ticket, Event], None]:
    def change(ticket: Ticket, event: Event) -> None:
        ticket.state, ticket.route_due = state, False

    return change


def _message_failed(ticket: Ticket, event: Event) -> None:
    ticket.failed_messages += 1


def _case_opened(ticket: Ticket, event: Event) -> None:
    ticket.cases = {**ticket.cases, event.data["contract"]: event.data["case"]}


def _judged_anew(ticket: Ticket, event: Event) -> None:
    """By dates or by the office's word: whose contract bears nothing any more, their case is over."""
    FOLDS[event.kind](ticket, event)
    bearing = {share.contract for share in shares(ticket)}
    ticket.cases = {contract: case for contract, case in ticket.cases.items() if contract in bearing}


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
    "case_opened": _case_opened,
    **FOLDS,
    "verdict_given": _judged_anew,
    "verdict_decided": _judged_anew,
}


# Events that change nothing of the ticket itself: they are told, counted, or read by the clocks.
SILENT = frozenset({"noted", "refused", "satisfied", "deadline_changed", "schedule_corrected", "link_asked"})
