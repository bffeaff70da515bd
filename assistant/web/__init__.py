"""The pages and the API: at the edge, and nothing imports them."""
