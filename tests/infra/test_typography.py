"""Chinese that people read has the punctuation of Chinese, in every text of the project."""

from __future__ import annotations

import pytest

from infra.build.typography import ROOT, documented, faults, fold, literals, translations

COMMA, COLON, ASKS, OPENS, CLOSES = "\uff0c", "\uff1a", "\uff1f", "\uff08", "\uff09"


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("漏水,快来", f"漏水{COMMA}快来"),
        ("您好: 谢谢", f"您好{COLON}谢谢"),
        ("改 {window}?好", f"改 {{window}}{ASKS}好"),
        ("选填(最多 %(n)s 张)", f"选填{OPENS}最多 %(n)s 张{CLOSES}"),
        ("手机号(SMS)", f"手机号{OPENS}SMS{CLOSES}"),
        ("请稍候...", "请稍候\u2026"),
        ("%(a)s,%(b)s 完工", f"%(a)s{COMMA}%(b)s 完工"),
        ("今天 16:30 前", "今天 16:30 前"),
        ("请看 https://bx.example.cn/a?b=1 页", "请看 https://bx.example.cn/a?b=1 页"),
        ("plain English, as it is (really)", "plain English, as it is (really)"),
    ],
)
def test_ascii_beside_chinese_becomes_full_width(was: str, becomes: str) -> None:
    assert fold(was) == becomes


def test_a_catalogue_keeps_its_ids_and_gets_curved_quotes() -> None:
    was = 'msgid "Dear {name}, 漏水,"\nmsgstr "{name}: 您好,\\"急\\"!"\n'
    assert (
        translations(was) == f'msgid "Dear {{name}}, 漏水,"\nmsgstr "{{name}}{COLON}您好{COMMA}\u201c急\u201d\uff01"\n'
    )


def test_code_in_a_document_stays_code() -> None:
    assert documented("先用 `a(b, c)`,再看[这里](x.md)") == f"先用 `a(b, c)`{COMMA}再看[这里](x.md)"


def test_patterns_and_docstrings_of_a_module_stay() -> None:
    module = '"""待派单, 待接单."""\nimport re\nA = re.compile("(分钟|分)")\nB = "好,谢谢"\n'
    assert literals(module) == module.replace("好,谢谢", f"好{COMMA}谢谢")


def test_what_is_looked_at_holds_the_punctuation_of_chinese() -> None:
    looked_at = [*sorted((ROOT / "chalicelib/language/locale/zh_CN").glob("*.po")), ROOT / "README.zh-CN.md"]
    assert len([path for path in looked_at if COMMA in path.read_text(encoding="utf-8")]) > 8


def test_no_text_of_the_project_has_ascii_punctuation_beside_chinese() -> None:
    found = []
    for path, was, becomes in faults():
        lines = zip(was.split("\n"), becomes.split("\n"), strict=True)
        found += [f"{path.relative_to(ROOT)}:{n}: {line}" for n, (line, right) in enumerate(lines, 1) if line != right]
    assert not found, "python -m infra.build.typography --fix\n" + "\n".join(found)
