"""Nobody consents to what they have not seen, and a key stands for one move with one content."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.record.errors import IllegalMove, Invalid
from chalicelib.domain.ticket.command import ANSWERS, Command, answered
from chalicelib.domain.ticket.lifecycle import MOVES, decide
from chalicelib.domain.ticket.ticket import Actor, Event, Role, Ticket, fold
from tests.domain.happened import MONDAY, POLICY, Life
from tests.domain.samples import SIGNED

HOUR = timedelta(hours=1)
WINDOWS = [[(MONDAY + n * HOUR).isoformat(), (MONDAY + (n + 2) * HOUR).isoformat()] for n in (3, 6)]
UNTIL = (MONDAY + timedelta(days=5)).isoformat()


def life(*kinds: Any) -> Ticket:
    told = Life("complaint" if "relayed" in kinds else "repair")
    for n, kind in enumerate(kinds, 1):
        name, data = kind if isinstance(kind, tuple) else (kind, {})
        told.then(name, n * timedelta(minutes=1), **data)
    return told.ticket


ON_SITE = ("assigned", "acknowledged", "arrived")
DONE = (*ON_SITE, ("completed", {"photos": 1, "round": 0}))
# (move, by, the ticket that the page showed, what happened meanwhile, what is asked beside `of`)
PROPOSED = [("window_proposed", {"start": start, "end": end}) for start, end in WINDOWS]
PLANNED = ("plan_proposed", {"until": UNTIL})
AGAIN = ("reworked", "arrived", ("completed", {}))
ANSWERED = ("relayed", "answered", "result_written")
OTHERS = ("assigned", {"team": "P1/building", "person": "b2"})
QUOTED = ("quoted", {"lines": [[1000, 5000, 5000]], "fen": 5000})
FOUND = ("found", {"cause": "misuse", "shares": [["owner", 100]], "photos": 1})
CONSENTS: list[tuple[str, Role, tuple[Any, ...], tuple[Any, ...], dict[str, Any]]] = [
    ("agree_plan", Role.OWNER, (*ON_SITE, PLANNED), (PLANNED,), {}),
    ("refuse_plan", Role.OWNER, (*ON_SITE, PLANNED), (PLANNED,), {}),
    ("set_window", Role.TECHNICIAN, (*ON_SITE[:2], PROPOSED[0]), (PROPOSED[1],), {"window": "proposed"}),
    ("sign_off", Role.OWNER, DONE, AGAIN, {}),
    ("refuse", Role.OWNER, DONE, AGAIN, {}),
    ("check", Role.SUPERVISOR, DONE, AGAIN, {}),
    ("follow_up", Role.DESK, DONE, AGAIN, {"fixed": True}),
    ("confirm", Role.OWNER, ANSWERED, ("dissatisfied", *ANSWERED[1:]), {"satisfied": True}),
    ("assign", Role.DESK, ("assigned",), (OTHERS,), {"person": "e1"}),
    ("accept_quote", Role.OWNER, ("assigned", FOUND, QUOTED), (QUOTED,), {}),
    ("decline_quote", Role.OWNER, ("assigned", FOUND, QUOTED), (QUOTED,), {}),
    ("dispute_finding", Role.OWNER, ("assigned", FOUND), (FOUND,), {}),
]
SAID = {"words": "好的", "signature": SIGNED, "photos": ["p"]}


def ask(ticket: Ticket, name: str, role: Role, key: str = "", said: Any = SAID, **data: Any) -> list[Event]:
    return decide(ticket, Command(name, Actor("x", role), data, said, key), MONDAY, POLICY)


@pytest.mark.parametrize(
    ("name", "role", "seen", "meanwhile", "data"), CONSENTS, ids=lambda x: x if isinstance(x, str) else ""
)
def test_an_answer_to_what_has_changed_since_is_refused(
    name: str, role: Role, seen: Any, meanwhile: Any, data: dict[str, Any]
) -> None:
    before, after = life(*seen), life(*seen, *meanwhile)
    of = answered(before, name)
    assert ask(before, name, role, of=of, **data)
    with pytest.raises(IllegalMove, match="changed_meanwhile"):
        ask(after, name, role, of=of, **data)
    assert ask(after, name, role, of=answered(after, name), **data)


@pytest.mark.parametrize(
    ("name", "role", "seen", "meanwhile", "data"), CONSENTS, ids=lambda x: x if isinstance(x, str) else ""
)
def test_an_old_page_that_names_nothing_is_asked_to_look_again(
    name: str, role: Role, seen: Any, meanwhile: Any, data: dict[str, Any]
) -> None:
    with pytest.raises(IllegalMove, match="look_again"):
        ask(life(*seen), name, role, **data)


def test_every_move_that_answers_is_tried_here() -> None:
    assert {case[0] for case in CONSENTS} == set(ANSWERS) <= set(MOVES)


OFFERED = ("assigned", "acknowledged", ("windows_offered", {"windows": WINDOWS}))


def test_the_owner_gets_the_window_that_was_shown_or_none() -> None:
    ticket = life(*OFFERED)
    (chosen, *_) = ask(ticket, "choose_window", Role.OWNER, window=WINDOWS[1])
    assert [chosen.data["start"], chosen.data["end"]] == WINDOWS[1]
    swapped = life(*OFFERED, ("windows_offered", {"windows": [WINDOWS[1], WINDOWS[1]]}))
    with pytest.raises(IllegalMove, match="changed_meanwhile"):
        ask(swapped, "choose_window", Role.OWNER, window=WINDOWS[0])
    assert ask(swapped, "choose_window", Role.OWNER, window=WINDOWS[1])


@pytest.mark.parametrize("window", [0, "0", ["0"], [], {"a": 1}, ["x", "y"], [WINDOWS[0][0]], 7.5, True])
def test_a_window_named_as_old_pages_did_is_asked_for_again(window: Any) -> None:
    with pytest.raises(IllegalMove, match="look_again"):
        ask(life(*OFFERED), "choose_window", Role.OWNER, window=window)


@pytest.mark.parametrize("window", [None, ""])
def test_no_window_is_a_fault_at_the_field(window: Any) -> None:
    with pytest.raises(Invalid):
        ask(life(*OFFERED), "choose_window", Role.OWNER, window=window)


def test_a_window_agreed_by_telephone_answers_nothing() -> None:
    assert ask(life(*OFFERED), "set_window", Role.TECHNICIAN, window=WINDOWS[1])


def test_a_proposal_that_was_overtaken_by_new_windows_is_not_accepted() -> None:
    proposal = ("window_proposed", {"start": WINDOWS[0][0], "end": WINDOWS[0][1]})
    ticket = life("assigned", "acknowledged", proposal)
    of = answered(ticket, "set_window")
    overtaken = life("assigned", "acknowledged", proposal, ("windows_offered", {"windows": WINDOWS}))
    with pytest.raises(IllegalMove, match="changed_meanwhile"):
        ask(overtaken, "set_window", Role.TECHNICIAN, window="proposed", of=of)


# keys


def after(ticket: Ticket, events: list[Event]) -> Ticket:
    return fold(ticket.id, events, onto=ticket)


def test_one_key_is_one_move() -> None:
    ticket = life("assigned")
    noted = after(ticket, ask(ticket, "note", Role.OWNER, key="k" * 26))
    assert ask(noted, "note", Role.OWNER, key="k" * 26) == []
    with pytest.raises(IllegalMove, match="key_used"):
        ask(noted, "cancel", Role.OWNER, key="k" * 26)


@pytest.mark.parametrize(
    "other", [{"words": "不是一回事"}, {"words": "好的", "photos": ["q"]}, {"words": "好的", "photos": []}]
)
def test_one_key_is_one_content(other: dict[str, Any]) -> None:
    ticket = life("assigned")
    noted = after(ticket, ask(ticket, "note", Role.OWNER, key="k" * 26))
    with pytest.raises(IllegalMove, match="key_used"):
        ask(noted, "note", Role.OWNER, key="k" * 26, said=other)


def test_a_move_that_lay_on_a_phone_and_comes_twice_is_the_same() -> None:
    ticket = life("assigned")
    first = ask(
        ticket, "note", Role.TECHNICIAN, key="k" * 26, said={"words": "x", "entered": "2026-03-02T09:00:00+08:00"}
    )
    again = {"words": "x", "entered": "2026-03-02T09:05:00+08:00"}
    assert ask(after(ticket, first), "note", Role.TECHNICIAN, key="k" * 26, said=again) == []


def test_what_is_looked_up_for_a_move_makes_it_no_other() -> None:
    ticket = life("assigned")
    of = answered(ticket, "assign")
    first = ask(ticket, "assign", Role.DESK, key="k" * 26, person="b2", team="P1/building", of=of)
    assert ask(after(ticket, first), "assign", Role.DESK, key="k" * 26, person="b2", team="P1/other", of=of) == []
    asked = Command("climb", Actor("x", Role.OWNER), {"level": 2}, key="k" * 26)
    assert replace(asked, data={"level": 2, "person": "s1"}).mark == asked.mark


def test_a_key_of_before_contents_were_marked_is_still_known() -> None:
    ticket = life("assigned")
    (noted,) = ask(ticket, "note", Role.OWNER, key="k" * 26)
    old = after(ticket, [replace(noted, key="k" * 26)])
    assert ask(old, "note", Role.OWNER, key="k" * 26) == []


def test_the_words_can_not_be_read_from_the_mark() -> None:
    (noted,) = ask(life("assigned"), "note", Role.OWNER, key="k" * 26)
    assert len(noted.key.partition("~")[2]) == 6
    assert noted.correlation == ""
