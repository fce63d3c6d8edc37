"""Features by content hash, so that nothing is ever encoded twice on this machine."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from platformdirs import user_cache_path

from mamex.errors import EncoderError

#: SQLite's limit on parameters of one statement is at least 999.
_KEYS_A_QUERY = 900


def cache_folder() -> Path:
    """Where features are kept: ``$MAMEX_CACHE``, else the user's cache folder."""
    return Path(os.environ.get("MAMEX_CACHE") or user_cache_path("mamex"))


class FeatureCache:
    """One SQLite file for each encoder identity; SQLite makes writes atomic and lets processes share it.

    Args:
        identity: the encoder's identity; another identity is another file. Its name is no part of that: the same
            weights may lie at another path.
        folder: where the file lies; ``cache_folder()`` if None.

    Attributes:
        damaged: how many entries were asked for and were no features; they count as unknown.

    Raises:
        EncoderError: the cache folder can't be written, or its file is damaged.
    """

    def __init__(self, identity: dict[str, Any], folder: Path | None = None) -> None:
        self.damaged = 0
        self._widths: dict[str, int] = identity.get("dimensions", {})
        folder = (folder or cache_folder()) / "features"
        lasting = {key: value for key, value in identity.items() if key != "name"}
        self._path = folder / f"{hashlib.sha256(json.dumps(lasting, sort_keys=True).encode()).hexdigest()[:24]}.sqlite"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(self._path, timeout=60)
            self._connection.execute(
                "CREATE TABLE IF NOT EXISTS features (modality TEXT, content BLOB, vector BLOB, "
                "PRIMARY KEY (modality, content)) WITHOUT ROWID"
            )
        except (OSError, sqlite3.Error) as error:
            raise self._refusal(error) from error

    def get(self, modality: str, keys: Sequence[bytes]) -> dict[bytes, np.ndarray]:
        """The features (d_m,) of those ``keys`` that are known.

        Raises:
            EncoderError: the file can't be read.
        """
        found: dict[bytes, np.ndarray] = {}
        for start in range(0, len(keys), _KEYS_A_QUERY):
            part = keys[start : start + _KEYS_A_QUERY]
            marks = ",".join("?" * len(part))
            query = f"SELECT content, vector FROM features WHERE modality = ? AND content IN ({marks})"
            try:
                rows = self._connection.execute(query, (modality, *part)).fetchall()
            except sqlite3.Error as error:
                raise self._refusal(error) from error
            for key, vector in rows:
                features = self._features(modality, vector)
                if features is None:
                    self.damaged += 1
                else:
                    found[key] = features
        return found

    def _features(self, modality: str, stored: Any) -> np.ndarray | None:
        """What is stored as an array; None if the encoder can't have made it, whoever wrote it there."""
        width = self._widths.get(modality)
        if not isinstance(stored, bytes) or len(stored) % 4 or (width and len(stored) != 4 * width):
            return None
        features = np.frombuffer(stored, dtype=np.float32)
        return features if np.isfinite(features).all() else None

    def put(self, modality: str, keys: Iterable[bytes], vectors: np.ndarray) -> None:
        """Store float32 features (n, d_m), all or none.

        Raises:
            EncoderError: the file can't be written, or the disk is full.
        """
        rows = [(modality, key, row.astype(np.float32).tobytes()) for key, row in zip(keys, vectors, strict=True)]
        try:
            with self._connection:
                self._connection.executemany("INSERT OR REPLACE INTO features VALUES (?, ?, ?)", rows)
        except sqlite3.Error as error:
            raise self._refusal(error) from error

    def _refusal(self, error: Exception) -> EncoderError:
        return EncoderError(
            f"Features can't be cached in {self._path} ({error}); delete that file, or set MAMEX_CACHE to another "
            "folder."
        )

    def close(self) -> None:
        self._connection.close()


def content_key(content: bytes) -> bytes:
    """SHA-256 of what is encoded: a picture's file, or a text's UTF-8."""
    return hashlib.sha256(content).digest()
