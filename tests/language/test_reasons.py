"""Every reason for which something is refused is one sentence in the reader's language."""

from __future__ import annotations

import re
from pathlib import Path

import chalicelib
from chalicelib.domain.record.errors import IllegalMove, Invalid, Refused
from chalicelib.language.catalogue import catalogue
from chalicelib.language.reasons import OTHERWISE, SENTENCES, explain

CODE = Path(chalicelib.__file__).parent
RAISED = re.compile(r"(?:Invalid\(\s*[^,()]+,\s*|(?:Refused|IllegalMove|NotAllowed)\(\s*)\"([a-z_]+)\"")


def test_every_reason_that_services_and_domain_give_has_a_sentence() -> None:
    given = {
        reason
        for folder in ("domain", "services")
        for path in (CODE / folder).rglob("*.py")
        for reason in RAISED.findall(path.read_text(encoding="utf-8"))
    }
    assert len(given) > 15
    assert not given - set(SENTENCES)


def test_every_sentence_is_translated() -> None:
    for sentence in (*SENTENCES.values(), OTHERWISE):
        assert catalogue("zh_CN").gettext(sentence) != sentence


def test_a_limit_is_named() -> None:
    assert explain(Invalid("words", "too_long", limit=2000), "zh_CN") == "内容过长，请缩短到 2000 字以内。"
    assert "2000" in explain(Invalid("words", "too_long", limit=2000), "en")


def test_the_field_has_its_own_sentence_where_one_says_more() -> None:
    assert explain(Invalid("signature", "required"), "zh_CN") == "请用手指在框内签名。"
    assert explain(Invalid("anything", "required"), "zh_CN") == "此项必填，请填写。"


def test_a_reason_nobody_foresaw_still_gives_an_answer() -> None:
    assert explain(Refused("moon_phase"), "en") == OTHERWISE
    assert explain(IllegalMove("too_long"), "en").startswith("This is too long")
