"""The operations page: what an operator sees, and what an operator can do."""
