"""Records that other programs read: commits that git blame looks past, and how to cite."""

import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

import mamex

ROOT = Path(__file__).resolve().parents[2]
LINES = (ROOT / ".git-blame-ignore-revs").read_text(encoding="utf-8").splitlines()
COMMITS = [(said.removeprefix("# "), commit) for said, commit in pairwise(LINES) if commit and commit[0] != "#"]


def git(*arguments):
    if shutil.which("git") is None:
        return None
    done = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else None


def test_each_line_is_a_comment_or_a_whole_hash():
    assert len(COMMITS) >= 18
    assert all(re.fullmatch(r"#.*|[0-9a-f]{40}|", line) for line in LINES)


@pytest.mark.skipif(not any(git("cat-file", "-t", commit) for _, commit in COMMITS), reason="no history here")
@pytest.mark.parametrize(("title", "commit"), COMMITS)
def test_what_blame_looks_past_moved_files(title, commit):
    assert git("show", "-s", "--format=%s", commit) == title
    assert " rename " in f" {git('show', '-M', '--summary', '--format=', commit)}"


def test_the_citation_names_this_version_and_the_paper():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert (cited["cff-version"], cited["license"], cited["version"]) == ("1.2.0", "MIT", mamex.__version__)
    paper = cited["preferred-citation"]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert paper["title"] in " ".join(readme.split())
    assert paper["authors"][0]["family-names"] in readme
    assert str(paper["year"]) in readme
