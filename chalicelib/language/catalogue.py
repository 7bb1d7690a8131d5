"""The message catalogue: what a page or message says, in the reader's language.

Message ids are plain English sentences; English is what they say, unless a file in `language/locale/en` says otherwise.
Compiled by `python -m infra.build.catalogue`.
"""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

LANGS = ("zh_CN", "en")
FOLDER = Path(__file__).parent / "locale"


@cache
def catalogue(lang: str) -> NullTranslations:
    """The catalogue of a language, read once; for any other than `LANGS` the first of them."""
    file = FOLDER / (lang if lang in LANGS else LANGS[0]) / "messages.mo"
    if not file.exists():
        return NullTranslations()
    with file.open("rb") as compiled:
        return GNUTranslations(compiled)


def word(context: str, text: str, lang: str) -> str:
    """A single word of the trade; `context` tells apart what English writes alike."""
    return catalogue(lang).pgettext(context, text) if text else ""
