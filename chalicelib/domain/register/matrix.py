"""The sheets of what holds for a project beside its contracts: owners' certificates, matrix, a city's seasons."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from chalicelib.domain.contractor.contract import CitySeasons, MatrixRow, OwnerTerm
from chalicelib.domain.register.amounts import Length
from chalicelib.domain.register.labels import SKILLS
from chalicelib.domain.register.reader import Reader
from chalicelib.domain.register.rows import Answering, Certified, InCity
from chalicelib.domain.warranty.terms import Season

SEASONS = ("heating", "cooling")


def records(reader: Reader) -> Iterator[Certified | Answering | InCity]:
    """By project: each that a sheet names has what the sheet says, and no more."""
    yield from _certificates(reader)
    yield from _matrix(reader)
    yield from _seasons(reader)


def _subjects(reader: Reader, name: str, sheet: str, row: int) -> Sequence[str]:
    """Components or a trade, by what they are called; ("",) for all there are. A fault where it is neither."""
    if not name:
        return ("",)
    trade = next((value for value, label in SKILLS.items() if name.lower() in (value, label)), "")
    found = (trade,) if trade else reader.components(name)
    if not found:
        reader.fault(sheet, row, "subject", "unknown_component", name=name)
    return found


def _certificates(reader: Reader) -> Iterator[Certified]:
    projects: dict[str, dict[tuple[str, str], OwnerTerm]] = {}
    for row, values, sound in reader.lines("certificates"):
        lot = reader.parent(values["lot"], ("phase", "project"), "certificates", row, "lot") if values["lot"] else None
        if lot is None or not sound:
            continue
        project = lot.above.get("project", lot.id)
        known = projects.setdefault(project, {})
        subjects = _subjects(reader, values["subject"], "certificates", row)
        _check_owners(reader, row, subjects, values["term"])
        for subject in subjects:
            if (lot.id, subject) in known:
                reader.fault("certificates", row, "subject", "twice", code=values["subject"])
                break
            known[lot.id, subject] = OwnerTerm(lot.id, project, subject, *values["term"])
    for project, terms in projects.items():
        yield Certified(project, tuple(terms.values()))


def _check_owners(reader: Reader, row: int, subjects: Sequence[str], term: Length) -> None:
    """A term below the table of 1998 is not refused: the owner has the table's, whatever the certificate says."""
    for rule in reader.numbers.rules:
        theirs = [c for c in rule.components if {c, reader.numbers.trades.get(c)} & {*subjects}]
        if theirs and (term.season != rule.of or (term.seasons or term.months) < rule.owner):
            said = reader.called(theirs)
            reader.remark("certificates", row, "term", "owner_term_short", components=said, term=(rule.owner, rule.of))


def _matrix(reader: Reader) -> Iterator[Answering]:
    projects: dict[str, dict[tuple[str, str, object], MatrixRow]] = {}
    for row, values, sound in reader.lines("matrix"):
        project = values["project"]
        place = reader.parent(project, ("project",), "matrix", row, "project") if project else None
        if place is None or not sound:
            continue
        named = json.loads(place.facts.get("departments", "[]"))
        department = next((code for code, name in named if values["department"] in (code, name)), "")
        if not department:
            reader.fault("matrix", row, "department", "unknown_department", name=values["department"])
            continue
        person = values["person"] or ""
        if person and person not in reader.people and not reader.known.works_here(person):
            reader.fault("matrix", row, "person", "unknown_person", code=person)
            continue
        known, stage = projects.setdefault(project, {}), values["stage"] or ""
        for subject in _subjects(reader, values["subject"] or "", "matrix", row):
            if (subject, stage, values["since"]) in known:
                reader.fault("matrix", row, "since", "twice", code=values["since"].isoformat())
                break
            made = MatrixRow(project, subject, stage, department, values["since"], person)
            known[subject, stage, values["since"]] = made
    for project, rows in projects.items():
        yield Answering(project, tuple(rows.values()))


def _seasons(reader: Reader) -> Iterator[InCity]:
    at: dict[str, int] = {}
    found: list[CitySeasons] = []
    for row, values, sound in reader.lines("seasons"):
        projects = tuple(values["projects"] or ())
        places = [reader.parent(project, ("project",), "seasons", row, "projects") for project in projects]
        seasons: dict[str, Season] = {}
        for name in SEASONS:
            begins, ends = values[f"{name}_begins"], values[f"{name}_ends"]
            if begins and ends:
                seasons[name] = (begins, ends)
            elif sound and (begins or ends):
                reader.fault("seasons", row, f"{name}_{'ends' if begins else 'begins'}", "needed")
        for project in projects:
            if at.setdefault(project, row) != row:
                reader.fault("seasons", row, "projects", "two_cities", code=project, row=at[project])
        if sound and all(places):
            found.append(CitySeasons(values["city"], seasons, projects))
    for city in found:
        for project in city.projects:
            yield InCity(project, city)
