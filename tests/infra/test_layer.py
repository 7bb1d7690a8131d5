"""The layers: the typesetter with its faces, the columnar writer; small enough, and each does its work by itself."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.domain.contractor.letter import frozen
from chalicelib.language.letters import said
from infra.build import layer
from tests.domain.contractor.letters import NOTICE

SETS = """
import hashlib, json, sys
from chalicelib.adapters import typesetter
from chalicelib.domain.contractor.letter import Content
pdf, _ = typesetter.typeset(Content(**json.loads(sys.argv[1])), "https://bx.example.cn/l/HY-2026-0001")
import segno, typst, letterfonts
print(json.dumps([hashlib.sha256(pdf).hexdigest(), len(pdf), typst.__file__, letterfonts.__file__, segno.__file__]))
"""


HOLDS = ("python/typst", "python/letterfonts/", "python/PIL/", "python/pillow")
SHRINKS = """
import io
from PIL import Image
from chalicelib.adapters import binding
from pathlib import Path
import sys
for form in ("PNG", "WEBP", "JPEG"):
    made = io.BytesIO()
    Image.effect_noise((3000, 2000), 50).convert("RGB").save(made, form)
    name = binding.picture(Path(sys.argv[1]), form, made.getvalue(), 640, 70)
    assert Image.open(Path(sys.argv[1]) / name).size == (640, 427), form
print(sys.modules["PIL"].__file__)
"""


@pytest.fixture(scope="module")
def made(out: Path) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(out / layer.NAME) as opened:
        yield opened


def test_it_is_at_most_100_mb_unzipped(made: zipfile.ZipFile) -> None:
    assert sum(entry.file_size for entry in made.infolist()) <= 100_000_000


def test_it_holds_the_typesetter_the_faces_and_their_licences_and_nothing_else(made: zipfile.ZipFile) -> None:
    names = made.namelist()
    assert all(name.startswith(HOLDS) for name in names)
    assert {f"python/letterfonts/{name}" for name in ("Regular.ttf", "Bold.ttf", "OFL.txt")} <= set(names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert b"SIL OPEN FONT LICENSE" in made.read("python/letterfonts/OFL.txt")


def test_all_entries_have_one_date(made: zipfile.ZipFile) -> None:
    assert {entry.date_time for entry in made.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_package_and_the_layer_set_a_letter_and_need_nothing_else(out: Path, tmp_path: Path) -> None:
    """As in Lambda: a Python without site-packages, the zip, and the layer; what it sets is what this process sets."""
    from chalicelib.adapters import typesetter
    from tests.typeset import use_faces

    for name in ("deployment.zip", layer.NAME):
        with zipfile.ZipFile(out / name) as archive:
            archive.extractall(tmp_path / name)
    content = frozen(NOTICE, said(NOTICE))
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{tmp_path / 'deployment.zip'}:{tmp_path / layer.NAME / 'python'}",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    asked = json.dumps({"text": content.text, "hash": content.hash})
    run = subprocess.run([sys.executable, "-S", "-c", SETS, asked], env=env, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-2000:]
    digest, size, *files = json.loads(run.stdout)
    assert size < 300_000
    assert all(file.startswith(str(tmp_path)) for file in files)
    use_faces()
    pdf, _ = typesetter.typeset(content, "https://bx.example.cn/l/HY-2026-0001")
    assert hashlib.sha256(pdf).hexdigest() == digest


def test_the_layer_shrinks_photos_of_every_form_by_itself(out: Path, tmp_path: Path) -> None:
    for name in ("deployment.zip", layer.NAME):
        with zipfile.ZipFile(out / name) as archive:
            archive.extractall(tmp_path / name)
    path = f"{tmp_path / 'deployment.zip'}:{tmp_path / layer.NAME / 'python'}"
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": path}
    run = subprocess.run([sys.executable, "-S", "-c", SHRINKS, str(tmp_path)], env=env, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-2000:]
    assert run.stdout.startswith(str(tmp_path))


def test_the_same_input_gives_the_same_zip(out: Path, tmp_path: Path) -> None:
    layer.build(tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == (out / layer.NAME).read_bytes()


WRITES = """
import hashlib
from chalicelib.adapters import dayfiles
from chalicelib.domain.measures.columns import columns_of
import arro3.core
print(arro3.core.__file__, hashlib.sha256(dayfiles.parquet(columns_of([]))).hexdigest())
"""


def test_the_package_and_the_writers_layer_make_a_days_file_and_need_nothing_else(out: Path, tmp_path: Path) -> None:
    from chalicelib.adapters import dayfiles
    from chalicelib.domain.measures.columns import columns_of

    for name in ("deployment.zip", layer.ARCHIVE):
        with zipfile.ZipFile(out / name) as archive:
            assert not [entry for entry in archive.namelist() if "letterfonts" in entry or "/typst/" in entry]
            archive.extractall(tmp_path / name)
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{tmp_path / 'deployment.zip'}:{tmp_path / layer.ARCHIVE / 'python'}",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    run = subprocess.run([sys.executable, "-S", "-c", WRITES], env=env, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-2000:]
    file, digest = run.stdout.split()
    assert file.startswith(str(tmp_path))
    assert digest == hashlib.sha256(dayfiles.parquet(columns_of([]))).hexdigest()
