"""How a record is named everywhere: in links, queue entries, executions, logs.

reference         kept under        kind
<id>              TICKET#<id>       a ticket, as stored executions, links and queue entries name it for ever
<PREFIX>#<id>     <PREFIX>#<id>     any other kind; its items stay out of the reads of the rest
"""

from __future__ import annotations

UNNAMED = "TICKET"  # the kind of a reference that names none


def parts(reference: str) -> tuple[str, str]:
    """(prefix, id) of a reference."""
    prefix, named, rest = reference.partition("#")
    return (prefix, rest) if named else (UNNAMED, reference)


def reference(prefix: str, record_id: str) -> str:
    """How a record of the kind is named everywhere outside the table."""
    return record_id if prefix == UNNAMED else f"{prefix}#{record_id}"
