"""How often whoever watches an answer being made is told of it."""

LOOK = 0.03
"""Seconds between looks for new events at first; it doubles up to ``LOOK_SELDOM``."""
LOOK_SELDOM = 0.5
