"""contractor.toml, [compensation]: how long each step of an owner's compensation may take, and who is told of it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.reading import duration
from chalicelib.domain.policy.telling import Telling, Vocabulary, read_tellings

FILE = "contractor.toml"
STEPS = ("offer", "answer", "approve", "pay")
RECIPIENTS = frozenset({"reporter", "office", "approver", "proposer", "turn", "level"})
USUAL = timedelta(days=7)  # for versions that were kept before there was such a table


@dataclass(frozen=True, slots=True)
class Terms:
    """`within`: how long each of STEPS may take, by the wall clock."""

    within: Mapping[str, timedelta] = field(default_factory=lambda: dict.fromkeys(STEPS, USUAL))
    tellings: Mapping[str, tuple[Telling, ...]] = field(default_factory=dict)


def terms_of(policy: Policy) -> Terms:
    """The terms of a policy. Raises PolicyError."""
    return _read(policy.contractor)


@lru_cache(maxsize=16)
def _read(text: str) -> Terms:
    table = tomllib.loads(text).get("compensation") if text else None
    if table is None:
        return Terms()
    within = {step: duration(table.get(step), f"{FILE}: compensation.{step}") for step in STEPS}
    known = Vocabulary(f"{FILE}: compensation", None, RECIPIENTS, frozenset({"own", "ticket"}))
    return Terms(within, read_tellings(table, {}, known))
