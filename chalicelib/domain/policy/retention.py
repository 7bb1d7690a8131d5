"""contractor.toml, [retention]: what a retention may be, the days of its release, what an open defect may cost."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import Any

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.reading import duration
from chalicelib.domain.policy.telling import Telling, Vocabulary, read_tellings
from chalicelib.domain.record.errors import PolicyError

FILE = "contractor.toml"
RECIPIENTS = frozenset({"office", "property", "other_side", "contractor", "payer", "turn", "level"})
COUNTS = ("rate_most", "liability_most", "verify_days", "consent_days", "pay_days")
SPANS = ("ahead", "limitation_ahead", "dates_within", "review")
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Rules:
    """`rate_most`: basis points; `liability_most`: months; `estimate`: fen an open defect, by category."""

    rate_most: int = 300
    liability_most: int = 24
    verify_days: int = 14
    consent_days: int = 14
    pay_days: int = 14
    limitation_years: int = 3
    ahead: timedelta = timedelta(days=60)
    limitation_ahead: timedelta = timedelta(days=180)
    dates_within: timedelta = timedelta(days=30)
    review: timedelta = timedelta(days=90)
    estimate: Mapping[str, int] = field(default_factory=lambda: {OTHER: 0})
    tellings: Mapping[str, tuple[Telling, ...]] = field(default_factory=dict)

    def costs(self, category: str) -> int:
        """What an open defect of a category may cost that nobody has priced, in fen."""
        return self.estimate.get(category, self.estimate[OTHER])


def rules_of(policy: Policy) -> Rules:
    """The rules of a policy. Raises PolicyError."""
    return _read(policy.contractor)


@lru_cache(maxsize=16)
def _read(text: str) -> Rules:
    file = tomllib.loads(text) if text else {}
    table = file.get("retention")
    if table is None:
        return Rules()
    estimate = table.get("estimate", {})
    if OTHER not in estimate or not all(_whole(fen) for fen in estimate.values()):
        raise PolicyError(f"{FILE}: retention.estimate: whole fen by category are needed, `{OTHER}` among them")
    known = Vocabulary(f"{FILE}: retention", None, RECIPIENTS, frozenset({"release"}))
    numbers: dict[str, Any] = {name: _count(table, name) for name in COUNTS}
    numbers |= {name: duration(table.get(name), f"{FILE}: retention.{name}") for name in SPANS}
    numbers |= {"limitation_years": int(file.get("limitation_years", 3)), "estimate": dict(estimate)}
    return Rules(**numbers, tellings=read_tellings(table, {}, known))


def _count(table: Mapping[str, Any], name: str) -> int:
    found = table.get(name)
    if not _whole(found) or not found:
        raise PolicyError(f"{FILE}: retention.{name}: a whole number is needed, one at least")
    return int(found)


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
