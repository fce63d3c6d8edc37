"""A fingerprint of the code that a method's numbers depend on, so that results of older code are not taken for new.

It follows a module's imports inside ``mamex`` and hashes their syntax trees without docstrings: comments, docstrings
and layout don't matter. Where data come from is left out, because the data are fingerprinted themselves; so are the
few lines of the benchmark that call a method.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

#: What leads away from a method: reading, settings (their values are part of the key) and output.
LEAVES = frozenset(
    f"mamex.{name}" for name in ("config", "dataset", "errors", "features", "files", "progress", "splits")
)


@lru_cache
def code_fingerprint(module: str) -> str:
    """SHA-256 of ``module`` and of all modules of ``mamex`` that it imports, directly or not.

    Args:
        module: its full name, such as ``mamex.training``.
    """
    found: dict[str, str] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name not in found and name not in LEAVES:
            tree = _tree(name)
            found[name] = ast.dump(tree)
            waiting += _imports(tree)
    return hashlib.sha256("\n".join(f"{name} {found[name]}" for name in sorted(found)).encode()).hexdigest()


def _tree(module: str) -> ast.Module:
    spec = find_spec(module)
    assert spec is not None and spec.origin is not None, module
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:]
    return tree


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "mamex":
            yield from (f"mamex.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("mamex."):
            yield node.module
