"""Settings that go together under one name, as ``--preset NAME``: files beside this one, each of which says what for.

They hold what differs from the defaults, in the sections of ``mamex.config``.
"""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path

from mamex.config import SHOWN, Config, parse_config, shortened
from mamex.errors import ConfigError

FOLDER = Path(__file__).parent


def preset_names() -> list[str]:
    """Every preset there is."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def read_preset(name: str | None) -> Config:
    """The settings of a preset; the defaults if it is None.

    Raises:
        ConfigError: there is none of that name; the message names the nearest.
    """
    if name is None:
        return Config()
    known = preset_names()
    if name not in known:
        nearest = difflib.get_close_matches(name[:SHOWN], known, n=1, cutoff=0) or known[:1]
        raise ConfigError(f"There is no preset {shortened(name)}; did you mean '{nearest[0]}'?")
    return parse_config(tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8")))
