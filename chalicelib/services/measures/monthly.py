"""The report of a scope's month: its PDF and its workbook, made outside any request once the month is final.

ask       have it made; asking again is harmless
make      the files, then the record of it, by which the scope's managers are told
file      an address of one of the files, good for ten minutes

What owners wrote is not in them: it stands on the page, where it is gone once it is erased. Cut off anywhere it is made
again, with the same bytes under the same key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime

from chalicelib.adapters import objects, press, reporter
from chalicelib.adapters.archive import TYPES
from chalicelib.adapters.ids import ulid
from chalicelib.adapters.log import logger
from chalicelib.adapters.settings import settings
from chalicelib.domain.measures.monthly import PREFIX, REPORTS, Monthly
from chalicelib.domain.measures.scope import GROUP, scope_of, team_of
from chalicelib.domain.policy.measures import terms_of
from chalicelib.domain.policy.telling import Telling
from chalicelib.domain.record.event import SYSTEM, Actor, Event
from chalicelib.domain.record.number import spoken
from chalicelib.domain.record.reference import reference
from chalicelib.domain.record.roles import ROLES, Role
from chalicelib.language import actions as wording
from chalicelib.language import reports_monthly
from chalicelib.services import staffed
from chalicelib.services.access.access import NoAccess
from chalicelib.services.measures import tables
from chalicelib.services.record import record
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.services.record.registry import RecordService, register
from chalicelib.services.ticket import dispatch
from chalicelib.services.ticket.ended import beside
from chalicelib.store import actions, measures, places, portraits, tickets
from chalicelib.store.grants import Grant
from chalicelib.store.records import StaleRecord

MADE, KNOWN, NOT_FINAL = "made", "known", "not final"
ROOM = "reports/figures/"
LANG = "zh_CN"
BETWEEN = "/"
LEVELS = (GROUP, "subsidiary", "project")


def ask(scopes: Iterable[str], month: str) -> None:
    """Have the reports of scopes made. A queue that does not answer is asked again by whoever wants to read one."""
    for scope in scopes:
        if scope.partition("#")[0] not in LEVELS:
            continue
        try:
            press.ask({"report": f"{month}{BETWEEN}{scope}"})
        except press.NotQueued as fault:
            logger.warning("report not queued", extra={"scope": scope, "month": month, "fault": str(fault)})
            return


def named(scope: str, month: str) -> str:
    """The record of a scope's month."""
    begins = datetime.fromisoformat(f"{month}-01").replace(tzinfo=UTC)
    return reference(PREFIX, ulid(begins, hashlib.sha256(f"{scope}/{month}".encode()).digest()[:10]))


def find(scope: str, month: str) -> Monthly | None:
    """The report of a scope's month, if it is made. One call."""
    try:
        found: Monthly = record.load(named(scope, month))
    except record.NotFound:
        return None
    return found


def make(asked: str, at: datetime) -> str:
    """Make a report ("2026-03/project#P1"); which of the outcomes above. May run twice, and beside itself."""
    month, _, scope = asked.partition(BETWEEN)
    row = measures.month(scope, month)
    if row is None or not row.final:
        return NOT_FINAL
    if find(scope, month):
        return KNOWN
    numbers = policy_for(NOWHERE)
    months = [beside(month, -n) for n in range(13)]
    seen = portraits.screen(scope, months)
    acts, _more = actions.of_scope(scope)
    place = _place(scope)
    about = reports_monthly.About(place.get("label", ""), month, measures.final_at(row), numbers.zone)
    ids = [worst.ticket for worst in seen.portrait.worst]
    numbered = {entry.id: spoken(entry.said.number) for entry in tickets.several(ids) if entry.said}
    said = reports_monthly.said(about, seen.months, seen.portrait, seen.names, acts, terms_of(numbers), LANG)
    files = {
        "pdf": reporter.typeset(said, about.final, numbers.zone),
        "xlsx": tables.workbook(about, seen.months, seen.portrait, {**seen.names, **numbered}, acts, LANG),
    }
    keys = {ending: _kept(scope, month, ending, content) for ending, content in files.items()}
    facts = {"scope": scope, "place": dict(place), "month": month, **keys}
    event = Event(
        "issued", at.replace(microsecond=0), SYSTEM.id, SYSTEM.role, facts, channel="system", policy=numbers.version
    )
    try:
        record.begin(named(scope, month), [event])
    except StaleRecord:
        return KNOWN
    return MADE


def _kept(scope: str, month: str, ending: str, content: bytes) -> str:
    key = f"{ROOM}{scope.replace('#', '/')}/{month}/{hashlib.sha256(content).hexdigest()}.{ending}"
    objects.put_once(key, content, TYPES[ending], loose=False)
    return key


def _place(scope: str) -> dict[str, str]:
    kind, _, code = scope.partition("#")
    found = places.get(code) if code else None
    return {**found.as_fact(), kind: code, "label": found.name} if found else {}


def file(one: Monthly, ending: str) -> str:
    """An address of a file of the report, as a file with a name of its own."""
    key = one.pdf if ending == "pdf" else one.xlsx
    name = f"{one.scope.replace('#', '-')}-{one.month}.{ending}"
    return objects.presigned_file(settings().clean, key, f'attachment; filename="{name}"', "private, no-store")


# what the mechanism asks


def _recipients(telling: Telling, event: Event, after: Monthly, one: Monthly, at: datetime) -> Iterable[str]:
    return [staff.id for staff in dispatch.roster(team_of(one.scope)) if staff.person.active]


def _actor_on(grant: Grant, one: Monthly) -> Actor:
    """The managers of the scope. Raises NoAccess."""
    theirs = grant.kind == "ticket" and grant.record == one.id and scope_of(grant.team) == one.scope
    if not theirs or not dispatch.is_active(grant.holder, grant.team):
        raise NoAccess
    return Actor(grant.holder, Role.MANAGER, grant.id)


_link = staffed.link("month", lambda one, person: team_of(one.scope), _actor_on)


_sms, _mail = staffed.posts(wording.TEXTS, lambda one, lang: {})


def _moment(*_: object) -> object:
    raise LookupError("a report has no clock")


register(
    RecordService(
        kind=REPORTS,
        moment=_moment,  # type: ignore[arg-type]
        hands=staffed.hands,
        recipients=_recipients,
        recipient=staffed.recipient,
        link=_link,
        grants=_link,
        sms=_sms,
        mail=_mail,
        actor_on=_actor_on,
        path=lambda grant: ROLES[Role.MANAGER].home.strip("/"),
        desks=lambda: (),
        undelivered=staffed.undelivered,
    )
)
