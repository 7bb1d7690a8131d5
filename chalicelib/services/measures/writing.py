"""What owners wrote with their stars, by itself: without the name that they gave, and without numbers to call.

Read where it lies, beside the ticket, and nowhere kept: what is erased there is gone here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from chalicelib.domain.measures.portrait import Words
from chalicelib.domain.record.phone import hushed
from chalicelib.store.records import key
from chalicelib.store.table import table

BACK = 3  # the stars are one of the last events of their change


def of(asked: Sequence[Words]) -> Mapping[str, str]:
    """Ticket → what was written, those alone where something was. One call for up to 25 tickets."""
    keys = [(key(one.ticket), f"PRIVATE#{n:06d}") for one in asked for n in {1, *_versions(one)}]
    rows = {(row["pk"], row["sk"]): json.loads(row["body"]) for row in table().batch(keys)}
    found = {}
    for one in asked:
        name = str(rows.get((key(one.ticket), "PRIVATE#000001"), {}).get("name", ""))
        said = (rows.get((key(one.ticket), f"PRIVATE#{n:06d}"), {}) for n in _versions(one))
        text = next((str(body["words"]) for body in said if body.get("words")), "")
        if text:
            found[one.ticket] = hushed(text, name)
    return found


def _versions(one: Words) -> list[int]:
    return list(range(one.n, max(one.n - BACK, 1), -1))
