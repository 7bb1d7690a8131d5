"""The files of an evidence pack in words: what each is, and the list of them with their hashes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.money.pack import File
from chalicelib.language import times
from chalicelib.language.catalogue import word
from chalicelib.language.letters import file_word, title_of

FILES: Mapping[str, str] = {
    "invoice": "Third party's invoice, its original",
    "payment": "Proof that the third party was paid",
    "appraisal": "Appraisal's document",
    "objection": "Evidence of the contractor's objection",
}


HOW: Mapping[str, str] = {"sealed": "scan", "waybill": "waybill"}  # of a letter


@dataclass(frozen=True, slots=True)
class Bound:
    """A file as the pack has it. `size`: in bytes; `pages`: shown in the pack, 0 where it is only listed."""

    file: File
    size: int
    pages: int


def title(file: File, lang: str) -> str:
    """What a file is: a letter by its title and number."""
    if file.letter:
        suffix = "" if file.kind == "letter" else f" {file_word(HOW[file.kind], lang)}"
        return f"{title_of(file.letter_kind, lang)} {file.letter}{suffix}"
    return word("evidence pack", FILES[file.kind], lang)


def listed(
    bound: Sequence[Bound], left: Sequence[tuple[str, str]], lang: str, tz: str, shown: int = 0
) -> dict[str, Any]:
    """The section that lists all files with their hashes. `left`: (caption, hash) of the photos that the pack has no
    room for, behind those that are `shown`."""

    def page(text: str, **facts: Any) -> str:
        return word("evidence pack", text, lang).format(**facts)

    rows = [
        [
            str(n),
            title(its.file, lang),
            times.letter_time(its.file.at, tz, lang),
            page("{n} pages", n=its.pages) if its.pages else page("kept apart"),
            page("{kb} kB", kb=f"{max(its.size, 1) / 1024:,.1f}") if its.size else "",
            its.file.sha256,
        ]
        for n, its in enumerate(bound, 1)
    ]
    head = [page("No."), page("File"), page("Since"), page("Shown here"), page("Size"), page("SHA-256 of the original")]
    note = page("What is kept apart lies in the archive under its hash, which proves that it is the same file.")
    blocks = [{"head": head, "widths": [2, 7, 7, 4, 3, 11], "rows": rows}, {"note": note}]
    if left:
        blocks.append(
            {"note": page("{n} more photos lie with the case, for which there is no room here.", n=len(left))}
        )
        head = [page("No."), page("Photo"), page("SHA-256 of the content")]
        named = [
            [str(n), caption, sum_ or page("This photo can't be shown")]
            for n, (caption, sum_) in enumerate(left, shown + 1)
        ]
        blocks.append({"head": head, "widths": [2, 16, 16], "rows": named})
    return {"title": page("Files and their hashes"), "blocks": blocks}
