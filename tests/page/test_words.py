"""What the page knows about shoppers, beside what they bought."""

from app import words


def test_a_demo_shopper_has_a_readable_name():
    assert words.shopper("shopper-0231") == "Shopper 0231"
    assert words.shopper("u0118") == "u0118"


def test_nouns_get_the_article_that_is_spoken():
    assert words.with_article("product") == "a product"
    assert words.with_article("Album") == "an Album"
    assert words.an("<album>") == "a &lt;album&gt;"
