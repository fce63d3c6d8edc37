"""Look for known faults of what is installed: ``python assets/hosting/audit.py``, with pip-audit.

Ends with 1 if one is found, and with 0 and a line that says so where the list of known faults can't be reached.
pip-audit alone passes there in silence: it takes every package for one that it can't know.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

#: Of this version faults are known since 2024; a list that has none of them is no list.
KNOWN_TO_BE_FAULTY = "jinja2==3.1.2"
Ask = Callable[[list[str]], list[dict[str, Any]]]


class NoAnswer(Exception):
    """pip-audit could not ask; the reason is in it."""


def ask(options: list[str]) -> list[dict[str, Any]]:
    """What pip-audit says of each package.

    Raises:
        NoAnswer: it could not ask.
    """
    command = [sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off", "--timeout", "10"]
    done = subprocess.run([*command, *options], capture_output=True, text=True)
    try:
        return list(json.loads(done.stdout)["dependencies"])
    except (ValueError, KeyError) as error:
        raise NoAnswer(" ".join(done.stderr.split())[-200:] or "no answer") from error


def faults(answer: list[dict[str, Any]]) -> list[str]:
    """One line a known fault."""
    return [
        f"{package['name']} {package['version']}: {fault['id']}, mended in {', '.join(fault['fix_versions']) or 'none'}"
        for package in answer
        for fault in package.get("vulns", ())
    ]


def audit(ask: Ask = ask) -> tuple[int, str]:
    """The exit code, and what there is to say."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            asked = Path(folder, "requirements.txt")
            asked.write_text(KNOWN_TO_BE_FAULTY, encoding="utf-8")
            if not faults(ask(["--no-deps", "--disable-pip", "--requirement", str(asked)])):
                raise NoAnswer(f"it knows nothing about {KNOWN_TO_BE_FAULTY}")
        answer = ask(["--local"])
    except NoAnswer as error:
        return 0, f"Known faults were NOT looked for: the list can't be reached from here ({error})."
    found = faults(answer)
    passed_over = [package["name"] for package in answer if "skip_reason" in package]
    note = f"; {len(passed_over)} could not be looked up: {', '.join(passed_over)}" if passed_over else ""
    said = f"{len(answer) - len(passed_over)} packages looked up, {len(found)} known faults{note}."
    return (1 if found else 0), "\n".join([*found, said])


def main() -> int:
    """Print what was found; 1 if it is a fault."""
    code, said = audit()
    print(said, file=sys.stderr if code else sys.stdout)
    return code


if __name__ == "__main__":
    sys.exit(main())
