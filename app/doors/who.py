"""By which names the page may be called, and from which sites."""

from __future__ import annotations

from urllib.parse import urlsplit

from app.doors.refusal import Refusal
from app.doors.request import Incoming
from app.doors.settings import THIS_MACHINE, DoorSettings, host_name

_PORTS = {"http": 80, "https": 443}


def host_refusal(request: Incoming, settings: DoorSettings) -> Refusal | None:
    """No to a name that is not the page's own.

    A site can let its own name point to this machine, and a browser then takes the page for a part of that site ("DNS
    rebinding"): it may read and do everything. The name in the request tells.
    """
    for header in request.hosts:
        name = host_name(header)
        if not name or not settings.knows(name):
            called = f"the name {name[:80]}" if name else "this Host header"
            return Refusal(
                421,
                f"This page does not answer to {called}; call it by its own address, or let whoever runs it add the "
                "name to MAMEX_HOSTS.",
            )
    return None


def origin_refusal(request: Incoming, settings: DoorSettings) -> Refusal | None:
    """No to what another site's page sends, which could use a visitor's browser to fill the disk or to spy."""
    origin = request.headers.get("origin")
    if origin is not None and not _is_own(origin, request, settings):
        return _FOREIGN
    site = request.headers.get("sec-fetch-site", "")
    if request.changes_something and site not in ("", "same-origin", "none"):
        return _FOREIGN
    return None


_FOREIGN = Refusal(403, "Pages of other sites can't use this one; open it by its own address.")


def _is_own(origin: str, request: Incoming, settings: DoorSettings) -> bool:
    try:
        address = urlsplit(origin)
        name, port = address.hostname, address.port or _PORTS.get(address.scheme)
    except ValueError:
        return False
    if not name or address.scheme not in _PORTS:
        return False
    # A proxy may drop the port from what it passes on, or call the page by a name of its own.
    if request.forwarded or settings.root_path or settings.secure:
        return name in map(host_name, request.hosts) or (name not in THIS_MACHINE and name in settings.hosts)
    return any(name == host_name(header) and port == _port(header, address.scheme) for header in request.hosts)


def _port(header: str, scheme: str) -> int | None:
    number = header.strip().rpartition(":")[2]
    return int(number) if number.isascii() and number.isdigit() else _PORTS[scheme]
