"""What browsers are told about the page: to run nothing of others, to guess no types, who may frame it."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

from app.doors.settings import DoorSettings

#: Gradio writes its configuration as a script into the page and makes functions from the text of event handlers, and
#: both Gradio and Plotly write styles; so those must be allowed. Nothing may come from, or go to, another address.
_POLICY = {
    "default-src": "'self'",
    "script-src": "'self' 'unsafe-inline' 'unsafe-eval' blob:",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "media-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self' data: blob:",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
}


class SafeHeaders:
    """Adds them to each answer."""

    def __init__(self, settings: DoorSettings) -> None:
        policy = {**_POLICY, "frame-ancestors": settings.frame_ancestors}
        self._headers = {
            "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(self), clipboard-write=(self), geolocation=(), microphone=(), payment=()",
        }
        if settings.frame_ancestors == "'self'":
            self._headers["X-Frame-Options"] = "SAMEORIGIN"  # for browsers that don't know frame-ancestors

    def on(self, send: Send) -> Send:
        """``send``, with the headers."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
            await send(message)

        return sending
