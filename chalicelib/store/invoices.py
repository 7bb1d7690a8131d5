"""What stands in how many deductions: third parties' invoices, and what one person may approve of a pair of companies.

    item      pk                                sk                    what
    invoice   INVOICE#<number>                  INVOICE               `n`: fen used in deductions; `line`: its total
    approved  APPROVED#<company>#<third party>  <moment>#<deduction>  `n`: fen that were approved then
    how many  APPROVED#<company>#<third party>  #COUNT                `n`: approvals so far, of whatever entity

All are written with the change of the deduction that they are about; an invoice that somebody else wrote meanwhile, or
an approval of the same pair, fails that change, which is decided anew.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from chalicelib.store.table import Change, Put, Write, compact, iso, table


def used(number: str) -> tuple[int, int]:
    """Fen of an invoice that stand in deductions, and its total; (0, 0) for one that nobody has named."""
    row = table().get(*_invoice(number), consistent=True)
    return (int(row["n"]), int(json.loads(row["line"])["t"])) if row else (0, 0)


def taken(number: str, fen: int, total: int, before: int) -> Write:
    """The write that has so many more fen (or fewer) of an invoice stand in a deduction; `before`: as `used` said."""
    return Change(_invoice(number), sets={"line": compact({"t": total})}, adds={"n": fen}, when={"n": before or None})


def approved(company: str, third_party: str, since: datetime) -> list[tuple[str, int]]:
    """(deduction, fen) that were approved of a contractor and a third party since a moment. One query."""
    rows = table().query(_pair(company, third_party), iso(since), "~", consistent=True).rows
    return [(row["sk"].partition("#")[2], int(row["n"])) for row in rows]


def nth(company: str, third_party: str) -> int:
    """How many approvals there were of the pair, for `approves`."""
    row = table().get(*_count(company, third_party), consistent=True)
    return int(row["n"]) if row else 0


def approves(company: str, third_party: str, deduction: str, fen: int, at: datetime, before: int) -> Sequence[Write]:
    """The writes that count an approval; `before`: how many `nth` told, so that no two pass the limit side by side."""
    return [
        Put({"pk": _pair(company, third_party), "sk": f"{iso(at)}#{deduction}", "n": fen}, new=True),
        Change(_count(company, third_party), adds={"n": 1}, when={"n": before or None}),
    ]


def _invoice(number: str) -> tuple[str, str]:
    return f"INVOICE#{number}", "INVOICE"


def _pair(company: str, third_party: str) -> str:
    return f"APPROVED#{company}#{third_party}"


def _count(company: str, third_party: str) -> tuple[str, str]:
    return _pair(company, third_party), "#COUNT"
