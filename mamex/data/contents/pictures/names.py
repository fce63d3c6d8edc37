"""What a cell of the image column may mean: one name or several, and how else each may be written."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import PureWindowsPath
from urllib.parse import unquote

#: Of a cell; what comes after it is not looked at.
MOST_CHARACTERS = 5000
#: Names of one cell that are looked up.
MOST_NAMES = 10
#: Cells by which programs say that there is no picture.
NO_PICTURE = frozenset(("no_selection", "null", "none", "nan", "n/a", "#n/a", "na", "nil", "undefined", "false", "-"))
_ENDINGS = "jpe?g|jpe|jfif|png|webp|gif|bmp|dib|tiff?|heic|heif|hif|avif|mpo|jp2|j2k"
_ENDING = re.compile(rf"(?:\.(?:{_ENDINGS}))+$", flags=re.IGNORECASE)
#: Where a name ends of which others may follow.
_END_OF_NAME = re.compile(rf"\.(?:{_ENDINGS})(?:[?#][^\s,;|]*)?(?=[\s,;|]|$)", flags=re.IGNORECASE)
_NEXT_ADDRESS = re.compile(r"[\s,;|](?=(?:https?:)?//)", flags=re.IGNORECASE)
_SEPARATORS = " \t\r\n,;|"
_MARKS = "\"'`“”„‘’«»<>"
_SCHEME = re.compile(r"(?:(?:https?|ftp|s3|gs):)?//[^/?#]*|file:(?://[^/]*)?|www\.[^/?#]+(?=/)", flags=re.IGNORECASE)
#: What older zip programs and tables take for each other; a name may have gone through two of them.
_CODE_PAGES = ("cp437", "cp850", "cp1252", "latin-1")
#: How some programs unpack a letter that they can't write.
_ESCAPED = re.compile(r"#U([0-9A-Fa-f]{4})")


def folded(text: str) -> str:
    """In small letters, an accented letter in one character: what two spellings of one name have in common."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def without_ending(name: str) -> str:
    """A file's name without the ending (or the two) of a picture."""
    return _ENDING.sub("", name, count=1) or name


def ending(name: str) -> str:
    """The ending of a picture's file, "" if there is none: ".png"."""
    found = _ENDING.search(name)
    return found[0].lower() if found else ""


def names_in(cell: str) -> list[str]:
    """The names that a cell holds, in order; a list as programs write it (JSON, HTML, formulas) is taken apart."""
    cell = cell[:MOST_CHARACTERS].strip()
    names = _quoted_names(cell) if cell.startswith(("[", "{", "<", "=")) else []
    if not names:
        names = _split(cell.strip("[]"))
    return [bare for name in names[:MOST_NAMES] if (bare := name.strip(_MARKS + _SEPARATORS))]


def _quoted_names(cell: str) -> list[str]:
    try:
        names = list(_texts(json.loads(cell)))
    except (ValueError, RecursionError):
        names = [double or single for double, single in re.findall(r'"([^"\n]*)"|\'([^\'\n]*)\'', cell)]
    pictures = [name for name in names if ending(name.partition("?")[0])]
    return [name.replace("\\/", "/") for name in pictures or names]


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def _split(cell: str) -> list[str]:
    """At what follows the ending of a picture or comes before an address; else at commas and the like."""
    names, begin = [], 0
    for found in _END_OF_NAME.finditer(cell):
        names.append(cell[begin : found.end()])
        begin = found.end()
    if len(names) == 1 and begin == len(cell) and not _NEXT_ADDRESS.search(cell):
        return names  # commas and spaces are parts of it
    names = [part for name in [*names, cell[begin:]] for part in _NEXT_ADDRESS.split(name)]
    if len([name for name in names if name.strip(_SEPARATORS)]) > 1:
        return names
    return re.split(r"[,;|\t\n]+", cell)


def is_up(name: str) -> bool:
    """Whether a path goes up: it could lead out of the folder."""
    return ".." in name.replace("\\", "/").split("/")


def forms(name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A name as a path inside a folder, in the ways in which it may be meant, each with what was ignored for it.

    The strictest comes first: a file may have a "#" or "%20" in its name.
    """
    path, ignored = name.replace("\\", "/"), []
    if scheme := _SCHEME.match(path):
        path = path[scheme.end() :]
        ignored.append("with an address before it")
    elif path.startswith("/") or PureWindowsPath(path).drive:
        ignored.append("with a leading slash or drive")
    path = path[len(PureWindowsPath(path).drive) :] if not path.startswith("//") else path
    path = path.lstrip("/")
    cut = re.split(r"[?#]", path, maxsplit=1)[0]
    seen = set()
    for text, further in ((path, ()), (cut, ("with ? or # and more behind it",))):
        for decoded, more in ((text, ()), *((_unescaped(text, page), ("with %20 and the like",)) for page in _PERCENT)):
            if decoded and decoded not in seen and not is_up(decoded):
                seen.add(decoded)
                yield decoded, (*ignored, *further, *more)


_PERCENT = ("utf-8", "cp1252", "+")


def _unescaped(text: str, page: str) -> str:
    if page == "+":  # as forms of web pages write a space
        return unquote(text.replace("+", " "))
    return unquote(text, encoding=page)


def misread(text: str) -> set[str]:
    """What a text may have been before it was read, or written, with another code page than it was made with."""
    found = {_ESCAPED.sub(lambda code: chr(int(code[1], 16)), text)}
    if not text.isascii():
        for made in ("surrogates", *_CODE_PAGES):
            for read in ("utf-8", *_CODE_PAGES):
                try:
                    data = text.encode("utf-8", "surrogateescape") if made == "surrogates" else text.encode(made)
                    found.add(data.decode(read))
                except UnicodeError:
                    continue
    return found - {text}
