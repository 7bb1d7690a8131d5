"""The embedded emulator: one process that plays AWS, started with nothing but the settings it needs.

`python -m infra.local.emulator` is that process; `Emulator` starts and stops it.
"""

import fcntl
import json
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
PREFERRED_PORT = 4566
REGION = "us-east-1"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": REGION}
START_SECONDS = 30
WORKING = "/_ministack/working"  # an address of our own
SAVED = "saved"  # touched by every checkpoint, gone while they fail


class LocalFailed(Exception):
    """Something of the local run failed; the text says what in one line. Its kinds: EmulatorFailed, StackFailed."""


class EmulatorFailed(LocalFailed):
    """The emulator did not start or is gone; the text says so in one line."""


@dataclass
class Emulator:
    """A running emulator whose state lies in `folder`."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]
    _log: IO[bytes]

    @classmethod
    def start(cls, folder: Path, *, time_anchor: Path, checkpoint_seconds: float = 20) -> "Emulator":
        """Start on the port of the last time if it is free, and wait until it answers. Raises EmulatorFailed."""
        folder.mkdir(parents=True, exist_ok=True)
        # Workers of an earlier run leave their unpacked zips behind.
        shutil.rmtree(folder / "tmp", ignore_errors=True)
        (folder / "tmp").mkdir()
        remembered = folder / "port"
        with _choosing():
            port = _free_port(int(remembered.read_text()) if remembered.exists() else PREFERRED_PORT)
            remembered.write_text(str(port))
            log = (folder / "emulator.log").open("wb")
            process = subprocess.Popen(
                [sys.executable, "-m", "infra.local.emulator"],
                cwd=ROOT,
                env=_environment(folder, port, time_anchor, checkpoint_seconds),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for whoever started us; we are stopped by SIGTERM
            )
            emulator = cls(folder, port, process, log)
            emulator._await()
        return emulator

    @property
    def endpoint(self) -> str:
        """Where all AWS APIs answer."""
        return f"http://{HOST}:{self.port}"

    @property
    def log(self) -> Path:
        """Where the emulator writes what it does."""
        return self.folder / "emulator.log"

    def running(self) -> bool:
        """Whether the process lives."""
        return self.process.poll() is None

    def get(self, path: str, timeout: float = 10) -> object:
        """JSON from one of the emulator's own addresses. Raises EmulatorFailed."""
        try:
            with urllib.request.urlopen(self.endpoint + path, timeout=timeout) as answer:
                return json.load(answer)
        except (urllib.error.URLError, OSError, ValueError) as error:
            raise EmulatorFailed(f"the emulator does not answer ({error}); see {self.log}") from error

    def work(self) -> int:
        """How much is under way: functions that run, records and messages that wait for one. Raises EmulatorFailed."""
        work = self.get(WORKING)
        assert isinstance(work, int)
        return work

    def stop(self) -> bool:
        """Stop gracefully, which saves the state; False where it had to be killed, or was gone already."""
        graceful = self.running()
        if graceful:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                graceful = False
        if self.process.stdin:
            self.process.stdin.close()
        self._log.close()
        return graceful

    def _await(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if not self.running():
                raise EmulatorFailed(f"the emulator stopped at once ({_last_line(self.log)})")
            try:
                self.get("/_ministack/health", timeout=1)
                return
            except EmulatorFailed:
                time.sleep(0.05)
        self.stop()
        raise EmulatorFailed(f"the emulator did not answer within {START_SECONDS} s; see {self.log}")


def _environment(folder: Path, port: int, time_anchor: Path, checkpoint_seconds: float) -> dict[str, str]:
    """All that the emulator sees, and with it every function: nothing of the caller's but the search path."""
    nowhere = os.devnull
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "TMPDIR": str(folder / "tmp"),
        **CREDENTIALS,
        "AWS_CONFIG_FILE": nowhere,
        "AWS_SHARED_CREDENTIALS_FILE": nowhere,
        "AWS_ENDPOINT_URL": f"http://{HOST}:{port}",
        "AWS_EC2_METADATA_DISABLED": "true",
        "TIME_ANCHOR": str(time_anchor),
        "GATEWAY_PORT": str(port),
        "BIND_HOST": HOST,
        "PERSIST_STATE": "1",
        "STATE_DIR": str(folder / "state"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(folder / "s3"),
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "LAMBDA_EXECUTOR": "local",
        "AUTH": "true",  # a function may do what its role says and no more
        "DOCKER_HOST": "unix:///nonexistent",
        "CHECKPOINT_SECONDS": str(checkpoint_seconds),
    }


@contextmanager
def _choosing() -> Iterator[None]:
    """One at a time, until it answers: two that found the same port free would both believe the first to be theirs."""
    with (Path(tempfile.gettempdir()) / f"baoxiu-port-{os.getuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _free_port(preferred: int) -> int:
    """The preferred port if nobody has it, else one the system gives."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise EmulatorFailed("no free port on this machine")


def _last_line(log: Path) -> str:
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1].strip() if lines else "no output"


def _serve() -> None:
    # A package of ours in the working directory must not shadow the emulator's environment for its workers.
    from ministack.app import main

    from infra.local import patches

    for carrier in ("ses", "sns"):  # they log whom each message went to
        logging.getLogger(carrier).setLevel(logging.WARNING)
    patches.stop_with_parent()
    folder = Path(os.environ["HOME"])
    seconds = float(os.environ["CHECKPOINT_SECONDS"])
    patches.apply(workers=folder / "tmp", checkpoint_seconds=seconds, saved=folder / SAVED)
    sys.argv[1:] = []
    main()


if __name__ == "__main__":
    _serve()
