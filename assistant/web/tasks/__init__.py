"""What people do here, by page or by program alike: who may, what is recorded of it, and what comes of it."""
