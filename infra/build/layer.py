"""The layer of the function that sets letters: typst's wheel for Lambda's own system, and the faces, as one zip.

The same input gives the same bytes. What was made once lies in the environment by what it was made of.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from infra.build import typeface

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "requirements-letter.txt"
EPOCH = (1980, 1, 1, 0, 0, 0)
LAMBDAS = "x86_64-manylinux2014"
NAME = "layer.zip"
LEFT_OUT = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json", ".lock")
MOST_BYTES = 100_000_000  # unzipped


class LayerFailed(Exception):
    """The layer could not be made; the text says why in one line."""


def build(target: Path, *, here: bool = False) -> None:
    """Write the layer's zip; `here`: for this machine instead of Lambda's, where they differ. Raises LayerFailed."""
    suits = sys.platform == "linux" and platform.machine() == "x86_64"
    system = "" if here and not suits else LAMBDAS
    faces = typeface.folder()
    kept = faces.with_name(f"layer-{_digest(faces, system)}.zip")
    if not kept.exists():
        with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
            _pack(Path(folder), faces, system)
            os.replace(Path(folder) / NAME, kept)
    made = target.with_suffix(".new")
    shutil.copyfile(kept, made)
    os.replace(made, target)


def _pack(folder: Path, faces: Path, system: str) -> None:
    python = folder / "python"
    install = [str(Path(sys.executable).with_name("uv")), "pip", "install", "-q", "--target", str(python)]
    install += ["--python", sys.executable, "--python-version", f"3.{sys.version_info.minor}"]
    install += ["--python-platform", system] if system else []
    install += ["--only-binary", ":all:", "--no-deps", "--require-hashes", "-r", str(REQUIREMENTS)]
    done = subprocess.run(install, capture_output=True, text=True)
    if done.returncode:
        raise LayerFailed((done.stderr.strip().splitlines() or ["uv failed"])[-1])
    shutil.copytree(faces, python, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    unzipped = 0
    with zipfile.ZipFile(folder / NAME, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(p for p in python.rglob("*") if p.is_file()):
            if path.name in LEFT_OUT or {"sboms", "__pycache__"} & set(path.parts):
                continue
            entry = zipfile.ZipInfo(str(path.relative_to(folder)), EPOCH)
            entry.external_attr, entry.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
            data = path.read_bytes()
            unzipped += len(data)
            archive.writestr(entry, data)
    if unzipped > MOST_BYTES:
        raise LayerFailed(f"{unzipped / 1e6:.0f} MB unzipped, {MOST_BYTES / 1e6:.0f} are allowed")


def _digest(faces: Path, system: str) -> str:
    made_of = [faces.name, system, sys.version, REQUIREMENTS.read_text(), Path(__file__).read_text(encoding="utf-8")]
    return hashlib.sha256("\0".join(made_of).encode()).hexdigest()[:16]
