"""What is read on letters: everything that they must say, in the reader's language, with dates that name their year."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.contractor.letter import Cause, Charge, Letter, LetterKind
from chalicelib.domain.contractor.typeface import rare, texts_in
from chalicelib.language.letters import said, title_of
from tests.domain.contractor.letters import GENERAL, LEAK, LETTERS, NOTICE, REMINDER, TERMS, THIRD

ENGLISH = re.compile(r"[A-Za-z]{3,}")


def text(letter: Letter, lang: str = "zh_CN") -> str:
    return "\n".join(texts_in(said(letter, lang)))


@pytest.mark.parametrize("letter", LETTERS, ids=lambda one: one.kind)
def test_what_there_was_no_letter_of_leaves_no_empty_paragraph(letter: Letter) -> None:
    charge = Charge("HY-K-2026-0001", (("repair", "120.00 × 4.5", 69_400),), 69_400, "progress", 7)
    for one in (letter, replace(letter, kind=LetterKind.DEDUCTION_NOTICE, charge=charge)):
        assert all(said(replace(one, earlier=()))["opening"]), one.kind


@pytest.mark.parametrize("letter", LETTERS, ids=lambda one: one.kind)
def test_every_letter_names_parties_contract_clause_place_and_defect(letter: Letter) -> None:
    read = text(letter)
    for fact in (letter.number, letter.entity.name, letter.to.name, "HT-2020-017", "12.3", TERMS.text):
        assert fact in read, fact
    for fact in (LEAK.ticket, LEAK.place, LEAK.what, LEAK.described):
        assert fact in read, fact
    assert "（盖章）" in read


def test_a_notice_has_its_deadlines_with_the_year_invites_to_the_inspection_and_says_what_follows() -> None:
    read = text(NOTICE)
    assert "维修通知单" in read
    assert "请于2026年3月17日 24:00前完成维修" in read, "midnight is the end of the day before"
    assert "2026年3月3日 09:00前确认收到" in read
    assert "2026年3月4日 09:00前派员到场" in read
    for said_ in ("初步判定", "现场查勘结论为准", "见证人在场", "委托第三方维修", "维修费用、因该质量问题造成的损失"):
        assert said_ in read, said_


def test_the_last_second_of_a_day_is_its_end() -> None:
    last = replace(NOTICE, deadline=NOTICE.deadline and NOTICE.deadline - timedelta(seconds=1))
    assert "请于2026年3月17日 24:00前完成维修" in text(last)


def test_a_reminder_names_the_notice_with_its_delivery_and_gives_the_last_deadline() -> None:
    read = text(REMINDER)
    assert "《维修通知单》（编号 HY-2026-0001），该函已于2026年3月2日 10:00送达" in read
    assert "由贵司授权联系人确认收到" in read
    assert "维修期限已经届满" in read
    assert "2026年3月26日 09:00前完成维修并通过验收。此为最后期限" in read
    assert "2026年3月18日 09:00就此致电贵司" in read


def test_a_third_party_notice_says_when_and_where_and_invites_to_be_there() -> None:
    read = text(THIRD)
    assert "《催告函》（编号 HY-2026-0002）" in read
    assert "速修建筑服务有限公司将于2026年3月30日 09:00至2026年4月1日 09:00" in read
    for said_ in ("云栖苑 3栋 2单元 1201 卫生间", "闭水试验", "派员到场", "两人计量的工程量", "另行书面通知"):
        assert said_ in read, said_


@pytest.mark.parametrize(
    ("cause", "reads"), [(Cause.STOP_OF_DAMAGE, "情况紧急"), (Cause.DIRECT, "可不经催告直接委托第三方维修")]
)
def test_without_a_ladder_the_letter_says_why(cause: Cause, reads: str) -> None:
    read = text(replace(THIRD, cause=cause, earlier=()))
    assert reads in read
    assert "最后期限已经届满" not in read


@pytest.mark.parametrize(("cause", "reads"), [(Cause.REFUSED, "所述理由不能免除"), (Cause.FAILED, "已两次到场维修")])
def test_a_reminder_says_what_it_is_about(cause: Cause, reads: str) -> None:
    assert reads in text(replace(REMINDER, cause=cause))


def test_fee_and_penalty_are_named_only_where_the_clause_has_them() -> None:
    assert "违约金" not in text(NOTICE)
    assert "代修管理费" not in text(NOTICE)
    read = text(replace(NOTICE, terms=replace(TERMS, fee=True, penalty=True)))
    assert "合同约定的代修管理费、合同约定的违约金" in read


def test_a_subs_letter_names_the_general_contract_and_its_copy() -> None:
    read = text(replace(REMINDER, under="HT-2019-001", copies=(GENERAL,)))
    assert "抄送：第九建设集团有限公司" in read
    assert "HT-2019-001" in read
    assert "连带责任" in read


def test_several_defects_are_a_list() -> None:
    many = replace(NOTICE, matters=tuple(replace(LEAK, ticket=f"1000-000{n}-0") for n in range(4)))
    parts = said(many)
    assert [row[0] for row in parts["list"]] == ["序号", "1", "2", "3", "4"]
    assert "同类问题共 4 处，详见清单" in text(many)
    assert "list" not in said(NOTICE)


def test_what_the_office_adds_stands_in_its_own_lines() -> None:
    assert said(replace(NOTICE, words="请带证件。\n走东门。"))["added"] == ["请带证件。", "走东门。"]


@pytest.mark.parametrize("letter", LETTERS, ids=lambda one: one.kind)
def test_nothing_is_left_in_english(letter: Letter) -> None:
    full = replace(letter, under="X", copies=(GENERAL,), words="好", terms=replace(TERMS, fee=True, penalty=True))
    parts = said(full)
    parts.pop("lang")
    read = " ".join(texts_in(parts)).replace("SHA-256", "").replace("EMS", "")
    assert ENGLISH.findall(read) == []


@pytest.mark.parametrize("letter", LETTERS, ids=lambda one: one.kind)
def test_all_that_we_say_ourselves_can_be_printed(letter: Letter) -> None:
    assert rare(texts_in(said(letter))) == ()


def test_there_is_an_english_letter_too() -> None:
    assert "Please complete the repair by 17 Mar 2026 24:00" in text(NOTICE, "en")


def test_a_braced_word_in_a_fact_stays_as_it_is() -> None:
    odd = replace(NOTICE, matters=(replace(LEAK, place="{by} %s {0}"),), words="{costs}")
    assert "{by} %s {0}" in text(odd)
    assert "{costs}" in text(odd)


def test_a_kind_that_is_none_of_ours_is_shown_as_it_is() -> None:
    assert title_of("moon", "zh_CN") == "moon"
    titles = [title_of(kind, "zh_CN") for kind in LetterKind]
    assert titles == ["维修通知单", "催告函", "第三方维修告知函", "扣款通知单"]
