"""Where files are read and passages embedded: in this process, or on Ray. The results are the same, hash for hash."""

from ingest.engines.engine import Embeds, Engine
from ingest.engines.local import Local

__all__ = ["Embeds", "Engine", "Local"]
