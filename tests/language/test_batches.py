"""Messages about batches fit into one SMS in every language."""

from __future__ import annotations

import pytest

from chalicelib.domain.money.batch import TELLINGS, Batch
from chalicelib.language import batches
from chalicelib.language.catalogue import LANGS
from chalicelib.language.wording import mail_of, sms_of

ONE = Batch("BATCH#1", number="HZ01-B-2026-0012", period="2026-12", count=12_345, fen=123_456_789_012)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("template", batches.TEXTS)
def test_an_sms_has_one_part_and_the_mail_says_all(template: str, lang: str) -> None:
    known = batches.facts(ONE, lang)
    text = sms_of(batches.TEXTS[template], known, lang, "保修")
    assert len(text) <= 70
    assert "{" not in text
    letter = mail_of(batches.TEXTS[template], known, lang, "保修", "测试")
    assert "{" not in letter.subject + letter.body
    assert "2026-12" in letter.body


def test_every_message_that_is_told_has_its_text() -> None:
    assert {t.template for tellings in TELLINGS.values() for t in tellings} == batches.TEXTS.keys()
