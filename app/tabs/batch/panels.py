"""The written parts of the Batch tab: pure functions, rows -> HTML. Every text that is not ours is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from app import words
from app.state.shop import Shop
from app.state.thumbnails import SMALL
from app.theme.palette import colour
from mamex.launch.batch import BatchRow
from mamex.launch.batch_files import MOST_ROWS, TEMPLATE
from mamex.launch.result import Neighbour

#: Rows with a picture of the nearest product; more of them would make the page heavy.
MOST_PICTURES = 100


def empty_state(shop: Shop) -> str:
    """What to bring, and what comes of it."""
    items, users = words.text(shop.about.items), words.text(shop.about.users)
    return f"""<section class="empty" aria-label="How to start"><h2>Many at once</h2>
<ol><li><strong>Bring a table</strong><span>One row for each of up to {MOST_ROWS} planned {items}: a CSV, or a zip
of the CSV and the pictures that it names.</span></li>
<li><strong>Press “Run all”</strong><span>Rows that can't be used are named with their reason; the others
run.</span></li>
<li><strong>See which to launch</strong><span>Ranked by how many {users} each reaches, as a CSV too; any two side by
side.</span></li></ol><p>{template_link()}</p></section>"""


def template_link() -> str:
    """A CSV with the right header, inside the page itself."""
    data = quote(TEMPLATE)
    return (
        f'<a class="template" download="planned.csv" href="data:text/csv;charset=utf-8,{data}">A CSV to start from</a>'
    )


def progress(done: int, total: int, seconds: float, stopping: bool = False) -> str:
    """How far the run is, and how long it will still take if it goes on like this."""
    if stopping:
        left = "stopping"
    elif not done:
        left = "reading the first rows"
    else:
        left = f"about {_duration(seconds / done * (total - done))} left"
    return f"""<div class="running"><p><strong>{done:,} of {total:,}</strong> <span>{left}</span></p>
<div class="track" role="progressbar" aria-label="Rows done" aria-valuemin="0" aria-valuemax="{total}"
aria-valuenow="{done}"><i style="width:{done / total:.1%}"></i></div></div>"""


def _duration(seconds: float) -> str:
    """``75`` -> ``1 min 15 s``."""
    minutes, rest = divmod(max(1, round(seconds)), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def summary(shop: Shop, rows: Sequence[BatchRow], total: int, length: int, seconds: float) -> str:
    """What came of the run: the best row, rows that failed, and whether it was stopped."""
    good = [row for row in rows if row.reach is not None]
    bad = len(rows) - len(good)
    stopped = f" Stopped after {len(rows):,} of {total:,} rows." if len(rows) < total else ""
    if not good:
        return f"""<div class="callout problem" role="alert"><strong>No row could run.</strong>{stopped} The reasons are
below.</div>"""
    best = good[0]
    size = (best.audience or {})[length]
    failed = f" <strong>{words.count(bad, 'row')} could not run.</strong>" if bad else ""
    took = f" Took {_duration(seconds)}."
    return f"""<section class="headline" aria-live="polite"><p class="big"><span class="figure">{size:,}</span>
<span>of {words.people(shop.about, shop.shoppers)} would find <strong>{escape(best.name)}</strong> in their
top {length}: the widest reach of {words.things(shop.about, len(good))}.{failed}{stopped}{took}</span></p></section>"""


def table(shop: Shop, rows: Sequence[BatchRow], length: int) -> str:
    """The rows that ran, ranked, and below them those that could not."""
    good = [row for row in rows if row.reach is not None]
    bad = [row for row in rows if row.reach is None]
    return (_ranked(shop, good, length) if good else "") + (_failed(bad) if bad else "")


def _ranked(shop: Shop, rows: Sequence[BatchRow], length: int) -> str:
    widest = max((row.reach or {})[length] for row in rows)
    users, item = words.capital(shop.about.users), shop.about.item
    lengths = list(rows[0].reach or {})
    heads = "".join(
        f'<th scope="col" class="number{" chosen" if other == length else ""}">Top {other}</th>' for other in lengths
    )
    fusion = "".join(
        f'<th scope="col" class="number">{words.capital(words.modality(m))}</th>' for m in rows[0].fusion or {}
    )
    body = "".join(
        _line(shop, row, place, length, widest, place <= MOST_PICTURES) for place, row in enumerate(rows, start=1)
    )
    label = f"Ranked {escape(shop.about.items)}"
    return f"""<div class="scroll batch" tabindex="0" role="region" aria-label="{label}"><table>
<thead><tr><th scope="col" class="number">Place</th><th scope="col">{escape(words.capital(item))}</th>
<th scope="col">{escape(users)} in their top {length}</th>{heads}{fusion}<th scope="col">Nearest on sale</th>
<th scope="col">Mind</th></tr></thead><tbody>{body}</tbody></table></div>"""


def _line(shop: Shop, row: BatchRow, place: int, length: int, widest: float, picture: bool) -> str:
    reach, audience, fusion = row.reach or {}, row.audience or {}, row.fusion or {}
    shares = "".join(f'<td class="number">{words.percent(share)}</td>' for share in reach.values())
    weights = "".join(
        f'<td class="number"><span class="value">{words.percent(weight)}</span><i class="bar {escape(m)}" '
        f'style="--width:{weight:.0%};--fill:{colour(m)}"></i></td>'
        for m, weight in fusion.items()
    )
    number = f"{escape(row.item_id)} · " if row.item_id and row.item_id != row.name else ""
    width = reach[length] / widest if widest else 0.0
    return f"""<tr><td class="number place">{place}</td>
<th scope="row"><span>{escape(row.name)}</span><small>{number}row {row.row}</small></th>
<td class="reach"><span class="value">{audience[length]:,}</span><i class="bar" style="--width:{width:.1%}"></i></td>
{shares}{weights}<td>{_nearest(shop, row.nearest, picture)}</td><td>{_notes(row)}</td></tr>"""


def _nearest(shop: Shop, item: Neighbour | None, picture: bool) -> str:
    if item is None:
        return ""
    uri = shop.thumbnails.uri(item.position, SMALL) if picture else ""
    image = f'<img src="{uri}" alt="">' if uri else ""
    return f"""<div class="nearest">{image}<span>{escape(shop.title(item))}
<small>{words.similarity(item.similarity)} alike</small></span></div>"""


def _notes(row: BatchRow) -> str:
    notes = "".join(f"<li>{escape(words.capital(words.warning(sentence)))}</li>" for sentence in row.warnings)
    return f'<ul class="notes">{notes}</ul>' if notes else ""


def _failed(rows: Sequence[BatchRow]) -> str:
    """Rows that could not run, each with its number in the file and the reason."""
    lines = "".join(f"<li><strong>Row {row.row}</strong>{_called(row)}: {escape(_reason(row))}</li>" for row in rows)
    return f'<section class="failed"><h3>{words.count(len(rows), "row")} could not run</h3><ul>{lines}</ul></section>'


def _called(row: BatchRow) -> str:
    name = row.title or row.item_id
    return f" ({escape(name)})" if name else ""


def _reason(row: BatchRow) -> str:
    sentence = words.warning(row.fault)
    return sentence if sentence.endswith(".") else f"{sentence}."


def choices(rows: Sequence[BatchRow]) -> list[tuple[str, int]]:
    """The rows that can be compared: what to call each, with its row number as the value."""
    good = [row for row in rows if row.reach is not None]
    return [(f"{place}. {row.name} (row {row.row})", row.row) for place, row in enumerate(good, start=1)]
