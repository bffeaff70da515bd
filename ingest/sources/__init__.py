"""Where documents come from. A source can list everything it holds, so that what is gone can be seen to be."""

from ingest.sources.folder import Folder
from ingest.sources.source import Found, Source

__all__ = ["Folder", "Found", "Source"]
