"""Recognisers of UK and benefit identifiers: tables of patterns with the words that confirm them."""
