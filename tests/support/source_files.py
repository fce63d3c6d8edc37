"""Small files in the true formats of the public data sets, for the tests of ``mamex.data.sources``."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from PIL import Image

from mamex.cli.main import main

ROOT = Path(__file__).resolve().parents[2]


def mamex(*arguments: object) -> tuple[int, str, str]:
    """Run a command in this process, which is much quicker; exit status, output and messages."""
    out, messages = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(messages):
        status = main([str(argument) for argument in arguments])
    return status, out.getvalue(), messages.getvalue()


def command(*arguments: object) -> list[str]:
    """The words of a command, for a process that a test steers itself."""
    return [sys.executable, "-m", "mamex", *map(str, arguments)]


def surroundings() -> dict[str, Any]:
    """Where and with which environment a process runs; no proxy may stand between a test and its own server."""
    return {"cwd": ROOT, "env": {**os.environ, "OMP_NUM_THREADS": "1", "NO_PROXY": "*"}}


def prepared_and_checked(*arguments: object) -> tuple[str, str]:
    """What ``prepare`` and then ``check`` of its folder print; both must succeed."""
    status, said, messages = mamex("prepare", *arguments)
    assert status == 0, messages
    status, checked, _ = mamex("check", arguments[arguments.index("--out") + 1])
    assert status == 0, checked
    return said, checked


def as_typed(*arguments: object) -> tuple[str, str]:
    """The same in processes of their own, as a user types it."""
    folder = arguments[arguments.index("--out") + 1]
    calls = (command("prepare", *arguments), command("check", folder))
    done = [subprocess.run(call, **surroundings(), capture_output=True, text=True, timeout=120) for call in calls]
    assert [call.returncode for call in done] == [0, 0], [call.stderr for call in done]
    return done[0].stdout, done[1].stdout


def failure(*arguments: object) -> str:
    """The one sentence with which ``prepare`` refuses."""
    status, said, messages = mamex("prepare", *arguments)
    assert status == 1 and said == "", (said, messages)
    return messages.splitlines()[-1]


def picture(colour: str = "red", kind: str = "JPEG") -> bytes:
    """A small picture's bytes."""
    stream = io.BytesIO()
    Image.new("RGB", (16, 16), colour).save(stream, kind)
    return stream.getvalue()


def review(user: str, item: str, time: int, rating: float = 5.0) -> dict[str, Any]:
    """One line of a reviews file; both releases have these fields, and others."""
    return {
        "reviewerID": user,
        "asin": item,
        "reviewerName": 'J. "Mac" Donald',
        "helpful": [2, 3],
        "reviewText": "Good.\nVery good.",
        "overall": rating,
        "summary": "Good",
        "unixReviewTime": time,
        "reviewTime": "09 13, 2009",
    }


def json_lines(records: Iterable[object]) -> bytes:
    """Gzipped JSON, one a line: reviews of both releases, metadata of 2018."""
    return gzip.compress("".join(json.dumps(record) + "\n" for record in records).encode())


def literal_lines(records: Iterable[object]) -> bytes:
    """Gzipped Python literals, one a line: metadata of 2014."""
    return gzip.compress("".join(f"{record!r}\n" for record in records).encode())


def metadata_2014(server: str) -> list[dict[str, Any]]:
    """Items A0 to A3, of which A2 has no picture that works and A3 names none; and X9, which nobody reviewed."""
    return [
        {
            "asin": "A0",
            "title": 'Girls\' "Tutu" &amp; Wings',
            "description": "Line one.\nCaf\u00e9, soft",
            "price": 3.17,
            "imUrl": f"{server}/A0.jpg",
            "related": {"also_bought": ["X9", "A1"], "also_viewed": ["A2"]},
            "salesRank": {"Toys & Games": 211836},
            "brand": "Coxlures",
            "categories": [["Baby", "Clothing", "Dresses"], ["Sports", "Dance"]],
        },
        {"asin": "A1", "title": "It's a hat", "imUrl": f"{server}/A1.png", "categories": [["Baby"]]},
        {"asin": "A2", "title": "Sock", "imUrl": f"{server}/A2.jpg", "categories": [["Baby", "Socks"]]},
        {"asin": "A3", "description": "Only words, no title", "categories": [["Baby"]]},
        {"asin": "X9", "title": "Not reviewed", "imUrl": f"{server}/X9.jpg", "categories": [["Baby"]]},
    ]


def metadata_2018(server: str) -> list[dict[str, Any]]:
    """The same items as the 2018 release writes them: lists, HTML, "$" prices, two lists of pictures."""
    return [
        {
            "category": ["Clothing, Shoes &amp; Jewelry", "Women", "Dresses"],
            "tech1": "",
            "description": ["<b>Soft</b>", "Warm&nbsp;&amp; light"],
            "title": "Dress",
            "also_buy": ["X9"],
            "brand": "Acme",
            "feature": ["Cotton"],
            "main_cat": "Clothing",
            "price": "$1,299.99",
            "asin": "A0",
            "imageURL": [f"{server}/A0_US40_.jpg"],
            "imageURLHighRes": [f"{server}/A0.jpg", f"{server}/A0b.jpg"],
        },
        {
            "category": [],
            "description": [],
            "title": "Hat",
            "price": "$5.00 - $9.00",
            "asin": "A1",
            "imageURL": [f"{server}/A1.png"],
            "imageURLHighRes": [],
        },
        {
            "category": ["Clothing"],
            "description": ["Sock"],
            "title": "var aPageStart = (new Date()).getTime();",
            "price": ".a-box-inner{background-color:#fff}",
            "asin": "A2",
            "imageURL": [f"{server}/A2_US40_.jpg"],
            "imageURLHighRes": [f"{server}/A2.jpg"],
        },
        {"title": "Bag", "asin": "A3"},
        {"title": "Hat again", "asin": "A1", "imageURL": [f"{server}/X9.jpg"]},
    ]


