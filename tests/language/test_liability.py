"""Who is liable, in words: everything that code names has its Chinese; amounts; the owner's one sentence."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from chalicelib.adapters import policies
from chalicelib.domain.ticket.finding import ACCESS_REASONS
from chalicelib.domain.ticket.folded import Ticket
from chalicelib.domain.ticket.liability import PARTIES
from chalicelib.domain.warranty import verdict
from chalicelib.domain.warranty.compensation import State
from chalicelib.domain.warranty.verdict import Payer, Standing
from chalicelib.language import liability
from tests.domain.happened import HOME
from tests.language.test_words import is_chinese


def test_whatever_the_code_names_is_said_in_both_languages() -> None:
    said = [(liability.payer_word, key) for key in (*PARTIES, *Payer)]
    said += [(liability.cause_word, key) for key in policies.causes()]
    said += [(liability.standing_word, key) for key in Standing]
    said += [(liability.access_word, key) for key in ACCESS_REASONS]
    said += [(liability.claim_word, key) for key in State]
    for word, key in said:
        assert is_chinese(word(str(key), "zh_CN")), key
        assert not is_chinese(word(str(key), "en")), key
        assert word(str(key), "en") != str(key), key


def test_every_step_of_a_verdict_has_its_text_with_its_facts() -> None:
    source = Path(verdict.__file__).read_text(encoding="utf-8")
    steps = set(re.findall(r'_because\(\s*"(\w+)"', source)) | set(
        re.findall(r'"(owner_\w+|in_term|not_accepted|both_over\w*)"', source)
    )
    assert len(steps) > 12
    assert steps == set(liability.REASONS)
    for step in steps:
        assert is_chinese(liability.reason_text(step, {}, "zh_CN")), step
        assert "{" not in liability.reason_text(step, {}, "en")


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [
        (0, "0.00元", "CNY 0.00"),
        (5, "0.05元", "CNY 0.05"),
        (123450, "1,234.50元", "CNY 1,234.50"),
        (10**9, "10,000,000.00元", "CNY 10,000,000.00"),
    ],
)
def test_an_amount_has_its_fen(fen: int, zh: str, en: str) -> None:
    assert (liability.yuan(fen, "zh_CN"), liability.yuan(fen, "en")) == (zh, en)


IN, OVER = ["2023-09-30", "2028-06-30", "in"], ["2020-09-30", "2025-06-30", "out"]


@pytest.mark.parametrize(
    ("facts", "part"),
    [
        ({}, ""),
        ({"verdict": {"payer": "undecided", "cause": "no_contracts", "owner": IN}}, ""),
        ({"verdict": {"payer": "contractor", "owner": IN}}, "在保修期内（至 2028-06-30）"),
        ({"verdict": {"payer": "undecided", "cause": "undecided", "owner": IN}}, "在保修期内（至 2028-06-30）"),
        ({"verdict": {"payer": "undecided", "cause": "undecided", "owner": OVER}}, "正在核实"),
        ({"verdict": {"payer": "developer", "owner": ["", "", "before"]}}, "免费维修"),
        ({"verdict": {"payer": "owner", "owner": OVER}}, "先报价"),
        ({"verdict": {"payer": "fund", "owner": OVER}}, "不向单个业主收费"),
        ({"finding": {"shares": [["owner", 100]]}}, "不属于保修范围"),
        ({"finding": {"shares": [["owner", 30], ["contractor", 70, "C1"]]}}, "部分属于保修范围"),
        ({"finding": {"shares": [["fund", 100]]}}, "专项维修资金"),
        ({"finding": {"shares": [["contractor", 100, "C1"]]}}, "不向您收费"),
        ({"finding": {"shares": [["owner", 100]]}, "disputed": True}, "正在鉴定"),
    ],
)
def test_the_owner_reads_one_sentence_of_what_it_costs_him(facts: dict[str, Any], part: str) -> None:
    said = liability.for_owner(Ticket("T1", place=HOME, **facts), "zh_CN")
    assert part in said
    assert bool(said) == bool(part)
    assert said.count("。") <= 2
