"""Tables that strangers send: foreign encodings, wide, endless, half, and with every odd value in every column."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable

from tests.hostile.files.bombs import gzip_bomb, many_lines, zip_of
from tests.hostile.judging.cases import Right

HEADER = "item_id,title,description,image\n"
ITEMS = HEADER + "a,Hat,Warm,images/a.png\nb,Scarf,,\nc,,Long,\n"
BOUGHT_HEADER = "user_id,item_id,timestamp,rating\n"
BOUGHT = BOUGHT_HEADER + "u,a,2024-01-01,5\nu,b,2024-01-02,4\nv,c,1704067200,\n"
#: What is wrong, the file's name if it is another, its bytes, what is right.
Made = tuple[str, str | None, Callable[[], bytes], Right]

#: Values that are odd in any column of any table.
ODD = {
    "a control character": "\x1b]0;owned\x07",
    "a mark that turns the reading direction": "\u202egpj.exe",
    "nothing to see": "\u200b\u2060\ufeff",
    "a formula": '=HYPERLINK("http://127.0.0.1/","x")'.replace('"', '""'),
    "a command": "+cmd|' /C calc'!A0",
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "a template": "{{7*7}}${7*7}%s%n{0.__class__}",
    "a path": "../../../../etc/passwd",
    "a hundred thousand characters": "x" * 100_000,
    "a thousand combining marks": "a" + "\u0301" * 1000,
    "a line separator": "one\u2028two\u0085three",
    "a carriage return in quotes": "one\rtwo",
    "a line end in quotes": "one\ntwo",
    "an emoji family": "👨‍👩‍👧‍👦" * 50,
    "not a number": "NaN",
    "null": "null",
}


def of_items() -> list[Made]:
    """Of items.csv."""
    return [*_bytes_of("items", ITEMS, HEADER), *_items_alone(), *_odd_values("items", "cXd{},T,D,\n", HEADER)]


def of_interactions() -> list[Made]:
    """Of interactions.csv."""
    return [*_bytes_of("interactions", BOUGHT, BOUGHT_HEADER), *_interactions_alone()]


def _bytes_of(stem: str, sound: str, header: str) -> list[Made]:
    plain = sound.encode()
    rows = sound.splitlines(keepends=True)
    gz = f"{stem}.csv.gz"
    return [
        ("is empty", None, lambda: b"", "refusal"),
        ("is blank", None, lambda: b" \n\t\n\n", "refusal"),
        ("has its header alone", None, lambda: header.encode(), "refusal"),
        ("has no header", None, lambda: "".join(rows[1:]).encode(), "refusal"),
        ("has a mark at its beginning", None, lambda: b"\xef\xbb\xbf" + plain, "answer"),
        ("ends lines as Windows does", None, lambda: plain.replace(b"\n", b"\r\n"), "answer"),
        ("ends lines with carriage returns", None, lambda: plain.replace(b"\n", b"\r"), "either"),
        ("ends lines with 300,000 carriage returns", None, lambda: plain.replace(b"\n", b"\r") * 9000, "refusal"),
        ("ends lines in three ways", None, lambda: plain.replace(b"\n", b"\r\n", 1).replace(b"\n", b"\r", 2), "either"),
        ("is UTF-16", None, lambda: sound.encode("utf-16"), "refusal"),
        ("is UTF-32", None, lambda: sound.encode("utf-32"), "refusal"),
        ("is UTF-16 without a mark", None, lambda: sound.encode("utf-16-le"), "refusal"),
        ("is Latin-1", None, lambda: plain + "d,Mützé,,\n".encode("latin-1"), "refusal"),
        ("has half of a surrogate pair", None, lambda: plain + b"d,\xed\xa0\x80,,\n", "refusal"),
        ("has an overlong character", None, lambda: plain + b"d,\xc0\xae,,\n", "refusal"),
        ("has NUL", None, lambda: plain + b"d,a\x00b,,\n", "refusal"),
        ("is all NUL", None, lambda: bytes(100_000), "refusal"),
        ("has a million NUL lines", None, lambda: plain + b"\x00\n" * 1_000_000, "refusal"),
        ("opens a quotation mark", None, lambda: plain + b'd,"open,,\n' + b"x,y,z,\n" * 1000, "refusal"),
        ("is one quotation mark of 20 MB", None, lambda: header.encode() + b'"' + b"x" * 20_000_000, "refusal"),
        ("is three million quotation marks", None, lambda: header.encode() + b'"' * 3_000_001, "refusal"),
        ("is three million commas", None, lambda: header.encode() + b"," * 3_000_000, "refusal"),
        ("is three million lines", None, lambda: header.encode() + b"\n" * 3_000_000, "refusal"),
        ("is one line of 20 MB", None, lambda: b"x" * 20_000_000, "refusal"),
        ("has 200,000 columns", None, lambda: _wide(200_000, 1), "refusal"),
        ("has 20,000 columns and rows", None, lambda: _wide(20_000, 200), "refusal"),
        ("has 3,000 columns of one name", None, lambda: (",".join(["a"] * 3000) + "\n").encode() * 3, "refusal"),
        ("has a header of 200,000 characters", None, lambda: b"x" * 200_000 + b"\n" + b"1\n" * 5, "refusal"),
        ("has a header of 200,000 in a column more", None, lambda: _more(sound, "x" * 200_000), "either"),
        ("is separated by semicolons", None, lambda: plain.replace(b",", b";"), "refusal"),
        ("is separated by tabs", None, lambda: plain.replace(b",", b"\t"), "refusal"),
        ("has a column twice", None, lambda: _more(sound, header.split(",")[0]), "refusal"),
        ("has every field in quotes", None, lambda: _quoted(sound), "answer"),
        ("has rows of other lengths", None, lambda: plain + b"d\ne,f,g,h,i,j\n", "refusal"),
        ("has capital columns", None, lambda: header.upper().encode() + "".join(rows[1:]).encode(), "answer"),
        ("is a spreadsheet", None, lambda: zip_of({"xl/workbook.xml": b"<x/>"}), "refusal"),
        ("is compressed without saying so", None, lambda: gzip.compress(plain), "refusal"),
        ("is compressed", gz, lambda: gzip.compress(plain), "answer"),
        ("says that it is compressed", gz, lambda: plain, "refusal"),
        ("is cut while compressed", gz, lambda: gzip.compress(plain * 100)[:60], "refusal"),
        ("is compressed twice", gz, lambda: gzip.compress(gzip.compress(plain)), "refusal"),
        ("has junk behind what is compressed", gz, lambda: gzip.compress(plain) + b"junk" * 99, "refusal"),
        ("has a wrong checksum", gz, lambda: gzip.compress(plain)[:-8] + bytes(8), "refusal"),
        ("unpacks to 1.5 GB of zeros", gz, lambda: gzip_bomb(1500, header.encode()), "refusal"),
        ("unpacks to 600 MB of lines", gz, lambda: many_lines(600, rows[1].encode(), header.encode()), "refusal"),
        ("unpacks to 600 MB of commas", gz, lambda: many_lines(600, b"," * 99 + b"\n", header.encode()), "refusal"),
        ("is a page of the web", None, lambda: b"<!DOCTYPE html><html><body>Sign in</body></html>\n", "refusal"),
        ("is a program", None, lambda: b"\x7fELF\x02\x01\x01" + bytes(500), "refusal"),
        ("is a picture", None, lambda: b"\x89PNG\r\n\x1a\n" + bytes(500), "refusal"),
        ("is packed another way", None, lambda: zip_of({"a.csv": plain}, zipfile.ZIP_LZMA), "refusal"),
    ]


def _items_alone() -> list[Made]:
    def row(text):
        return lambda: (ITEMS + text).encode()

    return [
        ("has an id twice", None, row("a,Other,,\n"), "refusal"),
        ("has an empty id", None, row(",Nameless,,\n"), "refusal"),
        ("has ids that differ in blanks", None, row(" a ,Other,,\n"), "refusal"),
        ("has a picture above the folder", None, row("d,D,,../../secret.png\n"), "refusal"),
        ("has a picture by its full path", None, row("d,D,,/etc/hostname\n"), "refusal"),
        ("has a picture as Windows writes it", None, row("d,D,,..\\..\\secret.png\n"), "refusal"),
        ("has a picture on another machine", None, row("d,D,,http://127.0.0.1:9/x.png\n"), "either"),
        ("has a picture with NUL escaped", None, row("d,D,,images/a.png%00.txt\n"), "either"),
        ("has a picture with a long name", None, row("d,D,," + "x" * 5000 + ".png\n"), "either"),
        ("has a folder as picture", None, row("d,D,,images\n"), "either"),
        ("has the endless device as picture", None, row("d,D,,/dev/zero\n"), "refusal"),
        ("has a link that leads outside as picture", None, row("d,D,,images/outside.png\n"), "refusal"),
        ("has a pipe as picture", None, row("d,D,,images/pipe.png\n"), "either"),
        ("has a link to itself as picture", None, row("d,D,,images/loop.png\n"), "either"),
        ("has a bomb as picture", None, row("d,D,,images/bomb.png\n"), "either"),
        ("has a million rows of one id", None, lambda: (HEADER + "a,,,\n" * 1_000_000).encode(), "refusal"),
    ]


def _interactions_alone() -> list[Made]:
    made: list[Made] = []
    # What is no time and no rating is told in a warning, and treated as missing.
    times = {
        "1e400": "either",
        "-1": "either",
        "soon": "either",
        "9999999999999999999999": "either",
        "10000-01-01": "either",
        "2024-02-30": "either",
        "2024-01-01T00:00:00+99:00": "either",
        "0000-00-00": "either",
        "2024-01-01T00:00:00Z": "answer",
        "NaN": "either",
        "inf": "either",
        "１２３": "either",
        "0x10": "either",
        "1_000": "either",
        "1704067200.5": "answer",
        "-62135596800": "either",
        "99999999999": "either",
        "now": "either",
    }
    for value, right in times.items():
        made.append((f"has the time {value}", None, _bought(f"u,c,{value},5\n"), right))
    ratings = {
        "NaN": "either",
        "inf": "either",
        "-inf": "either",
        "1e400": "either",
        "good": "either",
        "5,0": "refusal",
        "1e-400": "either",
        "0x5": "either",
        "٥": "either",
        "-5": "either",
    }
    for value, right in ratings.items():
        made.append((f"has the rating {value}", None, _bought(f"u,c,2024-01-05,{value}\n"), right))
    people = {
        "": "refusal",
        " ": "refusal",
        "a\tb": "either",
        "x" * 100_000: "either",
        "\u202eu": "either",
        "-1": "answer",
        "=1+1": "answer",
        "nan": "answer",
        "0": "answer",
        "u\u00a0": "either",
    }
    for value, right in people.items():
        made.append((f"has the user {value[:12]!r}", None, _bought(f"{value},c,2024-01-05,5\n"), right))
    for value in ("unknown", "A", "", "../a", "a\u200b", "1e0"):
        made.append((f"has the item {value!r}", None, _bought(f"u,{value},2024-01-05,5\n"), "refusal"))
    made.append(
        ("says the same 500,000 times", None, lambda: (BOUGHT + "u,a,2024-01-01,5\n" * 500_000).encode(), "either")
    )
    return made


def _bought(row: str) -> Callable[[], bytes]:
    return lambda: (BOUGHT + row).encode()


def _odd_values(stem: str, row: str, header: str) -> list[Made]:
    """Odd values as id, title, description and picture."""
    made: list[Made] = []
    for place, column in enumerate(header.strip().split(",")):
        for what, value in ODD.items():
            fields = ["d", "T", "D", ""]
            fields[place] = f'"{value}"'
            # A picture by an odd name is no picture, and what leads outside is refused.
            right: Right = "either" if column == "image" or place == 0 else "answer"
            made.append((f"has {what} as {column}", None, _row(",".join(fields)), right))
    return made


def _row(text: str) -> Callable[[], bytes]:
    return lambda: (ITEMS + text + "\n").encode()


def _wide(columns: int, rows: int) -> bytes:
    header = ",".join(f"c{number}" for number in range(columns))
    return ("item_id,title,description,image," + header + "\n" + ("1," * (columns + 3) + "1\n") * rows).encode()


def _more(sound: str, name: str) -> bytes:
    first, *rest = sound.splitlines()
    return "\n".join([f"{first},{name}", *(f"{row},1" for row in rest)]).encode() + b"\n"


def _quoted(sound: str) -> bytes:
    return "\n".join(",".join(f'"{field}"' for field in row.split(",")) for row in sound.splitlines()).encode() + b"\n"
