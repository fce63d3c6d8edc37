"""Words out of the HTML that shop systems export: tags, styles and entities are for browsers, not for encoders."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

#: Tags of one text that are read; the rest of a longer one is left out. An encoder reads a few hundred words, and
#: tags within tags within tags cost their square.
MOST_TAGS = 1000
#: Times that a text is unescaped: systems that export what another one has exported escape it once more.
_MOST_TIMES = 3
#: In "size <M>" or "a < b" nothing is HTML. Of both kinds of markup the shortest sign is looked for.
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|blockquote|body|br|center|code|dd|div|dl|dt|em|figcaption|figure|font|footer|h[1-6]|head|header|"
    r"hr|html|i|iframe|img|ins|label|li|link|main|mark|meta|nav|ol|p|picture|pre|q|s|script|section|small|source|span|"
    r"strike|strong|style|sub|sup|svg|table|tbody|td|tfoot|th|thead|title|tr|tt|u|ul|video)(?=[\s/>])|<!--",
    flags=re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:[a-zA-Z][a-zA-Z0-9]{1,30}|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")
#: Where a browser begins a new line, words end.
_BLOCK = re.compile(
    r"(</?(?:blockquote|br|dd|div|dl|dt|figcaption|figure|footer|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|table|"
    r"tbody|td|tfoot|th|thead|tr|ul)(?=[\s/>]))",
    flags=re.IGNORECASE,
)
#: What is written between these is not for readers.
_UNREAD = ["script", "style", "template", "noscript", "head", "iframe", "svg"]
#: Some systems write the end of a line as two characters.
_WRITTEN_LINE_END = re.compile(r"(?:\\r)?\\n")
#: Page builders write [vc_row width="1/2"] … [/vc_row]; "[new]" alone is a word in brackets.
_SHORTCODE = re.compile(r"\[(/?)([a-zA-Z][\w-]{0,40})(\s[^\[\]]{0,2000})?\]")


#: A text without any of these holds no markup.
SIGNS = frozenset("<&[\\")


def has_markup(text: str) -> bool:
    """Whether a text holds tags, entities, or ends of lines that are written out."""
    return bool(
        _TAG.search(text) or _ENTITY.search(text) or _WRITTEN_LINE_END.search(text) or _shortcodes(text) != frozenset()
    )


def without_markup(text: str) -> str:
    """The words that a browser would show of a text, on one line; a text without markup is returned as it is.

    >>> without_markup("<p>Holds 350&nbsp;ml,<br>dishwasher <b>safe</b>.</p>")
    'Holds 350 ml, dishwasher safe.'
    """
    if not has_markup(text):
        return text
    for _ in range(_MOST_TIMES):
        text = _shown(text)
        if not (_TAG.search(text) or _ENTITY.search(text)):
            break
    return text


def _shortcodes(text: str) -> frozenset[str]:
    """Names of the shortcodes that a text holds: those that it closes, or gives an attribute."""
    found = _SHORTCODE.finditer(text) if "[" in text else ()
    return frozenset(match[2] for match in found if match[1] or "=" in (match[3] or ""))


def _shown(text: str) -> str:
    names = _shortcodes(text)
    if names:
        text = _SHORTCODE.sub(lambda match: " " if match[2] in names else match[0], text)
    text = _WRITTEN_LINE_END.sub(" ", text)
    # "a < b" is text even where tags are about.
    text = re.sub(r"<(?![a-zA-Z/!?])", "&lt;", text)
    pieces = text.split("<", MOST_TAGS + 1)
    page = LexborHTMLParser(_BLOCK.sub(r" \1", "<".join(pieces[: MOST_TAGS + 1])))
    page.strip_tags(_UNREAD)
    words = page.body.text() if page.body is not None else ""
    return " ".join(words.split())
