"""What a case hears of its tickets: judged, found, done, refused by the owner, accepted, ended otherwise.

The change of the ticket and what the case makes of it are written in one transaction. `heard` says which commands an
event of a ticket asks for; each is keyed by ticket and version, so that it counts once.

by           whose people did the work: contractor, third_party, house
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.letter import Cause
from chalicelib.domain.contractor.words import BEFORE_GATE, TWICE, State
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import SYSTEM, Event
from chalicelib.domain.record.making import Made
from chalicelib.domain.record.roles import company_of
from chalicelib.domain.ticket.liability import about, share_of
from chalicelib.domain.ticket.ticket import Ticket, fold

ACCEPTS = {"signed_off": "signed", "checked": "checked"}
ENDS = frozenset({"cancelled", "waived", "merged"})
FINDS = frozenset({"found", "appraised"})
BY_VERDICT = "verdict"
TERMS = "hear_terms"
LAST_ONLY = frozenset({"hear_finding", "hear_access", "hear_dispute", "hear_correction"})
CORRECTS = frozenset({"place_changed", "category_changed"})
JUDGES = frozenset({"verdict_given", "verdict_decided"})
RATES = frozenset({"priority_changed"})
OF_INTEREST = frozenset({"arrived", "completed", "reworked", "access_noted", "finding_disputed"})
OF_INTEREST |= {*FINDS, *JUDGES, *CORRECTS, *ACCEPTS, *ENDS, *RATES}


def heard(before: Ticket | None, after: Ticket, events: Sequence[Event], case: Case) -> Iterator[Command]:
    """The commands to a case that events of one of its tickets ask for. `before`: the ticket without them."""
    now = before or Ticket(after.id)
    for event in events:
        team, now = now.team, fold(after.id, [event], onto=now)
        command = _heard(now, team, event, case)
        if command:
            yield command


def heard_until_now(ticket: Ticket, case: Case) -> list[Command]:
    """What a ticket has come to, were it before the case stood for it: of findings and access what holds now.

    Each has the key under which it was heard, or would have been: it counts once.
    """
    found = [one for one in heard(None, ticket, ticket.events, case) if one.data.get("why") != BY_VERDICT]
    last = {one.name: i for i, one in enumerate(found)}
    return [
        one
        for i, one in enumerate(found)
        if (one.name not in LAST_ONLY or i == last[one.name])
        and (one.name != "hear_dispute" or i > last.get("hear_finding", -1))
    ]


def judged_by(ticket: Ticket, case: Case) -> str:
    """The clause by which the verdict lays the ticket as it is now on the case's contract; "" where it names none."""
    if ticket.verdict.get("about") != about(ticket):
        return ""
    return str(ticket.verdict.get("clause", "")) if ticket.verdict.get("contract") == case.contract else ""


def other_terms(ticket: Ticket, case: Case) -> bool:
    """Whether the case's first ticket has come to another clause or priority than the case goes by.

    Once it is inspected no verdict follows a correction: then its clause is the one about what it is now.
    """
    if ticket.id != case.ticket or not share_of(ticket, case.contract):
        return False
    corrected = ticket.finding and (ticket.category, ticket.component) != (case.category, case.component)
    return bool(corrected) or ticket.priority is not case.priority or judged_by(ticket, case) not in ("", case.clause)


def by_terms(ticket: Ticket, clause: str, stored: Mapping[str, Any]) -> Command:
    """The command that says by which clause and priority the ticket goes now. `stored`: the contract's times."""
    facts = {"clause": clause, "priority": ticket.priority.value, "terms": dict(stored)}
    return _command(TERMS, facts, ticket)


def _heard(ticket: Ticket, team: str, event: Event, case: Case) -> Command | None:
    facts: dict[str, Any] = {"ticket": ticket.id}
    if event.kind == "arrived":
        return _command("hear_visit", facts | {"by": whose(team, case), "person": event.by}, ticket)
    if event.kind == "completed":
        return _command("hear_done", facts | {"by": whose(team, case), "person": event.by}, ticket)
    if event.kind == "reworked":
        return _command("hear_refusal", facts, ticket)
    if event.kind in ACCEPTS:
        return _command("hear_acceptance", facts | {"by": event.by, "how": ACCEPTS[event.kind]}, ticket)
    if event.kind in ENDS:
        return _command("hear_end", facts | {"why": event.kind}, ticket)
    if event.kind in FINDS:
        facts |= {"finder": event.by, "share": share_of(ticket, case.contract)}
        return _command("hear_finding", facts, ticket)
    if event.kind == "finding_disputed":
        return _command("hear_dispute", facts, ticket)
    if event.kind == "access_noted":
        named = {k: event.data[k] for k in ("what", "side", "reason") if k in event.data}
        barred = {"barred": True} if ticket.access == "barred" else {}
        return _command("hear_access", facts | named | barred, ticket)
    if event.kind in CORRECTS and ticket.id == case.ticket:
        now = {"place": dict(ticket.place), "category": ticket.category, "component": ticket.component}
        return _command("hear_correction", facts | now, ticket)
    if event.kind in JUDGES and not ticket.finding and not share_of(ticket, case.contract):
        return _command("hear_end", facts | {"why": BY_VERDICT}, ticket)
    return None


