"""Settings as people write them: checked, put on top of others, and named when they are unknown."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from mamex.config.sections import SHOWN, Config, Section, shortened
from mamex.errors import ConfigError


def parse_config(settings: dict[str, Any]) -> Config:
    """Check a nested dictionary of settings.

    Raises:
        ConfigError: one sentence on the first setting that is unknown (with the nearest known name) or wrong.
    """
    try:
        return Config.model_validate(settings)
    except ValidationError as error:
        raise ConfigError(_explain(error)) from error


def override(config: Config, assignments: Iterable[str]) -> Config:
    """Apply command-line settings such as ``model.experts=6``; lists are written ``model.modalities=image,text``.

    Raises:
        ConfigError: a setting is unknown, lacks its ``=``, or has a value it can't take.
    """
    settings = config.model_dump()
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not equals:
            raise ConfigError(
                f"{shortened(assignment)} is not a setting; write it as NAME=VALUE, for example model.experts=6."
            )
        _check_name(name)
        *sections, key = name.split(".")
        target = settings
        for section in sections:
            target = target[section]
        target[key] = _taken(value, target[key])
    return parse_config(settings)


def _taken(value: str, before: Any) -> Any:
    """What a value of the command line stands for: a list between commas, nothing, or what pydantic reads it as."""
    if isinstance(before, tuple):
        return [entry.strip() for entry in value.split(",")] if value else []
    return None if value.strip().lower() == "none" else value


def setting_names() -> list[str]:
    """Every setting's full name, such as ``model.experts``."""
    names: list[str] = []
    for name, field in Config.model_fields.items():
        section = field.annotation
        if isinstance(section, type) and issubclass(section, Section):
            names += [f"{name}.{key}" for key in section.model_fields]
        else:
            names.append(name)
    return names


def _check_name(name: str) -> None:
    if name not in setting_names():
        raise ConfigError(_unknown(name))


def _unknown(name: str) -> str:
    known = setting_names()
    nearest = difflib.get_close_matches(name[:SHOWN], known, n=1, cutoff=0) or known[:1]
    return f"There is no setting {shortened(name)}; did you mean '{nearest[0]}'?"


def _explain(error: ValidationError) -> str:
    fault = error.errors()[0]
    name = ".".join(str(part) for part in fault["loc"] if not isinstance(part, int))
    if fault["type"] == "extra_forbidden":
        return _unknown(name)
    if fault["type"] == "value_error":
        return f"{fault['ctx']['error']}."
    given = json.dumps(fault["input"], default=str)
    given = given if len(given) <= SHOWN else given[: SHOWN - 1] + "…"
    return f"The setting {name} can't be {given}: {fault['msg'][0].lower()}{fault['msg'][1:]}."
