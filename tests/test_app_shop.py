"""What the page knows about shoppers, beside what they bought."""

from app_checkpoint import app_checkpoint, shop  # noqa: F401

from app import words


def test_favourites_are_what_a_shopper_bought_most(shop):  # noqa: F811
    items, histories = shop.launcher.checkpoint.dataset.items, shop.launcher.checkpoint.data.histories
    for user in range(10):
        bought = [items["category"][item] for item in histories[user].indices]
        favourites = shop.favourites(user)
        assert len(favourites) == min(2, len(set(bought)))
        for favourite in favourites:
            others = set(bought) - set(favourites)
            assert all(bought.count(favourite) >= bought.count(other) for other in others)


def test_a_demo_shopper_has_a_readable_name():
    assert words.shopper("shopper-0231") == "Shopper 0231"
    assert words.shopper("u0118") == "u0118"
