"""Words out of HTML: what a browser would show, nothing of what it would not, and no text changed that holds none."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mamex.files.markup import MOST_TAGS, has_markup, without_markup


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<p>Holds 350&nbsp;ml,<br/>dishwasher <b>safe</b>.</p>", "Holds 350 ml, dishwasher safe."),
        ('<div style="color:red"><ul><li>One<li>Two</ul></div>', "One Two"),
        ("<b>S</b>mall &amp; light", "Small & light"),
        ("&lt;p&gt;Twice &amp;amp; escaped&lt;/p&gt;", "Twice & escaped"),
        ("<style>.a{b:c}</style><script>if (a<b) run()</script>Words", "Words"),
        ("Warm<!-- not for readers -->, soft", "Warm, soft"),
        ("Caf&eacute; &#8211; 20&#x20AC;", "Café – 20€"),
        (r"First line.\nSecond line.", "First line. Second line."),
        ("<p>5 < 6 mm</p>", "5 < 6 mm"),
        ("<p>an unfinished <b", "an unfinished"),
        ("<table><tr><td>Width</td><td>20 cm</td></tr></table>", "Width 20 cm"),
    ],
)
def test_what_a_browser_would_show(written, shown):
    assert has_markup(written)
    assert without_markup(written) == shown


@pytest.mark.parametrize(
    "text", ["size <M> only", "a < b & c > d", "AT&T", "black & white", "[new] [sic] mug", "x<y", "", "  two  spaces "]
)
def test_a_text_without_markup_stays_as_it_is(text):
    assert not has_markup(text)
    assert without_markup(text) == text


@given(st.text(alphabet="<>&;/bp 1a!-\\n\"'=#x", max_size=60))
def test_any_text_is_taken_and_is_then_left_alone(text):
    once = without_markup(text)
    assert without_markup(once) == once or has_markup(once)
    assert "\n" not in once or once == text


def test_a_text_of_tags_alone_costs_little():
    begin = time.process_time()
    assert without_markup("<div>" * 100_000 + "x") == ""
    assert without_markup("<div>" * (MOST_TAGS - 1) + "x") == "x"
    assert without_markup("<!--" * 50_000) == ""
    assert without_markup("&lt;" * 50_000).strip("<") == ""
    assert time.process_time() - begin < 20, "tens of times what it takes"
