"""Settings: what they take, their defaults, and what follows from them."""
