"""HEIC and AVIF: opened like any other picture, by a process that can't take more than its share."""

import io
import subprocess
import sys

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from mamex.errors import PictureError
from mamex.files.pictures import apart
from mamex.files.pictures import picture as pictures
from mamex.files.pictures.picture import LONGEST_SIDE, open_picture

pillow_heif.register_heif_opener()
RED, BLACK, WHITE = (255, 0, 0), (0, 0, 0), (255, 255, 255)
KINDS = ("HEIF", "AVIF")
both = pytest.mark.parametrize("kind", KINDS)


def file_of(picture: Image.Image, kind: str, **options) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def corners(mode: str = "RGB") -> Image.Image:
    """48 wide, 32 high, black (or clear), with a red corner on top on the left."""
    picture = Image.new("RGBA", (48, 32), (0, 0, 0, 0 if mode == "RGBA" else 255))
    picture.paste((*RED, 255), (0, 0, 16, 16))
    return picture.convert(mode)


def noise() -> Image.Image:
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8))


def is_like(pixel, colour) -> bool:
    return max(abs(one - other) for one, other in zip(pixel, colour, strict=True)) < 12


def refusal(content: bytes) -> str:
    with pytest.raises(PictureError) as caught:
        open_picture(content)
    message = str(caught.value)
    assert message.endswith(".") and message.isprintable()
    return message


def declared(content: bytes, width: int, height: int) -> bytes:
    """The same file, whose header says another size."""
    before = (48).to_bytes(4, "big") + (32).to_bytes(4, "big")
    padded = (64).to_bytes(4, "big") + (64).to_bytes(4, "big")  # as HEVC may keep it
    after = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    assert before in content or padded in content
    return content.replace(before, after).replace(padded, after)


@both
@pytest.mark.parametrize("name", ["mug.heic", "mug.avif", "mug.jpg", "mug"])
def test_it_is_known_by_its_content(kind, name, tmp_path):
    (tmp_path / name).write_bytes(file_of(corners(), kind))
    picture = open_picture(tmp_path / name)
    assert (picture.mode, picture.size) == ("RGB", (48, 32))
    assert is_like(picture.getpixel((4, 4)), RED) and is_like(picture.getpixel((40, 25)), BLACK)


@pytest.mark.parametrize("reader", apart.HEIC_READERS)
def test_either_package_opens_heic(reader, monkeypatch):
    monkeypatch.setattr(apart, "HEIC_READERS", (reader,))
    assert is_like(open_picture(file_of(corners(), "HEIF")).getpixel((4, 4)), RED)


@both
@pytest.mark.parametrize(("up", "size", "corner"), [
    (1, (48, 32), (4, 4)), (2, (48, 32), (43, 4)), (3, (48, 32), (43, 27)), (4, (48, 32), (4, 27)),
    (5, (32, 48), (4, 4)), (6, (32, 48), (27, 4)), (7, (32, 48), (27, 43)), (8, (32, 48), (4, 43)),
])  # fmt: skip
def test_it_is_turned_upright_once(kind, up, size, corner):
    exif = Image.Exif()
    exif[0x0112] = up
    picture = corners()
    if kind == "HEIF":
        picture.info["exif"] = exif.tobytes()  # written as a turn of the header, as phones do
        content = file_of(picture, kind)
    else:
        content = file_of(picture, kind, exif=exif)
    seen = open_picture(content)
    assert seen.size == size
    assert is_like(seen.getpixel(corner), RED)
    assert sum(is_like(pixel, RED) for pixel in seen.get_flattened_data()) < 48 * 32 / 4


@both
def test_what_is_transparent_is_white(kind):
    picture = open_picture(file_of(corners("RGBA"), kind))
    assert is_like(picture.getpixel((4, 4)), RED) and is_like(picture.getpixel((40, 25)), WHITE)


@both
@pytest.mark.parametrize("mode", ["L", "LA"])
def test_greys(kind, mode):
    picture = open_picture(file_of(corners("RGBA").convert(mode), kind))
    assert is_like(picture.getpixel((4, 4)), (76, 76, 76))


@both
def test_of_several_pictures_the_first_is_seen(kind):
    more = [Image.new("RGB", (48, 32), "blue")]
    assert is_like(open_picture(file_of(corners(), kind, save_all=True, append_images=more)).getpixel((4, 4)), RED)


