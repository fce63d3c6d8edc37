"""What the hub of Spaces does with a push, as a git pre-receive hook: binary files only as LFS, nothing over 10 MB."""

import subprocess
import sys

LARGEST = 10_000_000


def offending(revision: str) -> list[str]:
    """Paths in the whole history of a revision that the hub would not take."""
    listed = subprocess.run(["git", "rev-list", "--objects", revision], capture_output=True, check=True).stdout
    paths = dict(line.partition(b" ")[::2] for line in listed.splitlines())
    request = b"".join(name + b"\n" for name in paths)
    answer = subprocess.run(["git", "cat-file", "--batch"], input=request, capture_output=True, check=True).stdout
    found, position = [], 0
    while position < len(answer):
        end = answer.index(b"\n", position)
        name, kind, size = answer[position:end].split()
        content = answer[end + 1 : end + 1 + int(size)]
        position = end + 2 + int(size)
        if kind == b"blob" and (b"\0" in content[:8000] or len(content) > LARGEST):
            found.append(paths[name].decode())
    return sorted(found)


def main() -> int:
    for line in sys.stdin:
        _, revision, reference = line.split()
        found = offending(revision)
        if found:
            print("Your push was rejected because it contains binary files.\nOffending files:", file=sys.stderr)
            print(*(f"  - {path} (ref: {reference})" for path in found[:10]), sep="\n", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
