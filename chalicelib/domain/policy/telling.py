"""telling.toml: who is told what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.policy.clocks import ClockRule
from chalicelib.domain.policy.reading import strings
from chalicelib.domain.record.errors import PolicyError
from chalicelib.domain.ticket.ticket import CHANGES, SILENT, Role

RECIPIENTS = ("reporter", "holder", "desk", "level", "watchers")
LINKS = ("own", "ticket", "none")


@dataclass(frozen=True, slots=True)
class Telling:
    event: str
    to: str
    template: str
    link: str
    by: frozenset[str] = frozenset()
    unless: str = ""
    clocks: frozenset[str] = frozenset()  # only for these; none: for all


def read_tellings(file: Mapping[str, Any], clocks: Mapping[str, ClockRule]) -> Mapping[str, tuple[Telling, ...]]:
    made: dict[str, tuple[Telling, ...]] = {}
    for i, row in enumerate(file.get("message", ())):
        where = f"telling.toml: message {i + 1}"
        unknown = set(row) - {"event", "to", "template", "link", "by", "unless", "clocks", "hands"}
        if unknown:
            raise PolicyError(f"{where}: unknown key {min(unknown)!r}")
        if row.get("event") not in CHANGES and row.get("event") not in SILENT:
            raise PolicyError(f"{where}: no event named {row.get('event')!r}")
        if row.get("to") not in RECIPIENTS or row.get("link") not in LINKS or not row.get("template"):
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
        telling = Telling(row["event"], row["to"], row["template"], row["link"], by, row.get("unless", ""), only)
        made[telling.event] = (*made.get(telling.event, ()), telling)
    return made
