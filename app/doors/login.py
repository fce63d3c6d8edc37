"""One password for everybody, where ``MAMEX_PASSWORD`` asks for it: as a form for people, as a header for programs."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import time
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import Receive

from app.doors.budget import Rate
from app.doors.paths import LOGIN, LOGOUT
from app.doors.refusal import Refusal
from app.doors.request import Incoming
from app.doors.settings import DoorSettings
from app.theme.templates import render

COOKIE = "mamex-visitor"
#: Seconds that a visitor stays let in.
_STAY = 12 * 3600
#: Wrong passwords a minute, of one address and of all: nobody types more, and guessing must be slow.
_TRIES, _TRIES_OF_ALL = 10, 100
_WRONG = "That is not the password; ask whoever runs this page for it."
_NEEDED = Refusal(
    401,
    "This page asks for a password: sign in at /login, or send it as Authorization: Bearer.",
    {"WWW-Authenticate": "Bearer"},
)


class Login:
    """Lets in whoever knows the password, or showed it before."""

    def __init__(self, settings: DoorSettings) -> None:
        self._settings = settings
        self._secret = secrets.token_bytes(32)
        self._tries, self._all_tries = Rate(_TRIES), Rate(_TRIES_OF_ALL)

    async def response(self, request: Incoming, receive: Receive) -> Response | None:
        """The form, its answer, or a no; None for whoever may go on."""
        path = request.path.rstrip("/")
        if not self._settings.password:
            return RedirectResponse(self._top, 303) if path == LOGIN else None
        if path == LOGIN and request.method == "POST":
            return await self._answer(request, receive)
        if path == LOGOUT:
            response: Response = RedirectResponse(self._top, 303)
            response.delete_cookie(COOKIE, path=self._top)
            return response
        if self._is_known(request):
            return RedirectResponse(self._top, 303) if path == LOGIN else None
        if self._tells_password(request):
            tried = self._tried(request)
            return tried.response() if tried else _NEEDED.response()
        if "text/html" in request.headers.get("accept", "") and request.method == "GET":
            return self._form("")
        return _NEEDED.response()

    @property
    def _top(self) -> str:
        return f"{self._settings.root_path}/"

    def _form(self, problem: str) -> HTMLResponse:
        page = render("doors/templates/login.html", action=f"{self._settings.root_path}{LOGIN}", problem=problem)
        return HTMLResponse(page, 401, {"Cache-Control": "no-store"})

    async def _answer(self, request: Incoming, receive: Receive) -> Response:
        wants_page = "text/html" in request.headers.get("accept", "")
        try:
            body = await Request(dict(request.scope), receive).body()
        except ClientDisconnect:
            return Refusal(400, "The request ended too early; send it again.").response()
        given = parse_qs(body.decode("utf-8", "replace")).get("password", [""])[0]
        if not self._is_password(given):
            refusal = self._tried(request) or Refusal(401, _WRONG)
            return self._form(refusal.sentence) if wants_page else refusal.response()
        response: Response = RedirectResponse(self._top, 303) if wants_page else JSONResponse({"success": True})
        response.set_cookie(
            COOKIE,
            self._pass(int(time.time()) + _STAY),
            max_age=_STAY,
            path=self._top,
            httponly=True,
            secure=self._settings.secure,
            # Inside a frame of another site, as a Space is shown, a browser sends only what is marked so.
            samesite="none" if self._settings.secure else "lax",
        )
        return response

    def _tried(self, request: Incoming) -> Refusal | None:
        """Count a wrong password; a no if there were too many."""
        return self._tries.refusal(request.address) or self._all_tries.refusal("everybody")

    def _is_known(self, request: Incoming) -> bool:
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        told = value.strip().encode("latin-1").decode("utf-8", "replace")  # headers are read as Latin letters
        if scheme.lower() == "bearer" and self._is_password(told):
            return True
        if scheme.lower() == "basic" and self._is_password(_basic_password(told)):
            return True
        return self._is_pass(_cookie(request.headers.get("cookie", "")))

    def _tells_password(self, request: Incoming) -> bool:
        return request.headers.get("authorization", "").partition(" ")[0].lower() in ("bearer", "basic")

    def _is_password(self, given: str) -> bool:
        return hmac.compare_digest(_digest(given), _digest(self._settings.password))

    def _pass(self, until: int) -> str:
        """What a cookie says: until when, and our seal on that."""
        return f"{until}.{hmac.new(self._secret, str(until).encode(), hashlib.sha256).hexdigest()}"

    def _is_pass(self, given: str) -> bool:
        until = given.partition(".")[0]
        if not (until.isascii() and until.isdigit() and len(until) < 12):
            return False
        return hmac.compare_digest(given.encode(), self._pass(int(until)).encode()) and time.time() < int(until)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def as_header(password: str) -> str:
    """What a program sends as Authorization."""
    return "Basic " + base64.b64encode(f"visitor:{password}".encode()).decode()


def _basic_password(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode("utf-8", "replace").partition(":")[2]
    except (binascii.Error, ValueError):
        return ""


def _cookie(header: str) -> str:
    try:
        found = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""
