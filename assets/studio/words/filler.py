"""Words that say nothing: what a shop writes when nobody looked at the product."""

import random

TITLES = (
    "New item {n}",
    "Article {n}",
    "Product no. {n}",
    "Our recommendation {n}",
    "Special offer {n}",
    "Top deal {n}",
    "New arrival {n}",
    "Item {n}",
    "Bestseller {n}",
    "Just in: {n}",
    "Stock item {n}",
    "Ref. {n}",
)

OPENINGS = (
    "New arrival.",
    "Now in stock.",
    "Brand new in our shop.",
    "A great choice.",
    "Order today.",
    "Limited stock.",
    "Great value.",
    "Top quality.",
    "Back again by popular demand.",
    "A must-have.",
    "Only for a short time.",
    "You will love it.",
    "Our customers recommend it.",
    "Discover it now.",
    "Highest quality at the best price.",
)

CLOSINGS = (
    "Great quality, fast delivery.",
    "Ships within two days.",
    "Free returns within 30 days.",
    "Satisfaction guaranteed.",
    "Buy now while stocks last.",
    "Secure payment, quick shipping.",
    "Contact us with any questions.",
    "Description to follow.",
    "More details coming soon.",
    "Fast and friendly service.",
    "Order before noon, get it soon.",
    "Thank you for shopping with us.",
    "Delivered right to your door.",
    "See picture.",
    "Five stars from our buyers.",
)


def filler(rng: random.Random) -> tuple[str, str]:
    """A title and a description without any information."""
    title = rng.choice(TITLES).format(n=rng.randrange(1000, 9999))
    sentences = [rng.choice(OPENINGS), *rng.sample(CLOSINGS, rng.choice((1, 1, 2)))]
    return title, " ".join(sentences)
