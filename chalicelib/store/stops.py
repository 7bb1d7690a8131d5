"""Which contracts of an entity are stopped: nothing of them is paid back, and nothing deducted.

item    pk                sk            what
stop    STOPS#<entity>    <contract>    `line` the ground of the stop that stands; "" once all are lifted

Written with the very change of the contract's retention that stops or lifts.
"""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.store.table import Put, Write, table


def noted(entity: str, contract: str, ground: str) -> Write:
    """The write that says what stops a contract now, "" for nothing."""
    return Put({"pk": f"STOPS#{entity}", "sk": contract, "line": ground})


def of_entity(entity: str) -> Mapping[str, str]:
    """The contracts of an entity that are stopped, with the ground; as it is now. One query."""
    rows = table().query(f"STOPS#{entity}", consistent=True).rows
    return {row["sk"]: row["line"] for row in rows if row["line"]}


def of_contract(entity: str, contract: str) -> str:
    """The ground of the stop on a contract, "" for none; as it is now. One call."""
    row = table().get(f"STOPS#{entity}", contract, consistent=True)
    return str(row["line"]) if row else ""
