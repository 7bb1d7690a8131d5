"""What a cold start imports, beside the least it could: the package as it ships, each import in a fresh process.

    floor        botocore session + DynamoDB client           of act, tell, tick …
    web floor    the same + chalice                           of app

Timed inside the process, from after the interpreter's own start until the module stands and the table's client is made,
in CPU time, for an import waits for nothing and a neighbour must not count; the processes take turns, the figure is the
ratio of the medians. As in Lambda, AWS_LAMBDA_FUNCTION_NAME is set. What is put off until it is needed is told apart:
the first page (jinja2, catalogues, template), the first metric, clients of other services.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.cloud import ENVIRONMENT
from tests.bench.figures import ROOT, figure

ROUNDS = 15
CLIENT = """
import botocore.session
botocore.session.get_session().create_client("dynamodb", region_name="us-east-1")
"""
CONNECT = """
from chalicelib.store import dynamo
dynamo.connect()
"""
FUNCTIONS = ("act", "tell", "tick", "send", "sweep", "photo")
PAGE = """
from chalicelib.store import memory, table
table.use(memory.MemoryTable())
path = {"resource": "/", "path": "/", "httpMethod": "GET", "pathParameters": None, "stageVariables": None}
sent = {"headers": {}, "multiValueHeaders": {}, "multiValueQueryStringParameters": None, "body": None}
context = {"resourcePath": "/", "httpMethod": "GET", "path": "/", "identity": {}}
event = path | sent | {"isBase64Encoded": False, "requestContext": context}
start = clock()
answer = app.app(event, type("Context", (), {"function_name": "api"})())
assert answer["statusCode"] == 200, answer
"""


def cases() -> dict[str, str]:
    found = {"floor": CLIENT, "web floor": "import chalice" + CLIENT, "app": "import app" + CONNECT}
    for name in FUNCTIONS:
        found[name] = f"import chalicelib.functions.{name}" + CONNECT
    return found


@contextlib.contextmanager
def unpacked() -> Iterator[Path]:
    """The package, as Lambda unpacks it."""
    from infra.build.package import package

    package(ROOT / "out")
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(ROOT / "out" / "deployment.zip") as archive:
            archive.extractall(folder)
        yield Path(folder)


def timed(folder: Path, code: str, before: str = "") -> float:
    """Seconds that `code` takes in a fresh interpreter that knows the folder and nothing else."""
    script = (
        f"import sys; sys.path.insert(0, {str(folder)!r}); sys.dont_write_bytecode = True\n"
        f"from time import process_time as clock\n{before}\nstart = clock()\n{code}\nprint(clock() - start)"
    )
    python = getattr(sys, "_base_executable", sys.executable)
    env = {**ENVIRONMENT, "AWS_LAMBDA_FUNCTION_NAME": "bench", "PATH": os.environ.get("PATH", os.defpath)}
    done = subprocess.run([python, "-I", "-S", "-c", script], env=env, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    return float(done.stdout.strip().splitlines()[-1])


def medians(folder: Path, rounds: int = ROUNDS) -> dict[str, float]:
    wanted = cases()
    found: dict[str, list[float]] = {name: [] for name in (*wanted, "first page")}
    for turn in range(rounds + 1):
        for name, code in wanted.items():
            seconds = timed(folder, code)
            if turn:  # the first turn warms the disk's cache
                found[name].append(seconds)
        seconds = timed(folder, PAGE, "import app" + CONNECT)
        if turn:
            found["first page"].append(seconds)
    return {name: statistics.median(each) for name, each in found.items()}


def run() -> None:
    with unpacked() as folder:
        found = medians(folder)
    ms = {name: round(seconds * 1000, 1) for name, seconds in found.items()}
    figure("import of app / chalice + DynamoDB client", found["app"] / found["web floor"], "ratio", "<= 1.3",
           ms=ms["app"], floor_ms=ms["web floor"])  # fmt: skip
    for name in FUNCTIONS:
        goal = "<= 1.25" if name in ("act", "tell", "tick") else ""
        figure(f"import of {name} / DynamoDB client", found[name] / found["floor"], "ratio", goal,
               ms=ms[name], floor_ms=ms["floor"])  # fmt: skip
    first = found["first page"] / found["web floor"]
    figure("first page after import of app / chalice + DynamoDB client", first, "ratio", ms=ms["first page"])
