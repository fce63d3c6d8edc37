"""What was tried and found, for people and for programs: written when ``MAMEX_FAULTS_REPORT`` names a folder."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from pathlib import Path

from mamex.benchmark.report.tables import markdown
from mamex.files.writing import write_json, write_text

VARIABLE = "MAMEX_FAULTS_REPORT"


@dataclass(frozen=True)
class Finding:
    """One fault, and how it was survived."""

    fault: str
    done: str
    found: str
    verdict: str = "survived"


FINDINGS: list[Finding] = []


def found(fault: str, done: str, what: str) -> None:
    """Note a fault that was survived; a test that fails notes nothing, and says so itself."""
    FINDINGS.append(Finding(fault, done, what))


def write(failed: list[str]) -> None:
    """Write report.json and report.md, if somebody asked for them."""
    folder = os.environ.get(VARIABLE)
    if not folder:
        return
    findings = [*FINDINGS, *(Finding(name, "see the test", "see the test's output", "FAILED") for name in failed)]
    write_json(Path(folder) / "report.json", [asdict(finding) for finding in findings])
    lines = [list(asdict(finding).values()) for finding in findings]
    table = markdown(["fault", "what was done", "what was found", "verdict"], lines)
    good = sum(finding.verdict == "survived" for finding in findings)
    text = f"# Faults\n\nMade by `make faults`. {good} of {len(findings)} survived with nothing lost.\n\n{table}\n"
    write_text(Path(folder) / "report.md", text)
