"""What the shop says about its products."""

from .copywriter import write as write
