"""Migrations of the catalogue's schema."""
