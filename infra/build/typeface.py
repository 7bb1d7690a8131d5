"""The faces of letters, cut from Noto Sans SC (SIL Open Font License) to what letters may be printed with.

    Regular    every letter of `domain.contractor.typeface`: GBK and western Europe
    Bold       GB2312 and western Europe: headings and labels are ours, and a rarer one is set in Regular

Cutting takes half a minute; the result lies in the environment by what it was made of, and is taken from there.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from importlib import metadata, resources
from pathlib import Path

from chalicelib.adapters.typesetter import FACES
from chalicelib.domain.contractor import typeface

SOURCE, LICENCE = "fonts/ofl/notosanssc/NotoSansSC[wght].ttf", "fonts/ofl/notosanssc/OFL.txt"
PACKAGE = "justmytype-intl-cjk"
ROOT = Path(__file__).resolve().parents[2]
WEIGHTS = {"Regular": 400, "Bold": 700}
FEATURES = ["ccmp", "kern", "locl", "mark"]


def folder() -> Path:
    """The folder that holds the package of the faces, made if need be. Safe to ask for twice at once."""
    made = Path(sys.prefix) / "share" / f"letters-{_digest()}"
    made.parent.mkdir(parents=True, exist_ok=True)
    with (made.parent / "letters.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            with tempfile.TemporaryDirectory(dir=made.parent) as work:
                _make(Path(work) / "made")
                os.replace(Path(work) / "made", made)
    return made


def points(weight: str) -> list[int]:
    """The code points that a weight has."""
    every = typeface.every_printable()
    return every if weight == "Regular" else [p for p in every if p < 0x100 or _in_gb2312(chr(p))]


def _in_gb2312(letter: str) -> bool:
    try:
        return len(letter.encode("gb2312")) == 2
    except UnicodeEncodeError:
        return False


def _make(root: Path) -> None:
    package = root / FACES
    package.mkdir(parents=True)
    (package / "__init__.py").write_text('"""The faces of letters."""\n')
    source = resources.files(PACKAGE.replace("-", "_"))
    shutil.copyfile(str(source / LICENCE), package / "OFL.txt")
    cutting = [
        subprocess.Popen(
            [sys.executable, "-m", "infra.build.typeface", weight, str(package / f"{weight}.ttf")], cwd=ROOT
        )
        for weight in WEIGHTS
    ]
    ended = [process.wait() for process in cutting]
    if any(ended):
        raise RuntimeError("the faces of letters could not be cut")


def _cut(weight: str, target: Path) -> None:
    """One weight of the variable face, with the letters that it is to have and no others."""
    from fontTools import subset
    from fontTools.varLib import instancer

    source = str(resources.files(PACKAGE.replace("-", "_")) / SOURCE)
    options = subset.Options(hinting=False, layout_features=FEATURES, notdef_outline=True, recalc_timestamp=False)
    options.name_IDs = ["*"]
    face = subset.load_font(source, options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=points(weight))
    cutter.subset(face)
    face = instancer.instantiateVariableFont(face, {"wght": WEIGHTS[weight]}, updateFontNames=True)
    face.save(str(target))


def _digest() -> str:
    made_of = [
        metadata.version(PACKAGE),
        metadata.version("fonttools"),
        Path(__file__).read_text(encoding="utf-8"),
        Path(typeface.__file__).read_text(encoding="utf-8"),
    ]
    return hashlib.sha256("\0".join(made_of).encode()).hexdigest()[:16]


if __name__ == "__main__":
    _cut(sys.argv[1], Path(sys.argv[2]))
