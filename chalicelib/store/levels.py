"""Tickets as desks above the property's see them: what climbed to a level, emergencies; what the office decides.

    item     pk             sk             indexes
    entry    TICKET#<id>    WATCH#<n>      queue DESK#<desk of level n>/<by> · work HOLDER#<who answers there>/<by>
    office   TICKET#<id>    WATCH#office   queue DESK#<warranty office>/<by>, while it waits for their word

Few tickets have any. They change with the head, in its transaction, and lose their keys when the ticket ends: what a
level has to look at is one query, however many projects and tickets there are below it.
"""

from __future__ import annotations

import json
from typing import Any

from chalicelib.domain.record.roles import desk_of, office_of
from chalicelib.domain.ticket.heading import in_list_of, levels, unpack
from chalicelib.domain.ticket.liability import for_office
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.store.records import NEVER
from chalicelib.store.table import Change, Put, Row, Write, compact, iso, table

OFFICE = "WATCH#office"


def sort_key(level: int) -> str:
    """Where an entry lies below its ticket; the head itself for level 0."""
    return f"WATCH#{level}" if level else "HEAD"


def changes(before: Ticket | None, after: Ticket, head: Row) -> list[Write]:
    """The writes that keep the entries as `head` says the ticket is now.

    One that is no more keeps no key of a list, but stays: whoever moves a ticket may write items, not delete them.
    """
    made: list[Write] = [Put(row) for row in rows(after, head)]
    gone = [sort_key(level) for level in sorted((levels(before).keys() if before else set()) - levels(after).keys())]
    gone += [OFFICE] if before and waits(before) and not waits(after) else []
    return made + [Put({"pk": head["pk"], "sk": sk, "id": head["id"]}) for sk in gone]


def waits(ticket: Ticket) -> bool:
    """Whether the warranty office has to do something about it; an appraisal after its end too."""
    return bool((ticket.is_open or ticket.disputed) and for_office(ticket) and ticket.place.get("subsidiary"))


def mend(ticket: Ticket, head: Row) -> bool:
    """Write the entries anew that are not as `head` has them, if the ticket is still as it was read.

    Whether any were. One query of a ticket that should have some. Raises Conflict.
    """
    wanted = rows(ticket, head)
    stand = table().query(head["pk"], "WATCH#", "WATCH~", consistent=True).rows if wanted else []
    wrong = [row for row in wanted if row not in stand]
    if wrong:
        still = Change((head["pk"], "HEAD"), sets={"v": head["v"]}, when={"v": head["v"]})
        table().transact([still, *(Put(row) for row in wrong)])
    return bool(wrong)


def rows(ticket: Ticket, head: Row) -> list[Row]:
    """The entries of a ticket. Somebody who holds it, or answers at two levels, has it in their list once."""
    has_it = {head["hk"]} if "hk" in head else set()
    line: dict[str, Any] = json.loads(head["line"])
    found = []
    for level, person in sorted(levels(ticket).items()):
        row: Row = {"pk": head["pk"], "sk": sort_key(level), "id": head["id"], "by": head["by"]}
        row |= {
            "qk": f"DESK#{desk_of(level, ticket.place)}",
            "line": compact(in_list_of(line, level, person)),
        }
        if person and (holder := f"HOLDER#{person}") not in has_it:
            row["hk"] = holder
            has_it.add(holder)
        found.append(row)
    if waits(ticket):
        by = unpack(line).asks_by
        office: Row = {"pk": head["pk"], "sk": OFFICE, "id": head["id"], "line": compact(line)}
        office["by"] = iso(by) if by else head.get("by", NEVER)
        found.append(office | {"qk": f"DESK#{office_of(ticket.place)}"})
    return found
