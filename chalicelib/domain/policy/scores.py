"""scores.toml: how a person's score is made, when it has pay behind it, and how long each step of it may take."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from chalicelib.domain.measures.score import PARTS
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.reading import duration, strings
from chalicelib.domain.policy.telling import Telling, Vocabulary, read_tellings
from chalicelib.domain.record.errors import PolicyError

FILE = "scores.toml"
STEPS = ("decide", "object", "answer")
SEED = dict(zip(PARTS, (30, 25, 20, 15, 10), strict=True))
UNANSWERED = "30d"  # where a file does not say it
USUAL = {
    "decide": timedelta(days=45),
    "object": timedelta(days=10),
    "answer": timedelta(days=10),
    "unanswered": timedelta(days=30),
}


@dataclass(frozen=True, slots=True)
class InForce:
    """That consultation and publication are on record at an employer, and where."""

    employer: str
    consulted: date
    published: date
    document: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What each means stands in the file. `within`: how long each of STEPS may take, by the wall clock;
    `unanswered`: after how long an objection that nobody answers leaves no score."""

    weights: Mapping[str, int] = field(default_factory=lambda: dict(SEED))
    teams: tuple[str, ...] = ()
    day: int = 5
    cases: int = 30
    checks: int = 5
    suggestion: int = 25
    adjust: int = 5
    within: Mapping[str, timedelta] = field(default_factory=lambda: dict(USUAL))
    target: int = 85
    exponent: Decimal = Decimal(1)
    floor: Decimal = Decimal("0.8")
    cap: Decimal = Decimal("1.2")
    in_force: tuple[InForce, ...] = ()
    tellings: Mapping[str, tuple[Telling, ...]] = field(default_factory=dict)

    def on_record(self, place: Mapping[str, str], begins: date) -> InForce | None:
        """By which record the coefficient is in force for a quarter of a place; None where it is not."""
        here = {place.get("project", ""), place.get("subsidiary", "")} - {""}
        return next((one for one in self.in_force if one.employer in here and one.published <= begins), None)


def terms_of(policy: Policy) -> Terms:
    """The terms of a policy; one without such a file scores nobody. Raises PolicyError."""
    return _read(policy.scores)


@lru_cache(maxsize=16)
def _read(text: str) -> Terms:
    if not text.strip():
        return Terms()
    file = tomllib.loads(text)
    person, formula, weights = (_table(file, name) for name in ("person", "coefficient", "weights"))
    if set(weights) != set(PARTS) or sum(_count(weights, f"weights.{part}", 0, 100) for part in PARTS) != 100:
        raise PolicyError(f"{FILE}: weights: {', '.join(PARTS)} are needed, 100 together")
    known = Vocabulary(FILE, None, frozenset({"person", "manager", "above"}), frozenset({"score", "none"}))
    made = Terms(
        weights=dict(weights),
        teams=tuple(strings(person.get("teams"), f"{FILE}: person.teams")),
        day=_count(person, "person.day", 1, 28),
        cases=_count(person, "person.cases", 1, 1000),
        checks=_count(person, "person.checks", 0, 50),
        suggestion=_count(person, "person.suggestion", 0, 100),
        adjust=_count(person, "person.adjust", 0, 20),
        within={
            **{step: duration(person.get(step), f"{FILE}: person.{step}") for step in STEPS},
            "unanswered": duration(person.get("unanswered", UNANSWERED), f"{FILE}: person.unanswered"),
        },
        target=_count(formula, "coefficient.target", 1, 100),
        exponent=_decimal(formula, "coefficient.exponent"),
        floor=_decimal(formula, "coefficient.floor"),
        cap=_decimal(formula, "coefficient.cap"),
        in_force=tuple(_in_force(row, n) for n, row in enumerate(file.get("in_force", ()), 1)),
        tellings=read_tellings(file, {}, known),
    )
    if made.within["unanswered"] <= 2 * made.within["answer"]:
        raise PolicyError(f"{FILE}: person.unanswered: an objection climbs twice before, after `answer` each time")
    if not made.floor <= 1 <= made.cap:
        raise PolicyError(f"{FILE}: coefficient.floor: a floor is at most 1, a cap at least")
    return made


def _table(file: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = file.get(name)
    if not isinstance(found, dict):
        raise PolicyError(f"{FILE}: {name}: a table is needed")
    return found


def _count(table: Mapping[str, Any], name: str, least: int, most: int) -> int:
    found = table.get(name.partition(".")[2])
    if not isinstance(found, int) or isinstance(found, bool) or not least <= found <= most:
        raise PolicyError(f"{FILE}: {name}: a whole number from {least} to {most} is needed")
    return found


def _decimal(table: Mapping[str, Any], name: str) -> Decimal:
    """A number written as text, so that it is what it says."""
    written = table.get(name.partition(".")[2])
    try:
        found = Decimal(written) if isinstance(written, str) else Decimal(0)
    except InvalidOperation:
        found = Decimal(0)
    if not found.is_finite() or found <= 0:
        raise PolicyError(f'{FILE}: {name}: a positive number in quotes is needed, such as "1.20"')
    return found


def _in_force(row: Mapping[str, Any], n: int) -> InForce:
    consulted, published = row.get("consulted"), row.get("published")
    named = isinstance(row.get("employer"), str) and isinstance(row.get("document"), str)
    if not named or type(consulted) is not date or type(published) is not date or consulted > published:
        raise PolicyError(f"{FILE}: in_force {n}: employer, document, and the days consulted and then published")
    return InForce(str(row["employer"]), consulted, published, str(row["document"]))
