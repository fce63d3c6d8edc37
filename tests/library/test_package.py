"""What `pip install .` installs: the library with all that it reads, its command, and nothing else."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import mamex

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The package, built from a copy, for building writes beside its sources."""
    folder = tmp_path_factory.mktemp("package")
    for name in ("pyproject.toml", "requirements.txt", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    for name in ("mamex", "app"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--quiet", "."]
    done = subprocess.run([*command, "--wheel-dir", "wheels"], cwd=folder, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    (built,) = (folder / "wheels").iterdir()
    with zipfile.ZipFile(built) as archive:
        yield archive


def test_it_holds_the_library_with_its_data_and_nothing_else(wheel):
    here = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "mamex").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert {"mamex/py.typed", "mamex/presets/demo.toml"} <= here
    assert here == {name for name in wheel.namelist() if ".dist-info/" not in name}


def test_it_has_the_command_and_what_it_needs(wheel):
    told = {name.rpartition("/")[2]: wheel.read(name).decode() for name in wheel.namelist() if ".dist-info/" in name}
    assert "mamex = mamex.cli.main:run" in told["entry_points.txt"]
    assert f"\nVersion: {mamex.__version__}\n" in told["METADATA"]
    wanted = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if line and line[0] != "#"]
    assert told["METADATA"].count("\nRequires-Dist: ") == len(wanted)
