"""Emulators that start side by side."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from infra.local.emulator import Emulator


def start(folder: Path) -> Emulator:
    return Emulator.start(folder, time_anchor=folder / "time.json", checkpoint_seconds=0)


def test_two_that_start_at_once_have_a_port_each(tmp_path):
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(start, (tmp_path / "a", tmp_path / "b")))
    try:
        assert made[0].port != made[1].port
        assert all(emulator.running() for emulator in made)
    finally:
        for emulator in made:
            emulator.stop()
