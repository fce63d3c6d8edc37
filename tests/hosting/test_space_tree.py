"""What a Space takes: a push of this repository is refused, a push of the tree made for it is not."""

import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from huggingface_hub.utils import filter_repo_objects
from space_tree import ROOT, TreeError, make_tree

from tests.hosting.hub_stub import hub as stub_hub

RULE = Path(__file__).with_name("hub_rule.py")
BINARY = {".webp", ".safetensors", ".npz", ".gz"}
needs_lfs = pytest.mark.skipif(shutil.which("git-lfs") is None, reason="git-lfs is not installed")
needs_history = pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a git repository")


def git(folder, *arguments):
    return subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True)


@pytest.fixture
def hub(tmp_path):
    """A bare repository that refuses what the hub refuses."""
    bare = tmp_path / "hub.git"
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", str(bare)], check=True)
    hook = bare / "hooks" / "pre-receive"
    hook.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{RULE}"\n', encoding="utf-8")
    hook.chmod(0o755)
    return bare


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """Where the tree is, and what went into LFS. Don't change it."""
    target = tmp_path_factory.mktemp("space") / "tree"
    return target, make_tree(target)


@needs_history
def test_a_push_of_this_repository_is_refused(hub):
    pushed = git(ROOT, "push", hub.as_uri(), "HEAD:refs/heads/main")
    assert pushed.returncode != 0
    assert "rejected because it contains binary files" in pushed.stderr
    assert "assets/catalogue/images/" in pushed.stderr


@needs_history
@needs_lfs
def test_a_push_of_the_tree_is_taken_and_brings_every_byte(hub, tree, tmp_path):
    target, stored = tree
    pushed = git(target, "push", hub.as_uri(), "main")
    assert pushed.returncode == 0, pushed.stderr
    subprocess.run(["git", "lfs", "clone", hub.as_uri(), str(tmp_path / "back")], capture_output=True, check=True)
    for path in stored:
        assert (tmp_path / "back" / path).read_bytes() == (target / path).read_bytes()


@needs_history
@needs_lfs
def test_the_tree_holds_what_a_space_runs_and_nothing_else(tree):
    target, stored = tree
    there = {path.relative_to(target).parts[0] for path in target.iterdir()}
    assert {"app", "mamex", "checkpoints", "assets", "requirements.txt", "README.md"} <= there
    assert not there & {"tests", "Makefile", ".ci", ".venv"}
    assert {path.name for path in (target / "assets").iterdir() if path.is_dir()} == {"catalogue"}
    assert {Path(path).suffix for path in stored} == BINARY
    assert not git(target, "status", "--porcelain").stdout


@needs_lfs
def test_a_taken_folder_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(TreeError, match="name a folder that is new or empty"):
        make_tree(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_without_git_lfs_the_other_way_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(TreeError, match="hf upload"):
        make_tree(tmp_path / "tree")


@needs_lfs
def test_what_is_no_repository_is_said_so(tmp_path):
    with pytest.raises(TreeError, match="git archive"):
        make_tree(tmp_path / "tree", source=tmp_path)


def documented():
    """The `hf upload` that people are told to use, word by word."""
    text = (ROOT / "assets" / "hosting" / "README.md").read_text(encoding="utf-8")
    command = re.search(r"^hf upload .*?[^\\]$", text, re.MULTILINE | re.DOTALL).group()
    return shlex.split(command.replace("\\\n", " "))


def uploaded(paths):
    """Which of some paths it would send, as its library chooses them."""
    words = documented()
    patterns = {option: [b for a, b in pairwise(words) if a == option]
                for option in ("--include", "--exclude")}  # fmt: skip
    chosen = filter_repo_objects(paths, allow_patterns=patterns["--include"], ignore_patterns=patterns["--exclude"])
    return set(chosen)


@needs_history
@needs_lfs
def test_hf_upload_sends_the_same_and_nothing_that_lies_about(tree):
    target, _ = tree
    tracked = git(ROOT, "ls-tree", "-r", "--name-only", "HEAD").stdout.split()
    about = [".env", ".venv/bin/python", "runs/shop/items.csv", "data/secret.csv", "app/__pycache__/page.pyc",
             "mamex/encoders/__pycache__/a.pyc", "checkpoints/mine/users.csv", ".git/config"]  # fmt: skip
    made = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    expected = {path for path in made if not path.startswith(".git")}
    assert uploaded([*tracked, *about]) == expected


def test_the_documented_hf_upload_puts_binary_files_into_lfs(tmp_path):
    weights = b"\0weights" * 50
    front = (ROOT / "README.md").read_text(encoding="utf-8")
    files = {"README.md": front.encode(), "app/main.py": b"print()", "checkpoints/demo/model.safetensors": weights,
             "app/__pycache__/main.pyc": b"\0", "runs/customers.csv": b"id", ".env": b"secret"}  # fmt: skip
    for name, content in files.items():
        (tmp_path / "page" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "page" / name).write_bytes(content)
    program = Path(sys.executable).with_name("hf")
    with stub_hub() as (address, committed):
        own = {"HF_ENDPOINT": address, "HF_TOKEN": "hf_none", "HF_HUB_DISABLE_XET": "1", "HOME": str(tmp_path / "home")}
        surroundings = {name: value for name, value in os.environ.items() if not name.startswith("HF_")} | own
        done = subprocess.run([program, *documented()[1:]], cwd=tmp_path / "page", env=surroundings,
                              capture_output=True, text=True, timeout=120)  # fmt: skip
    assert done.returncode == 0, done.stderr
    name = hashlib.sha256(weights).hexdigest()
    assert committed.plain == {"README.md", "app/main.py"}
    assert committed.pointers == {"checkpoints/demo/model.safetensors": name}
    assert committed.stored == {name: weights}
