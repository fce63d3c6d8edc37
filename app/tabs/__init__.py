"""The tabs of the page, in their order; the view of each has ``TITLE``, ``ID`` and ``build(bench, tab)``.

``{Users}`` in a title stands for the dataset's own word.
"""

from app.tabs.audience import view as audience
from app.tabs.batch import view as batch
from app.tabs.catalogue_map import view as catalogue_map
from app.tabs.experts import view as experts
from app.tabs.launch import view as launch
from app.tabs.model import view as model
from app.tabs.neighbours import view as neighbours
from app.tabs.shoppers import view as shoppers
from app.tabs.what_if import view as what_if
from app.tabs.your_shop import view as your_shop

VIEWS = (launch, audience, neighbours, what_if, catalogue_map, experts, shoppers, batch, model, your_shop)
