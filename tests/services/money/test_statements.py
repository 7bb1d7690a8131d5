"""A contractor's statement: what was put to it and what became of it, equal to the ledger, and nobody else's."""

from __future__ import annotations

import random
from collections import Counter

import pypdfium2
import pytest

from chalicelib.domain.money.ledger import APPROVED, RECEIVABLE, REFUND_DUE, REVERSED, WRITTEN_OFF, balances
from chalicelib.domain.record.errors import Refused
from chalicelib.services.money import statements
from chalicelib.store import ledger
from tests.services.money import debts
from tests.services.money.debts import do, propose
from tests.typeset import press, use_faces
from tests.world import World

LANGS = ("zh_CN", "en")
NEXT = {"": "approved", "approved": "letter_released", "noticed": "delivered", "delivered": "firm"}


@pytest.fixture
def owed(here: World) -> World:
    """Deductions of two companies and two entities, at every stage, some of them reversed, recovered, refunded."""
    drawn = random.Random(9)
    names = []
    for n in range(24):
        company, contract, entity = drawn.choice((("C1", "K1", "E1"), ("C2", "K2", "E1"), ("C1", "K9", "E2")))
        facts = {"company": company, "contract": contract, "entity": entity}
        names.append(propose(here, f"{entity}-K-2026-{n:04d}", ("loss", drawn.randint(1_000, 99_999)), **facts))
    for _ in range(240):
        name = drawn.choice(names)
        one = here.load(name)
        moves = {"dispute": ("disputed", {"fen": max(1, one.total // 2)})} if one.state == "delivered" else {}
        if one.state == "disputed":
            moves = {"decide": ("dispute_decided", {"upheld_fen": one.disputed_fen}), "firm": ("firm", {})}
        if one.state == "firm" and one.left > 1:
            moves["recover"] = ("recover", {"fen": one.left // 2, "source": drawn.choice(("retention", "bond"))})
            moves["reverse"] = ("reversed", {"fen": one.total // 5})
            moves["off"] = ("written_off", {"fen": one.left // 3})
        if one.state == "firm" and one.left < 0:
            moves["refund"] = ("refund", {"fen": -one.left})
        if NEXT.get(one.state if one.state != "proposed" else ""):
            moves["on"] = (NEXT[one.state if one.state != "proposed" else ""], {})
        if moves and drawn.random() < 0.8:
            what, data = drawn.choice(list(moves.values()))
            try:
                do(here, name, what, **data)
            except Refused:
                continue
    return here


def test_its_sums_are_those_of_the_ledger(owed: World) -> None:
    """From the entries of the entity, which the statement doesn't read."""
    for entity in ("E1", "E2"):
        for company in ("C1", "C2"):
            entries = [entry for entry in ledger.entries(entity, f"{owed.at:%Y-%m}") if entry.company == company]
            now = balances(entries)
            [its] = [one for one in statements.of_company(company) if one.entity == entity] or [None]
            if its is None:
                assert not any(
                    fen
                    for account, fen in now.items()
                    if account not in ("proposed", "proposed_counter", APPROVED, "claims")
                )
                continue
            assert its.sum("open") == sum(now[account] for account in RECEIVABLE) - now[APPROVED]
            assert its.sum("refund_due") == -now[REFUND_DUE]
            assert (its.sum("reversed"), its.sum("written_off")) == (now[REVERSED], now[WRITTEN_OFF])
            assert its.recovered == Counter({a[10:]: fen for a, fen in now.items() if a.startswith("recovered:")})
            done = its.sum("reversed") + sum(its.recovered.values()) + its.sum("written_off") - its.sum("refunded")
            assert its.sum("noticed") - done == its.sum("open") - its.sum("refund_due")
            assert sum(one.fen for one in its.moved if one.event != "disputed") == its.sum("open") - its.sum(
                "refund_due"
            )


def test_some_of_everything_was_in_it(owed: World) -> None:
    moved = [one.event for company in ("C1", "C2") for its in statements.of_company(company) for one in its.moved]
    wanted = {
        "letter_released",
        "disputed",
        "dispute_decided",
        "firm",
        "reversed",
        "written_off",
        "recovered",
        "refunded",
    }
    assert wanted <= set(moved)


def test_what_is_not_noticed_is_none_of_its_business(here: World) -> None:
    name = propose(here, "E1-K-2026-0001")
    do(here, name, "approved")
    assert statements.of_company("C1") == []
    do(here, name, "letter_released")
    [its] = statements.of_company("C1")
    assert [one.number for one in its.owed] == ["E1-K-2026-0001"]
    assert statements.of_company("C2") == []


@pytest.mark.parametrize("lang", LANGS)
def test_its_pdf_is_made_once_of_what_the_page_says(owed: World, lang: str) -> None:
    use_faces()
    its = statements.said("C1", lang)
    statements.ask("C1", lang)
    statements.ask("C1", lang)
    press(owed)
    kept = [key for key in owed.pictures.stored if key.startswith("statements/")]
    assert kept == [f"statements/C1/{statements.edition(its)}.pdf"]
    document = pypdfium2.PdfDocument(owed.pictures.stored[kept[0]])
    text = "".join("".join(page.get_textpage().get_text_range().split()) for page in document)
    assert its["amount"][1] in text
    for section in its["sections"]:
        for block in section["blocks"]:
            for row in block.get("rows", block.get("facts", ())):
                assert "".join("".join(row).split()) in text
    assert statements.make(f"C1/{lang}", owed.at) == statements.KNOWN


def test_what_came_in_between_makes_another_edition(here: World) -> None:
    use_faces()
    name = debts.firm(here, "E1-K-2026-0001")
    before = statements.edition(statements.said("C1", "zh_CN"))
    do(here, name, "recover", fen=10_00, source="bond")
    assert statements.make("C1/zh_CN", here.at) == statements.MADE
    after = statements.edition(statements.said("C1", "zh_CN"))
    assert after != before
    assert [key for key in here.pictures.stored if key.startswith("statements/")] == [f"statements/C1/{after}.pdf"]
