"""What is still to be done: computed from what is there, gone when it is done, back when it is not so any more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.adapters import mail, sms
from chalicelib.adapters.delivery import NotDelivered
from chalicelib.domain.register.cover import Gap
from chalicelib.language.first_day import STEPS
from chalicelib.services.access import inviting
from chalicelib.services.loading import first_day
from chalicelib.services.loading.first_day import MUST, Todo
from chalicelib.store import contracts, people
from chalicelib.store.table import Put
from tests.demo import corner, load
from tests.services.contractor import scene
from tests.world import World, forget

EVERY = tuple(range(7))
Rows = dict[str, list[dict[str, object]]]


@pytest.fixture
def rows(world: World) -> Rows:
    made = corner()
    assert load(made).faults == []
    return made


def todo(home: str, step: str, level: int = 0) -> Todo | None:
    return next(
        (t for t in first_day.of(home).todo if t.step == step and t.facts.get("level", 0) == level),
        None,
    )


def staff(rows: Rows, code: str) -> dict[str, object]:
    return next(row for row in rows["staff"] if row["code"] == code)


def test_every_home_has_its_list(rows: Rows) -> None:
    assert [home for home in first_day.homes() if home not in ("P1", "P2", "S1", "S2")] == ["YS", "FL", "BJ", "group"]


def test_who_is_nowhere_at_night_is_told_by_level(rows: Rows) -> None:
    nights = {t.facts["level"]: t.facts["gaps"] for t in first_day.of("YS").todo if t.step == "nights"}
    assert nights == {
        1: [Gap(EVERY, 1200, 1920)],
        2: [Gap((0, 1, 2, 3), 1080, 1980), Gap((4,), 1080, 3 * 1440 + 540)],
    }
    assert todo("YS", "crew_nights") is None  # somebody of a crew is always there
    staff(rows, "YS-E6")["active"] = staff(rows, "YS-B3")["active"] = "否"
    assert load(rows).faults == []
    night = todo("YS", "crew_nights")
    assert night
    assert night.facts["gaps"] == [Gap(EVERY, 1260, 1860)]


def test_a_project_without_buildings_and_with_them(rows: Rows) -> None:
    assert todo("FL", "no_building")
    assert todo("FL", "signs") is None
    assert todo("YS", "no_building") is None
    signs = todo("YS", "signs")
    assert signs
    assert signs.facts == {"buildings": 3}


def test_a_level_whose_last_one_left_is_missing(rows: Rows) -> None:
    for code in ("BJ-S1", "BJ-S2"):
        staff(rows, code)["active"] = "否"
    assert load({"staff": [row for row in rows["staff"] if row["place"] == "BJ"]}).faults == []
    missing = todo("YS", "no_level", 2)
    assert missing
    assert missing.facts == {"level": 2, "phone": True}


def test_crews_that_are_missing_or_lack_a_trade(rows: Rows) -> None:
    assert todo("YS", "no_crew") is None
    assert todo("YS", "no_trade") is None
    for row in rows["staff"]:
        if row["place"] == "YS" and "电梯" in str(row.get("skills", "")):
            row["skills"] = "电气"
    assert load(rows).faults == []
    lacking = todo("YS", "no_trade")
    assert lacking
    assert "lift" in lacking.facts["trades"]  # type: ignore[operator]
    for row in rows["staff"]:
        if row["place"] == "YS" and row["team"] in ("工程班", "房修班"):
            row["active"] = "否"
    assert load(rows).faults == []
    assert todo("YS", "no_crew")
    assert todo("YS", "no_trade") is None


def test_whom_no_message_reaches_is_named_and_sent_no_link(rows: Rows) -> None:
    staff(rows, "YS-E1").update(phone="0571-88888888", email="")
    staff(rows, "YS-E2").update(phone="0571-88888889")
    assert load(rows).faults == []
    unreachable, links = todo("YS", "unreachable"), todo("YS", "links")
    assert unreachable
    assert links
    assert unreachable.facts == {"names": [staff(rows, "YS-E1")["name"]]}
    assert "YS-E1" not in links.facts["people"]  # type: ignore[operator]
    assert "YS-E2" in links.facts["people"]  # type: ignore[operator]


def test_links_that_were_sent_are_off_the_list_and_not_sent_again(
    rows: Rows, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(sms, "send", lambda to, text: sent.append(to))
    assert first_day.send_links("FL", world.at) == 14
    assert first_day.send_links("FL", world.at) == 0
    world.pump()
    assert len(sent) == 14
    assert todo("FL", "links") is None
    world.advance(minutes=1)
    assert first_day.send_links("FL", world.at) == 0


def test_a_large_team_is_sent_its_pages_in_several_goes(
    rows: Rows, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sms, "send", lambda to, text: None)
    monkeypatch.setattr(first_day, "LINKS_AT_ONCE", 10)
    assert [first_day.send_links("FL", world.at) for _ in range(3)] == [10, 4, 0]


def test_who_has_a_landline_is_sent_the_link_by_mail(rows: Rows, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    staff(rows, "YS-E2").update(phone="0571-88888889")
    assert load(rows).faults == []
    sent: list[str] = []
    monkeypatch.setattr(mail, "send", lambda to, *_: sent.append(to))
    assert inviting.invite("YS-E2", world.at)
    world.pump()
    assert sent == ["ys-e2@wuye.example"]


def test_a_link_that_could_not_be_sent_is_on_the_list_again(
    rows: Rows, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise NotDelivered("refused", final=True)

    monkeypatch.setattr(sms, "send", refuse)
    assert inviting.invite("FL-D1", world.at)
    world.pump()
    links = todo("FL", "links")
    assert links
    assert "FL-D1" in links.facts["people"]  # type: ignore[operator]


def test_who_changes_the_team_has_a_new_page_to_be_sent(
    rows: Rows, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sms, "send", lambda to, text: None)
    first_day.send_links("YS", world.at)
    assert todo("YS", "links") is None
    staff(rows, "YS-E1").update(team="房修班")
    assert load(rows).faults == []
    links = todo("YS", "links")
    assert links
    assert links.facts == {"people": ["YS-E1"]}


def test_what_is_meant_so_stays_off_the_list_until_it_changes(rows: Rows, world: World) -> None:
    night = todo("YS", "nights", 1)
    assert night
    assert not first_day.put_aside("YS", "nights", "another", "YS-D1", world.at)
    assert first_day.put_aside("YS", "nights", night.mark, "YS-D1", world.at)
    assert first_day.put_aside("YS", "nights", night.mark, "YS-D1", world.at) is False  # it is off the list already
    assert todo("YS", "nights", 1) is None
    assert todo("YS", "nights", 2)
    assert todo("FL", "nights", 1)
    for code in ("YS-D1", "YS-D2"):
        staff(rows, code)["duty"] = "每天 08:00-18:00"
    assert load(rows).faults == []
    assert todo("YS", "nights", 1)


def test_what_was_set_aside_can_be_taken_back(rows: Rows, world: World) -> None:
    signs = todo("YS", "signs")
    assert signs
    assert first_day.put_aside("YS", "signs", signs.mark, "YS-D1", world.at)
    assert [t.step for t in first_day.of("YS").aside] == ["signs"]
    assert first_day.take_back("YS", "signs", signs.mark, "YS-D1", world.at)
    assert todo("YS", "signs")


def test_without_anybody_who_repairs_nothing_is_meant_so(rows: Rows, world: World) -> None:
    missing = todo("FL", "no_building")
    assert missing
    assert not first_day.put_aside("FL", "no_building", missing.mark, "FL-D1", world.at)
    assert todo("FL", "no_building")


def test_every_step_has_words(rows: Rows) -> None:
    assert set(STEPS) >= MUST | {t.step for home in first_day.homes() for t in first_day.of(home).todo}


def steps(home: str) -> dict[str, object]:
    about = ("no_contracts", "no_entity", "no_company", "no_contact", "no_office")
    return {t.step: t.facts.get("names") for t in first_day.of(home).todo if t.step in about}


def test_a_project_without_contracts_says_so_and_it_may_be_meant(world: World) -> None:
    assert steps("P1") == {"no_contracts": None}
    assert first_day.Todo("no_contracts", "P1").may_wait


def test_what_letters_would_lack_is_on_the_list_until_it_is_there(world: World) -> None:
    scene.settle(world)
    assert steps("P1") == {}
    known = contracts.contract(scene.CONTRACT)
    assert known is not None
    for row in contracts.put_contract(replace(known, entity="E9", company="C9", number="HT-9")):
        world.table.write(Put(row))
    assert steps("P1") == {"no_entity": ["E9"], "no_company": ["HT-9"]}
    assert not first_day.Todo("no_entity", "P1").may_wait


def test_a_contractor_whose_letters_reach_nobody_is_named(world: World) -> None:
    scene.settle(world)
    for who in ("C1.k1", "C1.k2"):  # k3 may not receive letters
        staff_of = people.get(who)
        assert staff_of is not None
        for row in people.rows_of(replace(staff_of, phone="")):
            world.table.write(Put(row))
    forget()
    assert steps("P1") == {"no_contact": ["防水工程公司"]}


def test_contracts_need_somebody_in_the_warranty_office(world: World) -> None:
    scene.settle(world)
    for who in ("o1", "o2"):
        world.employ(who, "S1/office", active=False)
    forget()
    assert steps("P1") == {"no_office": None}
