"""Migrations of the records' schema."""
