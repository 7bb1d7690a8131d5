"""The report of a month in type: what `language.reports_monthly` says, as a PDF/A of A4 pages; the same bytes always.

Typst and the faces are in the layer of the function `letter`.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.adapters import typesetter
from chalicelib.adapters.typesetter import FACE, STANDARD, Untypeset
from chalicelib.domain.contractor.typeface import marked_in

LAYOUT = Path(__file__).with_name("report.typ")


def typeset(said: Mapping[str, Any], at: datetime, tz: str) -> bytes:
    """The PDF. `at`: when the month was final. Raises Untypeset."""
    local = at.astimezone(ZoneInfo(tz))
    lang, _, region = str(said["lang"]).lower().partition("_")
    pictures = [one["picture"] for one in said["six"]]
    data = {
        **marked_in({name: value for name, value in said.items() if name != "six"}),
        "six": [marked_in({k: v for k, v in one.items() if k != "picture"}) for one in said["six"]],
        "pictures": pictures,
        "date": [local.year, local.month, local.day],
        "font": FACE,
        "lang": lang,
        "region": region or None,
    }
    typst = typesetter.typst()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "report.typ").write_bytes(LAYOUT.read_bytes())
        compiler = typst.Compiler(input=str(folder / "report.typ"), root=str(folder), font_paths=typesetter.fonts())
        try:
            pdf: bytes = compiler.compile(
                format="pdf",
                sys_inputs={"report": json.dumps(data, ensure_ascii=False)},
                pdf_standards=[STANDARD],
                timestamp=int(at.timestamp()),
            )
        except typst.TypstError as fault:
            raise Untypeset(str(fault.message)[:200]) from None
    return pdf
