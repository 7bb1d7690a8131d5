"""telling.toml: who is told what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from chalicelib.domain.policy.reading import strings
from chalicelib.domain.record.errors import PolicyError
from chalicelib.domain.ticket.ticket import CHANGES, SILENT, Event, Kind, Priority, Role

KEYS = {"event", "to", "template", "link", "by", "unless", "clocks", "hands", "bundle", "priorities"}
KEYS |= {"kinds", "causes", "but"}
GIVEN = ("assigned", "routed_to_desk")


class Handed(Protocol):
    """A clock, as the table of messages asks for it."""

    @property
    def hands(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the rows of a table may name: events (None: any), who is told, what is linked."""

    file: str
    events: frozenset[str] | None
    recipients: frozenset[str]
    links: frozenset[str]


TICKETS = Vocabulary(
    "telling.toml",
    frozenset(CHANGES) | SILENT,
    frozenset({"reporter", "stead", "expecting", "holder", "loser", "desk", "office", "level", "watchers"}),
    frozenset({"own", "ticket", "none"}),
)


@dataclass(frozen=True, slots=True)
class Telling:
    event: str
    to: str
    template: str
    link: str
    by: frozenset[str] = frozenset()
    unless: str = ""
    clocks: frozenset[str] = frozenset()  # only for these; none: for all
    bundle: timedelta = timedelta(0)  # for so long one message speaks for all
    priorities: frozenset[str] = frozenset()  # only where the event names one of these; none: always
    kinds: frozenset[str] = frozenset()  # only of these tickets; none: of all
    causes: frozenset[str] = frozenset()  # only for these
    but: frozenset[str] = frozenset()  # not for these clocks and causes: another row speaks of them
    rank: int = 0  # its row: of several for one person by one change, the first is sent

    def applies(self, event: Event) -> bool:
        """Whether the event is told at all."""
        if event.data.get("quiet") or (self.by and event.role.value not in self.by):
            return False
        if self.priorities and event.data.get("priority") not in self.priorities:
            return False
        if self.clocks and event.data.get("clock") not in self.clocks:
            return False
        if self.causes and event.data.get("cause") not in self.causes:
            return False
        if self.but & {event.data.get("clock"), event.data.get("cause")}:
            return False
        return not (self.unless and event.data.get("how") == self.unless)


def told_at(telling: Telling, events: Sequence[Event]) -> datetime | None:
    """When the last of the events is told; None where a message that waits already speaks for it.

    The first is told at once. Those that follow within `bundle` share one message at its end; who acted on the ticket,
    or was given it, has read them, and the next one is told at once again.
    """
    last, opened, waiting = events[-1], datetime.min.replace(tzinfo=UTC), False
    told: datetime | None = last.at
    for event in events:
        if event.kind != telling.event or not telling.applies(event):
            if event.role not in (Role.OWNER, Role.SYSTEM) or event.kind in GIVEN:
                opened, waiting = datetime.min.replace(tzinfo=UTC), False
            continue
        if waiting and event.at >= opened + telling.bundle:
            opened, waiting = opened + telling.bundle, False
        if event.at >= opened + telling.bundle:
            opened, told = event.at, event.at
        else:
            told, waiting = (None if waiting else opened + telling.bundle), True
    return told


def read_by_now(events: Sequence[Event]) -> bool:
    """Whether staff acted on the ticket among these events: what was told before has been seen."""
    return any(event.role not in (Role.OWNER, Role.SYSTEM) for event in events)


def read_tellings(
    file: Mapping[str, Any], clocks: Mapping[str, Handed], known: Vocabulary = TICKETS
) -> Mapping[str, tuple[Telling, ...]]:
    made: dict[str, tuple[Telling, ...]] = {}
    for i, row in enumerate(file.get("message", ())):
        where = f"{known.file}: message {i + 1}"
        unknown = set(row) - KEYS
        if unknown:
            raise PolicyError(f"{where}: unknown key {min(unknown)!r}")
        if not row.get("event") or (known.events is not None and row["event"] not in known.events):
            raise PolicyError(f"{where}: no event named {row.get('event')!r}")
        if row.get("to") not in known.recipients or row.get("link") not in known.links or not row.get("template"):
            raise PolicyError(f"{where}: to, link and template are needed, from the lists at the head of the file")
        by = frozenset(strings(row.get("by", []), f"{where}.by"))
        if strangers := by - {role.value for role in Role}:
            raise PolicyError(f"{where}: no role named {min(strangers)!r}")
        only = frozenset(strings(row.get("clocks", []), f"{where}.clocks"))
        if strangers := only - clocks.keys():
            raise PolicyError(f"{where}: no clock named {min(strangers)!r}")
        if hands := row.get("hands", ""):
            only |= {name for name, rule in clocks.items() if rule.hands == hands}
            if not only:
                raise PolicyError(f"{where}: no clock is in the hands of {hands!r}")
        kinds = frozenset(strings(row.get("kinds", []), f"{where}.kinds"))
        if strangers := kinds - {kind.value for kind in Kind}:
            raise PolicyError(f"{where}: no kind named {min(strangers)!r}")
        bundle = row.get("bundle", 0)
        if not isinstance(bundle, int) or not 0 <= bundle <= 24 * 60:
            raise PolicyError(f"{where}: bundle is in minutes, at most a day of them")
        priorities = frozenset(strings(row.get("priorities", []), f"{where}.priorities"))
        if strangers := priorities - {priority.value for priority in Priority}:
            raise PolicyError(f"{where}: no priority named {min(strangers)!r}")
        telling = Telling(
            row["event"],
            row["to"],
            row["template"],
            row["link"],
            by,
            row.get("unless", ""),
            only,
            timedelta(minutes=bundle),
            priorities,
            kinds,
            frozenset(strings(row.get("causes", []), f"{where}.causes")),
            frozenset(strings(row.get("but", []), f"{where}.but")),
            i,
        )
        made[telling.event] = (*made.get(telling.event, ()), telling)
    return made
