"""What is installed: bounded on both sides, what was tested, all that is imported, and what a Space takes."""

import ast
import sys
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
FILES = ("requirements.txt", "requirements-dev.txt", "requirements-bench.txt")


def requirements(name):
    lines = (line.partition("#")[0].strip() for line in (ROOT / name).read_text(encoding="utf-8").splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("-r ")]


def front_matter():
    return yaml.safe_load((ROOT / "README.md").read_text(encoding="utf-8").split("---")[1])


@pytest.mark.parametrize("requirement", [each for name in FILES for each in requirements(name)], ids=str)
def test_each_requirement_has_a_lower_and_an_upper_bound(requirement):
    operators = {each.operator for each in requirement.specifier}
    assert operators == {"=="} or operators == {">=", "<"}


@pytest.mark.parametrize("requirement", [each for name in FILES[:2] for each in requirements(name)], ids=str)
def test_what_these_tests_run_with_lies_within_the_bounds(requirement):
    assert requirement.specifier.contains(metadata.version(requirement.name))


def test_all_that_the_code_imports_is_required_by_name():
    packages = metadata.packages_distributions()
    files = [file for folder in ("app", "mamex") for file in (ROOT / folder).rglob("*.py")]
    assert files
    needed = {distribution for name in imported(files) for distribution in packages[name]}
    given = {canonical(each.name) for each in requirements("requirements.txt")}
    assert {canonical(name) for name in needed} <= given | {canonical(name) for name in comes_along(given)}


def comes_along(names):
    """Packages of which some others ask for one version only, so that these need no bounds here."""
    asked = (Requirement(line) for name in names for line in metadata.requires(name) or ())
    return {each.name for each in asked if str(each.specifier).startswith("==")}


def imported(files):
    """Names of the packages of others that some files import."""
    names = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names.add(node.module.split(".")[0])
    return names - sys.stdlib_module_names - {"app", "mamex"}


def canonical(name):
    return name.lower().replace("_", "-").replace(".", "-")


def test_a_space_serves_the_gradio_that_is_tested():
    gradio = next(each for each in requirements("requirements.txt") if each.name == "gradio")
    version = front_matter()["sdk_version"]
    assert str(gradio.specifier) == f"=={version}"
    assert metadata.version("gradio") == version


def test_a_space_finds_its_page_and_its_python():
    given = front_matter()
    assert given["sdk"] == "gradio"
    assert (ROOT / given["app_file"]).is_file()
    assert given["python_version"] == "3.11"
    assert len(given["short_description"]) <= 60  # the hub refuses a longer one
