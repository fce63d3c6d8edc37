"""What agents are told when they call a tool that the page doesn't have, or call one in the wrong way."""

from __future__ import annotations

from typing import Any

from mcp import types

from app.doors.refusal import Refusal

_NO_CALL = Refusal(
    400, "A tool is called by its name, which is a text, with its arguments as an object; tools/list shows both."
)
_NO_TOOL = "The page has no such tool; use one of those that tools/list names."


def call_refusal(message: object) -> Refusal | None:
    """Of a message that should call a tool, and names none or brings no arguments by name; the protocol's own answer
    to it says nothing but that it is invalid."""
    messages = message if isinstance(message, list) else [message]
    return None if all(map(_is_sound, messages)) else _NO_CALL


def _is_sound(message: object) -> bool:
    if not isinstance(message, dict) or message.get("method") != "tools/call":
        return True
    called = message.get("params")
    if not isinstance(called, dict):
        return False
    return isinstance(called.get("name"), str) and isinstance(called.get("arguments", {}), dict | None)


def refuse_unknown(server: Any, tools: Any) -> None:
    """Answer calls of unknown tools in a sentence.

    Args:
        server: the low-level MCP server that Gradio made.
        tools: a container of the names of the page's tools.
    """
    call = server.request_handlers[types.CallToolRequest]

    async def known(request: types.CallToolRequest) -> types.ServerResult:
        if request.params.name in tools:
            return await call(request)
        said = types.TextContent(type="text", text=_NO_TOOL)
        return types.ServerResult(types.CallToolResult(content=[said], isError=True))

    server.request_handlers[types.CallToolRequest] = known
