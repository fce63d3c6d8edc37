"""What a hostile case is, and what is observed when it is performed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

Door = Literal["command line", "library", "HTTP", "MCP"]
DOORS: tuple[Door, ...] = ("command line", "library", "HTTP", "MCP")

#: What may come of a case; the first two are as it should be.
Outcome = Literal["right answer", "one sentence", "vague", "traceback", "hang", "memory", "silent", "leak"]
OUTCOMES: tuple[Outcome, ...] = (
    "right answer",
    "one sentence",
    "vague",
    "traceback",
    "hang",
    "memory",
    "silent",
    "leak",
)

#: What a case calls for: a right answer; a refusal in one sentence; either of them (what was sent has a meaning that
#: may be taken or refused); or only that nothing breaks (roads that are no part of what the product offers).
Right = Literal["answer", "refusal", "either", "harmless"]


@dataclass(frozen=True)
class Case:
    """One thing that a hostile person sends.

    Attributes:
        id: the family and a name, such as ``checkpoint manifest/users is null``.
        door: by which it comes.
        send: given the door's place, what is sent (an argument list, a call, a conversation); made when it is needed.
        right: what it calls for.
        taken_is: what it is called if it is answered although it calls for a refusal.
        check: whether an answer is right; None where any answer is.
        list_of_faults: whether what is wrong is several things, so that a refusal may be a list.
        page: which of the pages it visits.
    """

    id: str
    door: Door
    send: Callable[[Any], Any]
    right: Right = "refusal"
    taken_is: Outcome = "silent"
    check: Callable[[Any], bool] | None = None
    list_of_faults: bool = False
    page: Literal["open", "locked"] = "open"

    @property
    def family(self) -> str:
        return self.id.partition("/")[0]


@dataclass(frozen=True)
class Observation:
    """What came of a case.

    Attributes:
        refused: whether the caller was told no.
        said: the message of the refusal; "" if there was none.
        answer: what was answered otherwise.
        text: everything that the caller got to see.
        log: what the server, or the command, wrote for its owner.
        seconds: how long it took.
        megabytes: by how much the process grew at its peak.
        secrets: what must not be in ``text``: bytes of files that are not the caller's, paths that they did not name.
        noticed: what else gave something away, in words: another machine was asked, an answer told that a file exists.
        broke: the server answered with a fault of its own (5xx), or the process was killed.
    """

    refused: bool
    said: str = ""
    answer: Any = None
    text: str = ""
    log: str = ""
    seconds: float = 0.0
    megabytes: float = 0.0
    secrets: tuple[str, ...] = field(default=(), repr=False)
    noticed: tuple[str, ...] = ()
    broke: bool = False
