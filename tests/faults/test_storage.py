"""No room on the disk, no right to write, no home: one sentence, nothing corrupt, and the work goes on once it can."""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults.children import Outcome, in_child
from tests.faults.jobs import JOBS
from tests.faults.report import found

pytestmark = pytest.mark.faults
NAMES = [kind.name for kind in JOBS]
ROOT = os.getuid() == 0
PLAIN = 1000


def one_sentence(outcome: Outcome) -> None:
    assert outcome.kind == "sentence", outcome.text
    assert "\n" not in outcome.text and 20 < len(outcome.text) < 600, outcome.text


def limit(size: int) -> Callable[[], None]:
    """For a child: files may grow to ``size`` bytes."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def go_on(ready: Any, out: Path) -> None:
    outcome = in_child(lambda: ready.job.run(out))
    assert outcome.kind == "done", outcome.text + outcome.trace
    assert ready.job.outcome(out) == ready.outcome


def refused_by_size(ready: Any, out: Path, sizes: tuple[int, ...]) -> list[str]:
    """Run a job under ever larger limits, in one folder; the sentences that it gave."""
    sentences = []
    for size in sizes:
        outcome = in_child(lambda: ready.job.run(out), first=limit(size))
        if outcome.kind != "done":
            one_sentence(outcome)
            sentences.append(outcome.text)
        ready.job.check(out)
    return sentences


@pytest.mark.heavy
@pytest.mark.parametrize("name", NAMES)
def test_no_file_may_grow(undisturbed, tmp_path, name):
    sizes = (0, 100, 1000, 3000, 10_000, 30_000, 100_000)
    sentences = refused_by_size(undisturbed(name), tmp_path, sizes)
    assert sentences
    go_on(undisturbed(name), tmp_path)
    found(f"disk full, {name}", f"files limited to {', '.join(map(str, sizes))} bytes, one run after the other",
          f"{len(sentences)} sentences, nothing corrupt; equal to an undisturbed run once there was room")  # fmt: skip


def test_a_training_that_has_no_room_goes_on_when_it_has(undisturbed, tmp_path):
    assert refused_by_size(undisturbed("train"), tmp_path, (1000, 30_000))
    go_on(undisturbed("train"), tmp_path)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 300 kB, where the system lets us make one; None elsewhere."""
    libc = ctypes.CDLL(None, use_errno=True)
    place = tmp_path / "disk"
    place.mkdir()

    def mount(flags: int, size: str) -> bool:
        return libc.mount(b"tmpfs", bytes(place), b"tmpfs", flags, f"size={size}".encode()) == 0

    made = mount(0, "300k")
    yield (place, lambda: mount(32, "200m")) if made else None  # 32: the same disk, with more room
    if made:
        libc.umount2(bytes(place), 2)


@pytest.mark.heavy
@pytest.mark.parametrize("name", ["train", "checkpoint writing", "benchmark", "feature caching"])
def test_a_disk_that_is_full(undisturbed, small_disk, name):
    ready = undisturbed(name)
    if small_disk is None:
        found(f"full disk, {name}", "a tmpfs of 300 kB", "this system allows no mount; files were limited instead")
        return
    place, grow = small_disk
    filler = place / "filler"
    filler.write_bytes(b"x" * 280_000)
    for _ in range(2):
        outcome = in_child(lambda: ready.job.run(place / "out"))
        one_sentence(outcome)
        ready.job.check(place / "out")
    assert grow()
    filler.unlink()
    go_on(ready, place / "out")
    found(f"full disk, {name}", "a tmpfs of 300 kB, nearly full; then a larger one",
          f"“{outcome.text.replace(str(place), '…')}”; equal to an undisturbed run once there was room")  # fmt: skip


def become_plain_user(**variables: str) -> Callable[[], None]:
    """For a child: be somebody without rights, if we are root; and with another environment."""

    def become() -> None:
        os.environ.pop("MAMEX_CACHE", None)
        os.environ.update(variables)
        if ROOT:
            os.setgroups([])
            os.setgid(PLAIN)
            os.setuid(PLAIN)

    return become


@pytest.fixture
def open_to_all(tmp_path, undisturbed):
    """A folder that another user may enter, and a way to let them read a job's source."""

    def enter(folder: Path) -> Path:
        for place in (folder, *folder.parents):
            if "pytest" in str(place) and place.stat().st_mode & 0o005 != 0o005:
                place.chmod(0o755)
        return folder

    return enter


@pytest.mark.heavy
@pytest.mark.parametrize("name", NAMES)
def test_a_checkout_that_is_read_only(undisturbed, open_to_all, tmp_path, name):
    ready = undisturbed(name)
    open_to_all(ready.job.source)
    place = open_to_all(tmp_path) / "checkout"
    place.mkdir(mode=0o555)
    before = sorted(path.name for path in place.iterdir())
    outcome = in_child(lambda: ready.job.run(place), first=become_plain_user())
    one_sentence(outcome)
    assert sorted(path.name for path in place.iterdir()) == before
    found(f"read-only checkout, {name}", f"run as uid {PLAIN if ROOT else os.getuid()} into a folder of mode 555",
          f"“{outcome.text.replace(str(tmp_path), '…')}”")  # fmt: skip


@pytest.mark.heavy
@pytest.mark.parametrize("name", NAMES)
def test_a_user_who_may_write_below_tmp_alone(undisturbed, open_to_all, tmp_path, name):
    ready = undisturbed(name)
    open_to_all(ready.job.source)
    place = open_to_all(tmp_path) / "tmp"
    place.mkdir()
    if ROOT:
        shutil.chown(place, PLAIN, PLAIN)
    first = become_plain_user(HOME="/nonexistent", MAMEX_CACHE=str(place), TMPDIR=str(place))
    outcome = in_child(lambda: ready.job.run(place), first=first)
    assert outcome.kind == "done", outcome.text + outcome.trace
    assert ready.job.outcome(place) == ready.outcome
    found(f"uid 1000, only a temporary folder writable, {name}", "HOME names a folder that is not there",
          "done, equal to an undisturbed run")  # fmt: skip


def test_no_home_and_no_cache_named_is_one_sentence(undisturbed, open_to_all, tmp_path):
    from mamex.encoders.features import item_features
    from tests.faults.jobs import MeanColour

    dataset = undisturbed("feature caching").job.dataset
    open_to_all(undisturbed("feature caching").job.source)
    first = become_plain_user(HOME="/proc/nonexistent", XDG_CACHE_HOME="")
    outcome = in_child(lambda: item_features(dataset, MeanColour(), ("text",)), first=first)
    one_sentence(outcome)
    assert "MAMEX_CACHE" in outcome.text
    found("HOME missing, feature caching", "HOME=/proc/nonexistent, no MAMEX_CACHE", f"“{outcome.text}”")
