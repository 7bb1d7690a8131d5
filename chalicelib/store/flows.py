"""Money that moved, as figures count it: added with the change that moved it, never changed, by project and month.

item    pk                       sk                       what
flow    FLOW#<project>#<month>   <at>#<record>#<n>#<what>  `n` fen, `id` the record; `body` ticket, company, component
"""

from __future__ import annotations

import json
from datetime import datetime

from chalicelib.domain.measures.flows import Flow
from chalicelib.domain.record.reference import parts
from chalicelib.store.reading import each
from chalicelib.store.table import Put, Row, compact, iso, table


def as_put(flow: Flow, month: str) -> Put:
    """The write that adds a flow, for the transaction of the change that makes it."""
    body = {"r": flow.record, "t": flow.ticket, "c": flow.company, "g": flow.category, "m": flow.component}
    key = {
        "pk": f"FLOW#{flow.project}#{month}",
        "sk": f"{iso(flow.at)}#{parts(flow.record)[1]}#{flow.n:06d}#{flow.what}",
    }
    return Put({**key, "n": flow.fen, "body": compact({k: v for k, v in body.items() if v})}, new=True)


def of_month(project: str, month: str) -> list[Flow]:
    """The flows of a project's month in the order of time. One query."""
    return each(table().query(f"FLOW#{project}#{month}").rows, _flow)


def _flow(row: Row) -> Flow:
    at, _, n, what = str(row["sk"]).rsplit("#", 3)
    body = json.loads(row["body"])
    return Flow(
        project=str(row["pk"]).split("#")[1],
        at=datetime.fromisoformat(at),
        record=body["r"],
        n=int(n),
        what=what,  # type: ignore[arg-type]
        fen=int(row["n"]),
        ticket=body.get("t", ""),
        company=body.get("c", ""),
        category=body.get("g", ""),
        component=body.get("m", ""),
    )
