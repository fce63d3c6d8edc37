"""The situations, one module for each kind of trouble; importing this package fills the registry."""

from tests.strangers.cases.pictures import files, names, placeholders
from tests.strangers.cases.programs import profile, shapes, training, uploads
from tests.strangers.cases.rows import identities, meaning, mixtures, times, words
from tests.strangers.cases.tables import batches, dialects, headers, public, systems

MODULES = (
    *(dialects, headers, systems, public, batches),
    *(identities, meaning, mixtures, times, words),
    *(files, names, placeholders),
    *(shapes, profile, training, uploads),
)
