"""Every setting of a run beside its default, for whoever looks at a model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from mamex.config.sections import Config


@dataclass(frozen=True)
class Setting:
    """One setting."""

    name: str  # as the command line takes it, such as model.experts
    value: str
    default: str
    meaning: str

    @property
    def changed(self) -> bool:
        """Whether it differs from the default."""
        return self.value != self.default


def list_settings(config: Config) -> list[Setting]:
    """Every setting of a run, in the order of ``mamex.config``."""
    return _settings(config, Config(), "")


def _settings(section: BaseModel, defaults: BaseModel, prefix: str) -> list[Setting]:
    found: list[Setting] = []
    for name, field in type(section).model_fields.items():
        value, default = getattr(section, name), getattr(defaults, name)
        if isinstance(value, BaseModel):
            found += _settings(value, default, f"{prefix}{name}.")
        else:
            found.append(Setting(prefix + name, _written(value), _written(default), field.description or ""))
    return found


def _written(value: Any) -> str:
    """A value as ``--set`` takes it."""
    return ",".join(map(str, value)) if isinstance(value, tuple) else "none" if value is None else str(value)
