"""One small trained shop for the tests of the app, made once in a session."""

import pytest
from builders import write_tiny_dataset

from app.shop import Shop
from mamex.config import Config, override
from mamex.progress import silent
from mamex.run import train_run


class Quiet:
    """A display that shows nothing."""

    progress = staticmethod(silent)

    def message(self, text):
        pass

    def epoch(self, record):
        pass


@pytest.fixture(scope="session")
def app_checkpoint(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    write_tiny_dataset(folder / "tiny", n_items=80, n_users=40, purchases=12)
    config = override(Config(), ["training.epochs=2", "model.dimension=16"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAMEX_CACHE", str(tmp_path_factory.mktemp("app-cache")))
        train_run(folder / "tiny", folder / "checkpoint", config, "cpu", False, Quiet())
    return folder / "checkpoint"


@pytest.fixture(scope="session")
def shop(app_checkpoint):
    return Shop.load(app_checkpoint)


@pytest.fixture(scope="session")
def server(shop):
    """The address of a running page."""
    from app.page import serve

    page = serve(shop, host="127.0.0.1", block=False)
    yield page.local_url
    page.close()
