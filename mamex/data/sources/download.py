"""Fetching files over HTTP: paced, retried with growing pauses, and resumed where a transfer broke off.

A file grows as ``.NAME.part`` beside its place and takes it when it is whole. ``.NAME.part.version`` keeps its address
and its ETag or Last-Modified, so that a later run goes on only with the same file (If-Range: RFC 9110, 13.1.5).
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx

from mamex.data.sources.rate_limit import RateLimit
from mamex.errors import SourceError
from mamex.progress import Progress, silent

#: Answers that may be different in a moment: time-outs, too many requests, faults of the server.
TEMPORARY = frozenset({408, 425, 429, 500, 502, 503, 504})
#: Longest pause, in seconds, that a server may ask for before we give up.
LONGEST_WAIT = 300.0


class DownloadError(SourceError):
    """A file that can't be fetched; ``unreachable`` says that no server answered at all."""

    def __init__(self, message: str, unreachable: bool = False) -> None:
        super().__init__(message)
        self.unreachable = unreachable


class _TemporaryError(Exception):
    """Something that may go away; ``wait`` is how many seconds the server asked for, if it did."""

    def __init__(self, reason: str, wait: float | None = None, unreachable: bool = False) -> None:
        super().__init__(reason)
        self.wait, self.unreachable = wait, unreachable


