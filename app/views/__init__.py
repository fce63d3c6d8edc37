"""The tabs of the page, in their order; each file has ``TITLE``, ``ID`` and ``build(bench, tab)``.

``{Users}`` in a title stands for the dataset's own word.
"""

from app.views import (
    audience,
    batch,
    catalogue_map,
    experts,
    launch,
    model,
    neighbours,
    shoppers,
    what_if,
    your_shop,
)

VIEWS = (launch, audience, neighbours, what_if, catalogue_map, experts, shoppers, batch, model, your_shop)
