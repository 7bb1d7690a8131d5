"""Every move in every state by every role, against a table written down from the product's words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.record.errors import IllegalMove, Invalid, NotAllowed
from chalicelib.domain.record.roles import OUTSIDE
from chalicelib.domain.ticket.command import ANSWERS, Command, answered
from chalicelib.domain.ticket.liability import about
from chalicelib.domain.ticket.lifecycle import MOVES, decide, legal, moves
from chalicelib.domain.ticket.ticket import PHASE, Actor, Event, Kind, Role, State, Ticket, Window, fold
from tests.domain.happened import HOME, MONDAY, POLICY, Life
from tests.domain.samples import SIGNED

OWNER, TECHNICIAN, DESK = Role.OWNER, Role.TECHNICIAN, Role.DESK
ABOVE = (Role.SUPERVISOR, Role.HOTLINE)
OF_ALL_STAFF = "set_priority set_category contact note"
ALWAYS = "breach escalate note_failed_message link ask_link note_case note_money note_claim"
WHILE_OPEN = f"{ALWAYS} warn remind correct_schedule tell_new_deadline leave"

# state → what the technician, the desk, whoever is above it (besides), and the owner may do
WORK: dict[str, tuple[str, str, str, str]] = {
    "reported": (
        "set_priority set_category contact note",
        "assign set_priority set_category change_place contact note cancel merge",
        "hand_back",
        "note cancel climb",
    ),
    "assigned": (
        "acknowledge decline set_priority set_category contact note",
        "assign set_priority set_category change_place contact note cancel waive merge",
        "hand_back",
        "propose_window note cancel waive climb",
    ),
    "acknowledged": (
        "decline offer_windows set_window arrive pause propose_plan set_priority set_category contact note",
        "assign offer_windows set_window pause propose_plan set_priority set_category change_place contact note"
        " cancel waive merge",
        "hand_back",
        "choose_window propose_window agree_plan refuse_plan note cancel waive climb",
    ),
    "scheduled": (
        "decline offer_windows set_window arrive pause propose_plan set_priority set_category contact note",
        "assign offer_windows set_window pause propose_plan set_priority set_category change_place contact note"
        " cancel waive merge",
        "hand_back",
        "choose_window propose_window agree_plan refuse_plan note cancel waive climb",
    ),
    "on_site": (
        "tick_checklist complete pause propose_plan set_priority set_category contact note",
        "pause propose_plan set_priority set_category change_place contact note waive",
        "hand_back",
        "agree_plan refuse_plan note waive climb",
    ),
    "waiting": (
        "wait_longer resume propose_plan set_priority set_category contact note",
        "wait_longer resume propose_plan set_priority set_category change_place contact note cancel waive merge",
        "hand_back",
        "agree_plan refuse_plan note cancel waive climb",
    ),
    "completed": ("contact note", "contact note follow_up", "check hand_back", "sign_off refuse rate note climb"),
    "signed_off": ("contact note", "contact note follow_up", "hand_back", "rate note climb"),
    "closed": ("", "", "", "rate"),
    "cancelled": ("", "", "", ""),
    "waived": ("", "", "", ""),
    "merged": ("", "", "", ""),
}
# state → what is open besides where it was found that the owner pays, and he has a quote
ACCESS = "note_access"
WORKS_ON = (f"correct_finding {ACCESS}", f"correct_finding quote {ACCESS}", "", f"accept_quote decline_quote {ACCESS}")
LIABLE: dict[str, tuple[str, str, str, str]] = {
    **dict.fromkeys(("assigned", "acknowledged", "scheduled", "on_site", "waiting"), WORKS_ON),
    **dict.fromkeys(("completed", "signed_off", "closed"), ("correct_finding", "correct_finding", "", "")),
}
DISPUTED = ("assigned", "acknowledged", "scheduled", "on_site", "waiting", "completed", "signed_off")
COMPLAINT: dict[str, tuple[str, str, str, str]] = {
    "reported": (
        "set_priority set_category contact note",
        "assign set_priority set_category change_place contact note cancel merge relay answer",
        "hand_back",
        "note cancel climb",
    ),
    "relayed": (
        "set_priority set_category contact note",
        "set_priority set_category contact note cancel relay answer write_result",
        "hand_back",
        "note cancel climb",
    ),
    "answered": ("contact note", "contact note answer write_result", "hand_back", "note climb"),
    "result_written": ("contact note", "contact note confirm", "hand_back", "note climb confirm"),
    "closed": ("", "", "", ""),
    "cancelled": ("", "", "", ""),
    "merged": ("", "", "", ""),
}
ENQUIRY: dict[str, tuple[str, str, str, str]] = {
    "reported": (
        "set_priority set_category contact note",
        "assign set_priority set_category change_place contact note cancel merge answer",
        "hand_back",
        "note cancel climb",
    ),
    "closed": ("", "", "", ""),
    "cancelled": ("", "", "", ""),
}
LIVES = [(kind, WORK) for kind in ("repair", "emergency", "patrol", "maintenance")]
LIVES += [("complaint", COMPLAINT), ("enquiry", ENQUIRY), ("suggestion", ENQUIRY)]
CASES = [(kind, state, role, table[state]) for kind, table in LIVES for state in table for role in Role]


def standing(kind: str, state: str) -> Ticket:
    """A ticket at level 2 on which all is open that a state can leave open."""
    ticket = Ticket(
        "T1",
        kind=Kind(kind),
        state=State(state),
        level=2,
        holder="b1",
        place=HOME,
        route_due=False,
        windows=(Window(MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=2)),),
        plan_proposed=MONDAY + timedelta(days=3),
        category="water_leak",
        desk="P1/desk",
        finding={"shares": [["owner", 50], ["contractor", 50, "C1"]], "by": "b1", "version": 1},
        quote={"fen": 100, "state": "offered"},
    )
    return replace(ticket, verdict={"payer": "undecided", "about": about(ticket)})


def allowed(role: Role, state: str, row: tuple[str, str, str, str]) -> set[str]:
    technician, desk, above, owner = (set(cell.split()) for cell in row)
    liable = LIABLE.get(state, ("",) * 4) if row is WORK.get(state) else ("",) * 4
    finds, quotes, _, answers = (set(cell.split()) for cell in liable)
    disputes = {"dispute_finding"} if any(liable) and state in DISPUTED else set()
    if role is Role.SYSTEM:
        done = PHASE[State(state)] == "done"
        waits = {"resume", "ask_to_resume"} if state == "waiting" else set()
        held = state in ("assigned", "acknowledged", "scheduled")
        joins = state in ("reported", "on_site", "waiting", "relayed") or held
        more = ({"take_away"} if held else set()) | ({"join"} if joins else set())
        to_do = state in ("reported", "on_site", "waiting") or held
        more |= {"entrust"} if to_do else set()
        return set((ALWAYS if done else WHILE_OPEN).split()) | more | waits
    department = (technician & set(OF_ALL_STAFF.split())) | (desk & {"answer", "write_result"})
    outside = technician - {"set_priority", "set_category"}  # what their own times hang on is not theirs to change
    known = {TECHNICIAN: technician | finds, Role.DEPARTMENT: department, DESK: desk | quotes}
    known |= {OWNER: owner | answers | disputes, **dict.fromkeys(OUTSIDE, outside | finds & {ACCESS})}
    known[Role.CONTRACTOR] = known[Role.CONTRACTOR] | disputes
    known |= {Role.OFFICE: technician & set(OF_ALL_STAFF.split()) | quotes | disputes}
    known[Role.FINANCE] = set()  # it sees of a ticket its number
    known[Role.MANAGER] = set()  # they read, and answer figures by actions
    known[Role.AUDITOR] = set()  # reads what the rules find, and says what explains it
    return known.get(role, desk | above | quotes)


@pytest.mark.parametrize(("kind", "state", "role", "row"), CASES)
def test_exactly_the_moves_of_the_table_are_open(kind: str, state: str, role: Role, row: tuple[str, str, str, str]):
    assert set(moves(standing(kind, state), role)) == allowed(role, state, row)


@pytest.mark.parametrize(("kind", "state", "role", "row"), CASES)
def test_every_other_move_is_refused_and_changes_nothing(
    kind: str, state: str, role: Role, row: tuple[str, str, str, str]
):
    ticket = standing(kind, state)
    for name in set(MOVES) - allowed(role, state, row):
        with pytest.raises(NotAllowed if role not in MOVES[name].by else IllegalMove):
            decide(ticket, Command(name, Actor("x", role)), MONDAY, POLICY)
    assert ticket == standing(kind, state)


@pytest.mark.parametrize("state", [s for s in State if s.value not in WORK])
def test_states_of_other_lives_are_no_trap_for_work(state: State):
    assert not set(moves(standing("repair", state.value), TECHNICIAN)) & {"acknowledge", "arrive", "complete"}


@pytest.mark.parametrize(
    ("move", "closed"),
    [
        ("contact", {"contacted": True}),
        ("choose_window", {"windows": ()}),
        ("agree_plan", {"plan_proposed": None}),
        ("refuse_plan", {"plan_proposed": None}),
        ("climb", {"level": 3}),
        ("hand_back", {"level": 1}),
        ("follow_up", {"followed_up": True}),
        ("rate", {"rated": True}),
        ("correct_finding", {"finding": {}}),
        ("correct_finding", {"money_moved": True}),
        ("correct_finding", {"appraised": True}),
        ("dispute_finding", {"disputed": True}),
        ("quote", {"finding": {}}),
        ("accept_quote", {"quote": {}}),
        ("decline_quote", {"quote": {"state": "accepted"}}),
        ("note_money", {"money_moved": True}),
    ],
)
def test_what_was_done_or_never_offered_is_not_open(move: str, closed: dict[str, Any]):
    state = next(s.value for s in State if s in MOVES[move].states and s.value in WORK)
    role = next(iter(MOVES[move].by))
    assert legal(standing("repair", state), move, role)
    assert not legal(replace(standing("repair", state), **closed), move, role)


@pytest.mark.parametrize(
    ("move", "opened"),
    [
        ("give_verdict", {"finding": {}, "component": "bathroom"}),
        ("decide_liability", {"finding": {}}),
        ("find", {"finding": {}}),
        ("appraise", {"disputed": True}),
    ],
)
def test_what_waits_for_it_is_open_then_alone(move: str, opened: dict[str, Any]):
    role = next(iter(MOVES[move].by))
    assert not legal(standing("repair", "assigned"), move, role)
    assert legal(replace(standing("repair", "assigned"), **opened), move, role)


def test_the_system_routes_only_what_nobody_has():
    ticket = standing("repair", "reported")
    assert not legal(ticket, "route", Role.SYSTEM)
    assert legal(replace(ticket, route_due=True), "route", Role.SYSTEM)


# what moves make


def made(ticket: Ticket, name: str, role: Role, /, who: str = "x", said: Any = None, **data: Any) -> list[Event]:
    words = {"words": "好的"} if said is None else said
    of = {"of": answered(ticket, name)} if name in ANSWERS else {}
    return decide(ticket, Command(name, Actor(who, role), of | data, words), MONDAY, POLICY)


def test_a_change_sent_twice_counts_once():
    ticket = standing("repair", "assigned")
    command = Command("note", Actor("b1", TECHNICIAN), said={"words": "在路上"}, key="k1")
    ticket = fold("T1", decide(ticket, command, MONDAY, POLICY), onto=ticket)
    assert decide(ticket, command, MONDAY, POLICY) == []


def test_an_emergency_that_closes_is_signed_and_followed_up_in_either_order():
    done = Life("emergency", "emergency").then("assigned", timedelta()).then("completed", timedelta(hours=1)).ticket
    signed = fold("T1", made(done, "sign_off", OWNER, said={"signature": SIGNED}), onto=done)
    assert signed.state is State.SIGNED_OFF
    assert fold("T1", made(signed, "follow_up", DESK, fixed=True), onto=signed).state is State.CLOSED
    asked = fold("T1", made(done, "follow_up", DESK, fixed=True), onto=done)
    assert asked.state is State.COMPLETED
    assert fold("T1", made(asked, "check", Role.SUPERVISOR), onto=asked).state is State.CLOSED


def test_not_fixed_is_rework_and_loses_what_was_signed():
    done = (
        Life()
        .then("assigned", timedelta())
        .then("completed", timedelta(hours=1))
        .then("signed_off", timedelta(hours=2))
    )
    again = fold("T1", made(done.ticket, "follow_up", DESK, fixed=False), onto=done.ticket)
    assert (again.state, again.rounds, again.signed, again.holder) == (State.ASSIGNED, 1, False, "b1")


def test_the_repairing_side_never_checks_its_own_work():
    with pytest.raises(NotAllowed):
        made(standing("repair", "completed"), "check", Role.SUPERVISOR, who="b1")


def test_a_category_that_wants_a_photo_after_is_not_completed_without():
    with pytest.raises(Invalid) as fault:
        made(standing("repair", "on_site"), "complete", TECHNICIAN, said={"words": "好了"})
    assert fault.value.field == "photos"


BEGUN = [(MONDAY + timedelta(hours=n)).isoformat() for n in (-1, 1)]


@pytest.mark.parametrize(
    ("name", "role", "state", "data", "said", "field"),
    [
        ("pause", TECHNICIAN, "on_site", {"reason": "lazy"}, {}, "reason"),
        ("set_priority", DESK, "assigned", {"priority": "soon"}, {}, "priority"),
        ("set_category", DESK, "assigned", {"category": "moon"}, {}, "category"),
        ("set_category", DESK, "assigned", {"category": "lift", "component": "roof"}, {}, "component"),
        ("assign", DESK, "reported", {}, {}, "person"),
        ("offer_windows", TECHNICIAN, "acknowledged", {"windows": [["2026-03-02T10:00", "x"]]}, {}, "windows"),
        ("offer_windows", TECHNICIAN, "acknowledged", {"windows": []}, {}, "windows"),
        ("offer_windows", TECHNICIAN, "acknowledged", {"windows": [BEGUN]}, {}, "windows"),
        ("choose_window", OWNER, "acknowledged", {"window": ""}, {}, "window"),
        ("rate", OWNER, "completed", {"scores": {"overall": 6}}, {}, "scores"),
        ("sign_off", OWNER, "completed", {}, {}, "signature"),
        ("refuse", OWNER, "completed", {}, {"words": " "}, "words"),
        ("note", OWNER, "assigned", {}, {"words": "长" * 2001}, "words"),
        ("follow_up", DESK, "completed", {"fixed": "yes"}, {}, "fixed"),
        ("propose_plan", DESK, "on_site", {"until": "soon"}, {"words": "换管"}, "until"),
        ("propose_plan", DESK, "on_site", {"until": "2026-03-01T00:00:00+08:00"}, {"words": "换管"}, "until"),
        ("change_place", DESK, "assigned", {"place": {"unit": "U2"}}, {}, "place"),
        ("climb", OWNER, "assigned", {"level": 7}, {}, "level"),
    ],
)
def test_a_wrong_value_names_its_field(
    name: str, role: Role, state: str, data: dict[str, Any], said: dict[str, Any], field: str
):
    with pytest.raises(Invalid) as fault:
        made(standing("repair", state), name, role, said=said, **data)
    assert fault.value.field == field


def test_a_plan_is_proposed_by_staff_and_agreed_by_the_owner():
    ticket = replace(standing("repair", "on_site"), plan_proposed=None)
    until = MONDAY + timedelta(days=5)
    ticket = fold("T1", made(ticket, "propose_plan", TECHNICIAN, until=until.isoformat()), onto=ticket)
    assert (ticket.plan_proposed, ticket.plan) == (until, None)
    ticket = fold("T1", made(ticket, "agree_plan", OWNER), onto=ticket)
    assert (ticket.plan_proposed, ticket.plan) == (None, until)


def test_another_project_takes_it_from_whoever_has_it():
    ticket = standing("repair", "acknowledged")
    place = {**HOME, "project": "P2", "subsidiary": "S2"}
    ticket = fold(
        "T1", made(replace(ticket, watchers={2: "s1", 3: "h1"}), "change_place", DESK, place=place), onto=ticket
    )
    assert (ticket.holder, ticket.route_due, ticket.desk) == ("", True, "P2/desk")


def test_another_flat_of_the_same_project_leaves_it_where_it_is():
    ticket = standing("repair", "acknowledged")
    events = made(ticket, "change_place", DESK, place={**HOME, "unit": "U2"})
    assert fold("T1", events, onto=ticket).holder == "b1"


def test_climbing_to_where_it_is_already_tells_nobody_twice():
    assert made(standing("repair", "assigned"), "climb", OWNER, level=2) == []


def test_climbing_goes_one_desk_at_a_time():
    with pytest.raises(IllegalMove):
        made(replace(standing("repair", "assigned"), level=1), "climb", OWNER, level=3)


def test_level_3_owes_a_complaint_once():
    ticket = replace(standing("repair", "assigned"), events=())
    ticket = fold("T1", made(ticket, "climb", OWNER, level=3, person="h1"), onto=ticket)
    assert ticket.complaint_due
    assert ticket.stands("h1")
    ticket = fold("T1", made(ticket, "link", Role.SYSTEM, ticket="C1", cause="climbed"), onto=ticket)
    assert not ticket.complaint_due
    again = made(ticket, "escalate", Role.SYSTEM, level=3, moment="resolve:level:3", cause="breach", person="h1")
    assert not fold("T1", again, onto=ticket).complaint_due


def test_a_level_that_hands_back_is_off_the_ticket_and_its_instruction_is_kept():
    ticket = replace(standing("repair", "assigned"), watchers={2: "s1"})
    back = fold("T1", made(ticket, "hand_back", Role.SUPERVISOR, said={"words": "今天上门"}), onto=ticket)
    assert (back.level, back.stands("s1")) == (1, False)
    assert back.said("handed_back") == {"words": "今天上门"}


def test_times_are_kept_to_the_second():
    events = decide(
        standing("repair", "assigned"),
        Command("note", Actor("b1", TECHNICIAN), said={"words": "x"}),
        MONDAY + timedelta(microseconds=7),
        POLICY,
    )
    assert events[0].at == MONDAY


def test_a_photo_that_was_refused_counts_for_nothing():
    ticket = replace(Life("repair", "normal").then("arrived", timedelta()).ticket, refused=frozenset({"/bad"}))
    ticket = replace(ticket, state=State.ON_SITE, category="water_leak")
    said = {"words": "修好了", "photos": ["/bad"]}
    with pytest.raises(Invalid, match="after_photo_refused"):
        decide(ticket, Command("complete", Actor("b1", TECHNICIAN), said=said), MONDAY, POLICY)
    said = {"words": "修好了", "photos": ["/bad", "/good"]}
    all_done = {"done": POLICY.categories["water_leak"].checklist}
    events = decide(ticket, Command("complete", Actor("b1", TECHNICIAN), all_done, said), MONDAY, POLICY)
    assert events[0].data["photos"] == 1
    done = fold("T1", events, onto=ticket)
    assert done.photos_kept == 1
    assert replace(done, refused=frozenset({"/bad", "/good"})).photos_kept == 0, "one that is refused later, too"
    with pytest.raises(Invalid):
        decide(ticket, Command("note", Actor("b1", TECHNICIAN), said={"photos": ["/bad"]}), MONDAY, POLICY)


def test_a_window_that_has_begun_is_no_choice_any_more():
    ticket = standing("repair", "acknowledged")
    window = ticket.windows[0]
    chosen = {"window": [window.start.isoformat(), window.end.isoformat()]}
    with pytest.raises(Invalid) as refused:
        decide(ticket, Command("choose_window", Actor("reporter", OWNER), chosen), window.start, POLICY)
    assert refused.value.reason == "window_past"


def test_who_proposes_another_time_is_not_asked_to_choose_any_more():
    ticket = standing("repair", "acknowledged")
    start, end = (MONDAY + timedelta(hours=n) for n in (30, 32))
    asked = Command("propose_window", Actor("reporter", OWNER), {"window": [start.isoformat(), end.isoformat()]})
    after = fold(ticket.id, decide(ticket, asked, MONDAY, POLICY), onto=ticket)
    assert after.proposed is not None
    assert not legal(after, "choose_window", OWNER)