@both
def test_a_large_one_is_shrunk_by_a_whole_number(kind):
    picture = Image.new("RGB", (LONGEST_SIDE + 400, 300), "blue")
    picture.paste(RED, (0, 0, 600, 300))
    seen = open_picture(file_of(picture, kind))
    assert seen.size == ((LONGEST_SIDE + 400) // 2, 150)
    assert is_like(seen.getpixel((280, 140)), RED) and is_like(seen.getpixel((320, 140)), (0, 0, 255))


@both
@pytest.mark.parametrize("part", [0.01, 0.1, 0.5, 0.9, 0.99])
def test_what_is_cut_is_refused(kind, part):
    content = file_of(noise(), kind)
    assert "can't be read as a picture; save it again as JPEG" in refusal(content[: int(len(content) * part)])


@both
def test_what_is_damaged_is_opened_or_refused(kind):
    content, random = file_of(noise(), kind), np.random.default_rng(1)
    for _ in range(8):
        damaged = bytearray(content)
        for place in random.integers(0, len(content), 6):
            damaged[place] = random.integers(256)
        try:
            assert open_picture(bytes(damaged)).mode == "RGB"
        except PictureError as error:
            assert str(error).endswith(".")


@both
@pytest.mark.parametrize("size", [(30_000, 30_000), (2**31 - 1, 2**31 - 1), (60_000, 1000), (0, 0), (8000, 7999)])
def test_a_header_that_says_much_is_refused(kind, size):
    assert refusal(declared(file_of(corners(), kind), *size))


@both
def test_more_pixels_than_any_picture_may_have(kind, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 48 * 32 - 1)
    assert "has more than" in refusal(file_of(corners(), kind))


@both
def test_more_pixels_than_its_kind_may_have(kind, monkeypatch):
    monkeypatch.setattr(pictures, "MAX_HELD", 48 * 32)
    assert "more than can be read of a picture of its kind" in refusal(file_of(corners(), kind))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems don't keep to a limit of memory")
def test_a_process_that_needs_more_memory_than_it_may_have_ends_in_one_sentence(tmp_path, monkeypatch):
    greedy = tmp_path / "child.py"
    source = apart._CHILD.read_text().replace(
        "    size, up = (0, 0), 1\n", "    size, up = (0, 0), 1\n    x = bytes(2**30)\n"
    )
    greedy.write_text(source)
    monkeypatch.setattr(apart, "_CHILD", greedy)
    assert "can't be read as a picture" in refusal(file_of(corners(), "AVIF"))


@pytest.mark.parametrize("work", ["while True: pass", "import time; time.sleep(99)"])
def test_a_process_that_takes_for_ever_ends_in_one_sentence(work, tmp_path, monkeypatch):
    endless = tmp_path / "child.py"
    endless.write_text(apart._CHILD.read_text().replace("    size, up = (0, 0), 1\n", f"    {work}\n"))
    monkeypatch.setattr(apart, "_CHILD", endless)
    monkeypatch.setattr(pictures, "MAX_SECONDS", 1)
    monkeypatch.setattr(apart, "PATIENCE", 4)
    assert "can't be read as a picture" in refusal(file_of(corners(), "AVIF"))


@pytest.mark.parametrize("answer", [
    "'x'", "'RGB 9 9 1\\n'", "'RGB 99999 99999 1\\n'", "'RGB 0 0 1\\n'", "'RGB -1 -1 1\\n'", "'RGB 1 1 1\\n' + 'x' * 4",
    "'x' * 100_000_000",
])  # fmt: skip
def test_the_answer_of_the_process_is_not_believed(answer, tmp_path, monkeypatch):
    liar = tmp_path / "child.py"
    liar.write_text(f"import sys\nsys.stdin.buffer.read()\nsys.stdout.write({answer})\n")
    monkeypatch.setattr(apart, "_CHILD", liar)
    assert "can't be read as a picture" in refusal(file_of(corners(), "AVIF"))


def test_no_process_is_left_behind_and_none_knows_a_password(monkeypatch):
    started, environments, start = [], [], subprocess.Popen

    def popen(*args, **options):
        environments.append(options["env"])
        started.append(start(*args, **options))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", popen)
    monkeypatch.setenv("MAMEX_SECRET", "password")
    open_picture(file_of(corners(), "AVIF"))
    refusal(file_of(corners(), "HEIF")[:-9])
    assert len(started) == 2
    assert all("MAMEX_SECRET" not in environment for environment in environments)
    assert all(process.returncode is not None for process in started)


def test_without_the_package_the_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setattr(apart, "HEIC_READERS", ("no_such_package_at_all",))
    assert "pip install pi-heif" in refusal(file_of(corners(), "HEIF"))
    monkeypatch.setattr(apart.features, "check", lambda _: False)
    assert "pillow" in refusal(file_of(corners(), "AVIF"))


@pytest.mark.parametrize(("head", "kind"), [
    (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
    (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf", "AVIF"),
    (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "HEIC"),
    (b"\0\0\0\x18ftypavis\0\0\0\0avifmsf1", "AVIF"),
    (b"\0\0\0\x18ftypisom\0\0\0\0mp41iso2", None),
    (b"\xff\xff\xff\xffftypmp42\0\0\0\0" + b"mp42" * 100_000, None),
    (b"", None),
])  # fmt: skip
def test_kinds_by_their_brands(head, kind):
    assert apart.kind_of(head) == kind
