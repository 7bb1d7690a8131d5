"""Messages about amendments fit into one SMS in every language and name nothing but what they are about."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

import pytest

from chalicelib.domain.contractor.amendment import PARTS, TELLINGS, Difference
from chalicelib.domain.contractor.contract import Clause, Company, Contract
from chalicelib.language import amendments
from chalicelib.language.catalogue import LANGS
from chalicelib.language.wording import mail_of, sms_of

ABOUT = {"short": "HT-1", "long": "某某某建设工程集团股份有限公司第三分公司〔2018〕施工总承包补充第二号合同"}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("template", amendments.TEXTS)
@pytest.mark.parametrize("about", ABOUT.values(), ids=ABOUT)
def test_an_sms_has_one_part_and_says_what_it_is_about_where_that_fits(template: str, lang: str, about: str) -> None:
    for parts in (("account",), tuple(amendments.PARTS)):
        known = amendments.facts(about, parts, date(2026, 12, 31), lang)
        text = sms_of(amendments.TEXTS[template], known, lang, "保修")
        assert len(text) <= 70
        assert text.startswith("【保修】")
        assert "{" not in text
        letter = mail_of(amendments.TEXTS[template], known, lang, "保修", "测试联系人")
        assert "{" not in letter.subject + letter.body
        assert about in letter.body


def test_every_message_that_is_told_has_its_text_and_every_part_its_word() -> None:
    assert {t.template for tellings in TELLINGS.values() for t in tellings} == amendments.TEXTS.keys()
    assert {*PARTS.values(), "caps", "details"} == amendments.PARTS.keys()
    for part in amendments.PARTS:
        assert amendments.part_word(part, "zh_CN") != amendments.part_word(part, "en")


FIELDS = (
    ("contractors", "", "account", None, "000000000001", "银行账号", "无", "000000000001"),
    ("contractors", "", "small", None, True, "中小企业", "无", "是"),
    ("company_people", "C.A1", "phone", "10000400001", "10000400009", "电话", "10000400001", "10000400009"),
    ("contracts", "", "kind", "sub", "named_sub", "类型", "分包", "甲指分包"),
    ("contracts", "", "retention", 3_000_000, None, "质保金金额", "30,000.00", "无"),
    ("clauses", "15.1", "cap", None, 2_000_000, "扣款上限", "无", "20,000.00"),
    ("clauses", "15.1", "fee_rate", 1000, 1050, "代修管理费率", "10%", "10.5%"),
    ("clauses", "15.1", "term", [60, ""], [2, "heating"], "保修期", "60个月", "2个采暖期"),
    ("clauses", "15.1", "starts", "handover", "2019-05-20", "起算", "交付", "2019-05-20"),
    (
        "clauses",
        "15.1",
        "components",
        ["water_leak/roof"],
        ["water_leak/bathroom"],
        "部位",
        "渗漏水/屋面",
        "渗漏水/卫生间",
    ),
    ("clauses", "15.1", "trades", None, ["waterproofing"], "工种", "无", "防水"),
    ("clauses", "15.1", "response", {"urgent": 1800}, {"normal": 86_400}, "响应时限", "较急 30 分", "一般 1 天"),
    ("clauses", "15.1", "cure_days", None, {"normal": 15}, "修复时限", "无", "一般 15 天"),
)


@pytest.mark.parametrize("row", FIELDS, ids=[row[2] for row in FIELDS])
def test_whoever_confirms_reads_what_changes_as_the_workbook_calls_it(row: tuple[Any, ...]) -> None:
    where, of, field, old, new, column, was, will_be = row
    what, before, after = amendments.difference_words(Difference(where, of, field, old, new), "zh_CN")
    assert what.startswith(of)
    assert what.endswith(column)
    assert (was in before, will_be in after) == (True, True)


def test_every_field_that_can_change_has_a_column_of_the_workbook() -> None:
    names = {"contractors": Company, "contracts": Contract, "clauses": Clause}
    hidden = {"id", "clauses", "scope", "months", "seasons", "season", "starts_on", "projects"}
    of_third_parties = {"kind", "trades"}
    for where, kind in names.items():
        for name in {field.name for field in fields(kind)} - hidden:
            if where != "contractors" or name not in of_third_parties:
                what, _, _ = amendments.difference_words(Difference(where, "", name, None, None), "zh_CN")
                assert what != name, (where, name)
