"""Where ministack 1.5.33 is not faithful enough, and what is done about it; a contract test holds each one.

    patch              without it
    stream sources     partial failures are lost, a poisoned record blocks its stream for ever (streams.py)
    new streams        after a restart streams begin anew and their readers wait beyond the end: nothing arrives
    bare workers       functions see the site-packages of this environment: a requirement that isn't shipped is masked
    binary types       a response in a binary media type arrives as base64 text
    queue batches      a role that may send one message may not send ten: AWS knows no action of its own for that
    mail's identity    a role that may send as one address may send as none: nobody asks whose request it is, or as whom
    kept mail          sent e-mail is forgotten on a restart
    dated SMS          nobody knows when an SMS was sent
    work under way     nobody can tell whether anything is still to come
    checkpoints        all is lost unless the emulator stops gracefully

ministack is pinned exactly; each patch checks the shape of what it replaces and refuses to start otherwise.
"""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from ministack import app
from ministack.core import iam_actions, lambda_runtime, persistence
from ministack.services import apigateway_v1, lambda_svc, ses, sns, sqs

from infra.local import streams
from infra.local.emulator import WORKING

ALWAYS_SAVED = ("dynamodb",)
A_TICK_NS = 20_000_000  # a file's time may be that of the last tick of the kernel's clock


def apply(*, workers: Path, checkpoint_seconds: float, saved: Path) -> None:
    """All patches, before the emulator serves. `saved` is touched by every checkpoint, and gone while they fail."""
    stream_sources()
    new_streams()
    bare_workers(workers)
    binary_types()
    queue_batches()
    mail_identity()
    kept_mail()
    dated_sms()
    work_under_way()
    if checkpoint_seconds:
        checkpoints(checkpoint_seconds, saved)


def stream_sources() -> None:
    """Poll streams as AWS does."""
    lambda_svc._poll_dynamodb_streams  # noqa: B018  (raises if it is gone)
    lambda_svc._poll_dynamodb_streams = streams.poll


def new_streams() -> None:
    """Read every stream from its beginning after a restart: its records are not saved, only how far they were read."""
    restore = lambda_svc._restore_esm_positions

    def restored(store: Any, positions: Any) -> None:
        restore(store, positions)
        if store is lambda_svc._dynamodb_stream_positions:
            for key in list(store._data):
                store._data[key] = 0

    lambda_svc._restore_esm_positions = restored


def bare_workers(folder: Path) -> None:
    """Run Lambda workers with the standard library alone: what they import beyond it has to be in the zip."""
    detect = lambda_runtime._detect_runtime_binary
    python = folder / "lambda-python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "$@"\n')
    python.chmod(0o755)

    def detected(runtime: str) -> tuple[str, str]:
        binary, script = detect(runtime)
        return (str(python), script) if runtime.startswith("python") else (binary, script)

    lambda_runtime._detect_runtime_binary = detected


def binary_types() -> None:
    """Take the binary media types from an OpenAPI body."""
    take = apigateway_v1._import_rest_api

    def taken(spec: dict[str, Any], base: dict[str, Any] | None = None) -> Any:
        base = dict(base or {})
        base["binaryMediaTypes"] = (
            base.get("binaryMediaTypes") or spec.get("x-amazon-apigateway-binary-media-types") or []
        )
        return take(spec, base)

    apigateway_v1._import_rest_api = taken


def queue_batches() -> None:
    """Ask a role for `sqs:SendMessage` where ten are sent at once, and so for the other batches."""
    find = iam_actions.extract_iam_action

    def found(service: str, *request: Any, **more: Any) -> str | None:
        action: str | None = find(service, *request, **more)
        return action.removesuffix("Batch") if action and service == "sqs" else action

    iam_actions.extract_iam_action = found


