"""Pictures as strangers send them: either the right RGB picture, or one sentence."""

import io

import numpy as np
import pytest
from PIL import EpsImagePlugin, Image

from mamex.errors import PictureError
from mamex.files.pictures import picture as pictures
from mamex.files.pictures.picture import open_picture

RED, GREEN, WHITE, BLACK = (255, 0, 0), (0, 255, 0), (255, 255, 255), (0, 0, 0)


def file_of(picture: Image.Image, kind: str = "PNG", **options) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def corners() -> Image.Image:
    """3 wide, 2 high, black, with a red corner on top on the left."""
    picture = Image.new("RGB", (3, 2))
    picture.putpixel((0, 0), RED)
    return picture


def assert_is(picture: Image.Image, expected: list[list[tuple[int, int, int]]]) -> None:
    assert picture.mode == "RGB"
    assert np.asarray(picture).tolist() == [[list(pixel) for pixel in row] for row in expected]


def assert_refused(source, *words: str) -> None:
    with pytest.raises(PictureError) as caught:
        open_picture(source)
    message = str(caught.value)
    assert all(word in message for word in words), message
    assert message.endswith(".")
    assert "\n" not in message


def test_a_plain_picture_from_each_kind_of_source(tmp_path):
    path = tmp_path / "plain.png"
    path.write_bytes(file_of(corners()))
    expected = [[RED, BLACK, BLACK], [BLACK, BLACK, BLACK]]
    for source in (path, str(path), path.read_bytes(), Image.open(path), corners()):
        assert_is(open_picture(source), expected)


# EXIF orientation -> where the red corner of the stored picture is seen, and the size that is seen.
@pytest.mark.parametrize(
    ("orientation", "size", "corner"),
    [
        (1, (3, 2), (0, 0)),
        (2, (3, 2), (2, 0)),
        (3, (3, 2), (2, 1)),
        (4, (3, 2), (0, 1)),
        (5, (2, 3), (0, 0)),
        (6, (2, 3), (1, 0)),
        (7, (2, 3), (1, 2)),
        (8, (2, 3), (0, 2)),
    ],
)
def test_pictures_are_turned_upright(orientation, size, corner):
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = open_picture(file_of(corners(), exif=exif))
    assert picture.size == size
    assert picture.getpixel(corner) == RED
    assert np.asarray(picture).sum() == 255


def test_transparency_becomes_white():
    picture = Image.new("RGBA", (3, 1))
    for x, pixel in enumerate([(255, 0, 0, 255), (255, 0, 0, 0), (0, 0, 0, 51)]):
        picture.putpixel((x, 0), pixel)
    assert_is(open_picture(file_of(picture)), [[RED, WHITE, (204, 204, 204)]])


def test_grey_with_transparency():
    picture = Image.new("LA", (2, 1))
    picture.putpixel((0, 0), (100, 255))
    picture.putpixel((1, 0), (100, 0))
    assert_is(open_picture(file_of(picture)), [[(100, 100, 100), WHITE]])


@pytest.mark.parametrize("transparency", [1, b"\xff\x00"])
def test_palette_with_transparency(transparency):
    picture = Image.new("P", (2, 1), 0)
    picture.putpalette([255, 0, 0, 0, 255, 0])
    picture.putpixel((1, 0), 1)
    assert_is(open_picture(file_of(picture, transparency=transparency)), [[RED, WHITE]])


def test_palette_without_transparency():
    picture = Image.new("P", (2, 1), 0)
    picture.putpalette([255, 0, 0, 0, 255, 0])
    picture.putpixel((1, 0), 1)
    assert_is(open_picture(file_of(picture)), [[RED, GREEN]])


def test_a_colour_marked_as_transparent():
    picture = Image.new("RGB", (2, 1), GREEN)
    picture.putpixel((0, 0), RED)
    assert_is(open_picture(file_of(picture, transparency=GREEN)), [[RED, WHITE]])


def test_black_and_white():
    picture = Image.new("1", (2, 1))
    picture.putpixel((0, 0), 1)
    assert_is(open_picture(file_of(picture)), [[WHITE, BLACK]])


def test_sixteen_bit_grey_is_scaled_and_not_clipped():
    ramp = np.linspace(0, 65535, 256).astype(np.uint16)[None]
    picture = np.asarray(open_picture(file_of(Image.fromarray(ramp))))
    assert picture.shape == (1, 256, 3)
    assert np.abs(picture[0].astype(int) - np.arange(256)[:, None]).max() <= 1


