"""Each path of the repository that a document, a docstring or a comment names is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOP = ("app", "mamex", "assets", "checkpoints/demo", "tests", ".ci")
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "SECURITY.md",
    *sorted(ROOT.glob("assets/*/README.md")),
    *sorted(ROOT.glob("assets/decisions/*.md")),
    ROOT / "checkpoints" / "demo" / "README.md",
]
CODE = sorted(path for top in ("app", "mamex", "assets") for path in (ROOT / top).rglob("*.py"))
#: From one of the folders at the top, or a file there.
PATH = re.compile(rf"(?<![\w./~-])(?:{'|'.join(map(re.escape, TOP))})/[\w.*/-]*|(?<![\w./-])[A-Z][\w-]*\.(?:md|cff)\b")
#: A name alone, within backticks, of a kind of file that nobody but this repository has.
NAME = re.compile(r"`([\w.-]+\.(?:py|css|html|md|toml))`")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)[^)]*\)")


def is_there(path, beside=ROOT):
    """From the root, or beside a document; capital letters stand for any name, as in app/tabs/NAME/view.py."""
    pattern = re.sub(r"(?<=/)[A-Z_]{2,}(?=[./]|$)", "*", path.rstrip("./"))
    return any(ROOT.glob(pattern)) or any(beside.glob(pattern))


def named_paths(text):
    return {found.rstrip(".") for found in PATH.findall(text)}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_document_names_is_there(document):
    text = document.read_text(encoding="utf-8")
    assert [path for path in named_paths(text) if not is_there(path, document.parent)] == []
    here = {path.name for top in ("app", "mamex", "assets", "tests") for path in (ROOT / top).rglob("*.*")}
    here |= {path.name for path in ROOT.glob("*.*")}
    assert {name for name in NAME.findall(text) if "NAME" not in name} - here == set()
    assert [link for link in LINK.findall(text) if not (document.parent / link).exists()] == []


def test_what_code_names_is_there():
    named = {module: named_paths(module.read_text(encoding="utf-8")) for module in CODE}
    assert sum(map(len, named.values())) > 20
    assert [(module, path) for module in CODE for path in named[module] if not is_there(path, module.parent)] == []


def test_paths_are_found_and_looked_up():
    text = "See `app/tabs/NAME/view.py`, mamex/nowhere.py; and (assets/decisions/README.md). Not runs/app/x or NOTICE."
    assert named_paths(text) == {"app/tabs/NAME/view.py", "mamex/nowhere.py", "assets/decisions/README.md"}
    assert [is_there(path) for path in sorted(named_paths(text))] == [True, True, False]


def test_every_record_is_in_the_index():
    folder = ROOT / "assets" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    assert set(LINK.findall(index)) == {path.name for path in folder.glob("*.md")} - {"README.md"}
