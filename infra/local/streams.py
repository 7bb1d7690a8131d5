"""Stream event sources as AWS runs them: partial failures, bounded retries, bisecting, dead letters.

ministack 1.5.33 retries a failing batch for ever and ignores the answer of the function. What AWS does, and this does:

    answer                        what follows
    fine                          the position moves past the batch
    error                         the batch is halved until one record is left, then retried
    batchItemFailures: [n, …]     the position moves to the first n; from there as after an error
    retries exhausted             a letter without the record to the OnFailure target, the position moves past it

Each event source runs in a thread of its own, so that a slow one holds up no other.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ministack.services import dynamodb, lambda_svc

PAUSE_SECONDS = 0.5  # between two tries; AWS backs off up to a minute

Json = dict[str, Any]


@dataclass
class Source:
    """One event source: its configuration, and how far it is with what it can't get past."""

    mapping: Json
    tries: int = 0
    limit: int | None = None  # no further than this position until it is passed: the bisected half
    running: bool = False

    @property
    def position(self) -> int | None:
        """Where it reads next; ministack persists it."""
        position: int | None = lambda_svc._dynamodb_stream_positions.get(self.mapping["UUID"])
        return position

    @position.setter
    def position(self, value: int) -> None:
        lambda_svc._dynamodb_stream_positions[self.mapping["UUID"]] = value


@dataclass(frozen=True)
class Batch:
    """Records that follow each other in a stream, the first one at `position`, and the function they are for."""

    function: Json
    position: int
    records: list[Json]


_sources: dict[str, Source] = {}


def poll() -> bool:
    """Start a batch for every stream event source that has records and is idle. Replaces ministack's poller."""
    for account, region, mapping in list(lambda_svc._iter_all_esms()):
        source = _sources.setdefault(mapping["UUID"], Source(mapping))
        source.mapping = mapping
        if ":dynamodb:" not in mapping.get("EventSourceArn", "") or source.running:
            continue
        if lambda_svc._esm_backoff_until.get(mapping["UUID"], 0) > time.time():
            continue
        batch = _in_scope(account, region, lambda: _next(source))  # noqa: B023  (called at once)
        if batch:
            source.running = True
            threading.Thread(target=_work, args=(account, region, source, batch), daemon=True).start()
    return False  # each thread wakes the loop itself when it is done


def waiting() -> int:
    """How many records no source has passed yet."""
    return sum(
        _in_scope(account, region, lambda: _left(mapping))  # noqa: B023  (called at once)
        for account, region, mapping in list(lambda_svc._iter_all_esms())
        if ":dynamodb:" in mapping.get("EventSourceArn", "") and mapping.get("Enabled", True)
    )


def _left(mapping: Json) -> int:
    spec = lambda_svc._dynamodb_stream_table_from_arn_spec(lambda_svc.parse_arn(mapping["EventSourceArn"]))
    source = _sources.get(mapping["UUID"])
    if spec is None or source is None or source.position is None:
        return 0
    return int(max(0, dynamodb.stream_end_position(spec[0]) - source.position))


def _work(account: str, region: str, source: Source, batch: Batch) -> None:
    try:
        _in_scope(account, region, lambda: _run(source, batch))
    finally:
        source.running = False
        lambda_svc._esm_wake.set()


def _in_scope(account: str, region: str, call: Callable[[], Any]) -> Any:
    """ministack keeps each account and region apart by context variables."""
    tokens = lambda_svc._request_account_id.set(account), lambda_svc._request_region.set(region)
    try:
        return call()
    finally:
        lambda_svc._request_account_id.reset(tokens[0])
        lambda_svc._request_region.reset(tokens[1])


def _next(source: Source) -> Batch | None:
    """The records to work on; nothing if the source is disabled, at the end, or all that came is filtered away."""
    mapping = source.mapping
    spec = lambda_svc._dynamodb_stream_table_from_arn_spec(lambda_svc.parse_arn(mapping["EventSourceArn"]))
    if spec is None or not mapping.get("Enabled", True):
        return None
    name = spec[0]
    function, _ = lambda_svc._get_func_record_for_qualifier(mapping["FunctionName"], mapping.get("Qualifier"))
    table = dynamodb._tables.get(name)
    if function is None or not table or table.get("LatestStreamArn") != mapping["EventSourceArn"]:
        return None
    first, end = dynamodb.stream_start_position(name), dynamodb.stream_end_position(name)
    begin = first if mapping.get("StartingPosition") == "TRIM_HORIZON" else end
    position = max(begin if source.position is None else source.position, first)
    source.position = position
    if source.limit is not None and source.limit <= position:
        source.limit = None
    while (size := min(mapping.get("BatchSize", 100), (source.limit or end) - position)) > 0:
        records = dynamodb.stream_records_since(name, position, size)
        if not records:
            break
        if lambda_svc._apply_filter_criteria(records, mapping):
            return Batch(function, position, records)
        source.position = position = position + len(records)  # nothing for it: what a load wrote is passed at once
    return None


def _run(source: Source, batch: Batch) -> None:
    wanted = lambda_svc._apply_filter_criteria(batch.records, source.mapping)
    result = lambda_svc._execute_function(batch.function, {"Records": wanted})
    bad = _first_failure(source, batch, result)
    source.mapping["LastProcessingResult"] = "OK" if bad is None else "PROBLEM: Function call failed"
    if bad is None:
        source.position, source.tries = batch.position + len(batch.records), 0
        return
    if bad:
        source.position, source.tries = batch.position + bad, 0
    _fail(source, Batch(batch.function, batch.position + bad, batch.records[bad:]), result)


def _first_failure(source: Source, batch: Batch, result: Json) -> int | None:
    """Index of the first record that has to be run again; the whole batch for an error or an unknown id."""
    if result.get("error"):
        return 0
    answer = result.get("body")
    if "ReportBatchItemFailures" not in (source.mapping.get("FunctionResponseTypes") or []):
        return None
    failures = (answer.get("batchItemFailures") or []) if isinstance(answer, dict) else []
    failed = {item.get("itemIdentifier") for item in failures}
    known = [i for i, record in enumerate(batch.records) if record["dynamodb"]["SequenceNumber"] in failed]
    return known[0] if known else (0 if failed else None)


def _fail(source: Source, left: Batch, result: Json) -> None:
    """Halve, retry or give up on what is left of a batch."""
    mapping, end = source.mapping, left.position + len(left.records)
    retries = mapping.get("MaximumRetryAttempts")
    if mapping.get("BisectBatchOnFunctionError") and len(left.records) > 1:
        source.limit, source.tries = left.position + (len(left.records) + 1) // 2, 0
    elif retries is not None and 0 <= retries <= source.tries:
        lambda_svc._send_ddb_stream_failure_record(
            mapping, left.function, left.records, mapping["EventSourceArn"], result, "RetryAttemptsExhausted"
        )
        source.position, source.tries, source.limit = end, 0, None
    else:
        source.tries, source.limit = source.tries + 1, end
        lambda_svc._esm_backoff_until[mapping["UUID"]] = time.time() + PAUSE_SECONDS
