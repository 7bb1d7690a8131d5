"""Lists to choose from, and the few words of the trade that lists say over and over; kept."""

from __future__ import annotations

from functools import cache, lru_cache

from markupsafe import Markup

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.ticket.ticket import ENDED, Priority, State
from chalicelib.language import words
from chalicelib.services.record.numbers import everywhere

OPEN_STATES = tuple(s.value for s in State if s not in ENDED)
PRIORITIES = tuple(p.value for p in Priority)


@lru_cache(maxsize=1024)
def word(table: str, key: str, lang: str) -> str:
    """A word of the trade; the same few over and over in a list."""
    return str(getattr(words, f"{table}_word")(key, lang))


@lru_cache(maxsize=64)
def options(table: str, values: tuple[str, ...], chosen: str, lang: str) -> Markup:
    """The options of a list to choose from."""
    one = Markup('<option value="{}"{}>{}</option>')
    return Markup("").join(
        one.format(v, Markup(" selected") if v == chosen else "", word(table, v, lang)) for v in values
    )


@cache
def category_names() -> tuple[str, ...]:
    return tuple(everywhere().categories)


@lru_cache(8)
def category_options(numbers: Policy, lang: str) -> Markup:
    """The categories with their components, as options of a select; the same on every page."""
    found = []
    for category in numbers.categories.values():
        label = words.category_word(category.name, lang)
        parts = "".join(
            Markup('<option value="{}/{}">{} · {}</option>').format(
                category.name, part, label, words.component_word(part, lang)
            )
            for part in category.components
        )
        found.append(Markup('<option value="{}">{}</option>').format(category.name, label) + Markup(parts))
    return Markup("").join(found)
