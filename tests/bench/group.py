"""A group to bench with: one project, a unit with three residents, two teams of four, desks of two, as the demo has."""

from __future__ import annotations

from typing import Any

PROJECT, UNIT, PHONE = "YSY", "YSY-03-2-1001", "13800000001"
DUTY = dict.fromkeys(range(7), (0, 1440))
TEAMS = {
    f"{PROJECT}/desk": (2, frozenset[str]()),
    f"{PROJECT}/building": (4, frozenset({"waterproofing", "carpentry", "masonry"})),
    f"{PROJECT}/engineering": (4, frozenset({"plumbing", "electrical", "gas", "lift", "hvac"})),
    "S1/desk2": (2, frozenset[str]()),
    "group/hotline": (2, frozenset[str]()),
}


def rows() -> list[dict[str, Any]]:
    """Every row of places and people, as the loader writes them."""
    from chalicelib.domain.ticket.routing import Person
    from chalicelib.services.access import access
    from chalicelib.store.people import Staff, rows_of
    from chalicelib.store.places import Place, Resident, put_place, put_resident

    above = {"subsidiary": "S1", "project": PROJECT, "phase": "YSY-1", "building": "YSY-03", "entrance": "YSY-03-2"}
    made = put_place(Place("S1", "subsidiary", "华东公司", "GROUP", "华东公司", {}))
    made += put_place(Place(PROJECT, "project", "云杉苑", "S1", "云杉苑", {"subsidiary": "S1"}))
    made += put_place(
        Place("YSY-03", "building", "3栋", PROJECT, "云杉苑 3栋", {"subsidiary": "S1", "project": PROJECT})
    )
    made += put_place(
        Place("YSY-03-2", "entrance", "2单元", "YSY-03", "云杉苑 3栋 2单元", {k: above[k] for k in list(above)[:4]})
    )
    facts = {"handover": "2024-06-30", "accepted": "2024-03-31", "stage": "settled"}
    made += put_place(Place(UNIT, "unit", "1001", "YSY-03-2", "云杉苑 3栋 2单元 1001", above, facts))
    for i, (role, name) in enumerate((("owner", "张示例"), ("family", "李示例"), ("tenant", "王示例"))):
        phone = str(int(PHONE) + i)
        resident = Resident(f"r{i}", UNIT, role, name, phone, f"r{i}@example.invalid")
        made += put_resident(resident, access.hidden("phone", phone))
    for team, (size, skills) in TEAMS.items():
        for i in range(size):
            person_id = f"{team.replace('/', '-')}-{i + 1}"
            person = Person(person_id, f"示例{i + 1}", team, skills, DUTY)
            made += rows_of(Staff(person, f"1390000{len(made):04d}", f"{person_id}@example.invalid"))
    return made
