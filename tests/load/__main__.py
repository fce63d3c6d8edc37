"""``python -m tests.load``, which is what ``make load`` does: put the page under load, and write the figures."""

from __future__ import annotations

import os

os.environ["HF_HUB_OFFLINE"] = "1"  # before anything imports the hub's client, which reads it once
os.environ["OMP_NUM_THREADS"] = "1"  # the page has as many, so that numbers are the same

import argparse
import sys
import tempfile
from pathlib import Path

import app  # noqa: F401  (the page must be what imports Gradio)
from mamex.files.writing import write_json, write_text
from tests.load.figures import as_json, as_page
from tests.load.measuring import Size, measure

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Write the figures; 1 if something is not as it must be."""
    parser = argparse.ArgumentParser(prog="python -m tests.load", description="Put the page under load.")
    parser.add_argument("--checkpoint", type=Path, default=ROOT / "checkpoints" / "demo")
    parser.add_argument("--clients", type=int, default=Size.clients)
    parser.add_argument("--seconds", type=float, default=Size.seconds)
    parser.add_argument("--launches", type=int, default=Size.launches)
    parser.add_argument("--products", type=int, default=Size.products, help="of each client")
    parser.add_argument("--out", type=Path, default=ROOT / "assets" / "results" / "load")
    given = parser.parse_args()
    size = Size(given.clients, given.seconds, given.launches, products=given.products)
    with tempfile.TemporaryDirectory(prefix="mamex-load-") as folder:
        figures = as_json(measure(given.checkpoint.resolve(), Path(folder), size))
    write_json(given.out / "load.json", figures)
    write_text(given.out / "README.md", as_page(figures))
    print(as_page(figures))
    return 1 if figures["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
