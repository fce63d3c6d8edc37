"""Pictures as cameras, shops and archives leave them."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

from PIL import Image, PngImagePlugin

from tests.strangers.reading import Reading, look, read_or_told, read_rightly, told
from tests.strangers.registry import Outcome, situation
from tests.strangers.shop import draw, item_rows, make_shop, write_shop

PART = "pictures"


def stored(folder: Path, save: Callable[[Image.Image, Path], None], ending: str = ".png") -> Reading:
    """The pictures are of another kind than usual; the table names them rightly."""
    shop = make_shop()
    items = [row | {"image": f"images/{product.slug}{ending}"}
             for row, product in zip(item_rows(shop), shop.products, strict=True)]  # fmt: skip
    write_shop(folder, shop, items, pictures=False, named=True)
    (folder / "images").mkdir()
    for product in shop.products:
        save(draw(product), folder / "images" / f"{product.slug}{ending}")
    return look(folder)


def found(reading: Reading) -> Outcome:
    """All 24 pictures are used."""
    return read_rightly(reading, make_shop(), 24)


@situation(PART)
def jpeg_called_png(folder: Path) -> Outcome:
    """JPEG data in files called .png."""
    return found(stored(folder, lambda picture, path: picture.save(path, "JPEG")))


@situation(PART)
def progressive_cmyk(folder: Path) -> Outcome:
    """Printers' JPEG: CMYK, progressive."""
    return found(
        stored(folder, lambda picture, path: picture.convert("CMYK").save(path, "JPEG", progressive=True), ".jpg")
    )


@situation(PART)
def avif(folder: Path) -> Outcome:
    """AVIF of a modern shop."""
    return found(stored(folder, lambda picture, path: picture.save(path, "AVIF"), ".avif"))


@situation(PART)
def heic(folder: Path) -> Outcome:
    """HEIC of a telephone: used if a plug-in is there, else told what to do."""
    try:
        import pillow_heif
    except ImportError:
        reading = stored(folder, lambda _, path: path.write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(400)),
                         ".heic")  # fmt: skip
        return told(reading, r"heic|JPEG", file="items.csv|heic")
    return found(stored(folder, lambda picture, path: pillow_heif.from_pillow(picture).save(path), ".heic"))


@situation(PART)
def pictures_with_a_second_inside(folder: Path) -> Outcome:
    """MPO: a camera's JPEG with a second picture behind the first."""
    return found(
        stored(
            folder,
            lambda picture, path: picture.save(path, "MPO", save_all=True, append_images=[picture.resize((24, 24))]),
            ".jpg",
        )
    )


@situation(PART)
def turned_by_a_note(folder: Path) -> Outcome:
    """EXIF says that the camera was held sideways."""

    def save(picture: Image.Image, path: Path) -> None:
        notes = Image.Exif()
        notes[0x0112] = 6
        picture.save(path, "JPEG", exif=notes)

    return found(stored(folder, save, ".jpg"))


@situation(PART)
def notes_that_are_damaged(folder: Path) -> Outcome:
    """The EXIF block is rubbish, the pixels are whole."""
    return found(
        stored(folder, lambda picture, path: picture.save(path, "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff"), ".jpg")
    )


@situation(PART)
def a_long_text_inside(folder: Path) -> Outcome:
    """A drawing program left three megabytes of text in every PNG."""

    def save(picture: Image.Image, path: Path) -> None:
        notes = PngImagePlugin.PngInfo()
        notes.add_text("parameters", "x" * 3_000_000, zip=True)
        picture.save(path, "PNG", pnginfo=notes)

    return found(stored(folder, save))


@situation(PART)
def a_damaged_colour_profile(folder: Path) -> Outcome:
    """The ICC profile is rubbish."""
    return found(stored(folder, lambda picture, path: picture.save(path, "PNG", icc_profile=b"rubbish" * 30)))


@situation(PART)
def unusual_modes(folder: Path) -> Outcome:
    """Sixteen bits, one bit, a palette with a clear colour, grey with alpha, by turns."""
    modes = iter(["I;16", "1", "P", "LA", "RGBA", "L"] * 4)
    return found(stored(folder, lambda picture, path: picture.convert("L").convert(next(modes)).save(path, "PNG")))


@situation(PART)
def lab_in_tiff(folder: Path) -> Outcome:
    """A photographer's TIFF in LAB: used, or told."""

    def save(picture: Image.Image, path: Path) -> None:
        Image.merge("LAB", picture.split()).save(path, "TIFF")

    return read_or_told(stored(folder, save, ".tif"), make_shop(), r"tif", pictures=24)


@situation(PART)
def pictures_that_move(folder: Path) -> Outcome:
    """Animated GIF: the first frame."""
    return found(
        stored(
            folder,
            lambda picture, path: picture.save(path, "GIF", save_all=True, append_images=[picture.rotate(90)]),
            ".gif",
        )
    )


@situation(PART)
def webp(folder: Path) -> Outcome:
    """WebP called .jpg, as content networks send it."""
    return found(stored(folder, lambda picture, path: picture.save(path, "WEBP"), ".jpg"))


@situation(PART)
def drawings_of_lines(folder: Path) -> Outcome:
    """SVG: told, with what to save it as."""
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><title>{}</title><circle r="4"/></svg>'
    reading = stored(folder, lambda _, path: path.write_text(svg.format(path.name), "utf-8"), ".svg")
    assert reading.report.summary["with_picture"] == 0
    return told(reading, r"svg", r"png|jpeg", file="items.csv|images|svg")


@situation(PART)
def pages_saved_as_pictures(folder: Path) -> Outcome:
    """The server answered 403 and the download saved the page as .jpg."""
    reading = stored(folder, lambda _, path: path.write_bytes(b"<html><body>403 Forbidden</body></html>"), ".jpg")
    assert reading.report.summary["with_picture"] == 0
    return told(reading, r"picture", file="jpg|items.csv")


@situation(PART)
def empty_files(folder: Path) -> Outcome:
    """Downloads that broke at once: 0 bytes."""
    reading = stored(folder, lambda _, path: path.write_bytes(b""), ".jpg")
    assert reading.report.summary["with_picture"] == 0
    return told(reading, r"picture|empty", file="jpg|items.csv")


@situation(PART)
def half_files(folder: Path) -> Outcome:
    """Downloads that broke in the middle."""

    def save(picture: Image.Image, path: Path) -> None:
        data = io.BytesIO()
        picture.resize((200, 200)).save(data, "JPEG")
        path.write_bytes(data.getvalue()[:900])

    reading = stored(folder, save, ".jpg")
    assert reading.report.summary["with_picture"] in (0, 24)
    return told(reading, r"picture|cut|trunc", file="jpg|items.csv")
