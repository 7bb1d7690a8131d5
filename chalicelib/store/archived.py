"""What analysts' files were made of, so that only what changed is made again; and how far the night's walk has come.

item    pk                    sk        what
month   ARCHIVED#<project>    <month>   `body` day → digest of the facts that its file holds
walk    ARCHIVED              WALK      `body` which night it was, and the month and project that was done last
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.store.reading import one
from chalicelib.store.table import Put, Row, compact, table

WALK = "ARCHIVED"


@dataclass(frozen=True, slots=True)
class Walk:
    """`day`: the last day that files are made of; `after`: (month, project) done last; none of them: all is done."""

    day: str
    after: tuple[str, str] | None


def month(project: str, month: str) -> Mapping[str, str]:
    """Day (2026-03-01) → digest. One read."""
    return one(table().get(f"ARCHIVED#{project}", month, consistent=True), _digests) or {}


def keep(project: str, month: str, digests: Mapping[str, str]) -> None:
    body = compact(dict(sorted(digests.items())))
    table().write(Put({"pk": f"ARCHIVED#{project}", "sk": month, "body": body}))


def walk() -> Walk | None:
    return one(table().get(WALK, "WALK", consistent=True), _walk)


def come(walk: Walk) -> None:
    body = compact({"day": walk.day, "after": walk.after and list(walk.after)})
    table().write(Put({"pk": WALK, "sk": "WALK", "body": body}))


def _digests(row: Row) -> Mapping[str, str]:
    return {str(day): str(digest) for day, digest in json.loads(row["body"]).items()}


def _walk(row: Row) -> Walk:
    body = json.loads(row["body"])
    after = body["after"]
    return Walk(body["day"], (after[0], after[1]) if after else None)
