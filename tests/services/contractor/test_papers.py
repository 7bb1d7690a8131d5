"""The letters of a case on its pages: which files there are, and who may open which."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.adapters import archive
from chalicelib.services.contractor import papers, pressing
from chalicelib.services.record.record import NotFound
from tests.services.contractor import scene
from tests.services.contractor.scene import case_of, do
from tests.services.contractor.test_sealing import SCAN, number, seal
from tests.typeset import use_faces
from tests.world import World


@pytest.fixture
def case(world: World, monkeypatch: pytest.MonkeyPatch) -> str:
    """A case whose notice is released, not made yet."""
    use_faces()
    monkeypatch.setattr(archive, "presigned_get", lambda key, name: f"https://objects/{key}?{name}")
    _, reference = scene.opened(scene.settle(world))
    do(world, reference, "release_notice", "o1")
    return reference


def test_a_letter_has_no_file_until_it_is_made_then_its_pdf_then_what_was_sealed(world: World, case: str) -> None:
    [paper] = papers.papers(case_of(case))
    assert (paper.letter.number, paper.sheets, paper.best) == (number(case), (), None)
    with pytest.raises(NotFound):
        papers.address(case_of(case), number(case))
    pressing.make(number(case), world.at)
    [paper] = papers.papers(case_of(case))
    assert [sheet.how for sheet in paper.sheets] == ["pdf"]
    assert papers.address(case_of(case), number(case)) == f"https://objects/{paper.sheets[0].key}?{number(case)}.pdf"
    seal(world, case, SCAN)
    [paper] = papers.papers(case_of(case))
    assert [sheet.how for sheet in paper.sheets] == ["pdf", "scan"]
    assert paper.best is not None
    assert paper.best.how == "scan"
    assert papers.address(case_of(case), number(case), paper.sheets[0].hash).count("/letters/") == 1


def test_a_letter_of_another_case_is_not_opened_from_this_one(world: World, case: str) -> None:
    pressing.make(number(case), world.at)
    for wrong, digest in (("E1-2026-0099", ""), (number(case), "00" * 32), ("", "")):
        with pytest.raises(NotFound):
            papers.address(case_of(case), wrong, digest)


def test_it_says_what_was_printed_by_its_number_and_which_photos_are_missing(world: World, case: str) -> None:
    one = case_of(case)
    released = one.events[-1]
    assert released.kind == "letter_released"
    odd = replace(released, data={**released.data, "rare": ["U+20BB7"], "unshown": [2]})
    [paper] = papers.papers(replace(one, events=(*one.events[:-1], odd)))
    assert (paper.rare, paper.unshown) == (("U+20BB7",), (2,))
