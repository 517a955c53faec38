"""Ground for every other package: types, validators, text, errors in words, small caches."""
