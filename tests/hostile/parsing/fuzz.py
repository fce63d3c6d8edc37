"""Coverage-guided fuzzing of our own parsers: nothing but a ``MamexError`` may come out of any of them.

::

    python -m venv fuzz && fuzz/bin/pip install atheris -r requirements.txt
    fuzz/bin/python tests/hostile/parsing/fuzz.py TARGET [corpus folder] [-max_total_time=600 …]    # libFuzzer's

TARGET is one of ``parsers.PARSERS``; with ``all`` each is fuzzed in turn. An input that crashes is written beside the
corpus folder and becomes a case of ``tests/hostile``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT)]

import atheris  # noqa: E402

with atheris.instrument_imports(include=["mamex"]):
    from mamex.config import Config
    from tests.hostile.parsing.parsers import PARSERS, only_our_errors

SECONDS = 600
SOUND = ROOT / "checkpoints" / "demo" / "checkpoint.json"


def input_of(name: str, data: bytes) -> bytes:
    """What a parser is given: the input itself, or, for JSON of a fixed shape, a sound one that the input spoils."""
    if name == "manifest" and data[:1] not in (b"{", b"["):
        return _spoilt(json.loads(SOUND.read_text()), data)
    if name == "settings" and data[:1] != b"=":
        return _spoilt(Config().model_dump(mode="json"), data)
    return data


def _spoilt(sound: dict[str, Any], data: bytes) -> bytes:
    """JSON of a sound object with two entries, at any depth, replaced by what the input says."""
    given = atheris.FuzzedDataProvider(data)
    for _ in range(2):
        inside: Any = sound
        while True:
            keys = list(inside) if isinstance(inside, dict) else list(range(len(inside)))
            key = given.PickValueInList(keys) if keys else "new"
            if keys and isinstance(inside[key], (dict, list)) and inside[key] and given.ConsumeBool():
                inside = inside[key]
                continue
            if isinstance(inside, dict) and given.ConsumeIntInRange(0, 9) == 0:
                key = given.ConsumeUnicode(20)
            if isinstance(inside, dict) or keys:
                inside[key] = _value(given, 3)
            break
    return json.dumps(sound).encode()


def _value(given: Any, depth: int) -> Any:
    kind = given.ConsumeIntInRange(0, 7 if depth else 5)
    if kind < 6:
        makers: tuple[Callable[[], Any], ...] = (
            lambda: None,
            given.ConsumeBool,
            lambda: given.ConsumeInt(9),
            given.ConsumeFloat,
            lambda: given.ConsumeUnicode(40),
            lambda: "x" * given.ConsumeIntInRange(0, 5000),
        )
        return makers[kind]()
    several = [_value(given, depth - 1) for _ in range(given.ConsumeIntInRange(0, 3))]
    return several if kind == 6 else {given.ConsumeUnicode(9): value for value in several}


def seeds(name: str, folder: Path) -> None:
    """Inputs to begin with: those of the corpus that are small."""
    from tests.hostile.files.manifests import WRONG
    from tests.hostile.files.picture_files import pictures
    from tests.hostile.files.table_files import BOUGHT, ITEMS, of_items
    from tests.hostile.files.zip_files import zips

    made: list[bytes] = [b"{}", b"title,description,image\nHat,Warm,\n"]
    if name == "picture":
        large = ("8000", "7000", "2000", "6", "wide", "mov")
        made = [make() for file, make, _ in pictures() if not file.startswith(large)]
    elif name == "archive":
        made = [make() for what, make, _ in zips() if "B" not in what and "00,000" not in what]
    elif name in ("tables", "planned"):
        made += [make() + b"\x00\x00" + BOUGHT.encode() for what, _, make, _ in of_items() if "B" not in what]
        made.append(ITEMS.encode() + b"\x00\x00" + BOUGHT.encode())
    elif name == "manifest":
        sound = json.loads(SOUND.read_text())
        made = [json.dumps({**sound, key: value}).encode() for key in sound for value in (sound[key], *WRONG.values())]
        made += [bytes(range(200)), b"x" * 50]
    elif name == "settings":
        made += [b"=model.experts=6\ntraining.epochs=5", b"=training.learning_rate=0.5", bytes(range(200))]
    for number, content in enumerate(made):
        if len(content) < 20_000:
            (folder / str(number)).write_bytes(content)


def main() -> None:
    """Fuzz one target in this process, or each in a process of its own."""
    name, *options = sys.argv[1:] or ["all"]
    if name == "all":
        for one in PARSERS:
            options = options or [f"-max_total_time={SECONDS}"]
            subprocess.run([sys.executable, __file__, one, *options], check=False)
        return
    parser = PARSERS[name]
    # In memory, where there is such a place: a file is written for every input.
    place = Path(tempfile.mkdtemp(prefix="fuzz-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
    corpus = [option for option in options if not option.startswith("-")]
    folder = Path(corpus[0] if corpus else tempfile.mkdtemp(prefix=f"fuzz-{name}-"))
    folder.mkdir(parents=True, exist_ok=True)
    seeds(name, folder)
    flags = [option for option in options if option.startswith("-")]
    limits = ["-timeout=30", "-rss_limit_mb=3000", "-max_len=20000", "-print_final_stats=1"]
    kept = f"-artifact_prefix={folder.parent / folder.name}-crash-"
    atheris.Setup(
        [sys.argv[0], str(folder), *limits, kept, *flags],
        lambda data: only_our_errors(parser, place, input_of(name, data)),
    )
    atheris.Fuzz()


if __name__ == "__main__":
    os.environ["HF_HUB_OFFLINE"] = "1"
    main()
