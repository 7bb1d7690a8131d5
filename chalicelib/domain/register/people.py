"""The sheets of people and rules: residents, staff, holidays, overrides, what was measured before."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from chalicelib.domain.measures.rollout import ENTERED, INDUSTRY, TRAINED, Entry
from chalicelib.domain.policy.overrides import Override
from chalicelib.domain.record import roles
from chalicelib.domain.register.labels import TEAMS
from chalicelib.domain.register.reader import Reader, Values
from chalicelib.domain.register.rows import Adjusted, Employed, Holidays, Household, Lodger, Measured, Record
from chalicelib.domain.ticket.routing import Person

MOST_IN_UNIT = 20


def records(reader: Reader) -> Iterator[Record]:
    """Staff first: the desks must be there before anybody is told of them."""
    yield from _staff(reader)
    yield from _residents(reader)
    yield from _holidays(reader)
    yield from _overrides(reader)
    yield from _baselines(reader)


@dataclass(slots=True)
class _Home:
    row: int
    lodgers: list[Lodger] = field(default_factory=list)


def _residents(reader: Reader) -> Iterator[Household]:
    """By unit, since who is not listed for a unit that is has moved out."""
    homes: dict[str, _Home] = {}
    unknown: set[str] = set()
    for row, values, sound in reader.lines("residents"):
        unit = values["unit"]
        if unit and not _is_unit(reader, unit, row, unknown):
            continue
        if not sound:
            continue
        home = homes.setdefault(unit, _Home(row))
        if values["active"] is False or not reader.reaches(values["phone"], "residents", row):
            continue
        if any(lodger.phone == values["phone"] for lodger in home.lodgers):
            reader.fault("residents", row, "phone", "resident_twice")
        elif len(home.lodgers) == MOST_IN_UNIT:
            reader.fault("residents", row, "unit", "too_many_residents", limit=MOST_IN_UNIT)
        else:
            home.lodgers.append(_lodger(values))
    for unit, home in homes.items():
        yield Household(unit, tuple(home.lodgers))


def _is_unit(reader: Reader, code: str, row: int, unknown: set[str]) -> bool:
    if code in reader.codes:
        if reader.codes[code][0] == "units":
            return True
        reader.fault("residents", row, "unit", "wrong_kind", code=code, kinds="unit")
        return False
    place = None if code in unknown else reader.place(code)
    if place is None:
        unknown.add(code)
        reader.fault("residents", row, "unit", "unknown_place", code=code)
        return False
    if place.kind != "unit":
        reader.fault("residents", row, "unit", "wrong_kind", code=code, kinds="unit")
    return place.kind == "unit"


def _lodger(values: Values) -> Lodger:
    role = values["role"]
    signs = role == "owner" if values["signs"] is None else values["signs"]
    return Lodger(role, values["name"], values["phone"], values["email"] or "", signs)


def _staff(reader: Reader) -> Iterator[Employed]:
    staffed: set[str] = set()
    for row, values, sound in reader.lines("staff"):
        code = values["code"]
        if code in reader.people:
            reader.fault("staff", row, "code", "staff_twice", code=code, row=reader.people[code][1])
            continue
        if code:
            reader.people[code] = ("staff", row)
        team = _team(reader, row, values) if values["team"] and values["place"] else ""
        if not sound or not team:
            continue
        active = values["active"] is not False
        if active and not reader.reaches(values["phone"], "staff", row):
            continue
        person = Person(
            id=code,
            name=values["name"],
            team=team,
            skills=values["skills"] or frozenset(),
            duty=values["duty"] or {},
            active=active,
        )
        if active:
            staffed.add(team)
            reader.reached(values["phone"], "", code, "staff", row)
            if not person.duty:
                reader.fault("staff", row, "duty", "duty_missing")
            if team.rpartition("/")[2] in roles.CREWS and not person.skills:
                reader.fault("staff", row, "skills", "skill_missing")
        yield Employed(person, values["phone"], values["email"] or "", values["lang"] or "zh_CN")
    _check_desks(reader, staffed, frozenset(reader.people))


def _team(reader: Reader, row: int, values: Values) -> str:
    """The full name of a team: <place>/<team>; "" after a fault."""
    named = {label: name for name, label in TEAMS.items()}
    team = named.get(values["team"], values["team"].lower())
    if code := _department(reader, values):
        return roles.department(values["place"], code)
    if values["place"] in reader.codes and reader.place(values["place"]) is None:  # its own row is at fault
        return ""
    if team not in roles.HOUSE_TEAMS:
        reader.fault("staff", row, "team", "unknown_team", choices=roles.HOUSE_TEAMS)
        return ""
    scope = values["place"]
    wanted = roles.TEAMS[team].scope
    if wanted == roles.ENTITY:
        return _of_entity(reader, row, scope, team)
    place = None if scope == "group" else reader.place(scope)
    if scope != "group" and place is None:
        if scope not in reader.codes:
            reader.fault("staff", row, "place", "unknown_place", code=scope)
        return ""
    if (place.kind if place else "group") != wanted:
        reader.fault("staff", row, "team", "team_elsewhere", team=team, wanted=wanted)
        return ""
    return f"{scope}/{team}"


def _of_entity(reader: Reader, row: int, entity: str, team: str) -> str:
    """Of a legal entity, of the file or stored; "" after a fault, or where its own row has one."""
    if entity in reader.entities:
        return f"{entity}/{team}" if reader.entities[entity] else ""
    if reader.known.entity(entity) is None:
        reader.fault("staff", row, "place", "unknown_entity", code=entity)
        return ""
    return f"{entity}/{team}"


def _department(reader: Reader, values: Values) -> str:
    """The code of the project's department that is meant, by code or name; "" for none."""
    place = None if values["place"] == "group" else reader.place(values["place"])
    named = json.loads(place.facts.get("departments", "[]")) if place else []
    return next((code for code, name in named if values["team"] in (code, name)), "")


