"""HEIC and AVIF, which phones and shops of today write: decoded in another process, within bounds of its own.

Unlike the decoders of older kinds, theirs may take more memory and time than what a file's header says.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from PIL import Image, features

from mamex.files.pictures.headers import HeaderError

#: Packages that open HEIC and are called alike; the second also writes it, and may stand in for the first.
HEIC_READERS = ("pi_heif", "pillow_heif")
#: Seconds on the clock for each second of a processor, on a machine that does other things too.
PATIENCE = 6
_CHILD = Path(__file__).with_name("child.py")
_AVIF = (b"avif", b"avis")
_HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"mif2", b"msf1")
#: Of the list of what a file is compatible with.
_MOST_BRANDS = 64
_ANSWER = re.compile(rb"(RGB|many|large) ([0-9]{1,10}) ([0-9]{1,10}) ([0-9]{1,5})\n")
#: What a process needs to start, on Windows and where Python's own libraries lie elsewhere.
_KEPT = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PATH")


class MissingReaderError(Exception):
    """What opens pictures of this kind isn't installed; says what to install."""


class TooManyPixelsError(Exception):
    """More pixels than any picture may have."""


class TooLargeError(Exception):
    """More pixels than can be read of a picture of this kind; says how many."""


@dataclass(frozen=True)
class Bounds:
    """What one picture may take.

    Attributes:
        pixels: in all.
        side: pixels of the longer side.
        held: bytes that decoding may hold.
        longest: longer sides are shrunk by a whole number.
        seconds: of one processor.
    """

    pixels: int
    side: int
    held: int
    longest: int
    seconds: int


def kind_of(content: bytes) -> str | None:
    """HEIC or AVIF, whatever the file is called; None for all else."""
    if content[4:8] != b"ftyp":
        return None
    end = min(int.from_bytes(content[:4], "big"), 16 + 4 * _MOST_BRANDS)
    brands = [content[8:12], *(content[place : place + 4] for place in range(16, end, 4))]
    if brands[0] in _AVIF or (brands[0] not in _HEIC[:8] and any(brand in _AVIF for brand in brands)):
        return "AVIF"
    return "HEIC" if any(brand in _HEIC for brand in brands) else None


def read_apart(content: bytes, kind: str, bounds: Bounds) -> tuple[Image.Image, int]:
    """The picture in RGB, on white, shrunk where a side is too long, and which side of it is up (as EXIF numbers it).

    Raises:
        MissingReaderError: nothing here can read its kind.
        TooManyPixelsError, TooLargeError: its header says that it is too large.
        HeaderError: it can't be read, or takes more than it may.
    """
    reader = _reader(kind)
    numbers = (bounds.pixels, bounds.side, bounds.held, bounds.longest, bounds.seconds)
    process = subprocess.Popen(
        # Isolated: what lies in the folder or the environment is not run.
        [sys.executable, "-I", str(_CHILD), reader, *map(str, numbers), *_places(reader)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # Else each of its threads asks for memory in advance. No password of the environment goes along.
        env={"MALLOC_ARENA_MAX": "1"} | {name: os.environ[name] for name in _KEPT if name in os.environ},
    )
    clock = threading.Timer(max(0, bounds.seconds) * PATIENCE, process.kill)
    clock.start()
    try:
        answer = _talk(process, content, 64 + bounds.longest**2 * 3)
        status = process.wait()
    finally:
        clock.cancel()
        process.kill()
        process.wait()
    return _picture(answer if status == 0 else b"", bounds)


def _reader(kind: str) -> str:
    if kind == "AVIF":
        if not features.check("avif"):
            raise MissingReaderError('Pillow was built without AVIF here (pip install --upgrade "pillow>=11.3")')
        return "PIL"
    for name in HEIC_READERS:
        if find_spec(name) is not None:
            return name
    raise MissingReaderError("the package that opens these isn't installed (pip install pi-heif)")


def _places(reader: str) -> list[str]:
    """The folders in which this process finds Pillow and the reader."""
    specs = [find_spec(name) for name in ("PIL", reader)]
    return list(dict.fromkeys(str(Path(spec.origin).parent.parent) for spec in specs if spec and spec.origin))


def _talk(process: subprocess.Popen[bytes], content: bytes, most: int) -> bytes:
    """Hand over the file; at most so much of the answer is read."""
    assert process.stdin is not None and process.stdout is not None
    with process.stdout:
        try:
            with process.stdin:
                process.stdin.write(content)
        except OSError:  # it ended before
            return b""
        answer = process.stdout.read(most + 1)
        if len(answer) > most:
            process.kill()
    return answer


def _picture(answer: bytes, bounds: Bounds) -> tuple[Image.Image, int]:
    """The answer is looked at as if a stranger gave it."""
    found = _ANSWER.match(answer)
    if found is None:
        raise HeaderError("damaged, or made to cost much")
    width, height, up = (int(number) for number in found.groups()[1:])
    if found[1] == b"many":
        raise TooManyPixelsError
    if found[1] == b"large":
        raise TooLargeError(f"{width:,} x {height:,}" if width else "too many")
    if max(width, height) > bounds.longest or len(answer) - found.end() != width * height * 3 or not width * height:
        raise HeaderError("an answer of another size")
    return Image.frombytes("RGB", (width, height), memoryview(answer)[found.end() :]), up
