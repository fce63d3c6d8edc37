"""A fingerprint of the code that a method's numbers depend on, so that results of older code are not taken for new.

It starts at the function or class that computes them and follows the names that its definition uses, through imports,
to the definitions behind them. What is hashed is their syntax, without docstrings, import lines and the types of
arguments: comments, layout, what else a module holds, and which module holds what don't matter. So a function may
move, and its results are still known. Where data come from is left out, because the data are fingerprinted
themselves; so are the few lines of the benchmark that call a method.
"""

from __future__ import annotations

import ast
import copy
import hashlib
import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

#: What leads away from a method: reading, settings (their values are part of the key) and output.
LEAVES = frozenset(
    {
        "mamex.config",
        "mamex.config.assignments",
        "mamex.config.listing",
        "mamex.config.sections",
        "mamex.data.dataset",
        "mamex.errors",
        "mamex.encoders.features",
        "mamex.files.writing",
        "mamex.progress",
        "mamex.data.splits",
    }
)
#: In the place of a name: everything that a module defines.
_ALL = "*"


class Definition(NamedTuple):
    """A name at the outermost level of a module."""

    module: str
    name: str


def code_fingerprint(entry: Callable[..., Any]) -> str:
    """SHA-256 of the definition of a function or class and of all those of ``mamex`` that it uses, directly or not."""
    return _hash(Definition(entry.__module__, entry.__qualname__.partition(".")[0]))


@lru_cache
def _hash(entry: Definition) -> str:
    return hashlib.sha256("\n".join(sorted(set(definitions_behind(entry).values()))).encode()).hexdigest()


def earlier_fingerprints(code: str) -> list[str]:
    """Fingerprints of earlier code that is known to compute the same numbers, to the last digit.

    They are written down in ``earlier_code.json`` beside this module, by what the code is now: once it changes, nothing
    that was computed before is taken for its results.

    Args:
        code: of a method, and of what scores it, one after the other.
    """
    return list(_earlier().get(code, ()))


@lru_cache
def _earlier() -> dict[str, list[str]]:
    known: dict[str, list[str]] = json.loads(Path(__file__).with_name("earlier_code.json").read_text(encoding="utf-8"))
    return known


def definitions_behind(entry: Definition) -> dict[Definition, str]:
    """What a definition uses, directly or not, itself included, and the syntax of each.

    A name may be that of something local which only looks like one of the module: too much is followed rather than
    too little. Where a whole module is imported, all of it is followed.
    """
    found: dict[Definition, str] = {}
    waiting = [entry]
    while waiting:
        wanted = waiting.pop()
        if wanted in found or wanted.module in LEAVES:
            continue
        module = _read(wanted.module)
        if wanted.name == _ALL:
            waiting += [Definition(wanted.module, name) for name in module.statements]
        elif wanted.name in module.statements:
            statements = module.statements[wanted.name]
            found[wanted] = "\n".join(ast.dump(_Bare().visit(copy.deepcopy(statement))) for statement in statements)
            waiting += [Definition(wanted.module, name) for name in _names(statements)]
            waiting.append(Definition(wanted.module, ""))
        waiting += module.imports.get(wanted.name, [])
    return found


class _Module(NamedTuple):
    """Statements by the name that they define ("" for those that define none), and imports from ``mamex`` by name."""

    statements: dict[str, list[ast.stmt]]
    imports: dict[str, list[Definition]]


@lru_cache
def _read(module: str) -> _Module:
    spec = find_spec(module)
    assert spec is not None and spec.origin is not None, module
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    read = _Module({}, {})
    for statement in tree.body:
        for name in _defined(statement):
            read.statements.setdefault(name, []).append(statement)
    for node in ast.walk(tree):
        for name, definition in _imported(node):
            read.imports.setdefault(name, []).append(definition)
    return read


def _defined(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [statement.name]
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        stored = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
        return [node.id for node in stored if isinstance(node.ctx, ast.Store)] or [""]
    is_string = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return [] if is_string or isinstance(statement, ast.Import | ast.ImportFrom) else [""]


def _imported(node: ast.AST) -> Iterator[tuple[str, Definition]]:
    """Local names that an import line gives to what is in ``mamex``."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            if _is_ours(alias.name):
                yield alias.asname or "mamex", Definition(alias.name, _ALL)
    elif isinstance(node, ast.ImportFrom) and node.module and _is_ours(node.module):
        for alias in node.names:
            whole = find_spec(f"{node.module}.{alias.name}") if _is_package(node.module) else None
            target = Definition(f"{node.module}.{alias.name}", _ALL) if whole else Definition(node.module, alias.name)
            yield alias.asname or alias.name, target


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] == "mamex"


@lru_cache
def _is_package(module: str) -> bool:
    spec = find_spec(module)
    return spec is not None and spec.submodule_search_locations is not None


def _names(statements: list[ast.stmt]) -> set[str]:
    return {node.id for statement in statements for node in ast.walk(statement) if isinstance(node, ast.Name)}


class _Bare(ast.NodeTransformer):
    """Takes out what can't change a number."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self._without_words(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return self._without_words(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_Import(self, node: ast.Import) -> ast.AST:
        return ast.Pass()

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST:
        return ast.Pass()

    def _without_words(self, node: ast.FunctionDef | ast.ClassDef) -> ast.AST:
        if ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:]
        self.generic_visit(node)
        node.body = [statement for statement in node.body if not isinstance(statement, ast.Pass)]
        return node
