"""The example notebook, run without Jupyter: ``python -m tests.documents.notebook`` fills in what its cells print."""

from __future__ import annotations

import contextlib
import io
import json
import os
from pathlib import Path
from typing import Any

NOTEBOOK = Path(__file__).resolve().parents[2] / "assets" / "examples" / "launch_a_product.ipynb"


def code_cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def run(notebook: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Execute the code cells in order in one namespace; that namespace, and what each cell printed."""
    names: dict[str, Any] = {}
    printed = []
    for cell in code_cells(notebook):
        with contextlib.redirect_stdout(io.StringIO()) as stream:
            exec(compile("".join(cell["source"]), f"{NOTEBOOK.name}, cell {cell['id']}", "exec"), names)
        printed.append(stream.getvalue())
    return names, printed


def shown(notebook: dict[str, Any]) -> list[str]:
    """What the file says that each code cell prints."""
    return ["".join(line for output in cell["outputs"] for line in output["text"]) for cell in code_cells(notebook)]


def fill_in(path: Path) -> None:
    """Run a notebook and write what its cells print into it."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    _, printed = run(notebook)
    for number, (cell, text) in enumerate(zip(code_cells(notebook), printed, strict=True), start=1):
        lines = text.splitlines(keepends=True)
        cell["outputs"] = [{"name": "stdout", "output_type": "stream", "text": lines}] if lines else []
        cell["execution_count"] = number
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    os.chdir(NOTEBOOK.parent)
    fill_in(NOTEBOOK)
