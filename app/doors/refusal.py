"""How a door says no: one sentence, the same for pages and programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.responses import JSONResponse


@dataclass(frozen=True)
class Refusal:
    """A request that is not let in.

    Attributes:
        status: of the answer.
        sentence: what is wrong, and what to do.
        headers: further ones of the answer.
    """

    status: int
    sentence: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> JSONResponse:
        """The answer; ``detail`` is where Gradio's own clients look."""
        content = {"error": self.sentence, "detail": self.sentence}
        # What is left of the request is not read, so the connection can't serve another.
        return JSONResponse(content, self.status, {"Connection": "close", **self.headers})


#: What is said where nothing that the visitor sent is at fault.
FAILED = Refusal(500, "Something went wrong on our side; the details are in the log of the server. Please try again.")
