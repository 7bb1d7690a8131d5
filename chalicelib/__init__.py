"""One service desk for owners, property offices, contractors and finance. What every cold start begins with."""

import dataclasses
import gc
import marshal
from hashlib import sha256
from pathlib import Path
from typing import Any

# Importing makes some 100,000 objects that stay: with Python's own threshold of 700 the collector walks them over and
# over, an eighth of a cold start.
gc.set_threshold(50_000, 20, 20)


def _use_compiled(kept: Path) -> None:
    """Have `dataclasses` take what `infra/build/precompile.py` compiled; what is not there is compiled as ever."""
    known: dict[bytes, bytes] = marshal.loads(kept.read_bytes())

    def compiled(text: str, *scope: Any) -> None:
        code = known.get(sha256(text.encode()).digest())
        exec(marshal.loads(code) if code else text, *scope)

    vars(dataclasses)["exec"] = compiled


if (_kept := Path(__file__).with_name("dataclasses.bin")).exists():
    _use_compiled(_kept)
