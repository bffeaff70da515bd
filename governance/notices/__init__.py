"""Notices: the exact texts that people are shown, one file a version, never changed once shown."""
