"""How templates call what they are given."""

from __future__ import annotations

from typing import Any

import jinja2

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
