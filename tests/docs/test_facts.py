"""What docs/facts.md says to analysts is so: its columns, its table, and each of its queries on files of ours."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pandas
import pytest

from chalicelib.adapters import dayfiles
from chalicelib.domain.measures.columns import COLUMNS, PARTS, columns_of
from chalicelib.domain.measures.facts import Fact, fact_of
from tests.domain.happened import POLICY
from tests.domain.measures.test_facts import repaired

DOC = (Path(__file__).resolve().parents[2] / "docs" / "facts.md").read_text(encoding="utf-8")
SPOKEN = {"text": "text", "number": "whole number", "yes": "yes or no", "time": "time (UTC)", "texts": "list of texts"}
ATHENA = {"text": "string", "number": "bigint", "yes": "boolean", "time": "timestamp", "texts": "array<string>"}
QUERIES = re.findall(r"```sql\n(.*?)```", DOC.partition("## DuckDB")[2].partition("## Athena")[0], re.S)


def fact(ticket: str, begins: timedelta = timedelta(0), n: int = 0, **more: object) -> Fact:
    made = fact_of(repaired().ticket, POLICY, "closed")
    at = {name: getattr(made, name) + begins for name in ("at", "counts", "reported")}
    clocks = tuple(replace(c, started=c.started + begins) for c in made.clocks)
    place = {"project": "YS", "unit": "U1"}
    return replace(made, ticket=ticket, n=n or made.n, clocks=clocks, place=place, component="pipe", **at, **more)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A first ticket, the same fault a month later, and a correction of the first; each in the file of its day."""
    first, again = fact("T1"), fact("T2", timedelta(days=30))
    corrected = replace(first, n=first.n + 1, why="corrected", category="blocked")
    for facts in ([first, corrected], [again]):
        path = tmp_path / dayfiles.key_of(f"{facts[0].counts:%Y-%m-%d}", "YS")
        path.parent.mkdir(parents=True)
        path.write_bytes(dayfiles.parquet(columns_of(facts)))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_columns_are_those_that_are_written_in_their_order() -> None:
    said = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|$", DOC, re.M)
    assert said == [(c.name, SPOKEN.get(c.type, "list, see below"), c.says) for c in COLUMNS]
    for parts in PARTS.values():
        assert all(f"`{part}`" in DOC for part in parts)


def test_the_table_of_athena_has_the_types_of_the_file() -> None:
    table = re.findall(r"^  `(\w+)` ([^\n]+?),?$", DOC.partition("## Athena")[2], re.M)

    def type_of(kind: str) -> str:
        if kind in ATHENA:
            return ATHENA[kind]
        return f"array<struct<{','.join(f'{name}:{ATHENA[of]}' for name, of in PARTS[kind].items())}>>"

    assert table == [(c.name, type_of(c.type)) for c in COLUMNS]


def test_each_query_says_what_it_promises(folder: Path) -> None:
    view, kept, long, again = QUERIES
    with duckdb.connect() as db:
        db.execute(view)
        assert db.execute("select ticket, category from facts order by 1").fetchall() == [
            ("T1", "blocked"),
            ("T2", fact("T2").category),
        ]
        months = db.execute(kept).fetchall()
        assert [(month, project, n) for month, project, _, n in months] == [("2026-03", "YS", 1), ("2026-04", "YS", 1)]
        [blocked] = [row for row in db.execute(long).fetchall() if row[0] == "blocked"]
        assert blocked[1:] == (1, 3.0, 3.0, 4.0, 4.0), "an hour of it waited for parts"
        assert [(row[1], row[3], row[5]) for row in db.execute(again).fetchall()] == [("U1", "T2", timedelta(days=30))]


def test_pandas_reads_the_folder_with_its_partitions(folder: Path) -> None:
    last = pandas.read_parquet("facts").sort_values("version").groupby("ticket").tail(1)
    assert {(row.ticket, row.project, row.category) for row in last.itertuples()} == {
        ("T1", "YS", "blocked"),
        ("T2", "YS", fact("T2").category),
    }
