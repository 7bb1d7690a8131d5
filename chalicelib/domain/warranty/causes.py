"""What a fault may come from, by component, and who usually bears it: the list that a finding chooses from.

A cause without components is one everywhere. Its `party` is only proposed: whoever inspects says who bears it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.record.errors import PolicyError
from chalicelib.domain.ticket.liability import PARTIES


@dataclass(frozen=True, slots=True)
class Cause:
    name: str
    party: str
    components: frozenset[str] = frozenset()


def causes_of(causes: Mapping[str, Cause], category: str, component: str) -> list[Cause]:
    """What it may come from: the component's own first. Of a category alone, what any of its components may have."""
    named = f"{category}/{component}"
    own = [
        cause
        for cause in causes.values()
        if named in cause.components or (not component and any(one.startswith(named) for one in cause.components))
    ]
    return own + [cause for cause in causes.values() if not cause.components]


def read_causes(file: Mapping[str, Any], known: frozenset[str]) -> Mapping[str, Cause]:
    """The table `cause` of warranty.toml. `known`: every category/component there is. Raises PolicyError."""
    made = {name: _cause(name, row, known) for name, row in file.get("cause", {}).items()}
    if not any(not cause.components for cause in made.values()):
        raise PolicyError("warranty.toml: cause: one that is so everywhere is needed")
    termed = {one for row in file.get("term", {}).values() for one in row.get("components", ())}
    if lacking := termed - {one for cause in made.values() for one in cause.components}:
        raise PolicyError(f"warranty.toml: cause: {min(lacking)!r} has a term and no cause of its own")
    return made


def _cause(name: str, row: Any, known: frozenset[str]) -> Cause:
    where = f"warranty.toml: cause.{name}"
    if not isinstance(row, Mapping) or row.get("party") not in PARTIES:
        raise PolicyError(f"{where}.party: one of {', '.join(PARTIES)} is needed")
    if unknown := set(row) - {"party", "components"}:
        raise PolicyError(f"{where}: unknown key {min(unknown)!r}")
    components = row.get("components", [])
    if not isinstance(components, list) or not all(isinstance(one, str) for one in components):
        raise PolicyError(f"{where}.components: a list of category/component is needed")
    if strangers := set(components) - known:
        raise PolicyError(f"{where}.components: no component named {min(strangers)!r}")
    return Cause(name, row["party"], frozenset(components))
