"""What the page is made of: licences, a bill of materials, and known faults, each by a command."""

import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import audit
import licences
import pytest
import sbom
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = licences.ROOT
LINES = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
LISTED = licences.TARGET.read_text(encoding="utf-8")
FAULTY = [{"name": "jinja2", "version": "3.1.2", "vulns": [{"id": "CVE-2024-22195", "fix_versions": ["3.1.3"]}]}]


def direct():
    return [canonicalize_name(Requirement(line).name) for line in (each.partition("#")[0] for each in LINES) if line]


def test_what_is_required_and_what_that_requires_is_found():
    found = licences.needed(LINES)
    assert set(direct()) <= set(found)
    assert "mcp" in found  # by an extra of gradio alone
    assert "pytest" not in found
    assert found == sorted(found)


@pytest.mark.parametrize("name", direct())
def test_each_required_package_is_listed_with_its_licence(name):
    row = next(line for line in LISTED.splitlines() if line.startswith(f"| {name} |"))
    assert licences.is_free(name, row.split("|")[2])


def test_no_licence_asks_for_more_than_a_notice():
    names = [name for name in licences.needed(LINES) if not licences.CUDA.fullmatch(name)]
    assert [name for name in names if not licences.is_free(name, licences.licence_of(name))] == []


@pytest.mark.parametrize("licence", ["GPL-3.0-only", "AGPL-3.0", "LGPL-2.1", "Other/Proprietary", "none stated"])
def test_a_licence_that_asks_for_more_is_seen(licence):
    assert not licences.is_free("something", licence)


@pytest.mark.parametrize("licence", ["MIT", "BSD License", "Apache-2.0 OR BSD-3-Clause", "MPL-2.0 AND MIT", "PSF-2.0"])
def test_a_licence_that_asks_for_a_notice_is_taken(licence):
    assert licences.is_free("something", licence)


def test_weights_fonts_and_scripts_are_listed():
    for what in ("EfficientNet-Lite0", "all-MiniLM-L6-v2", "checkpoints/demo", "Plotly.js", "IBM Plex Sans"):
        assert what in LISTED


def test_a_bill_holds_what_is_needed_with_its_version_and_nothing_else():
    components = [{"name": name, "bom-ref": f"{name}-ref", "version": "1"} for name in ("torch", "numpy", "pytest")]
    bill = {"specVersion": "1.6", "components": components,
            "dependencies": [{"ref": "torch-ref", "dependsOn": ["numpy-ref", "pytest-ref"]}, {"ref": "numpy-ref"},
                             {"ref": "pytest-ref", "dependsOn": ["numpy-ref"]}]}  # fmt: skip
    kept = sbom.without_tools(bill, ["numpy", "torch"])
    assert [each["name"] for each in kept["components"]] == ["torch", "numpy"]
    assert kept["dependencies"] == [{"ref": "torch-ref", "dependsOn": ["numpy-ref"]},
                                    {"ref": "numpy-ref", "dependsOn": []}]  # fmt: skip


@pytest.mark.heavy
def test_the_bill_by_its_command_is_complete(tmp_path):
    import json

    script = ROOT / "assets" / "hosting" / "sbom.py"
    subprocess.run([sys.executable, script, tmp_path / "sbom.json"], check=True)
    bill = json.loads((tmp_path / "sbom.json").read_text(encoding="utf-8"))
    versions = {canonicalize_name(each["name"]): each["version"] for each in bill["components"]}
    assert bill["bomFormat"] == "CycloneDX"
    assert versions == {name: metadata.version(name) for name in licences.needed(LINES)}


def test_a_known_fault_ends_the_audit():
    code, said = audit.audit(lambda options: FAULTY)
    assert code == 1
    assert "jinja2 3.1.2: CVE-2024-22195, mended in 3.1.3" in said


def test_an_audit_that_finds_nothing_says_how_much_it_looked_up():
    clean = [{"name": "numpy", "version": "2", "vulns": []}, {"name": "mine", "skip_reason": "not known"}]
    code, said = audit.audit(lambda options: clean if "--local" in options else FAULTY)
    assert (code, said) == (0, "1 packages looked up, 0 known faults; 1 could not be looked up: mine.")


def test_a_list_that_knows_no_fault_is_no_audit_and_that_is_said():
    asked = []

    def nothing_known(options):
        asked.append(options)
        return [{"name": "jinja2", "skip_reason": "Dependency not found"}]

    code, said = audit.audit(nothing_known)
    assert code == 0
    assert "NOT looked for" in said
    assert len(asked) == 1  # a hundred questions more would be answered like the first


def test_an_audit_without_network_is_said_to_be_none(monkeypatch):
    failed = subprocess.CompletedProcess([], 1, stdout="", stderr="ERROR: connection refused")
    monkeypatch.setattr(subprocess, "run", lambda *arguments, **options: failed)
    reason = "the list can't be reached from here (ERROR: connection refused)"
    assert audit.audit() == (0, f"Known faults were NOT looked for: {reason}.")


HADOLINT = shutil.which("hadolint", path=str(Path(sys.executable).parent))


@pytest.mark.skipif(HADOLINT is None, reason="hadolint is not installed")
def test_the_dockerfile_has_no_bad_habits():
    looked = subprocess.run([HADOLINT, ROOT / "Dockerfile"], capture_output=True, text=True)
    assert (looked.returncode, looked.stdout) == (0, "")
