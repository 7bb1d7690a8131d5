"""What a letter costs: own CPU to set one when warm, its size without photos, the layer that sets it."""

from __future__ import annotations

import time
import zipfile
from dataclasses import replace
from statistics import median

from tests.bench.figures import ROOT, figure

TIMES = 20
URL = "https://bx.example.cn/l/HY-2026-0001"


def run() -> None:
    from chalicelib.adapters import typesetter
    from chalicelib.domain.contractor.letter import frozen
    from chalicelib.language.letters import said
    from infra.build.package import package
    from tests.domain.contractor.letters import LETTERS
    from tests.typeset import use_faces

    use_faces()
    contents = [frozen(letter, said(letter)) for letter in (replace(one, photos=()) for one in LETTERS)]
    largest = max(len(typesetter.typeset(content, URL)[0]) for content in contents)
    spent = []
    for n in range(TIMES):
        began = time.process_time()
        typesetter.typeset(contents[n % len(contents)], URL)
        spent.append((time.process_time() - began) * 1000)
    figure("letter, set warm: own CPU p50", median(spent), "ms", "<= 300")
    figure("letter without photos", largest / 1000, "kB", "<= 300")
    package(ROOT / "out")
    with zipfile.ZipFile(ROOT / "out" / "layer.zip") as layer:
        unzipped = sum(entry.file_size for entry in layer.infolist())
    figure("layer of the typesetter, unzipped", unzipped / 1e6, "MB", "<= 100")