def _command(name: str, facts: dict[str, Any], ticket: Ticket) -> Command:
    version = f"{ticket.id}/{ticket.version}"
    return Command(name, SYSTEM, facts, key=f"{version}/{name}", cause=version)


def whose(team: str, case: Case) -> str:
    """Whose people a team's are, as the case sees them."""
    company = company_of(team)
    if company and company == case.company:
        return "contractor"
    return "third_party" if company else "house"


# what each makes


def visit(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    return [("visited", _facts(command, "ticket", "by", "person"))]


def done(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    if command.data["ticket"] not in case.tickets:
        return []
    made: Made = [("work_done", _facts(command, "ticket", "by", "person"))]
    if set(case.unfinished) <= {command.data["ticket"]}:
        if case.state is State.ENGAGED:
            made.append(("done", {}))
        elif case.state in BEFORE_GATE and case.state is not State.CURED:
            made.append(("cured", {}))
    return made


def refusal(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    """The owner does not accept the work, were it after signing. Twice by the contractor: the cure is missed."""
    ticket = command.data["ticket"]
    if ticket not in case.done:
        return []
    engaged = {"third_party": True} if case.job else {}
    made: Made = [("work_refused", {"ticket": ticket, "by": case.done[ticket], **engaged})]
    if not case.is_open:
        made.append(("reopened", engaged))
    failures = case.failures + (case.done[ticket] == "contractor")
    if failures >= TWICE and case.cause is None:
        made.append(("missed", {"cause": Cause.FAILED.value}))
    return made


def acceptance(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    """Accepted by the owner's signature or a check; the whole, once all is. What a third party did, nobody who found
    or engaged accepts."""
    ticket = command.data["ticket"]
    if ticket not in case.tickets or ticket in case.accepted:
        return []
    made: Made = [("work_accepted", _facts(command, "ticket", "by", "how"))]
    if set(case.tickets) <= case.accepted | {ticket}:
        made += whole(case, "" if command.data["how"] == "signed" else str(command.data["by"]))
    return made


def whole(case: Case, accepter: str) -> Made:
    """What follows when all work is accepted, by the owner ("") or somebody of the house."""
    if case.job is None:
        return [("accepted", {})]
    if accepter and accepter in case.finders | case.engagers:
        return []  # the case goes on until somebody else accepts
    return [("accepted", {"third_party": True} | ({"by": accepter} if accepter else {}))]


def ended(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    """A ticket that ended otherwise leaves the case."""
    ticket = command.data["ticket"]
    if ticket not in case.tickets:
        return []
    judged = {"cause": BY_VERDICT} if command.data["why"] == BY_VERDICT else {}
    made: Made = [("left_out", _facts(command, "ticket", "why") | judged)]
    rest = set(case.tickets) - {ticket}
    if rest and rest <= case.accepted:
        made += whole(case, "")
    elif rest and rest <= set(case.done) and case.state in BEFORE_GATE and case.state is not State.CURED:
        made.append(("cured", {}))
    elif rest and rest <= set(case.done) and case.state is State.ENGAGED:
        made.append(("done", {}))
    return made


def access(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    """The owner's door: offered, refused, given; the contractor hears of it."""
    return [("access", _facts(command, "ticket", "what", "side", "reason", "barred"))]


def correction(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    """Where and what it is, as it stands on the case's first ticket now: for lists and letters to come."""
    wanted = _facts(command, "place", "category", "component")
    known = {"place": dict(case.place), "category": case.category, "component": case.component}
    return [("corrected", wanted)] if wanted != known else []


def terms(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    """Another clause, or another priority: the contract's times are others from now on. See `clocks.py`."""
    wanted = _facts(command, "clause", "priority", "terms")
    known = {"clause": case.clause, "priority": case.priority.value, "terms": case.terms.stored()}
    if wanted == known:
        return []
    what = "clause" if wanted["clause"] != case.clause else "priority"
    return [("terms_changed", {"what": what, **wanted})]


def dispute(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    """What was found is in dispute: it carries nothing until an appraisal says so."""
    return [("finding_disputed", _facts(command, "ticket"))] if command.data["ticket"] in case.findings else []


def finding(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    """An inspection's result; one that lays nothing on the contractor for any ticket lets him go, before the gate."""
    ticket, share = command.data["ticket"], int(command.data["share"])
    if ticket not in case.tickets:
        return []
    made: Made = [("found", _facts(command, "ticket", "finder", "share"))]
    others = [case.findings[one].share if one in case.findings else 1 for one in case.tickets if one != ticket]
    if not share and not any(others) and case.state in BEFORE_GATE and case.stop is None:
        made.append(("released_from", {"reason": "finding"}))
    return made


def _facts(command: Command, *keys: str) -> dict[str, Any]:
    return {k: command.data[k] for k in keys if k in command.data}
