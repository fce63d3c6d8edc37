"""Tables in any encoding, brought to UTF-8; what was decided is noted, what can't be decoded is an error of its row."""

from __future__ import annotations

import re
from itertools import islice

import charset_normalizer

from mamex.data.problems import MOST_OF_A_KIND, Problems

UTF8_MARK = b"\xef\xbb\xbf"
#: How the files of other programs begin, and what to say about them.
FOREIGN_BEGINNINGS = {
    b"\x1f\x8b": "is compressed; rename it so that its name ends in .csv.gz",
    b"PK\x03\x04": "is a spreadsheet or zip archive; save it as 'CSV UTF-8'",
    b"\xd0\xcf\x11\xe0": "is a spreadsheet; save it as 'CSV UTF-8'",
    b"%PDF": "is a PDF; export the table as 'CSV UTF-8'",
}
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,100}<(?:!doctype|html|head)", flags=re.IGNORECASE)
_UTF16_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
#: What encodings are called in a sentence.
_CALLED = {
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1250": "Windows-1250 (Central European)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "cp1252": "Windows-1252 (Western European)",
    "cp1253": "Windows-1253 (Greek)",
    "cp1255": "Windows-1255 (Hebrew)",
    "cp1256": "Windows-1256 (Arabic)",
    "koi8_r": "KOI8-R (Cyrillic)",
    "mac_roman": "Mac Roman",
    "cp850": "DOS 850",
    "gb18030": "GB 18030 (Chinese)",
    "big5": "Big5 (Chinese)",
    "shift_jis": "Shift JIS (Japanese)",
    "euc_jp": "EUC-JP (Japanese)",
    "euc_kr": "EUC-KR (Korean)",
}
_OLD_LATIN = ["mac_roman", "cp850"]
_OTHER_SCRIPTS = [
    "cp1251", "koi8_r", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr", "cp1253", "cp1255", "cp1256",
]  # fmt: skip
#: Bytes and lines by which an encoding is decided.
_SAMPLE, _MOST_LINES = 1 << 16, 5000
_WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1f\x7f]")
#: Within words of Western Europe these bytes of Windows-1252 don't come: they are letters of other encodings.
_CENTRAL_LETTER = re.compile(rb"[a-z][\xb3\xb9\xbe\xbf\x9f]+[a-z]")
_OLD_LETTER = re.compile(rb"[A-Za-z][\x80-\x91\x94\x95\x98\x99\x9b\x9d\x9f][a-z]")
#: Of the bytes of words that aren't ASCII: more than this is another script.
_ANOTHER_SCRIPT = 0.6
#: Of charset-normalizer's measures of disorder, what a right encoding stays under.
_MOST_CHAOS, _LEAST_DIFFERENCE = 0.1, 0.02
#: Of the lines that aren't ASCII: more than this in UTF-8, and the file is in UTF-8 but for some lines.
_MIXED = 0.1


def as_utf8(data: bytes, file: str, problems: Problems) -> bytes | None:
    """The table in UTF-8 without a mark; what is in no encoding is noted and replaced, so that the rest can be checked.

    None if it is no table, or empty.
    """
    for beginning, message in FOREIGN_BEGINNINGS.items():
        if data.startswith(beginning):
            problems.error(file, None, "foreign file", message)
            return None
    if _PAGE.match(data):
        message = "is a web page and no table; log in, and export the table again as 'CSV UTF-8'"
        problems.error(file, None, "foreign file", message)
        return None
    wide = _UTF16_MARKS.get(data[:2]) or _unmarked_utf16(data)
    if wide:
        found = _decoded(data, wide, file, problems)
        if found is None:
            message = "is UTF-16 text, and empty or damaged; save it as 'CSV UTF-8'"
            problems.error(file, None, "foreign file", message)
        return found
    while data.startswith(UTF8_MARK):  # some programs put a mark before the one that is there
        data = data[len(UTF8_MARK) :]
    if not data.strip():
        problems.error(file, None, "empty file", "is empty; it needs a header row and at least one row below it")
        return None
    if b"\x00" not in data:
        if data.isascii() or _is_utf8(data):
            return data
        encoding = _other_encoding(data)
        found = _decoded(data, encoding, file, problems) if encoding else None
        if found is not None:
            return found
    return _with_faults(data, file, problems)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decoded(data: bytes, encoding: str, file: str, problems: Problems) -> bytes | None:
    try:
        text = data.decode(encoding).lstrip("\ufeff")
        found = text.encode("utf-8")
    except UnicodeError:
        return None
    if b"\x00" in found or not text.strip():
        return None
    problems.note(file, None, "encoding", f"was read as {_CALLED[encoding]}; to be sure, save it as 'CSV UTF-8'")
    return found


def _unmarked_utf16(data: bytes) -> str:
    """UTF-16 without a mark, told by the zeros beside plain letters; "" if it is none."""
    even, odd = data[:_SAMPLE:2], data[1:_SAMPLE:2]
    if len(data) % 2 or not odd:
        return ""
    if odd.count(0) > len(odd) / 2 and not even.count(0):
        return "utf-16-le"
    return "utf-16-be" if even.count(0) > len(even) / 2 and not odd.count(0) else ""


def _other_encoding(data: bytes) -> str:
    """The encoding of a table that isn't UTF-8; "" if that can't be said."""
    lines = [line for line in islice(_lines(data), _MOST_LINES) if not line.isascii()]
    sample = b"\n".join(lines)[:_SAMPLE]
    words = _WORD.findall(sample)
    if _CONTROL.search(sample) or not words or sum(map(_is_utf8, lines)) > _MIXED * len(lines):
        return ""
    letters = b"".join(words)
    if sum(byte > 0x7F for byte in letters) > _ANOTHER_SCRIPT * len(letters):
        return _likeliest(sample, _OTHER_SCRIPTS)
    if _OLD_LETTER.search(sample):
        return _likeliest(sample, _OLD_LATIN)
    return "cp1250" if _CENTRAL_LETTER.search(sample) else "cp1252"


def _lines(data: bytes) -> list[bytes]:
    """The lines around the first bytes that are not ASCII; those before are skipped."""
    first = re.search(rb"[\x80-\xff]", data)
    begin = 1 + data.rfind(b"\n", 0, first.start()) if first else 0
    return data[begin : begin + 16 * _SAMPLE].splitlines()


def _likeliest(sample: bytes, encodings: list[str]) -> str:
    found = list(charset_normalizer.from_bytes(sample, cp_isolation=encodings))
    if not found or found[0].chaos > _MOST_CHAOS:
        return ""
    rivals = [match for match in found[1:] if match.chaos < found[0].chaos + _LEAST_DIFFERENCE]
    sure = all(match.coherence < found[0].coherence or str(match) == str(found[0]) for match in rivals)
    return found[0].encoding if sure else ""


def _with_faults(data: bytes, file: str, problems: Problems) -> bytes | None:
    noted = len(problems)
    for row, line in enumerate(data.splitlines(), start=1):
        if len(problems) - noted >= MOST_OF_A_KIND:
            return None  # nobody reads so many, and it isn't text at all
        if b"\x00" in line:
            message = "holds a NUL character; remove it, or save the file as 'CSV UTF-8'"
            problems.error(file, row, "nul", message)
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as error:
            message = f"is not UTF-8 (byte 0x{line[error.start]:02X} at position {error.start + 1})"
            problems.error(file, row, "encoding", f"{message}; save the file as 'CSV UTF-8'")
    return data.decode("utf-8", errors="replace").replace("\x00", "\ufffd").encode("utf-8")
