"""What people who work here, or for a company, want in the table: their rows, and the grant of their own link."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.domain.record.phone import compared
from chalicelib.domain.register.rows import Employed
from chalicelib.services.access import access
from chalicelib.store import grants, people, phones
from chalicelib.store.bulk import Wanted
from chalicelib.store.people import Staff
from chalicelib.store.table import Key, Row


def wanted(employed: Sequence[Employed], left: list[str], fresh: list[str]) -> list[Wanted]:
    """`left` gets who is deactivated or changes the team with this write, `fresh` whose own link is new."""
    stored = people.several([e.person.id for e in employed]) if employed else {}
    made = []
    for e in employed:
        was = stored.get(e.person.id)
        lost = was is not None and was.person.active and not e.person.active
        moved = was is not None and was.person.team != e.person.team
        link = 1 if was is None else was.link + (lost or moved)
        made.append(member(Staff(e.person, e.phone, e.email, e.lang, link), was))
        left += [e.person.id] * (lost or moved)
        again = was is not None and not was.person.active
        fresh += [e.person.id] * (e.person.active and (was is None or was.link != link or again))
    return made


def member(staff: Staff, was: Staff | None) -> Wanted:
    """A person's rows, with the grant of an active one; a grant or membership that ended goes with the same write."""
    person, member = people.rows_of(staff)
    keep = [_grant(staff), *_phone(staff)[:1]] if staff.person.active else []
    keys = {(row["pk"], row["sk"]) for row in (member, *keep)} | set(_links(staff) if staff.person.active else ())

    def gone(old: Row) -> list[Key]:
        if was is None:
            return []
        membership = people.rows_of(was)[1]
        had = [(membership["pk"], membership["sk"]), *(_links(was) if was.person.active else ())]
        had += [(row["pk"], row["sk"]) for row in _phone(was) if was.person.active]
        return [key for key in had if key not in keys]

    return Wanted([person, *keep, member], "PERSON", 1 + len(keep), gone)


def _links(staff: Staff) -> list[Key]:
    """The keys of a person's grant, under every key that links were ever derived with."""
    grant = access.staff_grant(staff.id, staff.person.team, staff.link)
    return [grants.key(access.hash_of(token)) for token in access.ever_tokens(grant)]


def _phone(staff: Staff) -> list[Row]:
    """That somebody works here under a phone, by its hash under every key, the one in force first."""
    hashes = access.ever_hidden("phone", compared(staff.phone)) if staff.phone else []
    return [phones.staff_row(phone_hash, staff.id) for phone_hash in hashes]


def _grant(staff: Staff) -> Row:
    grant = access.staff_grant(staff.id, staff.person.team, staff.link)
    return grants.as_put(grant, access.hash_of(access.token(grant))).row
