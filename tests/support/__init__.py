"""Kits that the tests share."""
