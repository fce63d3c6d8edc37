"""Hostile arguments of the command line, and ``prepare`` on files that are not what they should be."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tests.hostile.doors.forks import Place
from tests.hostile.judging.cases import Case, Right
from tests.hostile.machine.call_cases import NO_NUMBER, WORDS, assignments


def cases() -> Iterator[Case]:
    """All of them."""
    for what, argv, right in _arguments():
        # A dataset folder may be wrong in several ways at once.
        several = what.startswith(("train on", "benchmark of"))
        send = partial(_filled, argv)
        yield Case(f"arguments/{what}", "command line", send, right, list_of_faults=several)
    yield from _sources()


def _filled(argv: list[str], place: Place) -> list[str]:
    names = {"CKPT": place.checkpoint, "SHOP": place.shop, "HERE": place.folder}
    return [str(names.get(word, word)).replace("HERE/", f"{place.folder}/") for word in argv]


def _arguments() -> Iterator[tuple[str, list[str], Right]]:
    launch = ["launch", "--checkpoint", "CKPT", "--json", "--text", WORDS]
    yield "nothing", [], "refusal"
    yield "an unknown command", ["destroy"], "refusal"
    yield "ten thousand words", ["check"] + ["x"] * 10_000, "refusal"
    for flag in ("--list-length", "--members"):
        for value in NO_NUMBER:
            right: Right = (
                "either"
                if value == "1_0" or (flag == "--members" and value in (" 5", "９", "99999999999999999999999"))
                else "refusal"
            )
            yield f"launch {flag} {value!r}", [*launch, f"{flag}={value}"], right
    texts = {
        "blank": "  \n ",
        "NUL": "a\x00b",
        "half a surrogate pair": "\ud800",
        "an undecodable byte": "\udcff hat",
        "a megabyte": "x" * 1_000_000,
        "a hundred thousand words": "hat " * 100_000,
        "controls": "\x1b[2J\x07\x08 hat",
        "what turns the reading direction": "\u202ehat",
        "only marks": "\u0301" * 5000,
        "emoji": "👩‍👩‍👧‍👦" * 500,
        "a formula": "=1+1",
        "markup": "<script>alert(1)</script>",
        "a special token": "[SEP] </s> <|endoftext|> [MASK]",
        "private use": "\ue000\uf8ff",
        "unassigned": "\U000e0fff\ufffe",
        "one sign": "!",
        "words of 3,000 letters": "w" * 3000,
    }
    for what, text in texts.items():
        yield f"launch --text of {what}", [*launch[:-1], text], "refusal" if what == "blank" else "either"
    yield "launch of nothing", launch[:4], "refusal"
    for command in (["launch", "--text", "x"], ["evaluate"]):
        for what in (
            "no-such",
            "/dev/null",
            "/dev/zero",
            "SHOP",
            "a\x00b",
            "",
            "/",
            "x" * 5000,
            "\udcff",
            "/proc/self",
        ):
            yield f"{command[0]} --checkpoint {what[:9]!r}", [*command, "--checkpoint", what], "refusal"
    train = ["train", "--data", "SHOP", "--set", "training.epochs=1", "model.dimension=4"]
    for what in ("/dev/null", "/dev/full", "/proc/x", "/dev/null/x", "a\x00b", "x" * 5000, "", "SHOP", "/"):
        yield f"train --out {len(what)} {what[:9]!r}", [*train, "--out", what], "refusal"
    yield "train --resume of nothing", [*train, "--out", "HERE/new", "--resume"], "either"
    yield "train on a checkpoint", ["train", "--data", "CKPT", "--out", "HERE/out"], "refusal"
    yield "train on nothing", ["train", "--data", "no-such", "--out", "HERE/out"], "refusal"
    yield "train on another device", [*train, "--out", "HERE/out", "--device", "tpu"], "refusal"
    yield "train with tables in a file", [*train, "--out", "HERE/out", "--tensorboard", "/dev/null"], "refusal"
    for what, setting, right in assignments():
        if right == "refusal":
            yield f"train --set {what}", ["train", "--data", "SHOP", "--out", "HERE/out", "--set", setting], "refusal"
    for value in NO_NUMBER:
        if value not in ("1_0", " 5", "９", "99999999999999999999999"):
            yield f"evaluate --seeds {value!r}", ["evaluate", "--checkpoint", "CKPT", f"--seeds={value}"], "refusal"
            for flag in ("--trials", "--jobs", "--seeds"):
                yield (
                    f"benchmark {flag} {value!r}",
                    ["benchmark", "--data", "SHOP", "--out", "HERE/out", f"{flag}={value}"],
                    "refusal",
                )
    bench = ["benchmark", "--quick", "--table", "1", "--data"]
    yield "benchmark of nothing", [*bench, "no-such", "--out", "HERE/out"], "refusal"
    yield "benchmark of a method that is none", [*bench, "SHOP", "--out", "HERE/out", "--methods", "magic"], "refusal"
    yield "benchmark of no method", [*bench, "SHOP", "--out", "HERE/out", "--methods", ","], "refusal"
    yield (
        "benchmark of a table that is none",
        ["benchmark", "--data", "SHOP", "--out", "HERE/out", "--table", "9"],
        "refusal",
    )
    for what in ("/dev/null", "/proc/x", "/dev/null/x"):
        yield f"benchmark --out {what}", [*bench, "SHOP", "--out", what], "refusal"


def _sources() -> Iterator[Case]:
    """``prepare`` on files that are not what they should be."""
    contents: dict[str, bytes] = {
        "nothing": b"",
        "not JSON": b"nonsense\n" * 50,
        "deep JSON": b"[" * 100_000 + b"\n",
        "null": b"null\n" * 50,
        "NUL": bytes(5000),
        "numbers": b"1\n2\n",
        "one line of 20 MB": b"x" * 20_000_000,
        "pickle": b"\x80\x04cos\nsystem\n.",
        "half a surrogate pair": b'{"asin": "\\ud800", "reviewerID": "u"}\n',
        "lists": b"[[],[]]\n" * 9,
        "wrong types": b'{"asin": 5, "reviewerID": [], "overall": {}, "unixReviewTime": "x"}\n' * 9,
    }
    for what, content in contents.items():
        yield _prepare(
            f"amazon reviews/{what}",
            content,
            ["amazon", "--name", "X", "--no-pictures", "--reviews", "FILE.json", "--metadata", "FILE.json"],
        )
        yield _prepare(
            f"amazon reviews packed/{what}",
            content,
            ["amazon", "--name", "X", "--no-pictures", "--reviews", "FILE.json.gz", "--metadata", "FILE.json.gz"],
        )
        yield _prepare(
            f"movielens plots/{what}",
            content,
            ["movielens", "--ratings", "HERE", "--posters", "HERE", "--plots", "FILE.json"],
        )
        yield _prepare(
            f"movielens ratings/{what}",
            content,
            ["movielens", "--ratings", "HERE", "--posters", "HERE", "--plots", "FILE.csv"],
        )
        yield _prepare(f"hm/{what}", content, ["hm", "--from", "HERE"])
        yield _prepare(f"mmrec/{what}", content, ["mmrec", "--from", "HERE"])
    for address in (
        "http://127.0.0.1:9/",
        "http://[::1",
        "file:///etc/",
        "gopher://127.0.0.1/",
        "http://user:pw@127.0.0.1:9/",
        "\x00",
    ):
        yield _prepare(
            f"amazon address/{address!r}", b"", ["amazon", "--name", "X", "--rate", "1000", f"--base-url={address}"]
        )


def _prepare(id: str, content: bytes, argv: list[str]) -> Case:
    def send(place: Place) -> list[str]:
        names = (
            "FILE.json",
            "FILE.json.gz",
            "FILE.csv",
            "ratings.dat",
            "movies.dat",
            "users.dat",
            "articles.csv",
            "customers.csv",
            "transactions_train.csv",
            "baby.inter",
            "image_feat.npy",
            "text_feat.npy",
        )
        for name in names:
            (place.folder / name).write_bytes(content)
        made = [str(place.folder / word) if word.startswith("FILE") else word for word in argv]
        return ["prepare", made[0], "--out", str(place.folder / "out"), *_filled(made[1:], place)]

    return Case(id, "command line", send, list_of_faults=True)
