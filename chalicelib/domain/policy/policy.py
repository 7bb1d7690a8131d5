"""The numbers of the trade as values, checked when they are read. The files are in `chalicelib/policy/`.

clocks.toml       calendars, clocks, pauses, care after the work
categories.toml   categories, terms, checklists
routing.toml      rules
telling.toml      messages
contractor.toml   the contractor ladder, read when it is asked for: `ladder.py`
money.toml        deductions, read when it is asked for: `money.py`
surveys.toml      who is asked afterwards, read when it is asked for: `surveys.py`
measures.toml     targets of figures, read when it is asked for: `measures.py`
scores.toml       a person's and a subsidiary's score, read when it is asked for: `scores.py`
actions.toml      improvement actions, read when it is asked for: `actions.py`
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from chalicelib.domain.policy.calendars import Schedules, read_calendars
from chalicelib.domain.policy.care import Care, read_care
from chalicelib.domain.policy.categories import Category, Safety, read_categories
from chalicelib.domain.policy.clocks import ClockRule, read_clocks, read_pauses
from chalicelib.domain.policy.reading import duration
from chalicelib.domain.policy.routing import Rule, read_rules
from chalicelib.domain.policy.telling import Telling, read_tellings
from chalicelib.domain.policy.vocabulary import Around, Term, read_around, read_lexicon
from chalicelib.domain.ticket.trade import Priority
from chalicelib.domain.time.calendar import Calendar


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """All numbers at one version. `calendars` has "always", "service" and "office". One is equal to itself alone.

    `starting`, `stopping`: the clocks that an event starts or stops, in the order of the table.
    """

    version: str
    calendars: Mapping[str, Calendar]
    clocks: Mapping[str, ClockRule]
    pauses: Mapping[str, frozenset[str]]
    remind_every: timedelta
    wait_longest: timedelta
    wait_answer: timedelta
    categories: Mapping[str, Category]
    rules: tuple[Rule, ...]
    tellings: Mapping[str, tuple[Telling, ...]] = field(default_factory=dict)
    lexicon: Mapping[str, tuple[Term, ...]] = field(default_factory=dict)
    around: Around = field(default_factory=Around)
    care: Care = field(default_factory=Care)
    contractor: str = ""  # the text of contractor.toml
    money: str = ""  # the text of money.toml
    surveys: str = ""  # the text of surveys.toml
    measures: str = ""  # the text of measures.toml
    scores: str = ""  # the text of scores.toml
    actions: str = ""  # the text of actions.toml
    starting: Mapping[str, tuple[str, ...]] = field(init=False)
    stopping: Mapping[str, tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        for name, events in (("starting", "starts"), ("stopping", "stops")):
            object.__setattr__(self, name, _by_event({c: getattr(rule, events) for c, rule in self.clocks.items()}))

    @property
    def zone(self) -> str:
        """The zone of the places: that of the service hours."""
        return self.calendars["service"].tz

    def safety(self, category: str) -> Safety:
        """What to do in an emergency of a category until somebody comes."""
        known = self.categories.get(category)
        found = (known.safety if known else None) or self.categories["other"].safety
        assert found is not None
        return found


def _by_event(clocks: Mapping[str, frozenset[str]]) -> Mapping[str, tuple[str, ...]]:
    events = sorted({event for named in clocks.values() for event in named})
    return {event: tuple(name for name, named in clocks.items() if event in named) for event in events}


def parse(files: Mapping[str, Mapping[str, Any]], holidays: Schedules) -> Policy:
    """The policy that the parsed TOML `files` (by name) make. `holidays`: schedule name → (days, known years).

    Raises PolicyError with `file: dotted.key: fault`.
    """
    clocks_file = files["clocks.toml"]
    categories = read_categories(files["categories.toml"])
    emergencies = [c.name for c in categories.values() if c.default is Priority.EMERGENCY]
    clocks = read_clocks(clocks_file, categories)
    return Policy(
        version=str(clocks_file.get("version", "")),
        calendars=read_calendars(clocks_file, holidays),
        clocks=clocks,
        pauses=read_pauses(clocks_file),
        remind_every=duration(clocks_file.get("remind_every"), "clocks.toml: remind_every"),
        wait_longest=duration(clocks_file.get("wait_longest"), "clocks.toml: wait_longest"),
        wait_answer=duration(clocks_file.get("wait_answer"), "clocks.toml: wait_answer"),
        categories=categories,
        rules=read_rules(files["routing.toml"], categories),
        tellings=read_tellings(files["telling.toml"], clocks),
        lexicon=read_lexicon(files["categories.toml"], emergencies),
        around=read_around(files["categories.toml"]),
        care=read_care(clocks_file),
    )
