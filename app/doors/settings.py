"""What whoever runs the page says about its doors, in environment variables."""

from __future__ import annotations

import ipaddress
import os
import re
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from mamex.errors import MamexError

THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
#: Where the hub shows a Space in a frame.
_SPACE_FRAMES = "https://huggingface.co https://*.huggingface.co https://*.hf.space"


class DoorError(MamexError):
    """A setting of the doors that means nothing."""


@dataclass(frozen=True)
class DoorSettings:
    """How the page may be reached.

    Attributes:
        hosts: names by which the page may be called, in lower case; one that begins with "*." stands for all below it.
        any_host: whether every name will do.
        on_network: whether the page listens beyond this machine, so that numeric addresses will do as well.
        root_path: where a proxy shows the page, without the address: "/mamex"; "" at the top.
        root_address: ``GRADIO_ROOT_PATH`` as given, which may be a whole address.
        password: what visitors must know; "" lets everybody in.
        rate: requests a minute and address that change something; 0 for no limit.
        disk_megabytes: of all uploads and downloads together.
        sessions: visits that are remembered at once; the one that was idle for longest is forgotten first.
        frame_ancestors: which sites may show the page in a frame, as the header says it.
        secure: whether visitors come by https, so that a cookie may be sent into a frame of another site.
    """

    hosts: tuple[str, ...] = THIS_MACHINE
    any_host: bool = False
    on_network: bool = False
    root_path: str = ""
    root_address: str = ""
    password: str = ""
    rate: int = 0
    disk_megabytes: int = 2048
    sessions: int = 1000
    frame_ancestors: str = "'self'"
    secure: bool = False

    @classmethod
    def read(cls, host: str) -> DoorSettings:
        """The settings of a page that listens to an address.

        Raises:
            DoorError: a variable has a value that means nothing.
        """
        on_space = bool(os.environ.get("SPACE_ID"))
        named = [name.strip().lower() for name in os.environ.get("MAMEX_HOSTS", "").split(",") if name.strip()]
        for name in named:
            if name != "*" and host_name(name.removeprefix("*.")) != name.removeprefix("*."):
                raise DoorError(f"MAMEX_HOSTS holds '{name}'; give names without port, such as shop.example.com, or *.")
        space = os.environ.get("SPACE_HOST", "").strip().lower()
        root = os.environ.get("GRADIO_ROOT_PATH", "").strip().rstrip("/")
        address = urlsplit(root)
        from_root = [address.hostname] if address.hostname else []
        return cls(
            hosts=tuple(dict.fromkeys([*THIS_MACHINE, *_names_of(host), *named, *filter(None, [space]), *from_root])),
            any_host="*" in named,
            on_network=not is_loopback(host),
            root_path=_root_path(address.path),
            root_address=root,
            password=os.environ.get("MAMEX_PASSWORD", ""),
            rate=_number("MAMEX_RATE", cls.rate, least=0),
            disk_megabytes=_number("MAMEX_DISK_MB", cls.disk_megabytes, least=1),
            sessions=_number("MAMEX_SESSIONS", cls.sessions, least=1),
            frame_ancestors=_frames(_SPACE_FRAMES if on_space else cls.frame_ancestors),
            secure=on_space or address.scheme == "https",
        )

    def knows(self, name: str) -> bool:
        """Whether the page may be called by a name, as ``host_name`` gives it."""
        if self.any_host or name in self.hosts:
            return True
        if any(name.endswith(known[1:]) for known in self.hosts if known.startswith("*.")):
            return True
        # No site can make a browser believe that a numeric address is its own, so it gives nothing away.
        return self.on_network and _is_numeric(name)


def host_name(header: str) -> str:
    """The name in a Host header, in lower case and without its port; "" if it is no such header."""
    found = re.fullmatch(r"(\[[0-9a-f:.]+\]|[a-z0-9_.-]+|[0-9a-f:]*::[0-9a-f:]*)(:\d{1,5})?", header.strip().lower())
    return found[1].strip("[]").rstrip(".") if found else ""


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address to listen to."""
    name = host.strip("[]")
    return name == "localhost" or (_is_numeric(name) and ipaddress.ip_address(name).is_loopback)


def _is_numeric(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
        return True
    except ValueError:
        return False


def _names_of(host: str) -> list[str]:
    """By which names a network knows whoever listens to an address; a foreign site can't take this machine's."""
    name = host.strip("[]").lower()
    own = [] if is_loopback(host) else [socket.gethostname().lower()]
    own += [f"{each}.local" for each in own if "." not in each]
    return [*own, *([] if name in ("0.0.0.0", "::", "") else [name])]


def _root_path(path: str) -> str:
    if path and not re.fullmatch(r"(/[\w.~-]+)+", path):
        raise DoorError(f"GRADIO_ROOT_PATH is '{path}'; give the path below which a proxy shows the page: /mamex.")
    return path


def _number(variable: str, default: int, least: int) -> int:
    given = os.environ.get(variable, "").strip()
    if not given:
        return default
    if not (given.isascii() and given.isdigit() and least <= int(given) <= 1_000_000):
        raise DoorError(f"{variable} is '{given}'; give a whole number from {least} to 1,000,000.")
    return int(given)


def _frames(default: str) -> str:
    given = " ".join(os.environ.get("MAMEX_FRAME_ANCESTORS", "").split()) or default
    if re.search(r"[;,\x00-\x1f\x7f]", given):
        raise DoorError(
            "MAMEX_FRAME_ANCESTORS must be addresses separated by spaces, such as https://intranet.example.com, "
            "or 'self', 'none' or *."
        )
    return given
