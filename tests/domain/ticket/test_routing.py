"""Who gets a ticket: the first rule that fits, then duty, skill and the least open work."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.policy.routing import Rule
from chalicelib.domain.record.roles import desk_of
from chalicelib.domain.ticket.routing import Person, candidates, choose, rule_for, team_of
from chalicelib.domain.ticket.ticket import Kind, Priority, Ticket
from tests.domain.happened import HOME, MONDAY, POLICY

NIGHT = dict.fromkeys(range(7), (20 * 60, 8 * 60))
DAY = dict.fromkeys(range(7), (8 * 60, 20 * 60))


def ticket(kind: str = "repair", category: str = "water_leak", priority: str = "normal") -> Ticket:
    return Ticket("T1", kind=Kind(kind), category=category, priority=Priority(priority), place=HOME)


def person(name: str = "a", duty: object = DAY, skills: str = "plumbing", active: bool = True) -> Person:
    return Person(name, name, "P1/engineering", frozenset(skills.split()), duty, active=active)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("of", "team"),
    [
        (ticket("complaint"), "P1/desk"),
        (ticket("enquiry"), "P1/desk"),
        (ticket("suggestion", "lift"), "P1/desk"),
        (ticket(category="service"), "P1/desk"),
        (ticket(category="gas_smell"), "P1/engineering"),
        (ticket(category="water_leak"), "P1/building"),
        (ticket(category="other"), "P1/engineering"),
        (ticket("patrol", "walls_floors"), "P1/building"),
    ],
)
def test_the_rules_that_ship_name_a_team_or_desk(of: Ticket, team: str):
    rule = rule_for(of, POLICY)
    assert rule is not None
    assert team_of(rule, of.place) == team


def test_the_first_rule_all_of_whose_conditions_hold_decides():
    def rule(name: str, **conditions: str) -> Rule:
        return Rule(name, {k: frozenset(v.split()) for k, v in conditions.items()}, team=name)

    rules = (rule("wrong", kind="repair", building="B2"), rule("right", kind="repair", building="B1"), rule("late"))
    policy = replace(POLICY, rules=rules)
    assert rule_for(ticket(), policy) == rules[1]
    assert rule_for(ticket("patrol"), policy) == rules[2]
    assert rule_for(ticket(), replace(POLICY, rules=rules[:1])) is None


def test_every_desk_has_its_name():
    assert [desk_of(level, HOME) for level in (1, 2, 3)] == ["P1/desk", "S1/desk2", "group/hotline"]


@pytest.mark.parametrize(
    ("duty", "hour", "there"),
    [
        (DAY, 8, True),
        (DAY, 7, False),
        (DAY, 19, True),
        (DAY, 20, False),
        (NIGHT, 23, True),
        (NIGHT, 3, True),
        (NIGHT, 8, False),
        (NIGHT, 12, False),
        ({0: (0, 24 * 60)}, 23, True),
        ({1: (480, 1200)}, 12, False),
        ({}, 12, False),
    ],
)
def test_the_roster_says_who_is_on_duty(duty: object, hour: int, there: bool):
    at = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=hour - 8)  # a Monday in Shanghai
    assert person(duty=duty).on_duty(at) is there


def test_a_night_shift_belongs_to_the_day_it_begins():
    sunday_night = {6: (22 * 60, 6 * 60)}
    assert person(duty=sunday_night).on_duty(datetime(2026, 3, 1, 21, 0, tzinfo=UTC))  # Monday 05:00
    assert not person(duty=sunday_night).on_duty(datetime(2026, 3, 2, 21, 0, tzinfo=UTC))


def test_only_the_active_skilled_willing_and_present_are_asked():
    people = [
        person("a"),
        person("b", skills="lift"),
        person("c", active=False),
        person("d", duty=NIGHT),
        person("e"),
    ]
    assert [p.id for p in candidates(people, MONDAY, "plumbing", frozenset({"e"}))] == ["a"]
    assert [p.id for p in candidates(people, MONDAY, "", frozenset())] == ["a", "b", "e"]


def test_the_least_open_work_decides_and_ties_are_settled_the_same_way_each_time():
    people = [person("b"), person("a"), person("c")]
    chosen = choose(people, {"a": 2, "b": 1, "c": 1})
    assert chosen is not None
    assert chosen.id == "b"
    assert choose([], {}) is None


def test_a_shift_that_runs_or_the_next_one() -> None:
    day = Person("a", "a", "P1/building", frozenset(), {0: (8 * 60, 20 * 60), 1: (22 * 60, 6 * 60)})
    at = MONDAY.replace(hour=1, minute=0)  # 09:00 in Shanghai

    def said(hours: float) -> tuple[str, str] | None:
        found = day.shift(at + timedelta(hours=hours))
        return (f"{found[0]:%a %H:%M}", f"{found[1]:%a %H:%M}") if found else None

    assert said(0) == ("Mon 08:00", "Mon 20:00")
    assert said(11) == ("Tue 22:00", "Wed 06:00")  # at its end a shift is over
    assert said(24 + 18) == ("Tue 22:00", "Wed 06:00")  # after midnight it still runs
    assert said(48) == ("Mon 08:00", "Mon 20:00")
    assert Person("b", "b", "P1/building", frozenset(), {}).shift(at) is None
