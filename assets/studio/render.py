"""Photograph every product: `python render.py` (add `--help` for options).

Skips pictures that exist, so it can be stopped and started again at will.
"""

import argparse
import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

import models
import stage
from archetypes import BY_NAME
from catalogue import SEED, Product, sample_catalogue, stream
from look import Look
from paths import IMAGES


def render_product(product: Product, path: Path, samples: int, seed: int = SEED) -> None:
    """Model the product (or the carton that hides it) and photograph it to `path`."""
    stage.clear()
    view = stream("view", product.image, seed)
    if product.picture == "carton":
        models.carton.build(view)
        mount = "floor"
    else:
        detail = stream("detail", product.item_id, seed)
        look = Look(product.form, product.colour, product.material, product.pattern, product.accent, detail)
        models.build(product.archetype, look)
        mount = BY_NAME[product.archetype].mount
    part = path.with_suffix(f".{os.getpid()}.part.webp")
    with _quiet():
        stage.photograph(part, mount, view, samples)
    part.replace(path)


@contextlib.contextmanager
def _quiet():
    """Keep Blender's progress lines, written by C code, out of the log."""
    sys.stdout.flush()
    saved, sink = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 1)
    try:
        yield
    finally:
        os.dup2(saved, 1)
        os.close(saved)
        os.close(sink)


def work(share: int, workers: int, options: argparse.Namespace) -> None:
    """Render every `workers`-th picture that is still missing."""
    options.out.mkdir(parents=True, exist_ok=True)
    products = list({p.image: p for p in sample_catalogue() if p.image}.values())
    if options.only:
        products = [p for p in products if p.archetype in options.only]
    if options.per_archetype:
        products = _first_photos(products, options.per_archetype)
    started, made = time.time(), 0
    for product in products[share::workers]:
        path = options.out / product.image
        if path.exists():
            continue
        render_product(product, path, options.samples)
        made += 1
        if made % 10 == 0:
            print(f"worker {share}: {made} pictures, {(time.time() - started) / made:.1f} s each", flush=True)
    print(f"worker {share}: done, {made} pictures", flush=True)


def _first_photos(products: list[Product], count: int) -> list[Product]:
    chosen, seen = [], {}
    for product in products:
        seen.setdefault(product.archetype, 0)
        if product.picture == "photo" and seen[product.archetype] < count:
            seen[product.archetype] += 1
            chosen.append(product)
    return sorted(chosen, key=lambda p: p.archetype)


def main() -> None:
    """Split the work among processes of one Cycles thread each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=IMAGES)
    parser.add_argument("--samples", type=int, default=8)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--share", type=int, help="run only this worker, in this process")
    parser.add_argument("--per-archetype", type=int, help="a trial: only so many photos of each archetype")
    parser.add_argument("--only", nargs="*", help="only these archetypes")
    options = parser.parse_args()
    if options.share is not None:
        work(options.share, options.workers, options)
        return
    command = [sys.executable, *sys.argv]
    workers = [subprocess.Popen([*command, "--share", str(n)]) for n in range(options.workers)]
    sys.exit(max(w.wait() for w in workers))


if __name__ == "__main__":
    main()
