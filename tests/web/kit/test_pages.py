"""How templates call what they are given."""

from __future__ import annotations

from typing import Any

import jinja2
import markupsafe
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.web.kit.pages import _environment


@jinja2.pass_context
def told(context: Any, mark: str) -> str:
    return f"{context['who']}{mark}"


def test_plain_functions_get_what_is_written_and_others_the_context_in_loops_and_blocks_too() -> None:
    source = (
        "{% block a %}{% for x in 'ab' %}{{ plain(x, end='.') }}{{ told(x) }}{% endfor %}{{ told('!') }}{% endblock %}"
    )
    shown = _environment().from_string(source).render(who="we", told=told, plain=lambda x, end: x + end)
    assert shown == "a.weab.webwe!"


def test_a_field_named_as_something_that_every_dict_has_hides_nothing_of_it() -> None:
    template = _environment().from_string("{% for name, why in wrong.items() %}{{ name }}: {{ why }}{% endfor %}")
    assert template.render(wrong={"items": "too many"}) == "items: too many"


def test_a_field_without_a_fault_is_nothing_whatever_it_is_called() -> None:
    template = _environment().from_string("{% if wrong['items'] %}{{ wrong['items'] }}{% endif %}.")
    assert [template.render(wrong=one) for one in ({}, {"items": "too many"})] == [".", "too many."]


SAID = st.one_of(
    st.text(), st.text("&<>'\"a"), st.integers(), st.none(), st.booleans(), st.text().map(markupsafe.Markup)
)


@given(SAID)
def test_what_a_page_says_is_escaped_as_jinja_escapes_it(value: object) -> None:
    assert _environment().from_string("{{ value }}").render(value=value) == jinja2.Template(
        "{{ value }}", autoescape=True
    ).render(value=value)


@pytest.mark.parametrize(
    "source",
    [
        "{% macro m(x, y='<') %}[{{ x }}{{ y }}{{ told(x) }}]{% endmacro %}{{ m(value) }}{{ m(value, y=value) }}",
        "{% macro m(x) %}<b>{{ x }}{{ caller(x) }}</b>{% endmacro %}{% call(z) m(value) %}{{ z }}&{% endcall %}",
        "{% macro m(x) %}<b>{{ x }}</b>{% endmacro %}{% set kept = m(value) %}{{ kept }}{{ kept ~ value }}",
        "{% for v in [value] %}{% block b scoped %}{{ v }}{{ missing }}{{ v | upper }}{% endblock %}{% endfor %}",
    ],
)
def test_macros_blocks_and_filters_say_what_jinjas_own_say(source: str) -> None:
    known = {"value": "<i>'a' & \"b\"</i>", "told": told, "who": "us"}
    own = jinja2.Environment(autoescape=True).from_string(source)
    assert _environment().from_string(source).render(known) == own.render(known)
