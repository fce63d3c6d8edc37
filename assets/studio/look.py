"""What a modelling function gets: a product's visible attributes and its materials."""

import random
from dataclasses import dataclass, field

from shading import surface


@dataclass
class Look:
    """Visible attributes of one product, plus a private random stream for small variations."""

    form: str  # rounded, angular or slender
    colour: str
    material: str
    pattern: str
    accent: str
    rng: random.Random
    _cache: dict = field(default_factory=dict)

    @property
    def rounded(self):
        """True for the soft, curved form."""
        return self.form == "rounded"

    @property
    def angular(self):
        """True for the straight, sharp-edged form."""
        return self.form == "angular"

    @property
    def slender(self):
        """True for the tall, thin form."""
        return self.form == "slender"

    def by_form(self, rounded, angular, slender):
        """Pick a value by the product's form."""
        return {"rounded": rounded, "angular": angular, "slender": slender}[self.form]

    def between(self, low, high):
        """A private random number."""
        return self.rng.uniform(low, high)

    def main(self):
        """The product's own material, with its pattern."""
        return self.of(self.material, self.colour, self.pattern)

    def plain(self):
        """The product's own material without the pattern."""
        return self.of(self.material, self.colour)

    def of(self, kind, colour, pattern="plain"):
        """Any other material, cached so that parts share it."""
        key = (kind, colour, pattern)
        if key not in self._cache:
            self._cache[key] = surface(kind, colour, pattern, self.accent)
        return self._cache[key]
