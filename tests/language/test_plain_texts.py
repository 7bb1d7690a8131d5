"""Messages about actions, surveys and scores fit into one SMS with its link in every language; each has its text."""

from __future__ import annotations

import re
from datetime import date
from types import ModuleType
from typing import Any

import pytest

from chalicelib.adapters.policies import policy
from chalicelib.domain.measures.action import Action
from chalicelib.domain.measures.scoring import Score
from chalicelib.domain.measures.survey import Survey
from chalicelib.domain.policy.actions import terms_of as terms_of_actions
from chalicelib.domain.policy.scores import terms_of as terms_of_scores
from chalicelib.domain.policy.surveys import terms_of as terms_of_surveys
from chalicelib.language import actions, scores, surveys
from chalicelib.language.catalogue import LANGS
from chalicelib.language.wording import mail_of, sms_of

PLACE = {"project": "YS", "label": "云栖花园 12栋 2单元 1001"}
KINDS: tuple[tuple[ModuleType, Any, Any], ...] = (
    (actions, Action("ACTION#1", until=date(2026, 12, 31)), terms_of_actions),
    (surveys, Survey("SURVEY#1", place=PLACE), terms_of_surveys),
    (scores, Score("SCORE#1", quarter="2026Q1"), terms_of_scores),
)
CHINESE = re.compile("[\u4e00-\u9fff]")
LINK = "https://bx.example.cn/g/" + "x" * 22


def messages() -> list[tuple[ModuleType, Any, str]]:
    return [(wording, one, template) for wording, one, _ in KINDS for template in wording.TEXTS]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("wording", "one", "template"), messages())
def test_an_sms_is_short_and_the_mail_says_all(wording: ModuleType, one: Any, template: str, lang: str) -> None:
    known = wording.facts(one, lang)
    text = sms_of(wording.TEXTS[template], known, lang, "保修", link=LINK)
    assert len(text) <= 134
    assert "{" not in text
    letter = mail_of(wording.TEXTS[template], known, lang, "保修", "测试", LINK)
    assert "{" not in letter.subject + letter.body
    for said in (text, letter.subject):
        ours = said.replace("保修", "").replace(known.get("where", "保修"), "")
        assert bool(CHINESE.search(ours)) is (lang == "zh_CN")


@pytest.mark.parametrize(("wording", "one", "terms"), KINDS)
def test_every_message_that_is_told_has_its_text(wording: ModuleType, one: Any, terms: Any) -> None:
    tellings = terms(policy()).tellings.values()
    assert {telling.template for rows in tellings for telling in rows} == wording.TEXTS.keys()
