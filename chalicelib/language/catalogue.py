"""The message catalogue: what a page or message says, in the reader's language.

Message ids are plain English sentences; English is what they say, unless a file in `language/locale/en` says otherwise.
Every other language has its catalogue, compiled by `python -m infra.build.catalogue`: packaging and tests do it first.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import NamedTuple


class Language(NamedTuple):
    """`tag`: as HTML and HTTP name it; `name`: as its speakers do."""

    tag: str
    name: str


LANGUAGES: Mapping[str, Language] = {"zh_CN": Language("zh-CN", "中文"), "en": Language("en", "English")}
LANGS = tuple(LANGUAGES)  # the first is spoken where nothing else is asked for
OF_THE_IDS = "en"
FOLDER = Path(__file__).parent / "locale"


class NoCatalogue(Exception):
    """A language whose texts were never compiled: nobody is answered in another one instead."""


@cache
def catalogue(lang: str) -> NullTranslations:
    """The catalogue of a language, read once; for any other than `LANGS` the first of them. Raises NoCatalogue."""
    lang = lang if lang in LANGS else LANGS[0]
    file = FOLDER / lang / "messages.mo"
    try:
        with file.open("rb") as compiled:
            return GNUTranslations(compiled)
    except FileNotFoundError:
        if lang == OF_THE_IDS:
            return NullTranslations()
        raise NoCatalogue(f"{file} is missing: run python -m infra.build.catalogue") from None


@lru_cache(maxsize=8192)
def word(context: str, text: str, lang: str) -> str:
    """A word of the trade or a short form; `context` tells apart what English writes alike. Kept: lists repeat them."""
    return catalogue(lang).pgettext(context, text) if text else ""
