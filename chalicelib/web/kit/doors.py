"""How a page comes to its record: one door for each sort of link.

/o/{token}              owner     the reporter's link
/t/{token}              one       the link of a message to staff, for one ticket
/w/{token}/{ticket}     held      a person's own link, a ticket that they stand on
/d/{token}/{ticket}     at_desk   a person's own link, a ticket of their desk
/k/{token}/{case}       case      a contact's own link, or that of a message, a case of their company
/b/{token}/release/{…}  release   of the warranty office, and of desks: a contract's retention; at /d/ for desks,
                                  at /k/ for the contractor, at /f/ behind a session (finance/door.py)
/b/{token}/change/{…}   change    of the warranty office: what is to change of a company or contract
/s/{token}              survey    the link of whoever was drawn, to four stars
/d/{token}/call/{…}     called    a person's own link, an owner whom their desk calls
/q/{token}              score     the link of a message about a score
/w/{token}/score/{…}    colleague a technician's own link, a score: one's own, or a colleague's to say a word on
/d/{token}/score/{…}    scored    the developer desk's, of its places
/g/{token}/score/{…}    managed   the employer's management's
/g/{token}/action/{…}   action    of managers, or of a message to whoever does it: an improvement action
/b/{token}/{case}       office    the warranty office's, and of desks: a case of their places
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chalicelib.domain.record.reference import UNNAMED, reference
from chalicelib.domain.record.roles import CONTACTS, DESKS, OFFICES, Role
from chalicelib.services.access import opening
from chalicelib.services.access.access import NoAccess
from chalicelib.services.access.opening import Opened

OWN, ONE, STAFF = frozenset({"own"}), frozenset({"ticket"}), frozenset({"staff"})
EITHER = ONE | STAFF
OFFICE = frozenset({Role.OFFICE})
CREW, SCORERS, MANAGERS = frozenset({Role.TECHNICIAN}), frozenset({Role.SUPERVISOR}), frozenset({Role.MANAGER})


@dataclass(frozen=True, slots=True)
class Door:
    """How a page comes to its ticket, or to the record that `ticket` refers to.

    `base`: its path; `kinds` and `roles`: of the links that lead through.
    """

    token: str
    base: str
    kinds: frozenset[str]
    ticket: str = ""
    roles: frozenset[Role] = frozenset(Role)
    prefix: str = UNNAMED  # of the record that the link itself opens

    def open(self) -> Opened:
        """The ticket as the link's holder may see it now. Raises NoAccess."""
        return self._theirs(opening.open_ticket(self.token, self.kinds, self.ticket))

    def open_record(self) -> Opened:
        """The same of a record of any kind."""
        return self._theirs(opening.open_record(self.token, self.kinds, self.ticket, prefix=self.prefix))

    def _theirs(self, opened: Opened) -> Opened:
        if opened.actor.role not in self.roles:
            raise NoAccess
        return opened

    @property
    def home(self) -> str:
        """The list that the ticket stands in; "" where the link opens nothing else."""
        return self.base.rpartition("/")[0] if self.ticket else ""


DOORS: Mapping[str, Callable[[str, str], Door]] = {
    "owner": lambda token, ticket: Door(token, f"/o/{token}", OWN),
    "one": lambda token, ticket: Door(token, f"/t/{token}", ONE),
    "held": lambda token, ticket: Door(token, f"/w/{token}/{ticket}", STAFF, ticket),
    "at_desk": lambda token, ticket: Door(token, f"/d/{token}/{ticket}", STAFF, ticket, DESKS),
    "case": lambda token, case: Door(token, f"/k/{token}/{case}", EITHER, reference("CASE", case), CONTACTS),
    "owed": lambda token, one: Door(
        token, f"/k/{token}/deduction/{one}", EITHER, reference("DEDUCTION", one), frozenset({Role.CONTRACTOR})
    ),
    "deduction": lambda token, one: Door(
        token, f"/b/{token}/deduction/{one}", EITHER, reference("DEDUCTION", one), OFFICES
    ),
    "release": lambda token, one: Door(token, f"/b/{token}/release/{one}", EITHER, reference("RELEASE", one), OFFICES),
    "release_at_desk": lambda token, one: Door(
        token, f"/d/{token}/release/{one}", STAFF, reference("RELEASE", one), DESKS
    ),
    "release_of_company": lambda token, one: Door(
        token, f"/k/{token}/release/{one}", EITHER, reference("RELEASE", one), frozenset({Role.CONTRACTOR})
    ),
    "change": lambda token, one: Door(token, f"/b/{token}/change/{one}", STAFF, reference("AMENDMENT", one), OFFICE),
    "survey": lambda token, _: Door(token, f"/s/{token}", frozenset({"survey"}), prefix="SURVEY"),
    "called": lambda token, one: Door(token, f"/d/{token}/call/{one}", STAFF, reference("SURVEY", one), DESKS),
    "score": lambda token, _: Door(token, f"/q/{token}", ONE, prefix="SCORE"),
    "colleague": lambda token, one: Door(token, f"/w/{token}/score/{one}", STAFF, reference("SCORE", one), CREW),
    "scored": lambda token, one: Door(token, f"/d/{token}/score/{one}", STAFF, reference("SCORE", one), SCORERS),
    "managed": lambda token, one: Door(token, f"/g/{token}/score/{one}", STAFF, reference("SCORE", one), MANAGERS),
    "action": lambda token, one: Door(token, f"/g/{token}/action/{one}", EITHER, reference("ACTION", one)),
    "office": lambda token, case: Door(token, f"/b/{token}/{case}", EITHER, reference("CASE", case), OFFICES),
}
