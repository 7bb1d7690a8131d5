"""The zip: small, ready to run, made of exactly what runs; and the same bytes for the same sources."""

import gzip
import importlib.util
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import botocore
import pytest

from infra.build import package, slim

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def archive(out):
    with zipfile.ZipFile(out / "deployment.zip") as opened:
        yield opened


def test_it_is_small(out, archive):
    assert (out / "deployment.zip").stat().st_size <= 8_000_000
    assert sum(entry.file_size for entry in archive.infolist()) <= 25_000_000


def test_nothing_that_never_runs_is_in_it(archive):
    tops = {name.split("/")[0] for name in archive.namelist()}
    assert not tops & {
        "pip",
        "boto3",
        "s3transfer",
        "yaml",
        "setuptools",
        "wheel",
        "tests",
        "infra",
        "babel",
        "openpyxl",
    }
    assert not [name for name in archive.namelist() if name.endswith((".po", ".xlsx"))]


def test_what_the_pages_and_rules_read_is_in_it(archive):
    names = set(archive.namelist())
    sources = [p for p in (ROOT / "chalicelib").rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    wanted = {str(p.relative_to(ROOT)) for p in sources if p.suffix not in (".po", ".pot", ".pyc")}
    commands = {name for name in wanted if name.startswith("chalicelib/commands/")}
    assert wanted - commands <= names
    assert not commands & names, "an operator runs them, and no function"
    assert "chalicelib/language/locale/zh_CN/messages.mo" in names


def test_no_package_is_made_without_the_texts_of_a_language(tmp_path, monkeypatch):
    monkeypatch.setattr(package.catalogue, "compile_all", dict)
    with pytest.raises(package.PackageFailed, match="zh_CN"):
        package.package(tmp_path)


def test_every_module_has_bytecode_that_is_taken_without_a_look_at_its_source(archive):
    names = set(archive.namelist())
    tag = importlib.util.cache_from_source("x.py").rsplit(".", 2)[1]
    for name in names:
        if name.endswith(".py"):
            folder, _, file = name.rpartition("/")
            assert f"{folder}/__pycache__/{file[:-3]}.{tag}.pyc".lstrip("/") in names
        if name.endswith(".pyc"):
            flags = int.from_bytes(archive.read(name)[4:8], "little")
            assert flags == 0b01, f"{name}: hash-based, unchecked"


def test_sources_ship_of_what_is_written_here_and_nothing_else(archive):
    sources = {name for name in archive.namelist() if name.endswith(".py")}
    ours = {str(p.relative_to(ROOT)) for p in (ROOT / "chalicelib").rglob("*.py") if "compiled" not in p.parts}
    assert sources == {"app.py", *(name for name in ours if not name.startswith("chalicelib/commands/"))}


def test_descriptions_of_services_say_all_but_prose(archive):
    def bare(part):
        if isinstance(part, dict):
            return {k: bare(v) for k, v in part.items() if k != "documentation" or not isinstance(v, str)}
        return [bare(each) for each in part] if isinstance(part, list) else part

    data = Path(botocore.__file__).parent.parent
    names = [name for name in archive.namelist() if name.endswith("/service-2.json.gz")]
    assert {name.split("/")[2] for name in names} == set(slim.SERVICES)
    for name in names:
        said = bare(json.loads(gzip.decompress((data / name).read_bytes())))
        for parameter in said.get("clientContextParams", {}).values():
            parameter["documentation"] = ""  # botocore asks for it
        assert json.loads(gzip.decompress(archive.read(name))) == said


def test_botocore_carries_the_services_that_are_called_and_no_others(archive):
    data = {n.split("/")[2] for n in archive.namelist() if n.startswith("botocore/data/") and n.count("/") > 2}
    source = "\n".join(path.read_text() for path in (ROOT / "chalicelib").rglob("*.py"))
    called = set(re.findall(r'(?:client|create_client)\(\s*"([a-z0-9]+)"', source)) | {"dynamodb"}
    assert data == set(slim.SERVICES) == called


@pytest.fixture(scope="module")
def unpacked(out, tmp_path_factory):
    """The package as Lambda unpacks it; runs code there by a Python that knows nothing else."""
    folder = tmp_path_factory.mktemp("task")
    with zipfile.ZipFile(out / "deployment.zip") as opened:
        opened.extractall(folder)

    def run(code):
        script = f"import sys; sys.path.insert(0, {str(folder)!r}); sys.dont_write_bytecode = True\n{code}"
        command = [sys.executable, "-I", "-S", "-c", script]
        return subprocess.run(command, capture_output=True, text=True, cwd=folder, env={"PATH": ""})

    return run


def test_it_starts_with_nothing_but_itself(unpacked):
    done = unpacked(f"""
import app, json
from botocore.session import get_session
for service in {slim.SERVICES!r}:
    made = get_session().create_client(
        service, region_name="cn-north-1", aws_access_key_id="x", aws_secret_access_key="x"
    )
    if service == "s3":
        made.generate_presigned_url("get_object", Params={{"Bucket": "b", "Key": "k"}})
from zoneinfo import ZoneInfo
import zoneinfo
zoneinfo.reset_tzpath([])
ZoneInfo.clear_cache()
print(json.dumps(str(ZoneInfo("Asia/Shanghai"))))
""")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == "Asia/Shanghai"


def test_each_module_of_it_loads_with_nothing_but_itself(unpacked, archive):
    done = unpacked("""
import importlib, json, pkgutil, chalicelib
found = [each.name for each in pkgutil.walk_packages(chalicelib.__path__, "chalicelib.")]
for name in found:
    importlib.import_module(name)
print(json.dumps(found))
""")
    assert done.returncode == 0, done.stderr
    ours = {n for n in archive.namelist() if n.startswith("chalicelib/") and n.endswith(".py")}
    modules = {n.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for n in ours} - {"chalicelib"}
    assert modules <= set(json.loads(done.stdout))
    assert {name for name in modules if name.startswith("chalicelib.functions.")}


def test_each_template_of_it_loads_with_nothing_but_itself(unpacked, archive):
    done = unpacked("""
from chalicelib.web.kit import pages
folder = pages.FOLDER / "templates"
for path in sorted(folder.rglob("*.html")):
    print(pages._environment().get_template(str(path.relative_to(folder))))
""")
    assert done.returncode == 0, done.stderr
    templates = {n for n in archive.namelist() if n.startswith("chalicelib/web/templates/") and n.endswith(".html")}
    assert len(done.stdout.splitlines()) == len(templates) > 0


def test_a_traceback_from_it_shows_our_line_and_names_everybody_elses(unpacked):
    done = unpacked("""
from chalicelib.web.kit import pages
pages.render("nothing.html", "en")
""")
    assert done.returncode
    said = done.stderr
    frames = re.findall(r'File "([^"]+)", line (\d+), in (\w+)\n(    .*)?', said)
    ours = [shown for file, _, _, shown in frames if "chalicelib/web/kit/pages.py" in file]
    assert ours
    assert all(ours), said
    others = [(file, int(line)) for file, line, _, _ in frames if file.startswith("jinja2/")]
    assert others, said
    assert all(line for _, line in others)


def test_what_rings_rings_from_the_package(out, tmp_path):
    with zipfile.ZipFile(out / "deployment.zip") as package:
        package.extractall(tmp_path)
    code = "from chalicelib.adapters.metrics import ring; ring('RoutedToDesk', 2)"
    env = {"PYTHONPATH": str(tmp_path), "PATH": ""}
    done = subprocess.run([sys.executable, "-S", "-c", code], env=env, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["RoutedToDesk"] == [2.0]


def test_the_runtime_is_the_python_that_packaged(resources):
    runtimes = {r["Properties"]["Runtime"] for r in resources.values() if r["Type"] == "AWS::Serverless::Function"}
    assert runtimes == {f"python3.{sys.version_info.minor}"}


def test_the_same_input_gives_the_same_bytes(tmp_path, monkeypatch):
    monkeypatch.setattr(slim, "precompile", lambda root: None)
    source = tmp_path / "in.zip"
    with zipfile.ZipFile(source, "w") as made:
        made.writestr("b.py", "x = 1\n")
        made.writestr("a/__init__.py", "")
        made.writestr("botocore/data/endpoints.json", '{"partitions": [{"services": {"s3": {}, "ec2": {}}}]}')
        made.writestr("botocore/data/ec2/2016-11-15/service-2.json.gz", b"x")
        made.writestr("botocore/data/s3/2006-03-01/service-2.json.gz", gzip.compress(b"{}"))
    sizes = [slim.rewrite(source, tmp_path / f"{n}.zip") for n in (1, 2)]
    assert sizes[0] == sizes[1]
    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "1.zip") as made:
        assert json.loads(made.read("botocore/data/endpoints.json")) == {"partitions": [{"services": {"s3": {}}}]}
        assert not [name for name in made.namelist() if "ec2" in name]
