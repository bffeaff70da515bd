"""The one way out of this machine: closed, but for destinations that were allowed by name; each call is recorded."""

from governance.egress.destinations import THIS_MACHINE, DataClass, Destination, Destinations
from governance.egress.egress import Egress, Record, about

__all__ = ["THIS_MACHINE", "DataClass", "Destination", "Destinations", "Egress", "Record", "about"]
