"""Hand-written stand-ins: real objects with a queue or a dict inside, never patched mocks."""

from __future__ import annotations
