"""What a letter must contain, who may release it, its number, and its content for good."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.contractor.contract import (
    Clause,
    Company,
    CompanyKind,
    Contract,
    ContractKind,
    Entity,
    Scope,
)
from chalicelib.domain.contractor.letter import (
    Cause,
    Letter,
    LetterKind,
    canonical,
    checked,
    company_of,
    entity_of,
    free_words,
    frozen,
    hash_of,
    in_groups,
    may_release,
    missing,
    number_of,
    parse_number,
    terms_of,
)
from chalicelib.domain.record.errors import Invalid, NotAllowed
from chalicelib.domain.record.event import SYSTEM, Actor
from chalicelib.domain.record.roles import Role
from tests.domain.contractor.letters import GENERAL, LETTERS, NOTICE, REMINDER, SENT, TERMS, THIRD


@pytest.mark.parametrize("letter", LETTERS, ids=lambda one: one.kind)
def test_a_letter_with_all_that_its_kind_must_contain_is_complete(letter: Letter) -> None:
    assert checked(letter) is letter


@pytest.mark.parametrize(
    ("letter", "lacks", "named"),
    [
        (NOTICE, {"deadline": None}, "deadline"),
        (NOTICE, {"deadline": NOTICE.at}, "deadline"),
        (NOTICE, {"respond_by": None}, "respond_by"),
        (NOTICE, {"inspect_by": NOTICE.at - timedelta(hours=1)}, "inspect_by"),
        (NOTICE, {"matters": ()}, "matters"),
        (NOTICE, {"matters": (replace(NOTICE.matters[0], place=""),)}, "matters"),
        (NOTICE, {"terms": replace(TERMS, text="")}, "clause"),
        (NOTICE, {"under": "HT-2019-001"}, "copies"),
        (REMINDER, {"earlier": ()}, "earlier.notice"),
        (REMINDER, {"earlier": (replace(SENT, delivered=None),)}, "earlier.notice"),
        (REMINDER, {"cause": None}, "cause"),
        (REMINDER, {"deadline": None}, "deadline"),
        (THIRD, {"earlier": (SENT,)}, "earlier.reminder"),
        (THIRD, {"work": None}, "work"),
        (THIRD, {"at": THIRD.at + timedelta(days=30)}, "work"),
        (THIRD, {"cause": Cause.STOP_OF_DAMAGE, "earlier": (), "called": None}, "called"),
    ],
)
def test_what_a_letter_lacks_is_named(letter: Letter, lacks: dict[str, Any], named: str) -> None:
    lacking = replace(letter, **lacks)
    assert list(missing(lacking)) == [named]
    with pytest.raises(Invalid) as refused:
        checked(lacking)
    assert (refused.value.field, refused.value.reason) == (named, "letter_incomplete")


@pytest.mark.parametrize("cause", [Cause.STOP_OF_DAMAGE, Cause.DIRECT])
def test_without_a_ladder_no_earlier_letter_is_needed(cause: Cause) -> None:
    assert list(missing(replace(THIRD, cause=cause, earlier=()))) == []


def test_a_subs_letter_is_copied_to_the_general_contractor() -> None:
    assert checked(replace(NOTICE, under="HT-2019-001", copies=(GENERAL,))).copies == (GENERAL,)


@pytest.mark.parametrize("kind", LetterKind)
@pytest.mark.parametrize("role", Role)
def test_only_the_office_releases_letters_and_the_system_notices_alone(kind: LetterKind, role: Role) -> None:
    by = SYSTEM if role is Role.SYSTEM else Actor("x", role)
    if role is Role.OFFICE or (role is Role.SYSTEM and kind is LetterKind.NOTICE):
        may_release(kind, by)
    else:
        with pytest.raises(NotAllowed):
            may_release(kind, by)


def test_the_offices_words_are_a_text_of_bounded_length_without_anybodys_mobile() -> None:
    assert free_words("  请尽快\r\n处理\u202e ") == "请尽快\n处理"
    assert free_words("电话 0571-88888888") == "电话 0571-88888888"
    for text in ("a" * 2001, "找王工 13800000000", "138 0000 0000", "138-0000-0000"):
        with pytest.raises(Invalid):
            free_words(text)


@given(st.from_regex(r"[A-Za-z0-9_]{1,8}(-[A-Z0-9]{1,3})?", fullmatch=True), st.integers(1, 10**7))
def test_a_number_reads_back_as_what_it_was_made_of(entity: str, sequence: int) -> None:
    assert parse_number(number_of(entity, 2026, sequence)) == (entity, 2026, sequence)


@pytest.mark.parametrize(
    "text", ["", "HY-2026-1", "HY-26-0001", "-2026-0001", "HY-2026-0001x", "HY-2026-\uff10001", "HY/2026-0001"]
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert parse_number(text) is None


def test_numbers_sort_as_they_were_given() -> None:
    assert number_of("HY", 2026, 7) == "HY-2026-0007"
    assert number_of("HY", 2026, 12345) == "HY-2026-12345"


def test_the_same_facts_and_words_make_the_same_content() -> None:
    said = {"title": "维修通知单", "rows": [["部位", "厨房"]]}
    one, two = frozen(NOTICE, said), frozen(replace(NOTICE), {"rows": [["部位", "厨房"]], "title": "维修通知单"})
    assert one == two
    assert one.hash == hash_of(one.text)
    assert json.loads(one.text) == one.body


@pytest.mark.parametrize(
    "other", [{"number": "HY-2026-0009"}, {"deadline": NOTICE.at + timedelta(days=1)}, {"copies": (GENERAL,)}]
)
def test_another_fact_is_another_hash(other: dict[str, Any]) -> None:
    assert frozen(replace(NOTICE, **other), {}).hash != frozen(NOTICE, {}).hash


def test_another_word_is_another_hash() -> None:
    assert frozen(NOTICE, {"title": "a"}).hash != frozen(NOTICE, {"title": "b"}).hash


def test_nothing_personal_is_among_the_facts() -> None:
    body = frozen(NOTICE, {}).body
    assert not {"name", "phone", "owner", "reporter", "by"} & body.keys()


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=20), max_size=5))
def test_canonical_json_has_one_form(value: dict[str, str]) -> None:
    assert json.loads(canonical(value)) == value
    assert canonical(dict(reversed(list(value.items())))) == canonical(value)


def test_a_hash_is_printed_in_groups() -> None:
    digest = hash_of("x")
    assert in_groups(digest).replace(" ", "") == digest
    assert len(in_groups(digest).split()) == 8


def test_parties_and_terms_are_taken_from_what_is_stored() -> None:
    entity = entity_of(Entity("HY", "云栖置业有限公司", "91", "A01"))
    company = company_of(
        Company("C1", CompanyKind.CONTRACTOR, "安居防水工程有限公司", "92", post="杭州", email="a@b.cn")
    )
    assert (entity.id, entity.name, entity.tax_number) == ("HY", "云栖置业有限公司", "91")
    assert (company.name, company.post, company.email) == ("安居防水工程有限公司", "杭州", "a@b.cn")
    contract = Contract("K1", "HT-1", "HY", "C1", ContractKind.SUB, (), (), date(2020, 5, 20))
    bare = terms_of(contract, Clause("12.3", Scope(), "保修五年"))
    assert (bare.contract, bare.clause, bare.text, bare.fee, bare.penalty) == ("HT-1", "12.3", "保修五年", False, False)
    charged = terms_of(contract, Clause("12.3", Scope(), "保修五年", fee_rate=1000, penalty=50000))
    assert (charged.fee, charged.penalty) == (True, True)
