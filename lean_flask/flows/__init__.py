"""Flows: arguments, token, which banks they may use, the SDK config, callback data."""
