"""The commands of ``frontline eval``: each reads its options, calls one thing, and says what came of it."""
