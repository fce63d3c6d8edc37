"""How often a server may be asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class RateLimit:
    """At most ``rate`` turns a second, for all threads together.

    Args:
        rate: turns a second, above 0.
        sleep: how to wait some seconds.
        clock: a clock that never goes back, in seconds.
    """

    def __init__(
        self, rate: float, sleep: Callable[[float], None] = time.sleep, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._interval = 1 / rate
        self._sleep, self._clock = sleep, clock
        self._next = clock()
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Return when it is this thread's turn."""
        with self._lock:
            now = self._clock()
            turn = max(now, self._next)
            self._next = turn + self._interval
        if turn > now:
            self._sleep(turn - now)

    def pause(self, seconds: float) -> None:
        """Give nobody a turn for so long, because the server asked for it."""
        with self._lock:
            self._next = max(self._next, self._clock() + seconds)
