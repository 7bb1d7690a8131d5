"""`python -m infra.build.typography [--fix]`: Chinese that people read has the punctuation of Chinese.

    ASCII beside Chinese     becomes
    , : ; ? !                U+FF0C U+FF1A U+FF1B U+FF1F U+FF01
    ( )                      U+FF08 U+FF09
    "…"                      U+201C U+201D
    ...                      U+2026

Looked at are the translations of the catalogues, what is written in Chinese as a document, and the texts within pages,
policies and the demo; never code, addresses, tags or what a text leaves open for a fact, such as {name} or %(name)s.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FULL = {",": "\uff0c", ":": "\uff1a", ";": "\uff1b", "?": "\uff1f", "!": "\uff01"}
CHINESE = "\u3400-\u9fff\u3001\u3002\u300a-\u3011\u2018-\u201d\u2026\uff01-\uff5e"
HAN = re.compile("[\u3400-\u9fff]")
# What stands in a text and is none: code in a document, where a link leads, an address, a tag, a fact's place.
CODE = r"`[^`\n]+`|\]\([^)\s]*\)|"
APART = re.compile(r"https?://[\w./:%#~&=?-]+|</?[a-z][^<>]*>|%\(\w+\)s|\{[^{}]*\}")
HELD = "\ue000"  # stands for one of them meanwhile
STEPS = (
    (re.compile(rf"(?<=[{CHINESE}])([,:;?!])"), lambda m: FULL[m[1]]),
    (re.compile(rf"([,:;?!])(?=[{CHINESE}])"), lambda m: FULL[m[1]]),
    (re.compile(rf"(?<={HELD})([,;?!])(?={HELD})"), lambda m: FULL[m[1]]),
    (re.compile(rf"\(([^()\"<>]*[{CHINESE}][^()\"<>]*)\)"), "\uff08\\1\uff09"),
    (re.compile(rf"(?<=[{CHINESE}])\(([^()\"<>]*)\)"), "\uff08\\1\uff09"),
    (re.compile(rf"\(([^()\"<>]*)\)(?=[{CHINESE}])"), "\uff08\\1\uff09"),
    (re.compile(rf"(?<=[{CHINESE}])\.\.\.+|\.\.\.+(?=[{CHINESE}])"), "\u2026"),
    (re.compile("(?<=[\uff0c\uff1a\uff1b\uff1f\uff01\uff09]) +(?=[\u3400-\u9fff\ue000])"), ""),
)
# In a translation facts are words too.
BESIDE_FACTS = re.compile(rf"(?<={HELD})([,:;?!]) ?(?=[{HELD}{CHINESE}]|\"$)")
QUOTED = re.compile(rf'\\"([^"\\]*[{CHINESE}][^"\\]*)\\"')  # as a catalogue has them
WRITTEN = ("*.zh-CN.md", "docs/**/*.zh-CN.md")
WITHIN = (
    *("chalicelib/**/*.py", "infra/**/*.py", "tests/e2e/pictures.py", "infra/local/*.html", "chalicelib/policy/*.toml"),
    *("chalicelib/web/templates/**/*.html", "chalicelib/web/static/*.js"),
)
CATALOGUES = ("chalicelib/language/locale/zh*/*.po",)


IN_DOCUMENTS = re.compile(CODE + APART.pattern)


def fold(text: str, apart: re.Pattern[str] = APART, *, translation: bool = False) -> str:
    """The text with the punctuation of Chinese wherever its ASCII counterpart stands beside Chinese."""
    if not (translation or HAN.search(text)):
        return text
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        held.append(match[0])
        return HELD

    said = apart.sub(hold, text)
    before = ""
    while before != said:
        before = said
        for pattern, instead in STEPS:
            said = pattern.sub(instead, said)
    if translation:
        said = BESIDE_FACTS.sub(lambda m: FULL[m[1]], said)
    parts = iter(held)
    return re.sub(HELD, lambda _: next(parts), said)


def by_lines(text: str) -> str:
    return "\n".join(fold(line) for line in text.split("\n"))


def documented(text: str) -> str:
    return "\n\n".join(fold(part, IN_DOCUMENTS) for part in text.split("\n\n"))


def translations(text: str) -> str:
    """The msgstr of a catalogue; ids and comments stay as they are."""
    lines, ours = [], False
    for line in text.split("\n"):
        if line.startswith(("msgid", "msgctxt", "#")):
            ours = False
        ours = ours or line.startswith("msgstr")
        lines.append(fold(QUOTED.sub("\u201c\\1\u201d", line), translation=True) if ours else line)
    return "\n".join(lines)


def literals(text: str) -> str:
    """The texts in a module; patterns, docstrings and comments, which are English, stay as they are."""
    tree = ast.parse(text)
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    patterns = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and ast.unparse(n.func).startswith("re.")]
    prose |= {id(part) for pattern in patterns for part in ast.walk(pattern)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            after = fold(node.value)
            if after != node.value:
                text = text.replace(node.value, after)
    return text


KINDS: tuple[tuple[tuple[str, ...], Callable[[str], str]], ...] = (
    (CATALOGUES, translations),
    (WRITTEN, documented),
    (WITHIN, by_lines),
)


def faults(root: Path = ROOT) -> Iterator[tuple[Path, str, str]]:
    """Every file that has ASCII punctuation beside Chinese: its path, its text, and how it should be."""
    for patterns, way in KINDS:
        for path in sorted(file for pattern in patterns for file in root.glob(pattern)):
            text = path.read_text(encoding="utf-8")
            if HAN.search(text):
                after = (literals if path.suffix == ".py" else way)(text)
                if after != text:
                    yield path, text, after


def main(arguments: list[str]) -> int:
    found = 0
    for path, text, after in faults():
        for number, (was, instead) in enumerate(zip(text.split("\n"), after.split("\n"), strict=True), 1):
            if was != instead:
                found += 1
                print(f"{path.relative_to(ROOT)}:{number}: {instead.strip()}")
        if "--fix" in arguments:
            path.write_text(after, encoding="utf-8")
    return 1 if found and "--fix" not in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
