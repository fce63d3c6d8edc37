"""How events of the page run: which of them stand in line, and what is seen meanwhile."""

from __future__ import annotations

from typing import Any

#: What a handler changes: component -> value; components that are left out stay as they are.
Changes = dict[Any, Any]
#: Handlers that compute at the same time; more would only slow each other down on two cores.
AT_ONCE = 2


def compute(
    on: Any = None, *, trigger: str = "once", progress: str = "minimal", line: str = "compute"
) -> dict[str, Any]:
    """Options of an event whose handler computes: private to the page, and ``AT_ONCE`` at a time.

    Args:
        on: the component, or components, that shows that something is computed; all outputs if None.
        trigger: what becomes of a second click meanwhile: once (nothing) or always_last (it comes next).
        progress: minimal, full or hidden.
        line: handlers of one name wait for each other.
    """
    shown = {} if on is None else {"show_progress_on": on}
    return {
        "api_visibility": "private",
        "show_progress": progress,
        "trigger_mode": trigger,
        "concurrency_limit": AT_ONCE,
        "concurrency_id": line,
        **shown,
    }
