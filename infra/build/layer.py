"""The layers of functions that need more than the rest: wheels for Lambda's own system, as one zip each.

    layer.zip            the function that sets letters: the typesetter, what shrinks photos, and the faces
    layer-archive.zip    the function that writes files for analysts: the columnar writer

What no loader maps of a library (its symbols) stays behind, and of Pillow what no photo needs.

The same input gives the same bytes. What was made once lies in the environment by what it was made of.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from infra.build import typeface

ROOT = Path(__file__).resolve().parents[2]
EPOCH = (1980, 1, 1, 0, 0, 0)
LAMBDAS = "x86_64-manylinux2014"
NAME = "layer.zip"
ARCHIVE = "layer-archive.zip"
REQUIREMENTS = {NAME: "requirements-letter.txt", ARCHIVE: "requirements-archive.txt"}
LEFT_OUT = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json", ".lock")
UNUSED = ("_avif", "_imagingft", "_imagingtk", "libavif", "libfreetype", "libharfbuzz", "libbrotli", "libpng16")
MOST_BYTES = 100_000_000  # unzipped


class LayerFailed(Exception):
    """The layer could not be made; the text says why in one line."""


def build(target: Path, name: str = NAME, *, here: bool = False) -> None:
    """Write a layer's zip; `here`: for this machine instead of Lambda's, where they differ. Raises LayerFailed."""
    suits = sys.platform == "linux" and platform.machine() == "x86_64"
    system = "" if here and not suits else LAMBDAS
    faces = typeface.folder()
    carried = faces if name == NAME else None
    kept = faces.with_name(f"{Path(name).stem}-{_digest(name, carried, system)}.zip")
    if not kept.exists():
        with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
            _pack(Path(folder), name, carried, system)
            os.replace(Path(folder) / NAME, kept)
    made = target.with_suffix(".new")
    shutil.copyfile(kept, made)
    os.replace(made, target)


def _pack(folder: Path, name: str, faces: Path | None, system: str) -> None:
    python = folder / "python"
    install = [str(Path(sys.executable).with_name("uv")), "pip", "install", "-q", "--target", str(python)]
    install += ["--python", sys.executable, "--python-version", f"3.{sys.version_info.minor}"]
    install += ["--python-platform", system] if system else []
    install += ["--only-binary", ":all:", "--no-deps", "--require-hashes", "-r", str(ROOT / REQUIREMENTS[name])]
    done = subprocess.run(install, capture_output=True, text=True)
    if done.returncode:
        raise LayerFailed((done.stderr.strip().splitlines() or ["uv failed"])[-1])
    if faces:
        shutil.copytree(faces, python, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    unzipped = 0
    with zipfile.ZipFile(folder / NAME, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(p for p in python.rglob("*") if p.is_file()):
            if path.name in LEFT_OUT or path.name.startswith(UNUSED) or {"sboms", "__pycache__"} & set(path.parts):
                continue
            entry = zipfile.ZipInfo(str(path.relative_to(folder)), EPOCH)
            entry.external_attr, entry.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
            data = mapped(path.read_bytes())
            unzipped += len(data)
            archive.writestr(entry, data)
    if unzipped > MOST_BYTES:
        raise LayerFailed(f"{unzipped / 1e6:.0f} MB unzipped, {MOST_BYTES / 1e6:.0f} are allowed")


def mapped(content: bytes) -> bytes:
    """A library of 64-bit Linux without what lies behind the last part that is ever mapped; any other file as it is."""
    if content[:6] != b"\x7fELF\x02\x01":
        return content
    (first,) = struct.unpack_from("<Q", content, 32)
    size, count = struct.unpack_from("<HH", content, 54)
    end = first + size * count
    for n in range(count):
        offset, length = struct.unpack_from("<8xQ16xQ", content, first + size * n)
        end = max(end, offset + length)
    header = bytearray(content[:64])
    struct.pack_into("<Q", header, 40, 0)  # where the sections are listed, how many, which names them: nowhere, none
    struct.pack_into("<HH", header, 60, 0, 0)
    return bytes(header) + content[64:end]


def _digest(name: str, faces: Path | None, system: str) -> str:
    pinned = (ROOT / REQUIREMENTS[name]).read_text()
    made_of = [faces.name if faces else "", system, sys.version, pinned, Path(__file__).read_text(encoding="utf-8")]
    return hashlib.sha256("\0".join(made_of).encode()).hexdigest()[:16]
