"""What the doors look at in a request, read once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from starlette.datastructures import Headers

from app.doors.settings import THIS_MACHINE, DoorSettings, host_name, is_loopback

#: Headers that a proxy adds; a browser's page can't, without being asked for it first.
FORWARDING = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
#: By these headers Gradio's own servers tell each other addresses; a visitor's would be believed.
_NOT_FOR_VISITORS = (b"x-gradio-server",)


@dataclass(frozen=True)
class Incoming:
    """One request.

    Attributes:
        scope: as the server gives it; its path is without the path at which a proxy shows the page.
        headers: of the request.
    """

    scope: dict[str, Any]
    headers: Headers

    @classmethod
    def of(cls, scope: dict[str, Any], settings: DoorSettings) -> Incoming:
        """The request, whether the proxy before the page took its path away or left it."""
        path, root = scope["path"], settings.root_path
        if root and (path == root or path.startswith(f"{root}/")):
            path = path.removeprefix(root) or "/"
            scope = {**scope, "path": path, "raw_path": path.encode("utf-8", "surrogateescape")}
        kept = [(name, value) for name, value in scope["headers"] if name.lower() not in _NOT_FOR_VISITORS]
        scope = {**scope, "headers": kept}
        return cls(scope, Headers(scope=scope))

    @property
    def path(self) -> str:
        """From the page's own top."""
        return str(self.scope["path"])

    @property
    def method(self) -> str:
        """In capitals."""
        return str(self.scope["method"])

    @property
    def changes_something(self) -> bool:
        """Whether it is more than a look."""
        return self.method not in ("GET", "HEAD", "OPTIONS")

    @cached_property
    def hosts(self) -> list[str]:
        """All that it calls the page by: its own header's, and those that a proxy heard."""
        forwarded = ",".join(self.headers.getlist("x-forwarded-host"))
        return [*(self.headers.getlist("host") or [""]), *(name for name in forwarded.split(",") if name.strip())]

    @property
    def forwarded(self) -> bool:
        """Whether it came through a proxy."""
        return any(name in self.headers for name in FORWARDING)

    @property
    def address(self) -> str:
        """Who sent it; behind a proxy on this machine, who that proxy heard."""
        client = self.scope.get("client")
        return str(client[0]) if client else ""

    @property
    def length(self) -> int | None:
        """Bytes of its body as it states them; None if it doesn't."""
        stated = self.headers.get("content-length", "")
        return int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 16 else None


def is_from_this_machine(headers: Headers, client: str | None, settings: DoorSettings) -> bool:
    """Whether somebody at this very machine sent a request, and not by a proxy on it."""
    return (
        not settings.root_path
        and not any(name in headers for name in FORWARDING)
        and host_name(headers.get("host", "")) in THIS_MACHINE
        and client is not None
        and is_loopback(client)
    )