def _check_desks(reader: Reader, staffed: set[str], named: frozenset[str]) -> None:
    """Every project of the file has a desk and somebody in each department, its subsidiary a second desk, the group a
    hotline: there or stored."""
    wanted: dict[str, tuple[str, str]] = {}
    for place in reader.tree.values():
        if place.kind == "project":
            wanted[f"{place.id}/desk"] = (place.id, "desk")
            wanted[f"{place.parent}/desk2"] = (place.parent, "desk2")
            wanted["group/hotline"] = ("group", "hotline")
            for department, name in json.loads(place.facts.get("departments", "[]")):
                wanted[roles.department(place.id, department)] = (place.id, name)
    for team, (code, desk) in wanted.items():
        if team not in staffed and not reader.known.staffed(team, named):
            reader.fault("staff", 0, "", "no_desk", code=code, team=desk)


def _holidays(reader: Reader) -> Iterator[Holidays]:
    years: dict[int, dict[date, bool]] = {}
    rows: dict[date, int] = {}
    for row, values, sound in reader.lines("holidays"):
        if not sound:
            continue
        day = values["date"]
        if day in rows:
            reader.fault("holidays", row, "date", "date_twice")
            continue
        rows[day] = row
        years.setdefault(day.year, {})[day] = values["day"] == "work"
    for year, days in years.items():
        wrong = reader.numbers.check_year(days)
        if wrong is None:
            yield Holidays(year, days)
        elif days[wrong] and wrong.weekday() < 5:
            reader.fault("holidays", rows[wrong], "day", "make_up_on_weekday")
        elif not days[wrong]:
            reader.fault("holidays", rows[wrong], "date", "off_on_weekend")
        else:
            reader.fault("holidays", rows[wrong], "date", "too_many_make_ups", year=year)


def _overrides(reader: Reader) -> Iterator[Adjusted]:
    projects: dict[str, list[Override]] = {}
    rows: dict[tuple[str, str, str], int] = {}
    for row, values, sound in reader.lines("overrides"):
        project = values["project"]
        if project and not reader.parent(project, ("project",), "overrides", row, "project"):
            continue
        if not sound:
            continue
        key = (project, values["clock"], values["priority"])
        if key in rows:
            reader.fault("overrides", row, "clock", "override_twice")
            continue
        rows[key] = row
        where = f"时限调整 第 {row} 行"
        made = Override(values["clock"], values["priority"], values["target"], values["counts"] or "", where)
        why = reader.numbers.check_override(made)
        if why:
            reader.fault("overrides", row, "", "bad_override", why=why)
            continue
        projects.setdefault(project, []).append(made)
    for project, overrides in projects.items():
        yield Adjusted(project, tuple(overrides))


def _baselines(reader: Reader) -> Iterator[Measured]:
    projects: dict[str, list[Entry]] = {}
    rows: set[tuple[str, str, str]] = set()
    for row, values, sound in reader.lines("baselines"):
        project = values["project"]
        if project not in ("", None, INDUSTRY) and not reader.parent(
            project, ("project",), "baselines", row, "project"
        ):
            continue
        if not sound:
            continue
        key = (project, values["month"], values["measure"])
        n, d = values["n"], values["d"]
        if key in rows:
            reader.fault("baselines", row, "month", "month_twice")
        elif not d:
            reader.fault("baselines", row, "d", "of_nothing")
        elif values["measure"] in ("satisfaction", TRAINED) and n > d:
            reader.fault("baselines", row, "n", "more_than_all")
        else:
            unit = ENTERED.get(values["measure"], 1)
            projects.setdefault(project, []).append(Entry(values["month"], values["measure"], n * unit, d))
        rows.add(key)
    for project, entries in projects.items():
        yield Measured(project, tuple(entries))
