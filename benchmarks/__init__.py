"""Measures lean-flask beside what people would write instead: ``make bench``."""
