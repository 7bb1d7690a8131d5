"""The sheets of places: subsidiaries, projects with their ladder of phones, phases, buildings, units, areas, assets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

from chalicelib.domain.register.cells import CODE
from chalicelib.domain.register.place import PARENTS, Place, natural, within
from chalicelib.domain.register.reader import Reader, Values

Ladder = list[tuple[int, str, str]]
LEVEL_AT = {"1": "project", "2": "subsidiary", "3": "group"}


def records(reader: Reader) -> Iterator[Place]:
    """All places, parents before children."""
    yield from _simple(reader, "subsidiaries", "subsidiary", "")
    yield from _projects(reader)
    yield from _simple(reader, "phases", "phase", "project")
    yield from _buildings(reader)
    instead: list[tuple[str, int, str]] = []  # (sheet, row, code) of what takes the place of something closed
    yield from _units(reader, instead)
    yield from _areas(reader, instead)
    for sheet, row, code in instead:
        if code not in reader.codes and reader.known.place(code) is None:
            reader.fault(sheet, row, "instead", "unknown_place", code=code)


def ladder_text(ladder: Ladder) -> str:
    return json.dumps(ladder, ensure_ascii=False, separators=(",", ":"))


def _made(
    reader: Reader, kind: str, values: Values, parent: Place | None, phase: Place | None = None, **facts: str
) -> Place:
    name = values["name"]
    label = name if parent is None or parent.kind in ("subsidiary", "phase") else f"{parent.label} {name}"
    place = Place(
        id=values["code"],
        kind=kind,
        name=name,
        parent=parent.id if parent else "",
        label=label,
        above=(within(parent) if parent else {}) | ({"phase": phase.id} if phase else {}),
        facts={k: v for k, v in facts.items() if v},
        order=natural(name),
    )
    if kind != "unit":
        reader.tree[place.id] = place
    return place


def _simple(reader: Reader, sheet: str, kind: str, above: str) -> Iterator[Place]:
    for row, values, sound in reader.lines(sheet):
        if values["code"] and not reader.claim(values["code"], sheet, row):
            continue
        parent = reader.parent(values[above], PARENTS[kind], sheet, row, above) if above and values[above] else None
        if sound and (parent or not above):
            yield _made(reader, kind, values, parent, acceptance=_iso(values.get("acceptance")))


def _projects(reader: Reader) -> Iterator[Place]:
    """Projects carry the phones of the three levels, so that whoever reads the project has them."""
    contacts, departments = _contacts(reader), _departments(reader)
    for sheet, found in (("contacts", contacts), ("departments", departments)):
        if found and not reader.has("projects"):
            reader.fault(sheet, 0, "", "sheet_needed", sheet="projects")
    known: set[str] = set()
    for row, values, sound in reader.lines("projects"):
        if values["code"] and not reader.claim(values["code"], "projects", row):
            continue
        known.add(values["code"])
        parent = (
            reader.parent(values["subsidiary"], PARENTS["project"], "projects", row, "subsidiary")
            if values["subsidiary"]
            else None
        )
        if not sound or parent is None:
            continue
        ladder = _ladder(reader, row, values, contacts)
        theirs = _departments_text(reader, values["code"], departments)
        yield _made(reader, "project", values, parent, ladder=ladder, departments=theirs)
    for project, (row, _) in departments.items():
        reader.parent(project, ("project",), "departments", row, "project")
    for (scope, level), (row, _, _) in contacts.items():
        wanted = LEVEL_AT[level]
        place = None if scope == "group" else reader.place(scope)
        if scope != "group" and place is None:
            if scope not in reader.codes:
                reader.fault("contacts", row, "place", "unknown_place", code=scope)
        elif (place.kind if place else "group") != wanted:
            reader.fault("contacts", row, "level", "level_elsewhere", level=level, wanted=wanted)


def _contacts(reader: Reader) -> dict[tuple[str, str], tuple[int, str, str]]:
    found: dict[tuple[str, str], tuple[int, str, str]] = {}
    for row, values, sound in reader.lines("contacts"):
        if not sound:
            continue
        key = (values["place"], values["level"])
        if key in found:
            reader.fault("contacts", row, "level", "level_twice")
        found[key] = (row, values["name"], values["phone"])
    return found


def _departments(reader: Reader) -> dict[str, tuple[int, dict[str, str]]]:
    """project → (first row, code → name)."""
    found: dict[str, tuple[int, dict[str, str]]] = {}
    for row, values, sound in reader.lines("departments"):
        if not sound:
            continue
        _, named = found.setdefault(values["project"], (row, {}))
        if values["code"] in named or values["name"] in named.values():
            reader.fault("departments", row, "code", "department_twice")
        named[values["code"]] = values["name"]
    return found


def _departments_text(reader: Reader, code: str, found: dict[str, tuple[int, dict[str, str]]]) -> str:
    """The project's departments: the file's, or those stored where the file has no such sheet."""
    if not reader.has("departments"):
        stored = reader.known.place(code)
        return stored.facts.get("departments", "") if stored else ""
    named = found[code][1] if code in found else {}
    return json.dumps(list(named.items()), ensure_ascii=False, separators=(",", ":")) if named else ""


def _ladder(reader: Reader, row: int, values: Values, contacts: dict[tuple[str, str], tuple[int, str, str]]) -> str:
    """The project's three phones: the file's, or those stored where the file has no such sheet."""
    code = values["code"]
    if not reader.has("contacts"):
        stored = reader.known.place(code)
        if stored and stored.facts.get("ladder"):
            return stored.facts["ladder"]
    ladder: Ladder = []
    for level, scope in (("1", code), ("2", values["subsidiary"]), ("3", "group")):
        contact = contacts.get((scope, level))
        if contact:
            ladder.append((int(level), contact[1], contact[2]))
        else:
            reader.fault("projects", row, "code", "no_contact", code=code, level=level)
    return ladder_text(ladder)


def _buildings(reader: Reader) -> Iterator[Place]:
    for row, values, sound in reader.lines("buildings"):
        code = values["code"]
        if code and not reader.claim(code, "buildings", row):
            continue
        project = (
            reader.parent(values["project"], ("project",), "buildings", row, "project") if values["project"] else None
        )
        phase = reader.parent(values["phase"], ("phase",), "buildings", row, "phase") if values["phase"] else None
        if phase and project and phase.parent != project.id:
            reader.fault("buildings", row, "phase", "other_project", code=phase.id)
        entrances = [e for e in values["entrances"] or () if sound and reader.claim(f"{code}-{e}", "buildings", row)]
        if not sound or project is None:
            continue
        accepted = _iso(values["acceptance"]) or (phase.facts.get("acceptance", "") if phase else "")
        building = _made(reader, "building", values, project, phase, acceptance=accepted, entrances=",".join(entrances))
        yield building
        for name in entrances:
            if not CODE.fullmatch(f"{code}-{name}"):
                reader.fault("buildings", row, "entrances", "code")
                continue
            printed = f"{name}单元" if name.isascii() else name
            yield _made(reader, "entrance", {"code": f"{code}-{name}", "name": printed}, building, acceptance=accepted)


def _units(reader: Reader, instead: list[tuple[str, int, str]]) -> Iterator[Place]:
    rooms: set[tuple[str, str]] = set()
    for row, values, sound in reader.lines("units"):
        if not sound:
            if values["code"]:
                reader.codes.setdefault(values["code"], ("units", row))
            continue
        building = reader.parent(values["building"], ("building",), "units", row, "building")
        within_it = _entrance(reader, row, values, building) if building else None
        code = values["code"] or "-".join(
            part for part in (values["building"], values["entrance"], values["room"]) if part
        )
        if not CODE.fullmatch(code):
            reader.fault("units", row, "code", "code_needed")
            continue
        if not reader.claim(code, "units", row) or within_it is None:
            continue
        if (within_it.id, values["room"]) in rooms:
            reader.fault("units", row, "room", "unit_twice")
            continue
        rooms.add((within_it.id, values["room"]))
        accepted = _iso(values["acceptance"]) or within_it.facts.get("acceptance", "")
        _check_dates(reader, row, values, accepted)
        closed, goes_on = _closed(reader, values, "units", row, code, instead)
        yield _made(
            reader,
            "unit",
            {"code": code, "name": values["room"]},
            within_it,
            acceptance=accepted,
            handover=_iso(values["handover"]),
            stage=values["stage"] or "",
            closed=closed,
            instead=goes_on,
        )


def _entrance(reader: Reader, row: int, values: Values, building: Place) -> Place | None:
    name = values["entrance"]
    entrances = building.facts.get("entrances", "")
    if not name:
        if entrances:
            reader.fault("units", row, "entrance", "entrance_needed")
            return None
        return building
    if name not in entrances.split(","):
        reader.fault("units", row, "entrance", "unknown_entrance", entrance=name)
        return None
    return reader.place(f"{building.id}-{name}")


def _check_dates(reader: Reader, row: int, values: Values, accepted: str) -> None:
    handed = _iso(values["handover"])
    if handed and accepted and handed < accepted:
        reader.fault("units", row, "handover", "handed_before_accepted", accepted=accepted)
    if values["stage"] and values["stage"] != "before_handover" and not handed:
        reader.fault("units", row, "handover", "stage_without_handover")


def _areas(reader: Reader, instead: list[tuple[str, int, str]]) -> Iterator[Place]:
    """Areas and assets in any order: those that lie in another row's place wait for it."""
    waiting: list[tuple[int, Values]] = []
    for row, values, sound in reader.lines("areas"):
        if values["code"] and not reader.claim(values["code"], "areas", row):
            continue
        if sound:
            waiting.append((row, values))
    while waiting:
        ready: list[tuple[int, Values]] = []
        later: list[tuple[int, Values]] = []
        for row, values in waiting:
            place = values["place"]
            is_later = place not in reader.tree and reader.codes.get(place, ("", 0))[0] == "areas"
            (later if is_later else ready).append((row, values))
        if not ready:
            break
        waiting = later
        for row, values in ready:
            parent = reader.parent(values["place"], PARENTS[values["kind"]], "areas", row, "place")
            if parent:
                closed, goes_on = _closed(reader, values, "areas", row, values["code"], instead)
                facts = {"what": values["what"] or "", "closed": closed, "instead": goes_on}
                yield _made(reader, values["kind"], values, parent, None, **facts)
    for row, values in _in_loops(waiting):
        reader.fault("areas", row, "place", "loop", code=values["code"])


def _closed(
    reader: Reader, values: Values, sheet: str, row: int, code: str, instead: list[tuple[str, int, str]]
) -> tuple[str, str]:
    """What is kept of a place that is used no more: that it is, and the code to go on with."""
    goes_on = values["instead"] or ""
    if values["used"] is not False:
        if goes_on:
            reader.fault(sheet, row, "instead", "instead_of_used")
        return "", ""
    if goes_on == code:
        reader.fault(sheet, row, "instead", "instead_itself")
    elif goes_on:
        instead.append((sheet, row, goes_on))
    return "1", goes_on


def _in_loops(waiting: list[tuple[int, Values]]) -> list[tuple[int, Values]]:
    """Those that lie in themselves; not those that merely hang on a loop, or on a row at fault."""
    while True:
        above = {values["place"] for _, values in waiting}
        left = [(row, values) for row, values in waiting if values["code"] in above]
        if len(left) == len(waiting):
            return left
        waiting = left


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
