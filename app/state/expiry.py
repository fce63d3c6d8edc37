"""When the hour ends: how long anything that a visitor brought, or that was made of it, stays; in seconds."""

from __future__ import annotations

HOUR = 3600
#: What a visitor did since they opened the page, once it lies idle, and once they closed it.
VISIT_AGE = HOUR
#: How often the rooms for passing files are looked through, and the age at which what passes through them is deleted;
#: together less than an hour. Features of what a visitor tried are forgotten at the same age.
EVERY, KEPT_FOR = 300, 2700
#: A shop of a visitor's own; what is being read of it when its time is over has five minutes left.
SHOP_KEPT_FOR = 3300
