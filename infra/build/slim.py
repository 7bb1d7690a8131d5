"""The zip as it ships: what never runs in Lambda taken out, bytecode put in, the same bytes for the same input.

    ours               x.py and __pycache__/x.pyc       a traceback shows the line, and where in it
    packages' modules  x.pyc                            a traceback names file, line and function
    our templates      x.pyc                            a traceback names the template's line

Bytecode is of the unchecked-hash kind: Lambda unpacks with times of its own, and a .pyc that is checked against its
source's time would be thrown away at every cold start.
"""

import gzip
import json
import os
import py_compile
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from infra.build.precompile import PrecompileFailed, precompile

# The services that chalicelib calls. `adapters` and `store` make the clients; a test compares.
SERVICES = ("dynamodb", "s3", "ses", "sns", "sqs", "stepfunctions", "sts")
# Rooms of Powertools that nothing here enters; a test imports what is left.
UNUSED = (
    "event_handler",
    "metrics/provider/datadog",
    *(f"utilities/{room}" for room in ("batch", "data_classes", "data_masking", "feature_flags", "idempotency")),
    *(f"utilities/{room}" for room in ("kafka", "parameters", "parser", "serialization", "streaming", "typing")),
    *(f"utilities/{room}" for room in ("validation", "lambda_layers", "circuit_breaker")),
)
ZONES = ("Asia/", "Etc/", "UTC", "GMT", "__init__")
# Zones of another package than the system's, rules of calendars, and what operators run on their own machine.
NEVER_RUN = ("dateutil/zoneinfo/dateutil-zoneinfo.tar.gz", "dateutil/rrule.py", "chalicelib/commands/")
EPOCH = (1980, 1, 1, 0, 0, 0)


def rewrite(source: Path, target: Path) -> tuple[int, int]:
    """Write the slim zip; returns its size and the size of what it holds, in bytes."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        with zipfile.ZipFile(source) as archive:
            for name in archive.namelist():
                if ships(name):
                    archive.extract(name, root)
        _trim_endpoints(root / "botocore" / "data" / "endpoints.json")
        for path in sorted((root / "botocore" / "data").rglob("service-2.json.gz")):
            path.write_bytes(gzip.compress(_undocumented(gzip.decompress(path.read_bytes())), mtime=0))
        precompile(root)
        _compile(root)
        unzipped = 0
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for path in sorted(root.rglob("*")):
                if path.is_file():
                    entry = zipfile.ZipInfo(str(path.relative_to(root)), EPOCH)
                    entry.external_attr = 0o644 << 16
                    entry.compress_type = zipfile.ZIP_DEFLATED
                    data = path.read_bytes()
                    unzipped += len(data)
                    archive.writestr(entry, data, compresslevel=9)
    return target.stat().st_size, unzipped


def keeps_source(path: Path) -> bool:
    """Whether a module, by its path in the zip, ships with its source: what is written here does."""
    return path.parts == ("app.py",) or (path.parts[0] == "chalicelib" and "compiled" not in path.parts)


def _compile(root: Path) -> None:
    """Bytecode for all; where no source ships, in its place and without columns, which nothing could point at."""
    paths = [path.relative_to(root) for path in sorted(root.rglob("*.py"))]
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    for path in filter(keeps_source, paths):
        py_compile.compile(str(root / path), dfile=str(path), doraise=True, invalidation_mode=mode)
    others = [path for path in paths if not keeps_source(path)]
    command = [sys.executable, "-I", "-X", "no_debug_ranges", "-m", "compileall", "-b", "-q"]
    done = subprocess.run(
        [*command, "--invalidation-mode", "unchecked-hash", "-i", "-"],
        input="\n".join(map(str, others)),
        cwd=root,
        env={"PATH": os.environ.get("PATH", os.defpath), "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise PrecompileFailed((done.stdout or done.stderr).strip().splitlines()[-1])
    for path in others:
        (root / path).unlink()


def ships(name: str) -> bool:
    """Whether an entry of Chalice's zip is needed in Lambda."""
    parts = name.split("/")
    if name.endswith(("/", ".pyc", ".po", ".pot", "/RECORD", "/INSTALLER", "/WHEEL")) or "__pycache__" in parts:
        return False
    if name.startswith(NEVER_RUN):
        return False
    if name.startswith("botocore/data/"):
        return len(parts) == 3 or (parts[2] in SERVICES and not parts[-1].startswith("examples"))
    if name.startswith(tuple(f"aws_lambda_powertools/{part}/" for part in UNUSED)):
        return False
    if name.startswith("tzdata/zoneinfo/"):
        return name.removeprefix("tzdata/zoneinfo/").startswith(ZONES)
    if name.startswith("tzdata"):
        return not parts[0].endswith(".dist-info") or "LICENSE" in name
    return ".data/" not in name  # console scripts


def _undocumented(model: bytes) -> bytes:
    """A service's description without its prose: botocore reads all of it for a process's first client."""

    def bare(part: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in part.items() if key != "documentation" or not isinstance(value, str)}

    slim = json.loads(model, object_hook=bare)
    for parameter in slim.get("clientContextParams", {}).values():
        parameter["documentation"] = ""  # botocore asks for that of these, at the first call of a client
    return json.dumps(slim, separators=(",", ":")).encode()


def _trim_endpoints(path: Path) -> None:
    """Keep our services only: botocore reads this whole file for the first client of a process."""
    if not path.exists():  # newer releases ship it compressed
        path = path.with_suffix(".json.gz")
    packed = path.suffix == ".gz"
    data = json.loads(gzip.decompress(path.read_bytes()) if packed else path.read_bytes())
    names = {*SERVICES, "email", "states"}  # what the file calls SES and Step Functions
    for partition in data["partitions"]:
        partition["services"] = {k: v for k, v in partition["services"].items() if k in names}
    text = json.dumps(data, separators=(",", ":")).encode()
    path.write_bytes(gzip.compress(text, mtime=0) if packed else text)
