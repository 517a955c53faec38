"""Bank lists and logos for the stand-in."""
