"""What many tickets' pages have in common, rendered once: a template with stand-ins for what differs, filled per page.

Nothing that a person wrote is ever kept; what was typed and has to be shown again is rendered for that page alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from markupsafe import escape

from chalicelib.web.kit import pages

STANDS = re.compile("([\ue001-\ue02f])")  # of a private area: in no template and no catalogue
MOST = 256  # situations kept per template; a property's day has some dozens


class Kept:
    """A template for many. `own`: the names of its variables that differ from page to page."""

    def __init__(self, template: str, *own: str) -> None:
        self.template = template
        self.own = {name: chr(0xE001 + n) for n, name in enumerate(own)}
        self._shells: dict[Hashable, list[str]] = {}  # texts, and between them the stand-ins

    def text(self, lang: str, situation: Hashable, more: Callable[[], Mapping[str, Any]], **own: str) -> str:
        """The template's text. `more` gives its other variables: the same for the same `situation`."""
        known = (lang, pages.root(), situation)
        shell = self._shells.get(known)
        if shell is None:
            shell = STANDS.split(pages.render(self.template, lang, **{**more(), **self.own}))
            if len(self._shells) >= MOST:
                self._shells.clear()
            self._shells[known] = shell
        values = {self.own[name]: str(escape(value)) for name, value in own.items()}
        filled = shell.copy()
        filled[1::2] = [values[stand] for stand in shell[1::2]]
        return "".join(filled)

    def anew(self, lang: str, shared: Mapping[str, Any], **own: str) -> str:
        """The same, kept nowhere: where something typed stands in it."""
        return pages.render(self.template, lang, **{**shared, **own})
