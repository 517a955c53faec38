"""Banks: their schema, the cached lists, stores, and search."""
