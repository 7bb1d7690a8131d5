"""measures.toml: targets, from how many cases on a figure may carry pay, when a month is final. Raises PolicyError."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.errors import PolicyError

FILE = "measures.toml"


@dataclass(frozen=True, slots=True)
class Terms:
    """`least`: cases; `final_on`: working day of the next month; `template`: tickets that the same words answer;
    `confidence`: percent; `targets`: of 1.
    """

    least: int = 30
    final_on: int = 3
    repeat: timedelta = timedelta(days=90)
    template: int = 3
    confidence: int = 95
    targets: Mapping[str, Fraction] = field(default_factory=dict)


def terms_of(policy: Policy) -> Terms:
    """The terms of a policy; of versions that were kept before there was such a file, the usual ones."""
    return _read(policy.measures)


@lru_cache(maxsize=16)
def _read(text: str) -> Terms:
    if not text:
        return Terms()
    file = tomllib.loads(text)
    targets = file.get("target", {})
    for name, percent in targets.items():
        if not isinstance(percent, int) or isinstance(percent, bool) or not 0 < percent <= 100:
            raise PolicyError(f"{FILE}: target.{name}: a percentage from 1 to 100")
    return Terms(
        least=_count(file, "least", 1000),
        final_on=_count(file, "final_on", 15),
        repeat=timedelta(days=_count(file, "repeat_days", 366)),
        template=_count(file, "template", 1000) if "template" in file else 3,
        confidence=_count(file, "confidence", 99),
        targets={name: Fraction(percent, 100) for name, percent in targets.items()},
    )


def _count(file: Mapping[str, Any], name: str, most: int) -> int:
    number = file.get(name)
    if not isinstance(number, int) or isinstance(number, bool) or not 0 < number <= most:
        raise PolicyError(f"{FILE}: {name}: a whole number from 1 to {most}")
    return number
