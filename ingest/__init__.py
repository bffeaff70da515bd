"""From sources to a snapshot that can be searched: parse, split, embed, index, catalogue, sync."""
