"""Offline answer-quality suites: cases, generation, scorers, statistics, reports."""
