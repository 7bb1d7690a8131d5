"""What a policy is called names all that it is made of."""

from __future__ import annotations

import pytest

from chalicelib.domain.policy.versions import mark, parts


@pytest.mark.parametrize(
    ("version", "made_of"),
    [
        ("2026-03-01.aa", ["2026-03-01.aa"]),
        ("2026-03-01.aa~bb", ["2026-03-01.aa", "~bb"]),
        ("2026-03-01.aa~bb+cc", ["2026-03-01.aa", "~bb", "+cc"]),
        ("", []),
        ("+cc", []),
    ],
)
def test_a_version_comes_apart_into_the_names_of_what_it_is_made_of(version: str, made_of: list[str]) -> None:
    assert parts(version) == made_of


def test_other_content_has_another_name() -> None:
    assert mark("arrive 4h") != mark("arrive 1h")
    assert mark("arrive 4h") == mark("arrive 4h")
