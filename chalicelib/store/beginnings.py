"""What was done on the first day of a project, company or the group that nothing else shows.

    item     pk             sk              what
    sent     BEGUN#<home>   LINK#<person>   somebody's own page was sent to them: the generation of its link, "" if it
                                            could not be
    aside    BEGUN#<home>   STEP#<step>     somebody said that a step is done, or is as it should be: of what state of
                                            things, who, when; "" once it was taken back

`home`: where a team belongs to, the id of a project or company, or `group`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.store.reading import each
from chalicelib.store.table import Put, Row, compact, iso, table


@dataclass(frozen=True, slots=True)
class Begun:
    """`sent`: person → generation of the link that was sent; `aside`: step → the mark of what it was said of."""

    sent: Mapping[str, str]
    aside: Mapping[str, str]


def read(home: str) -> Begun:
    """One query."""
    found = dict(each(table().query(f"BEGUN#{home}").rows, _read))
    parted = {sk.partition("#")[::2]: value for sk, value in found.items() if value}
    return Begun(
        {name: value for (kind, name), value in parted.items() if kind == "LINK"},
        {name: value for (kind, name), value in parted.items() if kind == "STEP"},
    )


def sent(home: str, person: str, link: int) -> None:
    """Their own page was sent; `link` 0: it could not be."""
    _put(home, f"LINK#{person}", str(link or ""))


def put_aside(home: str, step: str, mark: str, by: str, at: datetime) -> None:
    """Somebody says that a step is done, while what it is about stays as `mark` names it; "" takes it back."""
    _put(home, f"STEP#{step}", compact([mark, by, iso(at)]))


def _put(home: str, sk: str, body: str) -> None:
    table().write(Put({"pk": f"BEGUN#{home}", "sk": sk, "body": body}))


def _read(row: Row) -> tuple[str, str]:
    sk, body = str(row["sk"]), str(row["body"])
    return sk, str(json.loads(body)[0]) if sk.startswith("STEP#") else body
