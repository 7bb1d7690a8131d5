"""Jinja as our pages want it: the same pages as its own, with less in between. Imported for a process's first page.

calls     plain functions, `_` above all, and macros at once: a page says a hundred texts
items     `one.name` of a dict is its item at once, not after an attribute that it lacks
output    a value's text is escaped as it is written, without an object around it that says so
"""

from __future__ import annotations

from types import FunctionType, MethodType
from typing import Any

from jinja2 import Environment
from jinja2.compiler import CodeGenerator
from jinja2.runtime import Context, Macro
from markupsafe import escape

try:
    from markupsafe._speedups import _escape_inner
except ImportError:
    from markupsafe._native import _escape_inner

PLAIN = frozenset({FunctionType, MethodType})
OF_DICTS = frozenset(dir(dict))


def said(value: Any) -> str:
    """A value as it stands in a page."""
    return _escape_inner(value) if type(value) is str else escape(value)


class Plainly(Context):
    """Calls plain functions and macros at once."""

    def call(self, called: Any, /, *args: Any, _block_vars: Any = None, _loop_vars: Any = None, **named: Any) -> Any:
        kind = type(called)
        if kind is Macro or (kind in PLAIN and not hasattr(called, "jinja_pass_arg")):
            return called(*args, **named)
        return super().call(called, *args, _block_vars=_block_vars, _loop_vars=_loop_vars, **named)


class Plain(CodeGenerator):
    """Writes what a page says by `said`."""

    def _output_child_pre(self, node: Any, frame: Any, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.said(")


class Pages(Environment):
    """What every dict has, such as `items`, stays what it is: a form may have a field of that name."""

    code_generator_class = Plain
    context_class = Plainly
    said = staticmethod(said)

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict and attribute not in OF_DICTS and attribute in obj:
            return obj[attribute]
        try:
            return getattr(obj, attribute)
        except AttributeError:
            return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """What a dict has no value for is nothing: never its method of that name."""
        if type(obj) is dict and argument in OF_DICTS and argument not in obj:
            return self.undefined(obj=obj, name=argument)
        return super().getitem(obj, argument)
