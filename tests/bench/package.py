"""How large the package of the functions is."""

from __future__ import annotations

from tests.bench.figures import ROOT, figure


def run() -> None:
    from infra.build.package import package

    built = package(ROOT / "out")
    figure("package, zipped", built.zipped / 1e6, "MB", "<= 8")
    figure("package, unzipped", built.unzipped / 1e6, "MB", "<= 25")
