"""How parts are joined: several of a kind, a thing and what is said of it, what stands in brackets."""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.language.catalogue import catalogue


def listed(parts: Iterable[str], lang: str) -> str:
    """Several of a kind in one line."""
    return catalogue(lang).gettext(", ").join(parts)


def pair(what: str, said: str, lang: str) -> str:
    """What it is, and what is said of it. Escaped only where a part is marked as safe markup."""
    return _joined("{what}: {said}", lang, what=what, said=said)


def aside(text: str, lang: str) -> str:
    """In brackets."""
    return _joined("({text})", lang, text=text)


def _joined(form: str, lang: str, **parts: str) -> str:
    said = catalogue(lang).pgettext("join", form)
    kind = next((type(part) for part in parts.values() if hasattr(part, "__html__")), str)
    return kind(said).format(**parts)
