"""The bucket that analysts read: one Parquet file a day and project with facts, in partitions as Athena has.

facts/day=2026-03-01/project=YS/facts.parquet

A day's file is written again when a fact of that day came later; the bucket keeps what it replaced for a while. Day and
project stand in the key alone. The same facts give the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.adapters.aws import client
from chalicelib.adapters.settings import settings
from chalicelib.domain.measures.columns import COLUMNS, PARTS

ROOM = "facts"
TYPE = "application/vnd.apache.parquet"
WRITER = "baoxiu"


def key_of(day: str, project: str) -> str:
    """Where a day's file lies. `day`: 2026-03-01, of the office's calendar."""
    return f"{ROOM}/day={day}/project={project}/facts.parquet"


def keep(key: str, content: bytes) -> None:
    """Write a file, or write it again. The service checks what arrived by its SHA-256."""
    client("s3").put_object(
        Bucket=settings().facts, Key=key, Body=content, ContentType=TYPE, ChecksumAlgorithm="SHA256"
    )


def parquet(values: Mapping[str, Sequence[Any]]) -> bytes:
    """The values of `columns_of` as a file."""
    from arro3.core import Table
    from arro3.io import write_parquet

    table = Table.from_pydict({column.name: _array(column.type, values[column.name]) for column in COLUMNS})
    file = io.BytesIO()
    write_parquet(table, file, compression="snappy", created_by=WRITER, skip_arrow_metadata=True)
    return file.getvalue()


def _array(kind: str, values: Sequence[Any]) -> Any:
    from arro3.core import Array, DataType, list_array, struct_array

    if kind == "text":
        return Array(values, DataType.string())
    if kind == "yes":
        return Array(values, DataType.bool())
    if kind == "number":
        return Array(values, DataType.int64())
    if kind == "time":
        seconds = [None if value is None else value * 1000 for value in values]
        return Array(seconds, DataType.int64()).cast(DataType.timestamp("ms", tz="UTC"))
    ends, flat = [0], []
    for row in values:
        flat += row
        ends.append(len(flat))
    offsets = Array(ends, DataType.int32())
    if kind == "texts":
        return list_array(offsets, _array("text", flat))
    parts = PARTS[kind]
    arrays = [_array(of, [one[name] for one in flat]) for name, of in parts.items()]
    return list_array(
        offsets, struct_array(arrays, fields=[a.field.with_name(n) for n, a in zip(parts, arrays, strict=True)])
    )
