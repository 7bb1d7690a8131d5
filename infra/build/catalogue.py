"""`python -m infra.build.catalogue`: compile the message catalogues.

Every chalicelib/language/locale/<lang>/*.po goes, merged, into <lang>/messages.mo. A message that stands twice with
different translations, or a fuzzy one, is an error: nobody could say which one ships.
"""

import io
import os
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = Path(__file__).resolve().parents[2] / "chalicelib" / "language" / "locale"


class BadCatalogue(Exception):
    """A .po file that must not ship; the text names file, line and fault."""


def compile_all(locales: Path = LOCALES) -> dict[str, int]:
    """Compile each language that has .po files; returns how many messages each has. May run twice at once.

    Raises BadCatalogue.
    """
    counts = {}
    for folder in sorted(p for p in locales.glob("*") if p.is_dir()):
        sources = sorted(folder.glob("*.po"))
        if sources:
            merged = merge(sources, folder.name)
            _write(folder / "messages.mo", merged)
            counts[folder.name] = len(merged)
    return counts


def merge(sources: list[Path], language: str) -> Catalog:
    """One catalogue of all files, headers from the language alone."""
    merged = Catalog(locale=language, charset="utf-8", fuzzy=False)
    for source in sources:
        with source.open("rb") as file:
            catalogue = read_po(file, locale=language, abort_invalid=True)
        for message in catalogue:
            if not message.id:
                continue
            where = f"{source}:{message.lineno or 0}"
            if message.fuzzy:
                raise BadCatalogue(f"{where}: fuzzy: {message.id!r}")
            known = merged.get(message.id, context=message.context)
            if known is not None and known.string != message.string:
                raise BadCatalogue(f"{where}: translated twice: {message.id!r}")
            merged.add(message.id, message.string, context=message.context)
    return merged


def _write(target: Path, catalogue: Catalog) -> None:
    """Whole or not at all: others may read it meanwhile, or write it too."""
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    if target.exists() and target.read_bytes() == compiled.getvalue():
        return
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".", suffix=".mo", delete=False) as beside:
        beside.write(compiled.getvalue())
    os.replace(beside.name, target)


if __name__ == "__main__":
    try:
        for name, count in compile_all().items():
            print(f"{name}: {count} messages")
    except BadCatalogue as error:
        sys.exit(str(error))
