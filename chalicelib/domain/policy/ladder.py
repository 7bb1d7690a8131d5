"""contractor.toml: the clocks of the contractor ladder, what the contract leaves open, who is told what.

Read when it is first asked for: who only serves tickets does not pay for it. Raises PolicyError.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from typing import Any

from chalicelib.domain.policy.calendars import COUNTS
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.reading import by_priority, duration, strings
from chalicelib.domain.policy.telling import Telling, Vocabulary, read_tellings
from chalicelib.domain.record.errors import PolicyError
from chalicelib.domain.ticket.trade import Priority

FILE = "contractor.toml"
HANDS = ("office", "contractor", "third_party")
UNTIL = ("response", "cure", "last", "end")
KEYS = frozenset({"starts", "stops", "unless", "pauses", "goes_on", "hands", "until", "target", "counts", "levels"})
RECIPIENTS = frozenset({"contact", "office", "level", "third_party", "worker"})
LINKS = frozenset({"case", "none"})
CONTACT_ABOVE = 1  # the level that is still the contractor's
OWNER_PHONE = ("through_desk", "open")


@dataclass(frozen=True, slots=True)
class LadderClock:
    """One row of the table; what its words mean stands in the file. `until` takes the place of `target`."""

    name: str
    starts: frozenset[str]
    stops: frozenset[str]
    hands: str
    pauses: frozenset[str] = frozenset()
    goes_on: frozenset[str] = frozenset()
    unless: frozenset[str] = frozenset()
    until: str = ""
    target: Mapping[Priority, timedelta] = field(default_factory=dict)
    counts: str = "always"
    levels: tuple[tuple[int, timedelta], ...] = ()

    @property
    def reminds(self) -> bool:
        """Whether it is repeated every day after its last level."""
        return any(level > CONTACT_ABOVE for level, _ in self.levels)

    @property
    def words(self) -> frozenset[str]:
        """All that the clock listens to."""
        return self.starts | self.stops | self.pauses | self.goes_on


@dataclass(frozen=True, slots=True)
class Ladder:
    """`response`, `cure_days`: where the clause names none. `quote_limit`: fen.

    `email_delivers`: whether a letter has arrived as the provider takes it for the agreed address.
    `owner_phone`: one of OWNER_PHONE.
    """

    clocks: Mapping[str, LadderClock] = field(default_factory=dict)
    tellings: Mapping[str, tuple[Telling, ...]] = field(default_factory=dict)
    warn: tuple[float, ...] = ()
    warn_from: timedelta = timedelta(0)
    remind_every: timedelta = timedelta(days=1)
    response: Mapping[Priority, timedelta] = field(default_factory=dict)
    cure_days: Mapping[Priority, int] = field(default_factory=dict)
    last_days: Mapping[Priority, int] = field(default_factory=dict)
    inspection: timedelta = timedelta(hours=48)
    quote_limit: int = 0
    quotes: int = 3
    like_within: timedelta = timedelta(days=90)
    email_delivers: bool = False
    owner_phone: str = OWNER_PHONE[0]
    limitation_years: int = 3

    concerned: Mapping[str, tuple[str, ...]] = field(init=False)  # word → the clocks that it concerns, in their order

    def __post_init__(self) -> None:
        words = sorted({word for row in self.clocks.values() for word in row.words})
        found = {word: tuple(n for n, row in self.clocks.items() if word in row.words) for word in words}
        object.__setattr__(self, "concerned", found)

    def warn_for(self, length: timedelta) -> tuple[float, ...]:
        return self.warn if length >= self.warn_from else ()


def ladder_of(policy: Policy) -> Ladder:
    """The ladder of a policy; an empty one where its files had none yet."""
    return _read(policy.contractor)


@lru_cache(maxsize=16)
def _read(text: str) -> Ladder:
    if not text:
        return Ladder()
    try:
        file = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise PolicyError(f"{FILE}: {fault}") from fault
    clocks = {name: _clock(name, row, f"{FILE}: clock.{name}") for name, row in file.get("clock", {}).items()}
    terms = file.get("terms", {})
    days = {name: by_priority(terms.get(name), f"{FILE}: terms.{name}") for name in ("cure_days", "last_days")}
    for name, row in days.items():
        if not all(isinstance(n, int) and n > 0 for n in row.values()):
            raise PolicyError(f"{FILE}: terms.{name}: whole days, one at least")
    owner_phone = file.get("owner_phone", OWNER_PHONE[0])
    if owner_phone not in OWNER_PHONE:
        raise PolicyError(f"{FILE}: owner_phone: {owner_phone!r} is none of {', '.join(OWNER_PHONE)}")
    return Ladder(
        clocks=clocks,
        tellings=read_tellings(file, clocks, Vocabulary(FILE, None, RECIPIENTS, LINKS)),
        warn=tuple(float(share) for share in file.get("warn", ())),
        warn_from=duration(file.get("warn_from"), f"{FILE}: warn_from"),
        remind_every=duration(file.get("remind_every"), f"{FILE}: remind_every"),
        response=_durations(terms.get("response"), f"{FILE}: terms.response"),
        cure_days=days["cure_days"],
        last_days=days["last_days"],
        inspection=duration(terms.get("inspection"), f"{FILE}: terms.inspection"),
        quote_limit=int(file.get("quote_limit", 0)),
        quotes=int(file.get("quotes", 3)),
        like_within=duration(file.get("like_within"), f"{FILE}: like_within"),
        email_delivers=file.get("email_delivers") is True,
        owner_phone=owner_phone,
        limitation_years=int(file.get("limitation_years", 3)),
    )


def _durations(row: object, where: str) -> Mapping[Priority, timedelta]:
    return {priority: duration(text, f"{where}.{priority}") for priority, text in by_priority(row, where).items()}


def _clock(name: str, row: Mapping[str, Any], where: str) -> LadderClock:
    if unknown := set(row) - KEYS:
        raise PolicyError(f"{where}.{min(unknown)}: unknown key")
    if row.get("hands") not in HANDS:
        raise PolicyError(f"{where}.hands: {row.get('hands')!r} is none of {', '.join(HANDS)}")
    until, counts = row.get("until", ""), row.get("counts", "always")
    if until not in ("", *UNTIL) or bool(until) == ("target" in row):
        raise PolicyError(f"{where}.until: a target, or one of {', '.join(UNTIL)}")
    if counts not in COUNTS:
        raise PolicyError(f"{where}.counts: {counts!r} is none of {', '.join(COUNTS)}")
    named = {key: frozenset(strings(row.get(key, []), f"{where}.{key}")) for key in ("starts", "stops")}
    held = {key: frozenset(strings(row.get(key, []), f"{where}.{key}")) for key in ("pauses", "goes_on", "unless")}
    if not all(named.values()) or bool(held["pauses"]) != bool(held["goes_on"]):
        raise PolicyError(f"{where}.starts: what starts, stops, pauses it and lets it go on")
    levels = tuple((int(n), duration(after, f"{where}.levels")) for n, after in row.get("levels", ()))
    if any(not 1 <= n <= 3 for n, _ in levels) or list(levels) != sorted(levels, key=lambda one: (one[1], one[0])):
        raise PolicyError(f"{where}.levels: levels are 1 to 3, in the order of their offsets")
    target = {} if until else _durations(row.get("target"), f"{where}.target")
    return LadderClock(
        name, hands=row["hands"], until=until, target=target, counts=counts, levels=levels, **named, **held
    )