@pytest.mark.parametrize(("grey", "expected"), [(0, 0), (65535, 255)])
def test_one_sixteen_bit_grey_all_over_keeps_its_brightness(grey, expected):
    picture = open_picture(file_of(Image.fromarray(np.full((2, 2), grey, dtype=np.uint16))))
    assert picture.getpixel((0, 0)) == (expected,) * 3


def test_sixteen_bit_grey_with_a_transparent_value():
    row = np.array([[0, 30000, 65535]], dtype=np.uint16)
    picture = open_picture(file_of(Image.fromarray(row), transparency=0))
    assert picture.getpixel((0, 0)) == WHITE
    assert picture.getpixel((2, 0)) == WHITE
    assert picture.getpixel((1, 0)) == pytest.approx((117,) * 3, abs=1)


def test_big_endian_sixteen_bit_tiff():
    ramp = np.linspace(0, 65535, 16).astype(">u2")[None]
    picture = np.asarray(open_picture(file_of(Image.fromarray(ramp), "TIFF")))
    assert picture[0, 0].tolist() == list(BLACK)
    assert picture[0, -1].tolist() == list(WHITE)


def test_cmyk_jpeg():
    picture = Image.new("CMYK", (16, 16), (0, 255, 255, 0))  # no cyan, all magenta and yellow: red
    red, green, blue = open_picture(file_of(picture, "JPEG", quality=95)).getpixel((8, 8))
    assert red > 240
    assert green < 15
    assert blue < 15


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_the_first_frame_of_an_animation(kind):
    frames = [Image.new("RGB", (8, 8), colour) for colour in (RED, GREEN)]
    options = {"lossless": True} if kind == "WEBP" else {}
    animation = file_of(frames[0], kind, save_all=True, append_images=frames[1:], duration=100, **options)
    assert Image.open(io.BytesIO(animation)).n_frames == 2
    picture = open_picture(animation)
    assert picture.size == (8, 8)
    assert picture.getpixel((4, 4)) == RED


def test_a_transparent_gif():
    picture = Image.new("P", (2, 1), 0)
    picture.putpalette([255, 0, 0, 0, 255, 0])
    picture.putpixel((1, 0), 1)
    assert_is(open_picture(file_of(picture, "GIF", transparency=1)), [[RED, WHITE]])


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_truncated_file_is_refused(kind, tmp_path):
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8))
    content = file_of(noise, kind)
    path = tmp_path / "half.picture"
    path.write_bytes(content[: len(content) // 2])
    assert_refused(path, "half.picture", "can't be read as a picture")
    assert_refused(path.read_bytes(), "can't be read as a picture")


@pytest.mark.parametrize(
    "content", [b"", b"Dear customer,", b"\xff\xd8\xff", b"<svg xmlns='http://www.w3.org/2000/svg'/>"]
)
def test_what_is_no_picture_is_refused(content, tmp_path):
    path = tmp_path / "letter.jpg"
    path.write_bytes(content)
    assert_refused(path, "letter.jpg", "can't be read as a picture")
    assert_refused(content)


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/a.png", "HTTPS://127.0.0.1/a.png", "data:image/png;base64,AA"])
def test_an_address_is_no_path_and_is_to_be_downloaded_first(address):
    with pytest.raises(PictureError, match="download it first and give its path"):
        open_picture(address)


def test_a_missing_file_and_a_folder(tmp_path):
    assert_refused(tmp_path / "gone.png", "There is no picture at", "gone.png")
    assert_refused(tmp_path, "can't be read as a picture")


# Pillow only warns up to twice its limit and refuses above that; both are too large here.
@pytest.mark.parametrize("pixels", [1001, 2500])
def test_a_decompression_bomb_is_refused(pixels, monkeypatch):
    bomb = file_of(Image.new("L", (pixels, 1)))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    assert_refused(bomb, "million pixels", "smaller")
    assert open_picture(file_of(Image.new("L", (1000, 1)))).size == (1000, 1)


def test_the_limit_is_in_force():
    assert Image.MAX_IMAGE_PIXELS == pictures.MAX_PIXELS <= 100_000_000


def test_a_picture_never_starts_another_program(monkeypatch):
    # Pillow hands EPS files to Ghostscript, a whole programming language, where that is installed.
    started = []
    monkeypatch.setattr(EpsImagePlugin, "Ghostscript", lambda *arguments, **options: started.append(arguments))
    assert_refused(file_of(corners(), "EPS"))
    assert not started
