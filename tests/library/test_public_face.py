"""What `import mamex` offers: every name, each imported when it is asked for."""

import ast
import logging
import subprocess
import sys
from pathlib import Path

import pytest

import mamex
from tests.support.shops.builders import write_tiny_dataset

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "mamex"
#: What takes seconds to import.
HEAVY = ("torch", "gradio", "pandas", "sklearn", "scipy", "open_clip", "transformers")


@pytest.mark.parametrize("name", mamex.__all__)
def test_every_name_is_there(name):
    value = getattr(mamex, name)
    assert name in dir(mamex)
    assert value is getattr(mamex, name)
    if callable(value):
        assert value.__doc__


def test_type_checkers_see_what_is_imported():
    seen = {
        alias.asname or alias.name: f"{node.module}:{alias.name}"
        for block in ast.parse((LIBRARY / "__init__.py").read_text(encoding="utf-8")).body
        if isinstance(block, ast.If)
        for node in ast.walk(block)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == mamex._PLACES
    assert sorted(seen) == sorted(mamex.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = mamex.nothing


@pytest.mark.parametrize(
    "code",
    [
        "import mamex",
        "import mamex; mamex.MamexError",
        "from mamex.cli.main import main\ntry: main(['--help'])\nexcept SystemExit: pass",
        "from mamex.cli.main import main\ntry: main(['train', '--help'])\nexcept SystemExit: pass",
    ],
)
def test_nothing_heavy_is_imported_before_it_is_needed(code):
    code += f"\nimport sys; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_library_imports_from_its_modules():
    """The public face would send the benchmark's fingerprint, which follows imports, nowhere."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in LIBRARY.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.ImportFrom) and node.module == "mamex")
        or (isinstance(node, ast.ImportFrom) and node.level > 0)
        or (isinstance(node, ast.Import) and any(alias.name == "mamex" for alias in node.names))
    ]
    assert found == []


def test_train_needs_two_folders_only_and_tells_the_log(tmp_path, monkeypatch, caplog):
    monkeypatch.setenv("MAMEX_CACHE", str(tmp_path / "cache"))
    write_tiny_dataset(tmp_path / "shop")
    config = mamex.override(mamex.Config(), ["training.epochs=2", "model.dimension=16"])
    with caplog.at_level(logging.INFO, logger="mamex"):
        trained = mamex.train(str(tmp_path / "shop"), str(tmp_path / "run"), config)
    assert mamex.load_checkpoint(tmp_path / "run").identifier == trained.identifier
    assert "ndcg@20" in caplog.text and f"Saved to {tmp_path / 'run'}" in caplog.text
    assert set(mamex.evaluate(str(tmp_path / "run"))["methods"]) >= {"mamex", "ridge"}
