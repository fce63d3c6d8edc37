"""Programs in processes of their own, with settings and places that make no sense; a few, since each takes seconds."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from typing import Any

from tests.hostile.doors.forks import Place, Program
from tests.hostile.doors.page import free_port
from tests.hostile.judging.cases import Case


def cases() -> Iterator[Case]:
    """All of them."""
    commands = {
        "check /dev/zero": ["check", "/dev/zero"],
        "check of a name that is not UTF-8": ["check", os.fsdecode(b"\xff")],
    }
    for what, words in commands.items():
        yield _case(what, lambda place, words=words: Program(["-m", "mamex", *words], {}), list_of_faults=True)
    environments: dict[str, dict[str, str]] = {
        "MAMEX_OWN_SHOP of nonsense": {"MAMEX_OWN_SHOP": "perhaps"},
        "MAMEX_HOSTS of addresses": {"MAMEX_HOSTS": "http://a/b"},
        "MAMEX_RATE of words": {"MAMEX_RATE": "many"},
        "MAMEX_DISK_MB below 0": {"MAMEX_DISK_MB": "-1"},
        "MAMEX_SESSIONS of no number": {"MAMEX_SESSIONS": "nan"},
        "MAMEX_FRAME_ANCESTORS that ends the header": {"MAMEX_FRAME_ANCESTORS": "*; script-src *"},
        "GRADIO_SERVER_PORT of words": {"GRADIO_SERVER_PORT": "http"},
        "GRADIO_SERVER_NAME of nobody": {"GRADIO_SERVER_NAME": "no.such.name.invalid"},
        "a scratch folder that is a file": {"GRADIO_TEMP_DIR": "/dev/null"},
        "a checkpoint that is none": {"MAMEX_CHECKPOINT": "/dev/null"},
    }
    for what, environment in environments.items():
        yield _case(f"page with {what}", _page([], environment))
    for what, words in {
        "a port above the last": ["--port", "99999"],
        "a port below 0": ["--port", "-5"],
        "a port of words": ["--port", "x"],
        "the name of another machine": ["--host", "203.0.113.9"],
        "a name with a blank": ["--host", "a b"],
        "a checkpoint with NUL's name": ["--checkpoint", "/proc/self/mem"],
    }.items():
        yield _case(f"page with {what}", _page(words, {}))
    yield _case("page on a port that is taken", _taken)


def _case(what: str, send: Callable[[Place], Program], **more: Any) -> Case:
    return Case(f"own process/{what}", "command line", send, **more)


def _page(words: list[str], environment: dict[str, str]) -> Callable[[Place], Program]:
    def send(place: Place) -> Program:
        port = [] if "--port" in words or "GRADIO_SERVER_PORT" in environment else ["--port", str(free_port())]
        own = {"MAMEX_CHECKPOINT": str(place.checkpoint), "GRADIO_TEMP_DIR": str(place.folder)}
        return Program(["app/main.py", *port, *words], {**own, **environment})

    return send


def _taken(place: Place) -> Program:
    """Somebody else listens there."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    _KEPT.append(listener)
    return _page(["--port", str(listener.getsockname()[1])], {})(place)


#: Listeners that hold their ports until this process ends.
_KEPT: list[socket.socket] = []
