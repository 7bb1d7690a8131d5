"""A contractor's statement in words, for its page and its PDF alike: a section for each legal entity.

{lang, title, number, of, facts, amount, words, sections: [{title, blocks}]}      as `packs.py` says
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.domain.money.statement import Moved, Owed, Statement
from chalicelib.language import money
from chalicelib.language.catalogue import word
from chalicelib.language.packs import layout_words

EVENTS: Mapping[str, str] = {
    "letter_released": "Deduction notice",
    "disputed": "You objected",
    "dispute_decided": "The objection was decided",
    "firm": "Firm",
    "reversed": "Reversed",
    "written_off": "Written off",
    "recovered": "Recovered",
    "refunded": "Refunded",
}


def _say(text: str, lang: str) -> str:
    return word("statement", text, lang)


def said(
    company: str, found: Sequence[Statement], entities: Mapping[str, str], contracts: Mapping[str, str], lang: str
) -> dict[str, Any]:
    """Everything that is read in it. `entities`, `contracts`: what their codes are called."""
    last = max((one.day for its in found for one in its.moved), default=None)
    facts = [[_say("Contractor", lang), company]]
    facts += [[_say("Up to", lang), last.isoformat()]] if last else []
    return {
        "lang": lang,
        "title": _say("Statement of deductions", lang),
        "number": last.isoformat() if last else "",
        "of": company,
        "facts": facts,
        "amount": [_say("Still open, in yuan", lang), money.figures(sum(its.sum("open") for its in found)), ""],
        "words": layout_words(lang),
        "sections": [
            {"title": entities.get(its.entity, its.entity), "blocks": _blocks(its, contracts, lang)} for its in found
        ],
    }


def _blocks(its: Statement, contracts: Mapping[str, str], lang: str) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = [{"facts": _sums(its, lang)}]
    blocks += _table("Deductions", ("Number", "Contract", "Notice of", *MONEY), _owed(its.owed, contracts), 4, lang)
    for title, rows in (("Disputes", its.disputes), ("Settlements", its.settlements), ("All that happened", its.moved)):
        blocks += _table(title, ("Day", "Number", "What", "Yuan"), [_moved(one, lang) for one in rows], 1, lang)
    return blocks


MONEY = ("Amount", "Reversed or written off", "Recovered", "Still open")


def _table(title: str, head: Sequence[str], rows: list[list[str]], right: int, lang: str) -> list[dict[str, Any]]:
    if not rows:
        return []
    widths = [4] * len(head) if right == 1 else [5, 5, 4, 4, 4, 4, 4]
    table = {"head": [_say(one, lang) for one in head], "widths": widths, "rows": rows, "right": right}
    return [{"sub": _say(title, lang)}, table]


def _sums(its: Statement, lang: str) -> list[list[str]]:
    rows = [
        ("Put to you by notice", its.sum("noticed")),
        ("Reversed", -its.sum("reversed")),
        ("Written off", -its.sum("written_off")),
    ]
    said_rows = [[_say(label, lang), money.figures(fen)] for label, fen in rows if fen]
    for source, fen in its.recovered.items():
        said_rows.append([f"{_say('Recovered', lang)} · {money.source_word(source, lang)}", money.figures(-fen)])
    more = [("Refunded to you", its.sum("refunded")), ("To be refunded to you", its.sum("refund_due"))]
    said_rows += [[_say(label, lang), money.figures(fen)] for label, fen in more if fen]
    said_rows.append([_say("Still open", lang), money.figures(its.sum("open"))])
    if disputed := its.sum("disputed"):
        said_rows.append([_say("Of it disputed", lang), money.figures(disputed)])
    return said_rows


def _owed(owed: Sequence[Owed], contracts: Mapping[str, str]) -> list[list[str]]:
    return [
        [
            one.number,
            contracts.get(one.contract, one.contract),
            one.since.isoformat(),
            money.figures(one.noticed),
            money.figures(-one.reversed - one.written_off),
            money.figures(one.refunded - sum(one.recovered.values())),
            money.figures(one.open - one.refund_due),
        ]
        for one in owed
    ]


def _moved(one: Moved, lang: str) -> list[str]:
    what = _say(EVENTS.get(one.event, one.event), lang)
    if one.source:
        what = f"{what} · {money.source_word(one.source, lang)}"
    return [one.day.isoformat(), one.number, what, money.figures(one.fen) if one.fen else ""]
