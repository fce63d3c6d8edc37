"""What agents are told when they call a tool that the page doesn't have, or call one in the wrong way."""

from __future__ import annotations

from typing import Any

from mcp import types

_NO_TOOL = "The page has no such tool; use one of those that tools/list names."


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
