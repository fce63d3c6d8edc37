"""One small trained shop for the tests of the app, made once in a session."""

import pytest
from shop import train_tiny_shop

from app.shop import Shop


@pytest.fixture(scope="session")
def app_checkpoint(tmp_path_factory):
    return train_tiny_shop(tmp_path_factory.mktemp("app"), n_items=80, n_users=40, purchases=12)


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