def write_movielens(folder: Path) -> tuple[Path, Path, Path]:
    """ml-1m, posters and plots.csv: films 1-4, of which 3 has no poster and 4 no plot. Returns the three paths.

    Users 1-3 rate films 1-4 with 5, but user 3 gives film 1 a 3; user 4 rates film 1 with 4 and nothing else.
    """
    ratings, posters = folder / "ml-1m", folder / "posters"
    ratings.mkdir(parents=True)
    posters.mkdir()
    lines = [
        f"{user}::{film}::{3 if (user, film) == (3, 1) else 5}::{978300000 + 10 * user - film}"
        for user in (1, 2, 3)
        for film in (1, 2, 3, 4)
    ]
    (ratings / "ratings.dat").write_text("\n".join([*lines, "4::1::4::978300760"]) + "\n", encoding="latin-1")
    films = [
        "1::Toy Story (1995)::Animation|Children's|Comedy",
        "2::Star Wars: Episode IV - A New Hope (1977)::Action|Sci-Fi",
        "3::Mis\u00e9rables, Les (1995)::Drama|Musical",
        "4::Usual Suspects, The (1995)::Crime",
        "5::Never Seen (1999)::Drama",
    ]
    (ratings / "movies.dat").write_text("\n".join(films) + "\n", encoding="latin-1")
    (ratings / "users.dat").write_text("1::F::1::10::48067\n", encoding="latin-1")
    for film, name in ((1, "1.jpg"), (2, "0002.PNG"), (4, "4.jpg"), (5, "5.jpg")):
        (posters / name).write_bytes(picture(kind="PNG" if film == 2 else "JPEG"))
    (posters / "readme.txt").write_text("posters")
    plots = folder / "plots.csv"
    plots.write_text('movieId,plot\n1,"Toys live, in secret."\n2,Far away\n3,Prison\n', encoding="utf-8")
    return ratings, posters, plots


ARTICLES = """\
article_id,product_code,prod_name,product_type_no,product_type_name,product_group_name,graphical_appearance_name,\
colour_group_name,index_name,section_name,garment_group_name,detail_desc
0108775015,0108775,Strap top,253,Vest top,Garment Upper body,Solid,Black,Ladieswear,Womens Everyday Basics,\
Jersey Basic,Jersey top with narrow shoulder straps.
0108775044,0108775,Strap top,253,Vest top,Garment Upper body,Solid,White,Ladieswear,Womens Everyday Basics,\
Jersey Basic,Jersey top with narrow shoulder straps.
0108775051,0108775,Strap top (1),253,Vest top,Garment Upper body,Stripe,Off White,Ladieswear,Womens Everyday Basics,\
Jersey Basic,Jersey top with narrow shoulder straps.
0110065001,0110065,OP T-shirt,306,Bra,Underwear,Solid,Black,Lingeries/Tights,Womens Lingerie,"Under-, Nightwear",
0999999001,0999999,Unsold,1,Hat,Accessories,Solid,Red,Menswear,Mens,Accessories,Never bought.
"""


def write_hm(folder: Path) -> Path:
    """Kaggle's folder: product 0108775 in three colours (044 sells most, 015 and 051 have a picture), 0110065, 0999999.

    Customers c0 to c3, of whom c3 buys once and c2 buys one product in two colours; c4 buys nothing.
    """
    folder.mkdir()
    (folder / "articles.csv").write_text(ARTICLES, encoding="utf-8")
    customers = "".join(f"{customer(n)},,,ACTIVE,NONE,{20 + n},abc\n" for n in range(5))
    header = "customer_id,FN,Active,club_member_status,fashion_news_frequency,age,postal_code\n"
    (folder / "customers.csv").write_text(header + customers)
    bought = [
        ("2018-09-20", 0, "0108775015", 0.0169491525, 2),
        ("2018-09-20", 0, "0110065001", 0.05, 2),
        ("2018-09-21", 1, "0108775044", 0.0169491525, 1),
        ("2018-09-21", 1, "0110065001", 0.03, 1),
        ("2018-09-22", 2, "0108775044", 0.01, 1),
        ("2019-01-02", 2, "0108775051", 0.02, 2),
        ("2020-09-22", 3, "0108775044", 0.0169491525, 2),
    ]
    rows = "".join(f"{day},{customer(n)},{article},{price},{channel}\n" for day, n, article, price, channel in bought)
    (folder / "transactions_train.csv").write_text("t_dat,customer_id,article_id,price,sales_channel_id\n" + rows)
    for name, colour in (("0108775015", "black"), ("0108775051", "white"), ("0999999001", "red")):
        path = folder / "images" / name[:3] / f"{name}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture(colour))
    return folder


def customer(number: int) -> str:
    """A customer id of 64 hexadecimal digits, like Kaggle's."""
    return f"{number:064x}"
