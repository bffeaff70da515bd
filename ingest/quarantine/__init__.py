"""What waits for a person before it may be quoted: why each file waits, and what was decided about it."""

from ingest.quarantine.door import Door
from ingest.quarantine.finding import Finding
from ingest.quarantine.held import Held, Quarantine, Standing

__all__ = ["Door", "Finding", "Held", "Quarantine", "Standing"]
