"""`python -m infra.build [OUT]`: make the deployable folder (sam.yaml, deployment.zip), unless it stands already."""

import argparse
import sys
from pathlib import Path

from infra.build.package import PackageFailed, package


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.build", description=__doc__)
    parser.add_argument("out", nargs="?", type=Path, default=Path("out"))
    parser.add_argument("--force", action="store_true", help="build even if nothing changed")
    args = parser.parse_args()
    try:
        built = package(args.out, force=args.force)
    except PackageFailed as error:
        print(f"package: {error}", file=sys.stderr)
        return 1
    print(
        f"{args.out}/deployment.zip {built.zipped / 1e6:.1f} MB ({built.unzipped / 1e6:.1f} MB unzipped), "
        f"{built.runtime}{'' if built.fresh else ', unchanged'}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
