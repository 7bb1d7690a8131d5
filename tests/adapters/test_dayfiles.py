"""A day's file is read back as it was stated, by DuckDB and by pandas, and lies where Athena looks for it."""

from __future__ import annotations

import dataclasses
import io
from datetime import UTC, datetime, timedelta

import duckdb
import pandas
import pytest
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st
from moto import mock_aws

from chalicelib.adapters import aws, dayfiles
from chalicelib.adapters.settings import settings
from chalicelib.domain.measures.columns import COLUMNS, LEFT_OUT, columns_of
from chalicelib.domain.measures.facts import ClockResult, Fact
from chalicelib.domain.ticket.ticket import Window

NOON = datetime(2026, 3, 1, 4, tzinfo=UTC)
times = st.integers(0, 10**6).map(lambda seconds: NOON + timedelta(seconds=seconds))
spans = st.integers(0, 10**6).map(lambda seconds: timedelta(seconds=seconds))
codes = st.sampled_from(["", "leak", "YS/engineering", "中", 'a"b', "x,y"])
counts = st.integers(0, 9)
clocks = st.builds(
    ClockResult,
    name=st.sampled_from(["response", "arrive"]),
    started=times,
    stopped=st.none() | times,
    target=spans,
    counted=spans,
    first_due=times,
    due=st.none() | times,
    verdict=st.sampled_from(["kept", "late", "running", "void"]),
)
facts = st.builds(
    Fact,
    ticket=st.sampled_from(["T1", "T2", "T3"]),
    n=st.integers(1, 99),
    at=times,
    counts=times,
    why=st.sampled_from(["closed", "rated"]),
    policy=codes,
    kind=codes,
    state=codes,
    priority=codes,
    category=codes,
    component=codes,
    place=st.dictionaries(st.sampled_from(["project", "unit", "building"]), codes),
    reported=times,
    reporter=codes,
    verified=st.booleans(),
    channel=codes,
    holder=codes,
    team=codes,
    by=codes,
    role=codes,
    held=st.lists(codes, max_size=3).map(tuple),
    did=st.dictionaries(st.sampled_from(["contacted", "checked"]), codes),
    clocks=st.lists(clocks, max_size=3).map(tuple),
    waits=st.dictionaries(st.sampled_from(["parts", "owner"]), st.tuples(counts, spans)),
    appointments=counts,
    window=st.none() | st.builds(Window, times, times),
    plan=st.none() | times,
    rounds=counts,
    dissatisfied=counts,
    declined=counts,
    photos=counts,
    scores=st.dictionaries(st.sampled_from(["overall", "speed"]), st.integers(1, 5)),
    rated=st.none() | times,
    level=st.integers(1, 5),
    climbed=st.just(()),
    lowered=counts,
    into=codes,
    repeats=codes,
    verdict=st.none() | codes,
    cost=st.none() | st.integers(0, 2**50),
    quick=counts,
    device=st.sampled_from(["", "sabc", "abc"]),
)


@tried(max_examples=25)
@given(st.lists(facts, max_size=8, unique_by=lambda fact: (fact.counts, fact.ticket, fact.n)))
def test_what_duckdb_and_pandas_read_is_what_was_stated(stated: list[Fact]) -> None:
    content = dayfiles.parquet(columns_of(stated))
    frame = pandas.read_parquet(io.BytesIO(content))
    with duckdb.connect() as db:
        db.register("day", frame)
        rows = db.sql("select * from day").fetchall()
    in_order = sorted(stated, key=lambda fact: (fact.counts, fact.ticket, fact.n))
    assert list(frame.ticket) == [fact.ticket for fact in in_order]
    assert list(frame.version) == [fact.n for fact in in_order]
    assert [at.timestamp() for at in frame.reported_at] == [fact.reported.timestamp() for fact in in_order]
    assert [[one["clock"] for one in row] for row in frame.clocks] == [
        [clock.name for clock in fact.clocks] for fact in in_order
    ]
    assert len(rows) == len(stated)


@tried(max_examples=25)
@given(st.lists(facts, min_size=1, max_size=8))
def test_every_value_comes_back_of_its_own_type(stated: list[Fact]) -> None:
    values = columns_of(stated)
    with duckdb.connect() as db:
        frame = pandas.read_parquet(io.BytesIO(dayfiles.parquet(values)), dtype_backend="pyarrow")
        db.register("day", frame)
        cursor = db.execute("select * from day")
        names = [found[0] for found in cursor.description]
        read = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def plain(value: object) -> object:
        if isinstance(value, datetime):
            return int(value.timestamp())
        if isinstance(value, list):
            return [plain(one) for one in value]
        return {k: plain(v) for k, v in value.items()} if isinstance(value, dict) else value

    assert [{name: plain(value) for name, value in row.items()} for row in read] == [
        {name: values[name][at] for name in values} for at in range(len(stated))
    ]


def test_every_field_of_a_fact_has_a_column_or_a_reason_to_have_none() -> None:
    told = {field for column in COLUMNS for field in column.of}
    fields = {field.name for field in dataclasses.fields(Fact)}
    assert told | LEFT_OUT.keys() == fields
    assert not told & LEFT_OUT.keys()


@tried(max_examples=25)
@given(st.lists(facts, min_size=1, max_size=8))
def test_the_same_facts_in_any_order_give_the_same_bytes(stated: list[Fact]) -> None:
    each = {(fact.counts, fact.ticket, fact.n): fact for fact in stated}
    forwards, backwards = list(each.values()), list(reversed(each.values()))
    assert dayfiles.parquet(columns_of(forwards)) == dayfiles.parquet(columns_of(backwards))


def test_a_file_lies_in_partitions_and_is_replaced_as_a_whole() -> None:
    key = dayfiles.key_of("2026-03-01", "YS")
    assert key == "facts/day=2026-03-01/project=YS/facts.parquet"
    kept = (settings, aws.client)
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.setenv("FACTS_BUCKET", "the-facts")
        patch.setenv("AWS_REGION", "us-east-1")
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        for cached in kept:
            cached.cache_clear()
        s3 = aws.client("s3")
        s3.create_bucket(Bucket="the-facts")
        dayfiles.keep(key, b"first")
        dayfiles.keep(key, b"second")
        assert s3.get_object(Bucket="the-facts", Key=key)["Body"].read() == b"second"
    for cached in kept:
        cached.cache_clear()
