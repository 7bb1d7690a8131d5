"""The photos beside a list: a zip of picture files, read one at a time, each called by its file's name."""

from __future__ import annotations

import zipfile
from pathlib import Path

from chalicelib.adapters.ooxml import BROKEN, NotAWorkbook
from chalicelib.adapters.workbook import readable
from chalicelib.domain.pictures import MOST_BYTES, NotAPicture, clean


class PhotosZip:
    """Raises NotAWorkbook for what is no zip, OSError."""

    def __init__(self, path: Path) -> None:
        try:
            self._archive = zipfile.ZipFile(path)
        except BROKEN as fault:
            raise NotAWorkbook(path.name, "broken ({why})", why=fault) from fault
        self._found: dict[str, zipfile.ZipInfo] = {}
        for info in self._archive.infolist():
            name = Path(readable(info.filename))
            if not info.is_dir() and "__MACOSX" not in name.parts:
                self._found.setdefault(name.name.lower(), info)

    def fault(self, name: str) -> str:
        """Why a photo can't be taken: absent, large, none; "" where it can. Reads it."""
        info = self._found.get(name.lower())
        if info is None:
            return "absent"
        if info.file_size > MOST_BYTES:
            return "large"
        try:
            clean(self.read(name))
        except (NotAPicture, *BROKEN):
            return "none"
        return ""

    def read(self, name: str) -> bytes:
        with self._archive.open(self._found[name.lower()]) as content:
            return content.read(MOST_BYTES + 1)


class NoPhotos:
    """There is no zip."""

    def fault(self, name: str) -> str:
        return "absent"

    def read(self, name: str) -> bytes:
        raise KeyError(name)
