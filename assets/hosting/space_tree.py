"""Make a folder whose push a Space takes: ``python assets/hosting/space_tree.py DIR``, then push it from there.

The hub of Spaces refuses a push in whose history any binary file lies outside LFS, or any file of more than 10 MB. The
history of this repository holds 1,056 binary files, as whoever clones it should need plain git alone. So this makes a
new repository of one commit, with what a Space needs of the last commit here and every binary file in LFS. Needs git
and git-lfs. Without git-lfs, `hf upload` does the same: see the README beside this file.
"""

from __future__ import annotations

import argparse
import io
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: What a Space runs and shows; no tests, no results, no studio.
NEEDED = (
    "README.md", "LICENSE", "SECURITY.md", "requirements.txt", "app", "mamex", "checkpoints/demo", "assets/catalogue",
    "assets/screenshot.webp", "assets/screenshot-map.webp", "assets/screenshot-what-if.webp",
)  # fmt: skip
#: Bytes: what the hub takes outside LFS at most.
LARGEST = 10_000_000
LFS = "filter=lfs diff=lfs merge=lfs -text"


class TreeError(Exception):
    """A tree that can't be made, in one sentence that says what to do."""


def needed_files(folder: Path = ROOT) -> bytes:
    """What a Space needs of the last commit in ``folder``, as a tar archive.

    Raises:
        TreeError: the folder is not a git repository, or lacks something that is needed.
    """
    return _git(folder, "archive", "--format=tar", "HEAD", *NEEDED)


def make_tree(target: Path, source: Path = ROOT) -> list[str]:
    """Make the repository at ``target``; returns the paths that went into LFS.

    Raises:
        TreeError: git-lfs is missing, the target is taken, or the source can't be read.
    """
    if shutil.which("git-lfs") is None:
        raise TreeError("git-lfs is not installed; install it, or use `hf upload` as assets/hosting/README.md says.")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise TreeError(f"{target} is there already; name a folder that is new or empty.")
    archive = needed_files(source)
    revision = _git(source, "rev-parse", "--short", "HEAD").decode().strip()
    _git(None, "init", "--quiet", "--initial-branch=main", str(target))
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(target, filter="data")
    stored = [path for path in _paths(target) if _needs_lfs(target / path)]
    (target / ".gitattributes").write_text(_attributes(stored), encoding="utf-8", newline="\n")
    _git(target, "lfs", "install", "--local")
    _git(target, "add", "--all")
    author = ("-c", "user.name=MAMEX", "-c", "user.email=mamex@localhost")
    _git(target, *author, "commit", "--quiet", "--message", f"MAMEX at {revision}")
    return stored


def _paths(folder: Path) -> list[str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in files if ".git" not in path.parts)


def _needs_lfs(path: Path) -> bool:
    """Binary as git sees it, by a zero byte in the first 8000, or too large."""
    with path.open("rb") as file:
        return b"\0" in file.read(8000) or path.stat().st_size > LARGEST


def _attributes(stored: list[str]) -> str:
    """One line for each kind of file that goes into LFS; for a file without a suffix, one of its own."""
    kinds = {f"*{Path(path).suffix}" if Path(path).suffix else f"/{path}" for path in stored}
    return "".join(f"{kind} {LFS}\n" for kind in sorted(kinds))


def _git(folder: Path | None, *arguments: str) -> bytes:
    where = ("-C", str(folder)) if folder else ()
    done = subprocess.run(["git", *where, *arguments], capture_output=True)
    if done.returncode:
        reason = " ".join(done.stderr.decode(errors="replace").split())
        raise TreeError(f"`git {arguments[0]}` failed: {reason}")
    return done.stdout


def main() -> int:
    """Make the tree and say how to push it; 1, with one sentence, if it can't be made."""
    parser = argparse.ArgumentParser(prog="python assets/hosting/space_tree.py", description="Make a tree for a Space.")
    parser.add_argument("target", type=Path, metavar="DIR", help="a folder that is new or empty")
    target = parser.parse_args().target
    try:
        stored = make_tree(target)
    except (TreeError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{target}: one commit, {len(_paths(target))} files, {len(stored)} of them in LFS. Now:")
    print(f"  cd {target} && git push --force https://huggingface.co/spaces/USER/SPACE main")
    return 0


if __name__ == "__main__":
    sys.exit(main())
