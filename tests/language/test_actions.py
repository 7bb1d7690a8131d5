"""Messages about improvement actions fit into one SMS in every language, and name the last day."""

from __future__ import annotations

import re
from datetime import date

import pytest

from chalicelib.adapters.policies import policy
from chalicelib.domain.measures.action import Action
from chalicelib.domain.policy.actions import terms_of
from chalicelib.language import actions
from chalicelib.language.catalogue import LANGS

ONE = Action("ACTION#1", until=date(2026, 12, 31))
CHINESE = re.compile("[\u4e00-\u9fff]")
LINK = "https://bx.example.cn/g/" + "x" * 22


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("template", actions.TEXTS)
def test_an_sms_is_short_and_the_mail_says_all(template: str, lang: str) -> None:
    known = actions.facts(ONE, lang)
    text = actions.sms(template, known, lang, "保修", link=LINK)
    assert len(text) <= 134
    assert "{" not in text
    letter = actions.mail(template, known, lang, "保修", "测试", LINK)
    assert "{" not in letter.subject + letter.body
    for said in (text, letter.subject):
        assert bool(CHINESE.search(said.replace("保修", ""))) is (lang == "zh_CN")


def test_every_message_that_is_told_has_its_text() -> None:
    tellings = terms_of(policy()).tellings.values()
    assert {telling.template for rows in tellings for telling in rows} == actions.TEXTS.keys()
