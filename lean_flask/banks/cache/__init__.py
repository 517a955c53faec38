"""The cached bank lists, and what the processes share about them."""
