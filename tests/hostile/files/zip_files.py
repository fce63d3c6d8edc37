"""Zip files that strangers send: paths that lead outside, lies, bombs, crowds, other ways of packing."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from tests.hostile.files.bombs import crowded_zip, lying_zip_bomb, raw_zip, zip_bomb, zip_of
from tests.hostile.judging.cases import Right

#: What is special about it, its bytes, what is right for whoever unpacks it.
Made = tuple[str, Callable[[], bytes], Right]
SOUND = {"items.csv": b"title\nHat\nScarf\n"}
LINK = 0o120777 << 16


def zips() -> list[Made]:
    """All of them."""
    return [*_names(), *_packings(), *_bombs(), *_broken()]


def _names() -> list[Made]:
    outside = [
        "../outside.csv",
        "/tmp/hostile-outside.csv",
        "a/../../outside.csv",
        "..\\outside.csv",
        "C:\\outside.csv",
        "\\\\host\\share\\outside.csv",
        "C:outside.csv",
        "//outside.csv",
        "....//outside.csv/..",
        "a/..",
        "..",
        "/",
    ]
    made: list[Made] = [
        # A name that ends in a slash is a folder's; there is nothing to unpack.
        (f"a file named {name!r}", lambda name=name: raw_zip(name.encode()), "either" if name == "/" else "refusal")
        for name in outside
    ]
    odd = {
        "nothing": b"",
        "a blank": b" ",
        "a dot": b".",
        "NUL in the middle": b"items.csv\x00.png",
        "NUL": b"\x00",
        "a line end": b"a\nb.csv",
        "the terminal's control": b"\x1b[2Jitems.csv",
        "what is not UTF-8": b"\xff\xfe.csv",
        "300 characters": b"x" * 300 + b".csv",
        "65,000 characters": b"x" * 65_000,
        "30,000 folders": b"a/" * 30_000 + b"b",
        "what turns the reading direction": "\u202evsc.items".encode(),
        "a device of Windows": b"CON",
        "a stream of Windows": b"items.csv:hidden",
        "a home": b"~/items.csv",
        "the environment": b"$HOME/items.csv",
    }
    made += [(f"a file named by {what}", lambda name=name: raw_zip(name), "either") for what, name in odd.items()]
    made += [
        ("a name that says UTF-8 and is not", lambda: raw_zip(b"\xff\xfe.csv", flags=0x800), "refusal"),
        ("half of a surrogate pair in a name", lambda: raw_zip(b"\xed\xa0\x80.csv", flags=0x800), "refusal"),
        ("a link that leads outside", lambda: raw_zip(b"link", attributes=LINK), "refusal"),
        ("a device", lambda: raw_zip(b"device", attributes=0o020666 << 16), "either"),
        ("a pipe", lambda: raw_zip(b"pipe", attributes=0o010666 << 16), "either"),
        ("a file that all may run", lambda: raw_zip(b"items.csv", attributes=0o106777 << 16), "either"),
        ("two files of one name", lambda: _twice("items.csv", "items.csv"), "refusal"),
        ("two files that differ in case", lambda: _twice("items.csv", "ITEMS.CSV"), "either"),
        ("a file that is a folder too", lambda: _twice("a", "a/b"), "refusal"),
        ("a folder that is a file too", lambda: _twice("a/b", "a"), "refusal"),
        ("only what programs add", lambda: zip_of({"__MACOSX/._a": b"x", ".DS_Store": b"x"}), "either"),
        ("only folders", lambda: zip_of({"a/": b"", "b/": b""}), "either"),
        ("one folder in 500 folders", lambda: zip_of({"a/" * 500 + "items.csv": b"title\nHat\n"}), "either"),
    ]
    return made


def _packings() -> list[Made]:
    made: list[Made] = [
        (f"packed by {what}", lambda method=method: zip_of(SOUND, method), "either")
        for what, method in {"nothing": 0, "deflate": 8, "bzip2": 12, "LZMA": 14}.items()
    ]
    made += [
        (f"said to be packed by {method}", lambda method=method: raw_zip(b"items.csv", method=method), "refusal")
        for method in (1, 6, 8, 9, 12, 14, 93, 95, 99, 65535)
    ]
    made += [
        ("encrypted", lambda: raw_zip(b"items.csv", flags=1), "refusal"),
        ("strongly encrypted", lambda: raw_zip(b"items.csv", flags=0x41), "refusal"),
        ("a patch", lambda: raw_zip(b"items.csv", flags=0x20), "refusal"),
        ("needing version 99", lambda: _byte(zip_of(SOUND), b"PK\x01\x02", 6, 99), "refusal"),
    ]
    return made


def _bombs() -> list[Made]:
    def nested() -> bytes:
        inner = zip_bomb(300)
        return zip_of({f"{number}.zip": inner for number in range(20)}, 0)

    return [
        ("1.5 GB of zeros", zip_bomb, "refusal"),
        ("1.5 GB that say 100 bytes", lying_zip_bomb, "refusal"),
        ("a picture of 1.5 GB", lambda: zip_bomb(1500, "a.png"), "refusal"),
        ("zip files in a zip file", nested, "either"),
        ("400,000 files", crowded_zip, "refusal"),
        ("2,000,000 files", lambda: crowded_zip(2_000_000), "refusal"),
        ("3,000 empty files", lambda: zip_of({f"{number}": b"" for number in range(3000)}, 0), "refusal"),
        ("files that lie over one another", _overlapping, "refusal"),
    ]


def _broken() -> list[Made]:
    sound = zip_of(SOUND)
    cut = {f"cut at {part} %": sound[: len(sound) * part // 100] for part in (10, 30, 50, 70, 90, 99)}
    files = cut | {
        "empty": b"",
        "an end alone": b"PK\x05\x06" + bytes(18),
        "an end with a long comment": b"PK\x05\x06" + bytes(16) + b"\xff\xff" + bytes(65535),
        "many ends": (b"PK\x05\x06" + bytes(18)) * 3000,
        "a table": b"title\nHat\n",
        "a picture": b"\x89PNG\r\n\x1a\n" + bytes(99),
        "a gzip file": b"\x1f\x8b\x08" + bytes(99),
        "a 7z file": b"7z\xbc\xaf\x27\x1c" + bytes(99),
        "a rar file": b"Rar!\x1a\x07\x00" + bytes(99),
        "a tar file": b"items.csv".ljust(257, b"\x00") + b"ustar\x0000" + bytes(300),
        "a wrong checksum": sound.replace(b"PK\x01\x02", b"PK\x01\x02", 1)[:14] + b"\xff\xff\xff\xff" + sound[18:],
        "a directory that lies": _byte(sound, b"PK\x05\x06", 16, 0xF0),
        "a count that lies": _byte(sound, b"PK\x05\x06", 10, 0xF0),
        "a size that lies": _byte(sound, b"PK\x01\x02", 26, 0xF0),
        "a beginning that lies": _byte(sound, b"PK\x01\x02", 42, 0xF0),
    }
    # Where the contents are whole, as their checksum says, a lie about them does no harm.
    right: dict[str, Right] = {
        "a size that lies": "either",
        "a count that lies": "either",
        "an end alone": "either",
        "many ends": "either",
        "a wrong checksum": "either",
        "an end with a long comment": "either",
    }
    made: list[Made] = [(what, lambda data=data: data, right.get(what, "refusal")) for what, data in files.items()]
    return [*made, ("60 MB of zeros", lambda: bytes(60_000_000), "refusal")]


def _twice(*names: str) -> bytes:
    import warnings

    stream = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(stream, "w") as archive:
            for number, name in enumerate(names):
                archive.writestr(name, f"title\nHat {number}\n")
    return stream.getvalue()


def _byte(data: bytes, mark: bytes, place: int, value: int) -> bytes:
    """One byte of a record replaced."""
    changed = bytearray(data)
    changed[data.rindex(mark) + place] = value
    return bytes(changed)


def _overlapping() -> bytes:
    """Five thousand names for one block of 10 MB that is in the file once."""
    data = bytearray(zip_bomb(10, "a"))
    record_at = data.index(b"PK\x01\x02")
    end_at = data.index(b"PK\x05\x06")
    record, end = bytes(data[record_at:end_at]), bytearray(data[end_at:])
    count = 5000
    records = b"".join(record[:46] + chr(97 + number % 26).encode() for number in range(count))
    end[8:12] = count.to_bytes(2, "little") * 2
    end[12:16] = len(records).to_bytes(4, "little")
    return bytes(data[:record_at]) + records + bytes(end)
