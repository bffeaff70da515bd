"""The steps of a question, one module each: a callable that takes the run so far and returns a changed copy."""
