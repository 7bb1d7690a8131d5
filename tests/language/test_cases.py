"""What happens to a case is a sentence in both languages, and so is how it ends."""

from __future__ import annotations

import pytest

from chalicelib.domain.contractor.changes import CHANGES, SILENT
from chalicelib.language.cases import EVENTS, OUTCOMES
from chalicelib.language.catalogue import word

KNOWN = {*CHANGES, *SILENT}


@pytest.mark.parametrize("kind", sorted(KNOWN))
def test_every_event_of_a_case_is_a_sentence(kind: str) -> None:
    assert any(key == kind or key.startswith(f"{kind} ") for key in EVENTS)


def test_every_sentence_of_a_case_is_translated() -> None:
    assert [text for text in EVENTS.values() if word("case event", text, "zh_CN") == text] == []


def test_no_sentence_is_of_an_event_that_there_is_not() -> None:
    assert {key.partition(" ")[0] for key in EVENTS} <= KNOWN


@pytest.mark.parametrize("outcome", ["cured", "house", "third_party", "joined", "nothing_left", "finding"])
def test_every_end_of_a_case_has_its_word(outcome: str) -> None:
    assert outcome in OUTCOMES