def mail_identity() -> None:
    """Ask a role for the identity that an e-mail is sent as, and tell its conditions the address."""
    find, tags = iam_actions.extract_resource_arn, iam_actions.request_tag_context

    def sender_in(parameters: dict[str, Any]) -> str:
        source = parameters.get("Source", "")
        return str(source[0] if isinstance(source, list) else source)

    def found(service: str, *request: Any, **more: Any) -> str:
        # method, path, headers, body, query, region, account
        arn: str = find(service, *request, **more)
        asked = {**dict(zip(("query_params", "region", "account_id"), request[4:], strict=False)), **more}
        sender = sender_in(asked["query_params"])
        if service == "ses" and sender:
            return f"arn:aws:ses:{asked['region']}:{asked['account_id']}:identity/{sender}"
        return arn

    def context(service: str, action: str, body: bytes, parameters: dict[str, Any]) -> dict[str, Any]:
        sender = sender_in(parameters) if service == "ses" else ""
        return {**tags(service, action, body, parameters), **({"ses:FromAddress": sender} if sender else {})}

    iam_actions.extract_resource_arn, iam_actions.request_tag_context = found, context


def kept_mail() -> None:
    """Save sent e-mail with the rest of the state."""
    get, restore = ses.get_state, ses._restore_state

    def state() -> dict[str, Any]:
        return {**get(), "_sent_emails": ses._sent_emails}

    def restored(data: dict[str, Any]) -> None:
        restore(data)
        if data.get("_sent_emails"):
            ses._sent_emails.update(data["_sent_emails"])

    ses.get_state, ses._restore_state = state, restored


class _Dated(list[dict[str, Any]]):
    """The SMS to one phone, each with the wall time at which it came."""

    def append(self, record: dict[str, Any]) -> None:
        super().append({"Timestamp": time.time(), **record})  # a copy appends again what has its time


def dated_sms() -> None:
    """Note when each SMS was sent."""
    log_for = sns._sms_log_for

    def dated(phone: str) -> list[dict[str, Any]]:
        records = log_for(phone)
        if not isinstance(records, _Dated):
            records = sns._sms_messages[phone] = _Dated(records)
        return records

    sns._sms_log_for = dated


def work_under_way() -> None:
    """Answer at WORKING how many functions run, and how many stream records and messages wait for one."""
    handle = app._handle_ready_request
    lambda_svc.executions_in_flight  # noqa: B018  (raises if it is gone)

    def handled(path: str, request_id: str) -> Any:
        if path != WORKING:
            return handle(path, request_id)
        work = lambda_svc.executions_in_flight()[0] + streams.waiting() + _queued()
        return 200, {"Content-Type": "application/json", "x-amzn-requestid": request_id}, json.dumps(work).encode()

    app._handle_ready_request = handled


def _queued() -> int:
    """Messages that a function could take now; one that failed is seen again only after its while."""
    sources = {mapping.get("EventSourceArn") for _, _, mapping in list(lambda_svc._iter_all_esms())}
    queues = [queue for queue in list(sqs._queues._data.values()) if queue["attributes"]["QueueArn"] in sources]
    return sum(message["visible_at"] <= time.time() for queue in queues for message in list(queue["messages"]))


def checkpoints(every_seconds: float, saved: Path) -> None:
    """Save now and then, seldom enough to spend at most a twentieth of the time on it."""

    def save() -> None:
        pause = every_seconds
        while True:
            time.sleep(pause)
            began = time.monotonic()
            checkpoint(saved)
            pause = max(every_seconds, 20 * (time.monotonic() - began))

    threading.Thread(target=save, daemon=True, name="checkpoints").start()


def checkpoint(saved: Path) -> bool:
    """Save all; whether that went well. The emulator itself logs a state that it could not write, and goes on."""
    began = time.time_ns()
    persistence.save_all(app._build_persistence_save_dict())
    states = Path(persistence.STATE_DIR)
    try:
        fresh = [(states / f"{name}.json").stat().st_mtime_ns >= began - A_TICK_NS for name in ALWAYS_SAVED]
        if not all(fresh):
            raise OSError("a state was not written")
        saved.touch()
    except OSError:
        saved.unlink(missing_ok=True)  # possible on a full disk too
        return False
    return True


def stop_with_parent() -> None:
    """Stop gracefully when whoever started the emulator is gone: its end of our standard input closes."""

    def watch() -> None:
        while os.read(0, 4096):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True, name="parent").start()
