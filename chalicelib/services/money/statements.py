"""A contractor's statement from the sub-ledger: what its page says, and the PDF that is made of it on demand.

said     everything that is read in it, from the company's own entries; a query for every 500, a call for each entity
ask      has the PDF made; edition   which it is: the same entries in the same language give the same file
make     what the function `letter` does; address   where the file can be read, "" while it is not made
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from chalicelib.adapters import archive, press
from chalicelib.domain.money.statement import Statement, statements
from chalicelib.language import statements as language
from chalicelib.language.catalogue import LANGS
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.store import contracts, ledger

MOST_BYTES = 10_000_000
SLICE = 100
MADE, KNOWN = "made", "known"


def of_company(company: str) -> list[Statement]:
    """The statements of a company, by entity. A query for every 500 entries."""
    return statements(ledger.of_company(company))


def said(company: str, lang: str) -> dict[str, Any]:
    """Everything that is read in a company's statement."""
    found = of_company(company)
    numbers: dict[str, str] = {}
    wanted = sorted({one.contract for its in found for one in its.owed})
    for n in range(0, len(wanted), SLICE):
        numbers |= {name: one.number for name, one in contracts.contracts(wanted[n : n + SLICE]).items()}
    entities = {its.entity: one.name for its in found if (one := contracts.entity(its.entity))}
    names = contracts.companies([company])
    return language.said(names[company].name if company in names else company, found, entities, numbers, lang)


def edition(its: Mapping[str, Any]) -> str:
    """Names a statement by what it says."""
    return hashlib.sha256(json.dumps(its, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def ask(company: str, lang: str) -> None:
    """Have the PDF of a statement made. Raises NotQueued."""
    press.ask({"statement": f"{company}/{lang}"})


def make(asked: str, at: datetime) -> str:
    """Make the PDF of a statement as it is now, unless it is there. May run again. Raises Untypeset."""
    from chalicelib.adapters import binding

    company, _, lang = asked.rpartition("/")
    if lang not in LANGS:
        raise ValueError(lang)
    its = said(company, lang)
    key = _key(company, its)
    if archive.there(key):
        return KNOWN
    day = datetime.fromisoformat(its["number"] or at.date().isoformat()).replace(hour=12, tzinfo=UTC)
    archive.keep(key, binding.bind(its, day, policy_for(NOWHERE).zone, MOST_BYTES).pdf)
    return MADE


def address(company: str, its: Mapping[str, Any]) -> str:
    """Where the PDF of a statement can be read for ten minutes; "" while it is not made. A call."""
    key = _key(company, its)
    return archive.presigned_get(key, f"statement-{company}-{its['number']}.pdf") if archive.there(key) else ""


def _key(company: str, its: Mapping[str, Any]) -> str:
    return f"{archive.STATEMENTS}/{company}/{edition(its)}.pdf"
