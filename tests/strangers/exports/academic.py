"""Public data sets as they are downloaded: Kaggle's H&M, RecBole, MovieLens, Amazon reviews, MMRec."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC
from pathlib import Path

import numpy as np

from tests.strangers.shop import Purchase, Shop, draw, write_table


def article_number(shop: Shop, index: int) -> str:
    """Ten digits, the first a zero."""
    return f"0{108775015 + 1007 * index:09d}"


def customer_number(user: str) -> str:
    """A hash, as Kaggle gives it."""
    return hashlib.sha256(user.encode()).hexdigest()


def seconds(purchase: Purchase) -> int:
    """Seconds since 1970, in UTC."""
    return int(purchase.time.replace(tzinfo=UTC).timestamp())


def hm(folder: Path, shop: Shop) -> Path:
    """articles.csv, customers.csv, transactions_train.csv and images/010/0108775015.jpg."""
    numbers = {product.number: article_number(shop, index) for index, product in enumerate(shop.products)}
    articles = [
        {
            "article_id": numbers[product.number], "product_code": numbers[product.number][1:7],
            "prod_name": product.title, "product_type_no": "253", "product_type_name": product.kind.title(),
            "product_group_name": "Home", "graphical_appearance_no": "1010016", "graphical_appearance_name": "Solid",
            "colour_group_code": "9", "colour_group_name": product.colour, "perceived_colour_value_id": "4",
            "perceived_colour_value_name": "Dark", "perceived_colour_master_id": "5",
            "perceived_colour_master_name": product.colour, "department_no": "1676", "department_name": "Home",
            "index_code": "A", "index_name": "Home", "index_group_no": "1", "index_group_name": "Home",
            "section_no": "16", "section_name": "Home", "garment_group_no": "1002", "garment_group_name": "Home",
            "detail_desc": product.description,
        }
        for product in shop.products
    ]  # fmt: skip
    customers = [
        {"customer_id": customer_number(user), "FN": "", "Active": "", "club_member_status": "ACTIVE",
         "fashion_news_frequency": "NONE", "age": "49.0", "postal_code": "52043ee2162cf5aa7ee79974281641c6"}
        for user in shop.users
    ]  # fmt: skip
    transactions = [
        {"t_dat": f"{purchase.time:%Y-%m-%d}", "customer_id": customer_number(purchase.user),
         "article_id": numbers[purchase.product.number], "price": "0.050830508474576264", "sales_channel_id": "2"}
        for purchase in shop.purchases
    ]  # fmt: skip
    write_table(folder / "articles.csv", articles)
    write_table(folder / "customers.csv", customers)
    write_table(folder / "transactions_train.csv", transactions)
    for product in shop.products:
        number = numbers[product.number]
        (folder / "images" / number[:3]).mkdir(parents=True, exist_ok=True)
        draw(product).save(folder / "images" / number[:3] / f"{number}.jpg")
    return folder


def recbole(folder: Path, shop: Shop) -> Path:
    """Atomic files with tabs and kinds behind the names of columns."""
    items = [
        {"item_id:token": product.number, "title:token_seq": product.title,
         "description:token_seq": product.description, "price:float": f"{product.price}"}
        for product in shop.products
    ]  # fmt: skip
    rows = [
        {"user_id:token": purchase.user, "item_id:token": purchase.product.number, "rating:float": "5.0",
         "timestamp:float": f"{seconds(purchase)}.0"}
        for purchase in shop.purchases
    ]  # fmt: skip
    write_table(folder / "hearth.item", items, delimiter="\t", lineterminator="\n")
    write_table(folder / "hearth.inter", rows, delimiter="\t", lineterminator="\n")
    return folder


def movielens_small(folder: Path, shop: Shop) -> Path:
    """ml-latest-small: movies.csv, ratings.csv, links.csv, tags.csv."""
    films = {product.number: str(index * 7 + 1) for index, product in enumerate(shop.products)}
    movies = [
        {"movieId": films[product.number], "title": product.title, "genres": "Comedy|Drama"}
        for product in shop.products
    ]
    ratings = [
        {"userId": purchase.user, "movieId": films[purchase.product.number], "rating": "4.5",
         "timestamp": str(seconds(purchase))}
        for purchase in shop.purchases
    ]  # fmt: skip
    write_table(folder / "movies.csv", movies)
    write_table(folder / "ratings.csv", ratings)
    write_table(
        folder / "links.csv", [{"movieId": number, "imdbId": "0114709", "tmdbId": "862"} for number in films.values()]
    )
    write_table(folder / "tags.csv", [{"userId": "1", "movieId": "1", "tag": "funny", "timestamp": "1445714994"}])
    return folder


def movielens_1m(folder: Path, shop: Shop) -> Path:
    """ml-1m: double colons, no header, latin-1."""
    folder.mkdir(parents=True, exist_ok=True)
    films = {product.number: index + 1 for index, product in enumerate(shop.products)}
    movies = [f"{films[product.number]}::{product.title} (1995)::Comedy" for product in shop.products]
    ratings = [f"{int(p.user[1:])}::{films[p.product.number]}::5::{seconds(p)}" for p in shop.purchases]
    (folder / "movies.dat").write_bytes("\n".join(movies).encode("latin-1"))
    (folder / "ratings.dat").write_bytes("\n".join(ratings).encode("latin-1"))
    return folder


def amazon(folder: Path, shop: Shop) -> Path:
    """Reviews and metadata of 2023, a JSON object a line."""
    folder.mkdir(parents=True, exist_ok=True)
    meta = [
        {"main_category": "Home", "title": product.title, "average_rating": 4.5, "rating_number": 12, "features": [],
         "description": [product.description], "price": product.price, "store": "Hearth",
         "images": [{"thumb": "https://m.media.example/t.jpg", "large": "https://m.media.example/l.jpg",
                     "variant": "MAIN", "hi_res": None}], "parent_asin": f"B0{product.number}"}
        for product in shop.products
    ]  # fmt: skip
    reviews = [
        {"rating": 5.0, "title": "Lovely", "text": "Would buy again", "asin": f"B0{p.product.number}",
         "parent_asin": f"B0{p.product.number}", "user_id": p.user, "timestamp": seconds(p) * 1000, "helpful_vote": 0}
        for p in shop.purchases
    ]  # fmt: skip
    for name, objects in (("meta_Home.jsonl", meta), ("Home.jsonl", reviews)):
        (folder / name).write_text("\n".join(json.dumps(one) for one in objects) + "\n", encoding="utf-8")
    return folder


def mmrec(folder: Path, shop: Shop) -> Path:
    """baby.inter with x_label, and two arrays of features."""
    places = {product.number: str(index) for index, product in enumerate(shop.products)}
    users = {user: str(index) for index, user in enumerate(shop.users)}
    rows = [
        {"userID": users[p.user], "itemID": places[p.product.number], "rating": "5.0", "timestamp": str(seconds(p)),
         "x_label": str(index % 10 // 8)}
        for index, p in enumerate(shop.purchases)
    ]  # fmt: skip
    write_table(folder / "baby.inter", rows, delimiter="\t", lineterminator="\n")
    chance = np.random.default_rng(0)
    np.save(folder / "image_feat.npy", chance.normal(size=(len(places), 16)).astype(np.float32))
    np.save(folder / "text_feat.npy", chance.normal(size=(len(places), 8)).astype(np.float32))
    return folder
