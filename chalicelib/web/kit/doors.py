"""How a page comes to its ticket: one door for each sort of link.

/o/{token}              owner     the reporter's link
/t/{token}              one       the link of a message to staff, for one ticket
/w/{token}/{ticket}     held      a person's own link, a ticket that they stand on
/d/{token}/{ticket}     at_desk   a person's own link, a ticket of their desk
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chalicelib.domain.ticket.lifecycle import DESKS
from chalicelib.domain.ticket.ticket import Role
from chalicelib.services.access import opening
from chalicelib.services.access.access import NoAccess
from chalicelib.services.access.opening import Opened

OWN, ONE, STAFF = frozenset({"own"}), frozenset({"ticket"}), frozenset({"staff"})


@dataclass(frozen=True, slots=True)
class Door:
    """How a page comes to its ticket. `base`: its path; `kinds` and `roles`: of the links that lead through."""

    token: str
    base: str
    kinds: frozenset[str]
    ticket: str = ""
    roles: frozenset[Role] = frozenset(Role)

    def open(self) -> Opened:
        """The ticket as the link's holder may see it now. Raises NoAccess."""
        opened = opening.open_ticket(self.token, self.kinds, self.ticket)
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
}
