"""The password of a page: nothing is shown without it, and it is hard to guess."""

import base64
import time

import pytest

from app.doors.guard import Guard
from app.doors.login import COOKIE
from app.doors.settings import DoorSettings
from tests.support.knocking import ask, inside, is_refused

SECRET = "öffne dich 7"


@pytest.fixture
def locked():
    return Guard(inside, DoorSettings(password=SECRET), lambda: 0)


@pytest.mark.parametrize(
    "path", ["/config", "/gradio_api/mcp/", "/gradio_api/file=/x", "/gradio_api/queue/data", "/assets/x"]
)
def test_nothing_is_shown_without_the_password(locked, path):
    assert is_refused(ask(None, path=path, guarded=locked), 401, "asks for a password")


def test_a_person_gets_a_form(locked):
    answer = ask(None, headers={"Accept": "text/html"}, guarded=locked)
    assert answer.status_code == 401 and 'action="/login"' in answer.text and "password" in answer.text


@pytest.mark.parametrize(
    "header",
    [f"Bearer {SECRET}", "Basic " + base64.b64encode(f"anybody:{SECRET}".encode()).decode()],
)
def test_a_program_sends_it_with_each_request(locked, header):
    assert ask(None, headers={"Authorization": header.encode()}, guarded=locked).status_code == 200


@pytest.mark.parametrize(
    "header", ["Bearer wrong", "Basic wrong", "Basic " + base64.b64encode(b"nocolon").decode(), "x", ""]
)
def test_a_wrong_one_is_refused(locked, header):
    assert ask(None, headers={"Authorization": header}, guarded=locked).status_code == 401


def test_whoever_signed_in_is_known_by_a_cookie(locked):
    wrong = ask(None, "POST", "/login", data={"username": "a", "password": "x"}, guarded=locked)
    assert is_refused(wrong, 401, "not the password")
    right = ask(None, "POST", "/login", data={"username": "a", "password": SECRET}, guarded=locked)
    assert right.json() == {"success": True} and "httponly" in right.headers["set-cookie"].lower()
    cookie = right.cookies[COOKIE]
    assert ask(None, headers={"Cookie": f"{COOKIE}={cookie}"}, guarded=locked).status_code == 200
    forged = f"{int(cookie.split('.')[0]) + 10_000}.{cookie.split('.')[1]}"
    for value in (forged, cookie[:-1], "", "9999999999.", "x"):
        assert ask(None, headers={"Cookie": f"{COOKIE}={value}"}, guarded=locked).status_code == 401
    other = Guard(inside, DoorSettings(password=SECRET), lambda: 0)
    assert ask(None, headers={"Cookie": f"{COOKIE}={cookie}"}, guarded=other).status_code == 401


def test_a_cookie_ends(locked, monkeypatch):
    right = ask(None, "POST", "/login", data={"password": SECRET}, guarded=locked)
    later = time.time() + 13 * 3600
    monkeypatch.setattr("app.doors.login.time.time", lambda: later)
    assert ask(None, headers={"Cookie": f"{COOKIE}={right.cookies[COOKIE]}"}, guarded=locked).status_code == 401


def test_guessing_is_slow(locked):
    answers = [ask(None, "POST", "/login", data={"password": str(n)}, guarded=locked).status_code for n in range(12)]
    assert answers == [401] * 10 + [429] * 2
    assert ask(None, headers={"Authorization": "Bearer guess"}, guarded=locked).status_code == 429
