"""That the load is measured rightly: planted faults are found; and a small load, in which there are none."""

from functools import partial

import pytest

from tests.load.clients.comparing import CROSSED, RIGHT, WRONG, verdict
from tests.load.figures import Load, as_json, as_page
from tests.load.loads.crowd import FAILED, REFUSED, Tally
from tests.load.loads.endurance import Endurance
from tests.load.loads.rude import Rush
from tests.load.measuring import Size, measure
from tests.support.knocking import apart

MINE = {"reach": {"20": 0.25}, "rows": [{"title": "Mug canary-1-0", "audience": 12}], "timings": {"encode": 3.0}}
THEIRS = {"reach": {"20": 0.5}, "rows": [{"title": "Mug canary-2-0", "audience": 30}], "timings": {"encode": 9.0}}


def changed(**values):
    return {**MINE, **values}


def test_the_same_answer_is_right_whatever_the_clock_says():
    assert verdict(changed(timings={"encode": 99.0}), MINE, "canary-1-0") == (RIGHT, "")
    assert verdict(changed(reach={"20": 0.25 + 1e-6}), MINE, "canary-1-0") == (RIGHT, "")


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"reach": {"20": 0.2503}}, "answer.reach.20"),
        ({"reach": {"50": 0.25}}, "answer.reach"),
        ({"rows": []}, "answer.rows"),
        ({"rows": [{"title": "Mug canary-1-0", "audience": 13}]}, "answer.rows[0].audience"),
        ({"rows": [{"title": "Cup canary-1-0", "audience": 12}]}, "answer.rows[0].title"),
        ({"rows": [{"title": "Mug canary-1-0", "audience": None}]}, "answer.rows[0].audience"),
        ({"reach": {"20": float("nan")}}, "answer.reach.20"),
    ],
)
def test_a_wrong_value_is_found(wrong, where):
    outcome, why = verdict(changed(**wrong), MINE, "canary-1-0", [THEIRS])
    assert outcome == WRONG and why.startswith(f"{where}:")


def test_somebody_else_s_word_is_cross_talk_even_in_an_answer_that_looks_right():
    mine = changed(note="canary-2-0")
    assert verdict(mine, mine, "canary-1-0")[0] == CROSSED
    assert verdict(b"<h1>Mug canary-2-0</h1>", b"<h1>Mug canary-2-0</h1>", "canary-1-0")[0] == CROSSED


def test_somebody_else_s_numbers_are_cross_talk_even_without_their_word():
    mine, theirs = {"reach": 0.25}, {"reach": 0.5}
    assert verdict({"reach": 0.5}, mine, "canary-1-0", [{"reach": 0.75}, theirs])[0] == CROSSED
    assert verdict({"reach": 0.6}, mine, "canary-1-0", [{"reach": 0.75}, theirs])[0] == WRONG


def test_files_are_compared_byte_for_byte_but_for_when_a_report_was_written():
    written = b"<p>27 November 2026, 23:59 UTC</p><p>12 shoppers</p>"
    assert verdict(written.replace(b"23:59", b"00:01"), written, "canary-1-0")[0] == RIGHT
    assert verdict(written.replace(b"12", b"13"), written, "canary-1-0")[0] == WRONG


def load_of(crowd, growth=1.0, healthy=True):
    """A load whose other parts went well."""
    rushed = Tally()
    rushed.note("word_worth", RIGHT, "", 0.1)
    rushed.note("word_worth", REFUSED, "The page is busy.", 0.1)
    calm = Endurance(100, 500.0, 500.0 + growth, Tally())
    return Load("shop", 2, 10, crowd, {"vanish": 1}, calm, calm, Rush(2, rushed, healthy), {}, MEMORY, (5, 6), [], 2.0)


MEMORY = {"start": 490.0, "peak": 520.0, "end": 510.0, "unread": 0.0}


def test_the_figures_name_every_kind_of_fault():
    well = Tally()
    well.note("launch", RIGHT, "", 0.5)
    assert as_json(load_of(well))["faults"] == []
    ill = Tally()
    ill.note("launch", RIGHT, "", 0.5)
    for outcome in (WRONG, CROSSED, FAILED, REFUSED):
        ill.note("map", outcome, f"planted {outcome}", 0.5)
    faults = "\n".join(as_json(load_of(ill, growth=51.0, healthy=False))["faults"])
    for sign in ("planted wrong", "planted cross-talk", "planted error", "1 refused", "grew by 51 MB", "not recover"):
        assert sign in faults
    assert "planted wrong" in as_page(as_json(load_of(ill)))


def test_a_page_under_load_tells_everybody_what_is_theirs(app_checkpoint, tmp_path):
    size = Size(clients=6, seconds=8, launches=30, rush=100, unread=40, products=1)
    figures = as_json(apart(partial(measure, app_checkpoint, tmp_path, size, tell=lambda _: None)))
    assert figures["faults"] == []
    assert all(figures["misbehaved"].get(kind) for kind in ("vanish at once", "half an upload", "read slowly"))
    assert all(len(sentence.split()) > 5 for sentence in figures["refusals"])