class Downloader:
    """Fetches files; its threads share one rate and one pool of connections.

    Args:
        rate: requests a second, for all threads together.
        attempts: how many attempts in a row may fail without a byte gained.
        first_wait: seconds before the second attempt; each further pause is twice as long.
        timeout: seconds without a byte after which a connection counts as broken.
        most_bytes: of one file; None for those of any size.
    """

    def __init__(
        self,
        rate: float = 20.0,
        attempts: int = 5,
        first_wait: float = 0.5,
        timeout: float = 30.0,
        most_bytes: int | None = None,
    ) -> None:
        # The bytes as they are stored: a transparent compression would make Range ambiguous.
        headers = {"User-Agent": "mamex", "Accept-Encoding": "identity"}
        self._client = httpx.Client(follow_redirects=True, timeout=timeout, headers=headers)
        self._attempts, self._first_wait = attempts, first_wait
        self._most_bytes = most_bytes
        self._stopped = threading.Event()
        self._rate = RateLimit(rate, sleep=self._sleep)

    def __enter__(self) -> Downloader:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._client.close()

    def stop(self) -> None:
        """Make every thread that waits give up, so that the program can end."""
        self._stopped.set()

    def fetch(
        self,
        url: str,
        path: Path,
        check: Callable[[Path], object] | None = None,
        progress: Progress = silent,
    ) -> None:
        """Fetch ``url`` to ``path``, going on with what an earlier run left.

        Args:
            url: http or https.
            path: where the file goes; nothing is there until it is whole.
            check: called with the whole file before it takes its place; raises to refuse it.
            progress: called with the bytes so far and the bytes in all (0: not known).

        Raises:
            DownloadError: it can't be had; the message names the address and what to do.
            MamexError: whatever ``check`` raised; the file is thrown away.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        failures = 0
        while True:
            before = _size(part)
            try:
                self._rate.wait()
                self._attempt(url, part, lambda done, total: progress(f"fetching {path.name}", done, total))
                break
            except _TemporaryError as error:
                failures = 1 if _size(part) > before else failures + 1
                self._wait_or_give_up(url, error, failures)
        try:
            if check is not None:
                check(part)
            part.replace(path)
        finally:
            _discard(part)

    def _wait_or_give_up(self, url: str, error: _TemporaryError, failures: int) -> None:
        if failures >= self._attempts:
            advice = "check the network" if error.unreachable else "try later"
            raise DownloadError(
                f"{url} can't be fetched ({error}, {failures} times); {advice} and run the same command again, "
                "which goes on where it stopped.",
                error.unreachable,
            ) from error
        if error.wait is None:
            self._sleep(self._first_wait * 2 ** (failures - 1))
        elif error.wait > LONGEST_WAIT:
            raise DownloadError(
                f"{url} can't be fetched: the server asks to wait {error.wait:,.0f} seconds; run the same command "
                "again then, and with a lower --rate."
            ) from error
        else:
            self._rate.pause(error.wait)

    def _sleep(self, seconds: float) -> None:
        if self._stopped.wait(seconds):
            raise DownloadError("The download was stopped.")

    def _attempt(self, url: str, part: Path, progress: Callable[[int, int], None]) -> None:
        """One request; appends to what is there already if the server still has the same file."""
        try:
            with self._client.stream("GET", url, headers=_resume_headers(part, url)) as response:
                self._receive(url, response, part, progress)
        except httpx.ConnectError as error:
            raise _TemporaryError(f"no connection: {_in_words(error)}", unreachable=True) from error
        except httpx.TimeoutException as error:
            raise _TemporaryError("no answer in time", unreachable=True) from error
        except (httpx.UnsupportedProtocol, httpx.TooManyRedirects, httpx.InvalidURL) as error:
            raise DownloadError(f"'{url}' is not an address that can be fetched; give http:// or https://.") from error
        except httpx.TransportError as error:
            raise _TemporaryError("the connection broke off") from error

    def _receive(self, url: str, response: httpx.Response, part: Path, progress: Callable[[int, int], None]) -> None:
        status, range_start, total = response.status_code, *_content_range(response)
        if status in TEMPORARY:
            reason = f"the server answers {status} {response.reason_phrase}"
            raise _TemporaryError(reason, _retry_after(response.headers.get("Retry-After")))
        if status == 416 and total == _size(part):
            return  # an earlier run had all of it, and was killed before it could say so
        if status == 416 or (status == 206 and range_start != _size(part)):
            _discard(part)
            raise _TemporaryError("the server sent another part than was asked for")
        if status not in (200, 206):
            raise DownloadError(
                f"{url} can't be fetched: the server answers {status} {response.reason_phrase}; is the address right?"
            )
        if status == 200:
            _discard(part)
            total = int(response.headers.get("Content-Length", 0))
            _remember_version(part, url, response.headers)
        with part.open("ab") as stream:
            # As they come: with a chunk size httpx gathers bytes first, and loses them when the transfer breaks off.
            for chunk in response.iter_raw():
                if self._stopped.is_set():
                    raise DownloadError("The download was stopped.")
                stream.write(chunk)
                stream.flush()  # a killed run goes on from here
                if self._most_bytes is not None and stream.tell() > self._most_bytes:
                    _discard(part)
                    raise DownloadError(f"{url} is larger than {self._most_bytes // 2**20:,} MB; make it smaller.")
                progress(stream.tell(), total)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _version_path(part: Path) -> Path:
    return part.with_name(f"{part.name}.version")


def _discard(part: Path) -> None:
    part.unlink(missing_ok=True)
    _version_path(part).unlink(missing_ok=True)


def _remember_version(part: Path, url: str, headers: httpx.Headers) -> None:
    """Note which file this is; a weak ETag ("about the same") doesn't do for putting bytes together."""
    version = headers.get("ETag", "")
    version = headers.get("Last-Modified", "") if not version or version.startswith("W/") else version
    if version:
        # Not atomic, and needs not be: half a version fits no file, and the transfer begins again.
        _version_path(part).write_text(f"{url}\n{version}", encoding="utf-8")


def _resume_headers(part: Path, url: str) -> dict[str, str]:
    size = _size(part)
    if not size or not _version_path(part).exists():
        return {}
    from_url, _, version = _version_path(part).read_text(encoding="utf-8").partition("\n")
    return {"Range": f"bytes={size}-", "If-Range": version} if from_url == url else {}


def _content_range(response: httpx.Response) -> tuple[int | None, int]:
    """Where the bytes begin and how many the file has, from "bytes 5-9/10" or "bytes */10"."""
    found = re.fullmatch(r"bytes (?:(\d+)-\d+|\*)/(\d+|\*)", response.headers.get("Content-Range", ""))
    if found is None:
        return None, 0
    start, total = found.groups()
    return (int(start) if start else None), (0 if total == "*" else int(total))


def _in_words(error: httpx.ConnectError) -> str:
    """What the system says of a connection that failed, without its number."""
    return re.sub(r"\[Errno -?\d+\] ", "", str(error)) or "it was refused"


def _retry_after(header: str | None) -> float | None:
    """Seconds, from a number of them or a date; None if the server said nothing that can be understood."""
    if not header:
        return None
    if header.strip().isdigit():
        return float(header)
    try:
        then = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, (then.replace(tzinfo=then.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
