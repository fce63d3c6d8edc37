"""Which addresses the page has. Gradio offers more, for things that this page doesn't do."""

from __future__ import annotations

import re

from app.doors.refusal import Refusal
from app.doors.request import Incoming

UPLOAD, MCP = "/gradio_api/upload", "/gradio_api/mcp"
LOGIN, LOGOUT = "/login", "/logout"

_KNOWN = re.compile(
    r"""/ | /config/? | /theme\.css | /favicon\.ico | /robots\.txt | /manifest\.json | /pwa_icon(/\d+)?
    | /(assets|static|svelte)/.*
    | /gradio_api/(info|openapi\.json|startup-events|app_id|user|token|login_check|upload|upload_progress|cancel|reset
        |theme\.css)/?
    | /gradio_api/queue/(join|data|status)
    | /gradio_api/(run|api|call|call/v2)/[^/]+(/[^/]+)?/?
    | /gradio_api/heartbeat/[^/]+
    | /gradio_api/file=(?!\w\w+:).*
    | /gradio_api/mcp(/.*)?""",
    re.VERBOSE | re.DOTALL,
)
#: Bytes of a part of a path, and of all of it, that a file system takes.
_MOST_OF_A_NAME, _MOST_OF_A_PATH = 255, 4000
_NOTHING = Refusal(404, "There is nothing at this address; start at the page's own.")


def path_refusal(request: Incoming) -> Refusal | None:
    """No to every address that is none of the page's own."""
    path = request.path
    too_long = len(path) > _MOST_OF_A_PATH or any(
        len(part.encode("utf-8", "surrogatepass")) > _MOST_OF_A_NAME for part in path.split("/")
    )
    return None if not too_long and _KNOWN.fullmatch(path) else _NOTHING
