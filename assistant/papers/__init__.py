"""Papers that say what the service is and does, written from what is configured and recorded, so that they cannot drift."""

from assistant.papers.facts import Facts, Figures, facts, figures
from assistant.papers.write import PAPERS, write

__all__ = ["PAPERS", "Facts", "Figures", "facts", "figures", "write"]
