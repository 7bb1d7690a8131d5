"""Messages about amendments fit into one SMS in every language and name nothing but what they are about."""

from __future__ import annotations

from datetime import date

import pytest

from chalicelib.domain.contractor.amendment import PARTS, TELLINGS
from chalicelib.language import amendments
from chalicelib.language.catalogue import LANGS

ABOUT = {"short": "HT-1", "long": "某某某建设工程集团股份有限公司第三分公司〔2018〕施工总承包补充第二号合同"}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("template", amendments.TEXTS)
@pytest.mark.parametrize("about", ABOUT.values(), ids=ABOUT)
def test_an_sms_has_one_part_and_says_what_it_is_about_where_that_fits(template: str, lang: str, about: str) -> None:
    for parts in (("account",), tuple(amendments.PARTS)):
        known = amendments.facts(about, parts, date(2026, 12, 31), lang)
        text = amendments.sms(template, known, lang, "保修")
        assert len(text) <= 70
        assert text.startswith("【保修】")
        assert "{" not in text
        letter = amendments.mail(template, known, lang, "保修", "测试联系人")
        assert "{" not in letter.subject + letter.body
        assert about in letter.body


def test_every_message_that_is_told_has_its_text_and_every_part_its_word() -> None:
    assert {t.template for tellings in TELLINGS.values() for t in tellings} == amendments.TEXTS.keys()
    assert {*PARTS.values(), "caps", "details"} == amendments.PARTS.keys()
    for part in amendments.PARTS:
        assert amendments.part_word(part, "zh_CN") != amendments.part_word(part, "en")
