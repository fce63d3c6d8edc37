"""Start the demo: ``python app/main.py [--checkpoint CKPT] [--host HOST] [--port PORT]``."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# A Space and a plain `python app/main.py` both put app/ on the path, and not the folder that holds mamex/.
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from mamex.cli.start import loading  # noqa: E402
from mamex.errors import MamexError  # noqa: E402


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the page until it is stopped; 1 if it can't be served, with one sentence that says why."""
    parsed = _parser().parse_args(arguments)
    # A stopped server must delete what visitors uploaded, as it does when it ends by itself.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        # Settings and the port first: what is wrong with them is told at once, and visitors who come early see that the
        # page is starting.
        from app.server import Server
        from app.state.own_shop import allowed

        allowed()
        server = Server(parsed.host, parsed.port)
    except MamexError as error:
        return _refuse(str(error))
    try:
        # Gradio and torch take seconds to import; neither `--help` nor the port should wait for them.
        with loading():
            from app.page import serve
            from app.state.shop import Shop

            shop = Shop.load(parsed.checkpoint)
        for note in shop.launcher.checkpoint.notes:
            print(f"Note: {note}", file=sys.stderr)
        serve(shop, server)
    except (MamexError, OSError) as error:
        return _refuse(str(error))
    except KeyboardInterrupt:
        return 0
    finally:
        server.close()
    return 0


def _refuse(sentence: str) -> int:
    print(" ".join(sentence.split()), file=sys.stderr)
    return 1


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) < 65536):
        raise argparse.ArgumentTypeError("must be a number from 0 to 65535")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    default = Path(os.environ.get("MAMEX_CHECKPOINT") or ROOT / "checkpoints" / "demo")
    parser = argparse.ArgumentParser(prog="python app/main.py", description="See a planned product find its shoppers.")
    parser.add_argument(
        "--checkpoint", type=Path, default=default, metavar="CKPT", help="checkpoint folder (or $MAMEX_CHECKPOINT)"
    )
    parser.add_argument("--host", help="address to listen on (or $GRADIO_SERVER_NAME); this machine only by default")
    parser.add_argument("--port", type=_port, help="port to listen on (or $GRADIO_SERVER_PORT); a free one by default")
    return parser


if __name__ == "__main__":
    sys.exit(main())
