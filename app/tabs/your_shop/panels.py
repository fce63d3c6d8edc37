"""The written parts of the Your shop tab: pure functions, check report or training job -> HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from app import words
from app.parts.panels import problem
from app.state.shop import Shop
from app.state.training_job import TrainingJob
from mamex.data.check import CheckReport
from mamex.data.problems import SHOWN_OF_A_KIND, Problem, grouped

FORMAT = """items.csv          item_id,title,description,image,[category, price, …]
interactions.csv   user_id,item_id,[timestamp],[rating]
images/            whatever the image column points to
about.json         optional: what items and users are called"""


def introduction(allowed: str) -> str:
    """What this tab is for, and what to bring."""
    if allowed == "off":
        return """<section class="empty" aria-label="Your shop"><h2>Switched off on this page</h2>
<p>Training on your own data needs more time and memory than this public page has. On your own machine,
<code>python app/main.py</code> has this tab, and <code>python -m mamex train --data DIR --out runs/shop</code> does the
same without a browser.</p></section>"""
    local = " or name a folder of this machine" if allowed == "local" else ""
    return f"""<h2>See your own shop with these eyes</h2><p class="lead">Upload a zip of a dataset folder{local}. It is
checked, a model is trained on it, and then every tab shows your shop, to you alone. All of it is deleted within the
hour; download the checkpoint if you want to keep it.</p><details class="twin"><summary>What has to be in the
folder</summary><pre>{escape(FORMAT)}</pre></details>"""


_ALL = ("error", "warning")


def report(found: CheckReport) -> str:
    """What the checker found, in words: counts, verdict, errors, warnings."""
    counts = found.summary
    errors = [entry for entry in found.problems if entry.severity == "error"]
    warnings = [entry for entry in found.problems if entry.severity == "warning"]
    # Of very many problems of a kind only some are listed.
    total = {wanted: sum(n for (*_, severity), n in found.found.items() if severity == wanted) for wanted in _ALL}
    if errors:
        verdict = problem(f"{words.count(total['error'], 'error')} to repair before it can be trained on.")
    else:
        verdict = (
            '<div class="callout reveal" role="status"><strong>It can be used.</strong> '
            f"{words.count(total['warning'], 'warning') if warnings else 'Nothing is wrong with it.'}</div>"
        )
    facts = (
        (counts["items"], "items"),
        (counts["with_picture"], "with a picture"),
        (counts["with_words"], "with words"),
        (counts["users"], "users"),
        (counts["interactions"], "interactions"),
    )
    cells = "".join(f"<li><strong>{number:,}</strong><span>{name}</span></li>" for number, name in facts)
    return (
        f'{verdict}<ul class="facts-row" aria-label="What is in it">{cells}</ul>'
        f"{_problems('Errors', errors)}{_problems('Warnings', warnings)}"
    )


def _problems(title: str, found: Sequence[Problem]) -> str:
    if not found:
        return ""
    lines = []
    for alike in grouped(found):
        lines += [str(entry) for entry in alike[:SHOWN_OF_A_KIND]]
        if len(alike) > SHOWN_OF_A_KIND:
            lines.append(f"{alike[0].file}: and {len(alike) - SHOWN_OF_A_KIND:,} more of this kind")
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f'<h3>{title}</h3><ul class="problems">{items}</ul>'


def progress(job: TrainingJob) -> str:
    """What the training is doing, how far it is, and how long it may still take."""
    share = job.done / job.total if job.total else 0.0
    left = job.seconds_left
    time_left = f"at most {_duration(left)} left" if left is not None else "working out how long it takes"
    count = f"{job.done:,} of {job.total:,}" if job.total else ""
    name = "Stopping after this epoch" if job.stopping else job.stage
    return f"""<div class="progress" role="status" aria-live="polite"><p><strong>{escape(name)}</strong>
<span>{count}</span><span>{time_left}</span></p><progress value="{share:.3f}" max="1"
aria-label="{escape(name)}">{share:.0%}</progress></div>{_messages(job)}"""


def finished(job: TrainingJob, shop: Shop | None) -> str:
    """How the training ended; ``shop`` is the one that came of it."""
    if job.error or shop is None:
        return problem(job.error) + _messages(job)
    best = [record for record in job.records if record.best][-1]
    quality = best.validation
    return f"""<div class="callout reveal" role="status"><strong>{escape(shop.name)} is trained.</strong> Best epoch
{best.epoch} of {job.records[-1].epoch}: validation NDCG@20 {quality["ndcg@20"]:.4f}, Recall@20
{quality["recall@20"]:.4f}. Every tab now shows it, to you alone.</div>{_messages(job)}"""


def _messages(job: TrainingJob) -> str:
    mark = "Warning: "
    warnings = [message.removeprefix(mark) for message in job.messages if message.startswith(mark)]
    return "".join(
        f'<div class="callout warning" role="note"><strong>Mind:</strong> {escape(text)}</div>' for text in warnings
    )


def _duration(seconds: float) -> str:
    if seconds < 90:
        return words.count(max(1, round(seconds)), "second")
    return words.count(round(seconds / 60), "minute")
