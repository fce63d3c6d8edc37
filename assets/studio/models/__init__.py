"""Parametric models: one module a category, one function an archetype."""

import importlib

from archetypes import BY_NAME

from . import carton as carton


def build(archetype, look):
    """Model one product into the current scene."""
    module = importlib.import_module(f"models.{BY_NAME[archetype].category}")
    getattr(module, archetype)(look)
