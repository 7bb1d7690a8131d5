"""Staff and the teams and desks they are on.

    item     pk             sk                what
    person   PERSON#<id>    PERSON            everything, with phone and e-mail
    member   TEAM#<team>    MEMBER#<person>   the same, under each team or desk, for routing: one query a team

A person works for one team or desk; which there are: `domain/record/roles.py`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from chalicelib.domain.ticket.routing import Person
from chalicelib.store.reading import each, one
from chalicelib.store.table import Row, compact, table


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who works here. `link`: generation of the person's own link; raising it kills the old one."""

    person: Person
    phone: str
    email: str
    lang: str = "zh_CN"
    link: int = 1

    @property
    def id(self) -> str:
        return self.person.id


def get(person_id: str) -> Staff | None:
    return one(table().get(f"PERSON#{person_id}", "PERSON"), _staff)


def several(ids: list[str]) -> dict[str, Staff]:
    rows = table().batch([(f"PERSON#{i}", "PERSON") for i in dict.fromkeys(ids) if i])
    return {staff.id: staff for staff in each(rows, _staff)}


def team(name: str) -> list[Staff]:
    """Who is on a team or desk, active or not."""
    return each(table().query(f"TEAM#{name}").rows, _staff)


def rows_of(staff: Staff) -> list[Row]:
    """The rows that keep a person."""
    p = staff.person
    body = compact(
        {
            "n": p.name,
            "t": p.team,
            "s": sorted(p.skills),
            "d": {str(day): list(hours) for day, hours in sorted(p.duty.items())},
            "z": p.tz,
            "a": p.active,
            "p": staff.phone,
            "e": staff.email,
            "l": staff.lang,
            "g": staff.link,
        }
    )
    return [
        {"pk": f"PERSON#{p.id}", "sk": "PERSON", "id": p.id, "body": body},
        {"pk": f"TEAM#{p.team}", "sk": f"MEMBER#{p.id}", "id": p.id, "body": body},
    ]


def _staff(row: Row) -> Staff:
    b = json.loads(row["body"])
    person = Person(
        id=row["id"],
        name=b["n"],
        team=b["t"],
        skills=frozenset(b["s"]),
        duty={int(day): (hours[0], hours[1]) for day, hours in b["d"].items()},
        tz=b["z"],
        active=b["a"],
    )
    return Staff(person, b["p"], b["e"], b["l"], b["g"])
