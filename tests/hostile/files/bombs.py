"""Files that are small and unpack to much, made in a moment."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from functools import cache


@cache
def gzip_bomb(megabytes: int = 1500, beginning: bytes = b"user,item,timestamp\n") -> bytes:
    """A gzip file that unpacks to so much: one member after the other, which is one file to every reader."""
    member = gzip.compress(b"0" * (50 * 2**20), 1)
    return gzip.compress(beginning, 1) + member * (megabytes // 50)


@cache
def many_lines(megabytes: int = 600, line: bytes = b"u1,a,2024-01-01,5\n", beginning: bytes = b"") -> bytes:
    """A gzip file of one line over and over."""
    block = line * (10 * 2**20 // len(line))
    return gzip.compress(beginning, 1) + gzip.compress(block, 1) * (megabytes // 10)


def zip_of(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A plain zip file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


@cache
def zip_bomb(megabytes: int = 1500, name: str = "items.csv") -> bytes:
    """A zip file with one file that unpacks to so much and says so."""
    return _one_entry(name.encode(), *_deflated_zeros(megabytes))


@cache
def lying_zip_bomb(megabytes: int = 1500, name: str = "items.csv") -> bytes:
    """The same, which says that it unpacks to 100 bytes."""
    data, checksum, _ = _deflated_zeros(megabytes)
    return _one_entry(name.encode(), data, checksum, 100)


def raw_zip(name: bytes, flags: int = 0, method: int = 0, made_by: int = 0x031E, attributes: int = 0) -> bytes:
    """A zip file of one entry with any bytes as its name, any flags, any way of packing."""
    return _one_entry(name, b"item_id\n", zlib.crc32(b"item_id\n"), 8, flags, method, made_by, attributes)


@cache
def crowded_zip(entries: int = 400_000) -> bytes:
    """A zip file with so many empty entries (past 65,535 the end record is in the wide form)."""
    central = b"".join(
        struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 30, 20, 0, 0, 0, 33, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0) + b"%07d" % number
        for number in range(entries)
    )
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 33, 0, 0, 0, 7, 0) + b"0000000"
    wide = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, entries, entries, len(central), len(local))
    place = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(local) + len(central), 1)
    few = min(entries, 0xFFFF)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, few, few, len(central), len(local), 0)
    return local + central + (wide + place if entries >= 0xFFFF else b"") + end


def _deflated_zeros(megabytes: int) -> tuple[bytes, int, int]:
    """Zeros packed, their checksum, and their size; whole blocks are repeated, so that it takes a moment."""
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    block = packer.compress(bytes(10 * 2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = 0
    zeros = bytes(10 * 2**20)
    for _ in range(megabytes // 10):
        checksum = zlib.crc32(zeros, checksum)
    end = zlib.compressobj(1, zlib.DEFLATED, -15).flush()
    return block * (megabytes // 10) + end, checksum, megabytes // 10 * 10 * 2**20


def _one_entry(
    name: bytes,
    data: bytes,
    checksum: int,
    size: int,
    flags: int = 0,
    method: int | None = None,
    made_by: int = 0x031E,
    attributes: int = 0,
) -> bytes:
    packing = 8 if method is None else method
    fields = (20, flags, packing, 0, 33, checksum, len(data), size, len(name), 0)
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", *fields) + name + data
    central = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", made_by, *fields, 0, 0, 0, attributes, 0) + name
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + end
