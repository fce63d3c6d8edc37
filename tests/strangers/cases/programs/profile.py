"""What check prints of a shop that is all right, and its page."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.strangers.reading import look, read_rightly
from tests.strangers.registry import Outcome, situation
from tests.strangers.shop import item_rows, make_shop, write_shop

PART = "profile"


def checked(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """The command as a stranger types it."""
    return subprocess.run([sys.executable, "-m", "mamex", "check", str(folder), *options], text=True,
                          capture_output=True, timeout=180, check=False)  # fmt: skip


@situation(PART)
def a_shop_without_faults(folder: Path) -> Outcome:
    """The span of the days, the shares with pictures and words, the most bought: and no alarm."""
    shop = make_shop()
    reading = look(write_shop(folder, shop))
    text = reading.text
    first, last = min(one.time for one in shop.purchases), max(one.time for one in shop.purchases)
    assert f"{first:%Y-%m-%d}" in text or f"{first.day} {first:%B %Y}" in text, text
    assert f"{last:%Y-%m-%d}" in text or f"{last.day} {last:%B %Y}" in text, text
    counts = {one.title: sum(other.product is one for other in shop.purchases) for one in shop.products}
    assert max(counts, key=lambda title: counts[title]) in text or any(
        title in text for title, count in counts.items() if count == max(counts.values())
    ), text
    assert re.search(r"24 items", text) and re.search(r"180 interactions of 30 users", text), text
    assert not [one for one in reading.report.problems if one.severity == "error"], text
    return read_rightly(reading, shop, 24)


@situation(PART)
def the_command_ends_well(folder: Path) -> Outcome:
    """Exit status 0 for a usable folder, and no traceback."""
    write_shop(folder, make_shop())
    done = checked(folder)
    assert done.returncode == 0 and not done.stderr.count("Traceback"), done.stdout + done.stderr
    assert "can be used" in done.stdout
    return "read"


@situation(PART)
def the_command_ends_badly(folder: Path) -> Outcome:
    """Another exit status where the folder can't be used, still without a traceback."""
    write_shop(folder, make_shop())
    (folder / "items.csv").write_bytes(b"\0\1\2\3" * 200)
    done = checked(folder)
    assert done.returncode != 0 and "Traceback" not in done.stderr, done.stdout + done.stderr
    assert "items.csv" in done.stdout + done.stderr
    return "told"


@situation(PART, slow=True)
def a_page_of_a_hostile_title(folder: Path) -> Outcome:
    """check --html: a page with the counts; a title with a script stays text."""
    items = item_rows(make_shop())
    items[0]["title"] = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
    write_shop(folder, make_shop(), items)
    page = folder.parent / "profile.html"
    done = checked(folder, "--html", str(page))
    assert done.returncode == 0, done.stdout + done.stderr
    text = page.read_text(encoding="utf-8")
    assert "<script>alert(1)" not in text and "<img src=x" not in text
    assert "180" in text and "24" in text
    return "read"


@situation(PART)
def a_file_in_place_of_a_folder(folder: Path) -> Outcome:
    """python -m mamex check items.csv: told that it takes the folder."""
    write_shop(folder, make_shop(), pictures=False)
    done = checked(folder / "items.csv")
    said = done.stdout + done.stderr
    assert done.returncode != 0 and "Traceback" not in said and "folder" in said, said
    return "told"


@situation(PART)
def a_folder_that_is_not_there(folder: Path) -> Outcome:
    """A path with a slip of the pen."""
    done = checked(folder / "shpo")
    said = done.stdout + done.stderr
    assert done.returncode != 0 and "Traceback" not in said and "folder" in said, said
    return "told"


@situation(PART)
def a_setting_misspelt(folder: Path) -> Outcome:
    """--set data.min_ratings=4: the nearest name is told."""
    write_shop(folder, make_shop(), pictures=False)
    done = checked(folder, "--set", "data.min_ratings=4")
    said = done.stdout + done.stderr
    assert done.returncode != 0 and "Traceback" not in said and "min_rating" in said, said
    return "told"
