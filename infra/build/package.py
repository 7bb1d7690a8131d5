"""From the sources to out/: catalogues compiled, `chalice package` run, its template completed, its zip slimmed.

    sources ── chalice package --merge-template infra/resources.yaml ── sam.yaml + zip as pip left it
    sam.yaml        + the definition of Timer from infra/timer.asl.json
    deployment.zip  − what never runs in Lambda, + bytecode; see slim.py
    layer.zip       typesetter and faces, for the one function that sets letters; see layer.py, of the other layer too

The functions' runtime is the Python that packages: bytecode and wheels fit it by construction.
"""

import fcntl
import hashlib
import json
import os
import py_compile
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from chalicelib.language.catalogue import LANGS, OF_THE_IDS
from infra.build import catalogue, layer, slim
from infra.build.precompile import PrecompileFailed

ROOT = Path(__file__).resolve().parents[2]
STAGE = "api"
# All that decides what comes out; a build whose inputs have this digest already is not repeated.
INPUTS = (
    ".chalice/*.json",
    "app.py",
    "chalicelib/**/*",
    "infra/build/*.py",
    "infra/resources.yaml",
    "infra/timer.asl.json",
    "requirements-archive.txt",
    "requirements-letter.txt",
    "requirements.txt",
)


STAMP = "built.json"  # what they were made of
MADE = ("deployment.zip", "sam.yaml", *layer.REQUIREMENTS)


class PackageFailed(Exception):
    """The deployable folder could not be made; the text says why in one line."""


@dataclass(frozen=True)
class Package:
    """What was built: sizes in bytes, the runtime of the functions, and whether it was built just now."""

    zipped: int
    unzipped: int
    runtime: str
    fresh: bool


def package(out: Path, *, force: bool = False) -> Package:
    """Fill `out` with sam.yaml, deployment.zip and the layers. Safe to run twice at once; raises PackageFailed."""
    out = out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    with _alone():
        try:
            compiled = catalogue.compile_all()
        except catalogue.BadCatalogue as error:
            raise PackageFailed(f"catalogue: {error}") from error
        if missing := {*LANGS} - {OF_THE_IDS, *compiled}:
            raise PackageFailed(f"catalogue: nothing is translated into {', '.join(sorted(missing))}")
        digest = _digest()
        stamp = out / STAMP
        if not force and stamp.exists() and all((out / name).exists() for name in MADE):
            was = json.loads(stamp.read_text())
            if was.pop("inputs") == digest:
                return Package(**was, fresh=False)
        with tempfile.TemporaryDirectory(dir=out, prefix=".build-") as work:
            raw = Path(work) / "raw"
            _run_chalice(raw)
            template = complete(yaml.safe_load((raw / "sam.yaml").read_text()))
            try:
                sizes = slim.rewrite(raw / "deployment.zip", Path(work) / "deployment.zip")
            except py_compile.PyCompileError as error:
                raise PackageFailed(" ".join(str(error.exc_value).split())) from error
            except PrecompileFailed as error:
                raise PackageFailed(f"precompiling: {error}") from error
            (Path(work) / "sam.yaml").write_text(yaml.safe_dump(template, allow_unicode=True, width=120))
            built = Package(*sizes, runtime=template["Resources"]["APIHandler"]["Properties"]["Runtime"], fresh=True)
            try:
                for name in layer.REQUIREMENTS:
                    layer.build(Path(work) / name, name)
            except layer.LayerFailed as error:
                raise PackageFailed(f"layer: {error}") from error
            for name in MADE:
                os.replace(Path(work) / name, out / name)
        stamp.write_text(
            json.dumps({"inputs": digest, "zipped": built.zipped, "unzipped": built.unzipped, "runtime": built.runtime})
        )
        return built


def complete(template: dict[str, Any]) -> dict[str, Any]:
    """Give `Timer` its definition; the template then needs nothing beside its zip."""
    definition = json.loads((ROOT / "infra" / "timer.asl.json").read_text())
    template["Resources"]["Timer"]["Properties"]["DefinitionString"] = json.dumps(definition, separators=(",", ":"))
    return template


def _run_chalice(out: Path) -> None:
    # The region only decides service principals, and those are the same everywhere.
    env = {**os.environ, "AWS_DEFAULT_REGION": "us-east-1", "PYTHONDONTWRITEBYTECODE": "1"}
    # The app is imported to find its routes: as on a machine that has no setting of ours.
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "TABLE_NAME", "TIME_ANCHOR"):
        env.pop(name, None)
    chalice = [sys.executable, "-c", "from chalice.cli import main; raise SystemExit(main())"]
    command = [*chalice, "package", "--stage", STAGE, "--template-format", "yaml"]
    done = subprocess.run(
        [*command, "--merge-template", "infra/resources.yaml", str(out)],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
    )
    if done.returncode or not (out / "sam.yaml").exists():
        said = (done.stderr or done.stdout).strip().splitlines()
        raise PackageFailed(f"chalice: {said[-1] if said else 'no output'}")


def _digest() -> str:
    digest = hashlib.sha256(sys.version.encode())
    for pattern in INPUTS:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


@contextmanager
def _alone() -> Iterator[None]:
    """One packaging at a time: Chalice keeps its zips in one place in the project."""
    with (ROOT / ".chalice" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
