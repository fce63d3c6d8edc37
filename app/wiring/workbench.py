"""What the views share: the page's shop, the visitor's state, and how a handler answers when something is wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, NoReturn

import gradio as gr
from gradio.context import LocalContext

from app import words
from app.doors.refusal import FAILED
from app.doors.request import is_from_this_machine
from app.doors.settings import DoorSettings
from app.state.own_shop import Allowed, OwnShopError
from app.state.shop import Shop
from app.state.visit import Launched, Visit
from app.wiring.events import compute
from mamex.errors import MamexError

OUR_FAULT = FAILED.sentence
#: A default argument by which Gradio knows that a handler reports progress.
PROGRESS = gr.Progress()
_log = logging.getLogger("mamex.app")


@dataclass(frozen=True)
class Workbench:
    """Handed to each view's ``build``.

    Attributes:
        shop: the shop that the page was started with.
        visit: a ``gr.State`` that holds the visitor's ``Visit``.
        tabs: the row of tabs; ``gr.Tabs(selected=ID)`` as an output opens another one.
        masthead: the header of the page, which names the shop.
        switched: a ``gr.State`` with the number of times that the visitor's shop was changed; its ``change`` event
            tells views to draw anew what depends on the shop.
        own_shop: whether visitors may train on a dataset of their own.
        doors: how the page is reached.
    """

    shop: Shop
    visit: gr.State
    tabs: gr.Tabs
    masthead: gr.HTML
    switched: gr.State
    own_shop: Allowed
    doors: DoorSettings = field(default_factory=DoorSettings)

    def shop_of(self, visit: Visit) -> Shop:
        """The shop that a visitor looks at: their own, or else the page's.

        Raises:
            OwnShopError: theirs was deleted, as every upload is within the hour.
        """
        if visit.own is not None and visit.own.deleted:
            was_seen = visit.shop is not None  # one that was only checked is not missed
            visit.forget_own_shop()
            if was_seen:
                raise OwnShopError(
                    "Your shop was deleted, as every upload is within the hour; reload the page to go on."
                )
        return visit.shop or self.shop

    @property
    def may_name_folders(self) -> bool:
        """Whether the request that is being answered may name folders of this machine: where the page allows it, and
        only for whoever sits at it."""
        request = LocalContext.request.get(None)
        if self.own_shop != "local" or not isinstance(request, gr.Request) or request.client is None:
            return False
        return is_from_this_machine(request.headers, request.client.host, self.doors)

    def when_opened(
        self,
        tab: gr.Tab,
        draw: Callable[..., Any],
        inputs: list[Any],
        outputs: list[Any],
        problem: Callable[[str], Any],
    ) -> None:
        """Draw a view each time its tab is opened, since a figure drawn on a hidden tab has no size.

        Args:
            tab: the view's tab.
            draw: (visit, *inputs) -> the outputs.
            inputs: further components that ``draw`` reads.
            outputs: what it fills.
            problem: a sentence -> the outputs that show it.
        """
        tab.select(
            answered(draw, problem),
            [self.visit, *inputs],
            outputs,
            **compute(),
        )


def answered(handler: Callable[..., Any], problem: Callable[[str], Any]) -> Callable[..., Any]:
    """A handler that answers in words whatever happens: the visitor gets a sentence, the log gets the traceback."""

    @wraps(handler)
    def safe(*values: Any) -> Any:
        try:
            return handler(*values)
        except Exception as error:
            return problem(_sentence(error))

    return safe


def answered_steps(handler: Callable[..., Iterator[Any]], problem: Callable[[str], Any]) -> Callable[..., Any]:
    """``answered`` for a handler that yields: the page is told of every step, and of what went wrong."""

    @wraps(handler)
    def safe(*values: Any) -> Iterator[Any]:
        try:
            yield from handler(*values)
        except Exception as error:
            yield problem(_sentence(error))

    return safe


def as_toast(sentence: str) -> NoReturn:
    """A problem that is told above the page, where a view has no place of its own for it."""
    raise gr.Error(sentence, print_exception=False)


def _sentence(error: Exception) -> str:
    """What to tell the visitor."""
    if isinstance(error, MamexError):
        return words.warning(str(error))
    _log.error("A handler failed", exc_info=error)
    return OUR_FAULT


def last_launch(bench: Workbench, visit: Visit) -> Launched | None:
    """The visitor's last launch in the shop they look at; None before it."""
    launched = visit.launched
    return launched if launched is not None and launched.shop is bench.shop_of(visit) else None
