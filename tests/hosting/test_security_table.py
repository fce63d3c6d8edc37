"""SECURITY.md names each setting that the code reads, with the default that it has, and none that it doesn't read."""

import re
from pathlib import Path

import pytest

from app.doors.settings import DoorSettings

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
ROWS = [line for line in TEXT.splitlines() if line.startswith("| `")]


def named_in_code(prefix):
    """Names of environment variables that stand as strings in the code."""
    files = [file for folder in ("app", "mamex") for file in (ROOT / folder).rglob("*.py")]
    return {name for file in files for name in re.findall(rf'"({prefix}_[A-Z_]+)"', file.read_text(encoding="utf-8"))}


def named_in_table(prefix):
    return {name for row in ROWS for name in re.findall(rf"`({prefix}_[A-Z_]+)`", row.split("|")[1])}


def default_of(name):
    return next(row.split("|")[3].strip() for row in ROWS if f"`{name}`" in row.split("|")[1])


def test_each_setting_of_the_code_is_in_the_table_and_each_of_the_table_in_the_code():
    assert named_in_code("MAMEX")
    assert named_in_code("MAMEX") == named_in_table("MAMEX")


def test_what_the_hub_and_gradio_set_is_in_the_table():
    assert named_in_code("SPACE") == named_in_table("SPACE")
    assert named_in_table("GRADIO") <= named_in_code("GRADIO")


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("MAMEX_RATE", "rate"),
        ("MAMEX_DISK_MB", "disk_megabytes"),
        ("MAMEX_SESSIONS", "sessions"),
        ("MAMEX_FRAME_ANCESTORS", "frame_ancestors"),
    ],
)
def test_the_table_tells_the_default(name, field):
    told = re.split(r"[,;] ", default_of(name))[0].strip("`")
    assert told == str(getattr(DoorSettings(), field))


def test_a_page_answers_to_the_names_in_the_table():
    told = default_of("MAMEX_HOSTS").split(";")[0].replace("[", "").replace("]", "").split(", ")
    assert told == list(DoorSettings().hosts)
