"""Every word of the trade has its Chinese, and every event its sentence."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chalicelib.adapters.policies import policy
from chalicelib.domain.ticket.ticket import CHANGES, Event, Kind, Priority, Role, State
from chalicelib.language import words

ZONE = "Asia/Shanghai"
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


def test_states_kinds_priorities_and_roles_are_said_in_both_languages() -> None:
    for said, keys in (
        (words.state_word, State),
        (words.kind_word, Kind),
        (words.priority_word, Priority),
        (words.role_word, Role),
    ):
        for key in keys:
            assert is_chinese(said(key, "zh_CN")), key
            assert not is_chinese(said(key, "en")), key


def test_the_words_are_those_of_the_product() -> None:
    assert words.state_word(State.SIGNED_OFF, "zh_CN") == "已验收待回访"
    assert words.role_word(Role.TECHNICIAN, "zh_CN") == "维修师傅"
    assert words.kind_word(Kind.PATROL, "zh_CN") == "巡查问题"
    assert words.state_word(State.REPORTED, "zh_CN") == "待派单"
    assert words.state_word(State.REPORTED, "zh_CN", Kind.ENQUIRY) == "待答复"


def test_whatever_the_policy_names_has_a_word() -> None:
    for category in policy().categories.values():
        assert is_chinese(words.category_word(category.name, "zh_CN"))
        for component in category.components:
            assert is_chinese(words.component_word(component, "zh_CN")), component
        safety = category.safety
        for step in (*safety.steps, safety.brief) if safety else ():
            assert is_chinese(words.safety_word(step, "zh_CN")), step
        for phone in safety.phones if safety else ():
            assert is_chinese(words.public_word(phone, "zh_CN")), phone
        for entry in category.checklist:
            assert is_chinese(words.checklist_word(entry, "zh_CN")), entry
    assert all(is_chinese(words.clock_word(name, "zh_CN")) for name in policy().clocks)
    assert all(is_chinese(words.pause_word(name, "zh_CN")) for name in policy().pauses)


def test_a_word_nobody_knows_is_shown_as_it_is() -> None:
    assert words.category_word("moat", "zh_CN") == "moat"
    assert words.state_word("dissolved", "en") == "dissolved"
    assert words.component_word("", "zh_CN") == ""


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
@pytest.mark.parametrize("kind", sorted(CHANGES))
def test_every_event_is_a_sentence_for_staff_even_without_its_facts(kind: str, lang: str) -> None:
    said = words.event_sentence(Event(kind, NOW, "b1", Role.SYSTEM), lang, ZONE, "staff", {}, NOW)
    assert said != kind
    assert "{" not in said
    assert is_chinese(said) == (lang == "zh_CN")


def test_the_owner_is_not_shown_warnings_checklists_or_failed_messages() -> None:
    for kind in ("warned", "checklist_ticked", "message_failed", "reminded", "link_asked"):
        assert words.event_sentence(Event(kind, NOW, "system", Role.SYSTEM), "zh_CN", ZONE, "owner", {}, NOW) == ""


def test_the_owner_reads_who_comes_by_name_where_the_page_may_name_them() -> None:
    event = Event("assigned", NOW, "system", Role.SYSTEM, {"person": "b1", "team": "P1/building"})
    assert words.event_sentence(event, "zh_CN", ZONE, "owner", {"b1": "李师傅"}, NOW) == "已为您派单，由李师傅负责。"
    assert words.event_sentence(event, "zh_CN", ZONE, "owner", {}, NOW) == "已为您派单，由维修师傅负责。"


def test_a_second_run_of_a_clock_has_the_name_of_the_first() -> None:
    assert words.clock_word("resolve.2", "zh_CN") == "完工"
