"""How much may be sent: by one request, by one address in a minute, and by all together."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from app.doors.paths import LOGIN, MCP, UPLOAD
from app.doors.refusal import Refusal
from app.doors.request import Incoming

MEGABYTE = 2**20
#: Bytes of one request's body. An upload is a zip of a shop; a tool for agents may be given a picture in its arguments.
MOST_OF_AN_UPLOAD, MOST_OF_A_TOOL_CALL, MOST_OF_A_LOGIN, MOST_OF_A_CALL = (
    310 * MEGABYTE,
    32 * MEGABYTE,
    10_000,
    2 * MEGABYTE,
)
#: Addresses whose requests are counted; whoever has more addresses than this has no need to wait.
_MOST_ADDRESSES = 10_000


def body_limit(path: str) -> int:
    """Bytes that the body of a request may have."""
    if path.rstrip("/") == UPLOAD:
        return MOST_OF_AN_UPLOAD
    if path.startswith(MCP):
        return MOST_OF_A_TOOL_CALL
    return MOST_OF_A_LOGIN if path.rstrip("/") == LOGIN else MOST_OF_A_CALL


def too_long(most: int) -> Refusal:
    """No to a body of more bytes than ``most``."""
    size = f"{most // MEGABYTE} MB" if most >= MEGABYTE else f"{most // 1000} kB"
    return Refusal(413, f"This request is larger than {size}; send less at once.")


def length_refusal(request: Incoming) -> Refusal | None:
    """No to a body that is too long, or an upload that doesn't say how long it is."""
    most = body_limit(request.path)
    if request.length is not None and request.length > most:
        return too_long(most)
    if request.length is None and request.changes_something and request.path.rstrip("/") == UPLOAD:
        return Refusal(411, "An upload must state its length; send a Content-Length header with it.")
    return None


class Disk:
    """The room that uploads have together.

    Args:
        megabytes: how much.
        used_bytes: says how much is taken; slow, so it is asked no more than once a second.
    """

    def __init__(self, megabytes: int, used_bytes: Callable[[], int]) -> None:
        self._most = megabytes * MEGABYTE
        self._used_bytes = used_bytes
        self._lock = threading.Lock()
        self._coming = 0
        self._known, self._asked = 0, float("-inf")

    def take(self, length: int) -> Refusal | None:
        """Set room aside for an upload that has begun; ``give_back`` when it is written, or given up."""
        with self._lock:
            if time.monotonic() - self._asked > 1:
                self._known, self._asked = self._used_bytes(), time.monotonic()
            if self._known + self._coming + length > self._most:
                return Refusal(507, "The page has no room for more uploads right now; try again in some minutes.")
            self._coming += length
            return None

    def give_back(self, length: int) -> None:
        """End what ``take`` began."""
        with self._lock:
            self._coming -= length
            self._asked = float("-inf")  # it lies on the disk now


class Rate:
    """How often one address may ask for something in a minute: a bucket that fills up again steadily.

    Args:
        a_minute: requests; 0 for no limit.
    """

    def __init__(self, a_minute: int) -> None:
        self._most = a_minute
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def refusal(self, address: str) -> Refusal | None:
        """Count one request of an address; no if it was one too many."""
        if not self._most:
            return None
        with self._lock:
            now = time.monotonic()
            left, counted = self._left.pop(address, (float(self._most), now))
            left = min(float(self._most), left + (now - counted) * self._most / 60)
            self._left[address] = (max(left - 1, 0.0) if left >= 1 else left, now)
            while len(self._left) > _MOST_ADDRESSES:
                self._left.popitem(last=False)
        if left >= 1:
            return None
        wait = max(1, round((1 - left) * 60 / self._most))
        sentence = f"That was more than {self._most} requests in a minute; try again in {wait} seconds."
        return Refusal(429, sentence, {"Retry-After": str(wait)})
