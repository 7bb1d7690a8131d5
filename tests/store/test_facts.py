"""Facts as rows: what can't be read is left out."""

from __future__ import annotations

import pytest

from chalicelib.store import facts


@pytest.mark.parametrize("body", ["~", "~nothing", "~" + "0" * 400, "~\ud800", "{", ""])
def test_a_body_that_was_never_written_so_is_left_out(body: str) -> None:
    row = {"pk": "FACT#P1#2026-03", "sk": "2026-03-02T01:00:00Z#01KGZZ5GJ0WE94R4BF6FH0JNYY#000003", "body": body}
    assert facts.read([row]) == []
