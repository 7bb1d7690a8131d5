"""A place by what somebody types, and what lies in one, floor by floor: the same for the owner's form and the desk.

Down the tree by the numbers of the names; a level that is not spoken of is passed over where that can mean one thing
only, or a few: an only building, the entrances of one. Bounded: so many queries at most, whatever is typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from chalicelib.domain.register import spelling
from chalicelib.domain.register.spelling import Step
from chalicelib.store import places
from chalicelib.store.places import Child, Place

QUERIES = 30
PROJECTS = 12  # that are looked through where none is named
MOST = 24  # places that are worth showing
LEVELS = ("building", "entrance", "unit")
STEPS_OF = ("project", *LEVELS)


@dataclass(frozen=True, slots=True)
class Hit:
    id: str
    kind: str
    label: str


@dataclass(slots=True)
class _Look:
    """Children as they are asked for, each once, and not without end."""

    left: int = QUERIES
    seen: dict[str, list[Child]] = field(default_factory=dict)

    def into(self, place: str) -> list[Child]:
        if place not in self.seen and self.left > 0:
            self.left -= 1
            self.seen[place] = places.children(place)
        return self.seen.get(place, [])


def seek(text: str, projects: Sequence[Child], within: str = "") -> list[Hit]:
    """The places that a text (folded) may mean, the likeliest reading first; none where it means none.

    `within`: the project to look in where the text names none. Where only a part is known, that part: 3-2-9999 is 3-2.
    """
    named = [(p, rest) for p in projects if (rest := spelling.named_first(text, p.name, p.initials)) is not None]
    at_hand = named or [(p, text) for p in projects if p.id == within or len(projects) == 1]
    wanted = at_hand or [(p, text) for p in projects[:PROJECTS]]
    look = _Look()
    tried = [(Hit(p.id, "project", p.name), spelling.steps(rest)) for p, rest in wanted]
    for short in range(spelling.MOST):
        found = [
            hit
            for root, steps in tried
            if len(steps) > short
            for hit in _below(root, steps[: len(steps) - short], look)
        ]
        if found:
            return found[:MOST]
    return [root for (root, _) in tried][:MOST] if named else []


def _below(here: Hit, steps: Sequence[Step], look: _Look) -> list[Hit]:
    if not steps:
        return [here]
    step, rest = steps[0], steps[1:]
    children = look.into(here.id)
    if step.kind == "floor":
        rooms = [c for c in children if c.kind == "unit" and spelling.floor(c.name) == step.number]
        if rooms:
            return [_hit(here, c) for c in rooms]
    else:
        fitting = [c for c in children if spelling.fits(c.name, step) and (not step.kind or c.kind == step.kind)]
        main = [c for c in fitting if c.kind in LEVELS]
        found = [hit for c in main or fitting for hit in _below(_hit(here, c), rest, look)]
        if found or step.kind == "building":
            return found
    levels = [c for c in children if c.kind in ("building", "entrance")]
    passed = levels if len(levels) == 1 or all(c.kind == "entrance" for c in levels) else []
    return [hit for c in passed for hit in _below(_hit(here, c), steps, look)]


def _hit(here: Hit, child: Child) -> Hit:
    return Hit(child.id, child.kind, f"{here.label} {child.name}".strip())


def by_floor(children: Sequence[Child]) -> list[tuple[str, list[Child]]]:
    """What lies in a place, in rows: a row a floor where rooms tell it, else one row without a name."""
    rooms = spelling.floors([c.name for c in children]) if all(c.kind == "unit" for c in children) else {}
    if not rooms:
        return [("", list(children))]
    return [(floor, [children[i] for i in at]) for floor, at in rooms.items()]


def trail(place: Place) -> list[Hit]:
    """The places above one that can be chosen from, outermost first. One call, none for a project."""
    ids = [place.above[kind] for kind in STEPS_OF if place.above.get(kind) and kind != place.kind]
    found = places.several(ids) if ids else {}
    return [Hit(i, found[i].kind, found[i].name) for i in ids if i in found]
