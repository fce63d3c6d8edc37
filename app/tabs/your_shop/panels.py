"""The written parts of the Your shop tab: pure functions, check report or training job -> HTML."""

from __future__ import annotations

from functools import partial

from markupsafe import Markup

from app import words
from app.parts.panels import problem
from app.state.shop import Shop
from app.state.training_job import TrainingJob
from app.theme.templates import render_macro
from mamex.data.check import CheckReport, sections
from mamex.data.profile.text import subjects
from mamex.data.profile.verdict import gravest

#: Counts of a check report, and what they count.
_COUNTS = {
    "items": "items",
    "with_picture": "with a picture",
    "with_words": "with words",
    "users": "users",
    "interactions": "interactions",
}
_WARNING = "Warning: "
_drawn = partial(render_macro, "tabs/your_shop/panels.html")


def introduction(allowed: str) -> Markup:
    """What this tab is for, and what to bring."""
    return _drawn("switched_off") if allowed == "off" else _drawn("introduction", local=allowed == "local")


def report(found: CheckReport) -> Markup:
    """What the checker found, in words: counts, verdict, errors, warnings, notes, and what the dataset holds."""
    if not found.ok:
        verdict = problem(f"{_total(found, 'error')} to repair before it can be trained on.")
    else:
        verdict = _drawn("usable", fault=gravest(found.profile), beside=_beside(found))
    return _drawn(
        "report",
        verdict=verdict,
        counts=[(f"{found.summary[key]:,}", name) for key, name in _COUNTS.items()],
        sections=sections(found),
        subjects=subjects(found.profile),
        favourites=found.profile.activity.favourites if found.profile.activity else (),
    )


def _beside(found: CheckReport) -> str:
    warned = any(severity == "warning" for *_, severity in found.found)
    return _total(found, "warning") if warned else "Nothing is wrong with it."


def _total(found: CheckReport, wanted: str) -> str:
    """``1,204 errors``: all of them, because of very many problems of a kind only some are listed."""
    return words.count(sum(number for (*_, severity), number in found.found.items() if severity == wanted), wanted)


def progress(job: TrainingJob) -> Markup:
    """What the training is doing, how far it is, and how long it may still take."""
    share = job.done / job.total if job.total else 0.0
    left = job.seconds_left
    return _drawn(
        "progress",
        name="Stopping after this epoch" if job.stopping else job.stage,
        count=f"{job.done:,} of {job.total:,}" if job.total else "",
        time_left=f"at most {_duration(left)} left" if left is not None else "working out how long it takes",
        share=f"{share:.3f}",
        percent=f"{share:.0%}",
        warned=_warnings(job),
    )


def finished(job: TrainingJob, shop: Shop | None) -> Markup:
    """How the training ended; ``shop`` is the one that came of it."""
    if job.error or shop is None:
        return _drawn("failed", problem=problem(job.error), warned=_warnings(job))
    best = [record for record in job.records if record.best][-1]
    return _drawn(
        "trained",
        shop=shop.name,
        best=best.epoch,
        last=job.records[-1].epoch,
        ndcg=f"{best.validation['ndcg@20']:.4f}",
        recall=f"{best.validation['recall@20']:.4f}",
        warned=_warnings(job),
    )


def left() -> Markup:
    """That the shop is gone."""
    return _drawn("left")


def _warnings(job: TrainingJob) -> list[str]:
    return [message.removeprefix(_WARNING) for message in job.messages if message.startswith(_WARNING)]


def _duration(seconds: float) -> str:
    if seconds < 90:
        return words.count(max(1, round(seconds)), "second")
    return words.count(round(seconds / 60), "minute")
