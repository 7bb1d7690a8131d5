"""What services know of batches, for the mechanism of records.

outstanding   while it is opened or sealed: it is queued to be gone on with, by the stream's reader and by the sweep
told          who sealed it, once it is made; somebody of finance, where nobody takes it over or it is not made
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from chalicelib.adapters import exports
from chalicelib.domain.money.batch import BATCHES, FINANCE, Batch, desk_of
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.telling import Telling
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import Actor, Event
from chalicelib.domain.record.promise import Due
from chalicelib.language import batches as wording
from chalicelib.services import staffed
from chalicelib.services.access.access import NoAccess
from chalicelib.services.recent import Recent
from chalicelib.services.record.registry import RecordService, register
from chalicelib.services.ticket import dispatch
from chalicelib.store import batches, contracts, places
from chalicelib.store.grants import Grant
from chalicelib.store.places import GROUP
from chalicelib.store.table import Row, Write, iso

_entities: Recent[tuple[str, ...]] = Recent(seconds=60, most=1)


def entities() -> Sequence[str]:
    """The entities that have signed a contract in any project, in order. A query for every project."""

    def read() -> tuple[str, ...]:
        projects = [child.id for child in places.children(GROUP) if child.kind == "project"]
        return tuple(sorted({contract.entity for p in projects for contract in contracts.of_project(p).contracts}))

    return _entities.get("", read)


def forget() -> None:
    """Look anew which entities there are."""
    _entities.forget()


def _moment(due: Due, one: Batch, at: datetime) -> Command:
    person = dispatch.somebody(desk_of(one.entity), at)
    return staffed.moment(due, lambda hands: person, lambda level: person)


def _recipients(telling: Telling, event: Event, after: Batch, one: Batch, at: datetime) -> Iterable[str]:
    if telling.to == "sealer" and dispatch.is_active(one.by):
        return [one.by]
    person = str(event.data.get("person") or dispatch.somebody(desk_of(one.entity), at))
    return [person] if person else []


def _suits(telling: Telling, one: Batch) -> bool:
    """What waits for somebody, and what waits for the system, are told otherwise."""
    return telling.template not in ("batch_waits", "batch_stuck") or (telling.template == "batch_waits") is bool(
        one.files
    )


def _none(*_: Any) -> None:
    return None


_sms, _mail = staffed.posts(wording.TEXTS, wording.facts)


def _actor_on(grant: Grant, one: Batch) -> Actor:
    """Finance moves a batch through its own desk, and nobody by a link to one. Raises NoAccess."""
    raise NoAccess


def _desks() -> Sequence[str]:
    return [desk_of(entity) for entity in entities()]


def _opens(one: Batch, at: datetime) -> bool:
    """It is queued, to be gone on with. Raises NotQueued."""
    if one.outstanding:
        exports.enqueue(one.id)
    return False


def _joins(before: Any, after: Batch, events: Sequence[Event], numbers: Policy, head: Row) -> Sequence[Write]:
    """Its line in the list of its entity, from its number on."""
    if not after.number:
        return ()
    year, _, sequence = after.number.partition("-B-")[2].partition("-")
    about = {
        "n": after.number,
        "p": after.period,
        "s": after.state.value,
        "c": after.count,
        "f": after.fen,
        "b": after.by,
        "t": iso(after.sealed_at) if after.sealed_at else "",
    }
    if after.counters:
        about["r"] = after.counters
    return (batches.line(after.entity, int(year), int(sequence), after.id, about),)


register(
    RecordService(
        kind=BATCHES,
        moment=_moment,
        hands=lambda due: FINANCE,
        recipients=_recipients,
        recipient=staffed.recipient,
        link=_none,
        grants=_none,
        sms=_sms,
        mail=_mail,
        actor_on=_actor_on,
        path=lambda grant: "f",
        desks=_desks,
        opens=_opens,
        joins=_joins,
        suits=_suits,
        undelivered=staffed.undelivered,
    )
)
