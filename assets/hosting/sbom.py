"""Write what the page is made of, with versions and licences: ``python assets/hosting/sbom.py FILE``, as CycloneDX.

cyclonedx-py describes all that is installed here; what only tests and checks need is left out.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from licences import ROOT, needed
from packaging.utils import canonicalize_name


def described() -> dict[str, Any]:
    """All that is installed here, as cyclonedx-py describes it."""
    command = [sys.executable, "-m", "cyclonedx_py", "environment", sys.prefix, "--output-reproducible"]
    told = subprocess.run([*command, "--output-format", "JSON"], capture_output=True, check=True).stdout
    return dict(json.loads(told))


def without_tools(bill: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """The bill with the named packages alone, and what they need of one another."""
    kept = [each for each in bill["components"] if canonicalize_name(each["name"]) in names]
    references = {each["bom-ref"] for each in kept}
    needs = [
        {**each, "dependsOn": [other for other in each.get("dependsOn", ()) if other in references]}
        for each in bill["dependencies"]
        if each["ref"] in references
    ]
    return {**bill, "components": kept, "dependencies": needs}


def main() -> int:
    """Write the file and say how much is in it."""
    parser = argparse.ArgumentParser(prog="python assets/hosting/sbom.py", description="Write a bill of materials.")
    parser.add_argument("target", type=Path, metavar="FILE")
    target = parser.parse_args().target
    names = needed((ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines())
    bill = without_tools(described(), names)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(bill, indent=2) + "\n", encoding="utf-8")
    print(f"{target}: {len(bill['components'])} packages, CycloneDX {bill['specVersion']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
