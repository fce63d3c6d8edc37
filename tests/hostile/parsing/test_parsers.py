"""Any bytes, and sound files spoilt anywhere, into each of our own parsers: only our own errors come out."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mamex.config import Config
from tests.hostile.files.bombs import raw_zip, zip_of
from tests.hostile.files.picture_files import red, saved
from tests.hostile.files.table_files import BOUGHT, ITEMS
from tests.hostile.parsing.parsers import PARSERS, only_our_errors

SOUND: dict[str, list[bytes]] = {
    "tables": [ITEMS.encode() + b"\x00\x00" + BOUGHT.encode()],
    "archive": [zip_of({"items.csv": ITEMS.encode()}), raw_zip(b"items.csv")],
    "picture": [saved(red(), name) for name in ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")],
    "about": [b'{"name": "Film club", "simulated": false, "item": "film", "users": "viewers"}'],
    "planned": [b"item_id,title,description,image\nP-1,Hat,Warm,a.png\n", zip_of({"a.csv": b"title\nHat\n"})],
    "manifest": [b'{"format": "mamex-checkpoint", "schema_version": 3, "config": {}, "hashes": {}}'],
    "settings": [json.dumps(Config().model_dump(mode="json")).encode(), b"=model.experts=6\ntraining.epochs=3"],
}
#: What often breaks a parser.
BREAKERS = (
    b"\x00",
    b"\xff\xff\xff\xff",
    b'"',
    b",",
    b"\r",
    b"\n",
    b"[" * 3000,
    b"9" * 5000,
    b"NaN",
    b"\xed\xa0\x80",
    b"PK\x05\x06",
)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("parsers")


@st.composite
def spoilt(draw, name):
    """A sound file with a piece replaced, repeated, or cut."""
    sound = draw(st.sampled_from(SOUND[name]))
    start = draw(st.integers(0, len(sound)))
    end = draw(st.integers(start, min(len(sound), start + 40)))
    put = draw(st.one_of(st.sampled_from(BREAKERS), st.binary(max_size=8), st.just(sound[start:end] * 3)))
    cut = draw(st.sampled_from((None, None, None, -1, len(sound) // 2)))
    return (sound[:start] + put + sound[end:])[:cut]


@pytest.mark.parametrize("name", PARSERS)
def test_any_bytes(place, name):
    @given(st.binary(max_size=300))
    def feed(data):
        only_our_errors(PARSERS[name], place, data)

    feed()


@pytest.mark.parametrize("name", PARSERS)
def test_spoilt_files(place, name):
    @given(spoilt(name))
    def feed(data):
        only_our_errors(PARSERS[name], place, data)

    feed()


@pytest.mark.parametrize("name", sorted(PARSERS.keys() - {"manifest"}))  # whose files are not there
def test_what_is_sound_is_read(place, name):
    """Otherwise the tests above would pass for a parser that refuses everything."""
    for sound in SOUND[name]:
        PARSERS[name](place, sound)  # raises nothing
