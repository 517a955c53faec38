"""Events from Lean: kept in the store, then delivered to the host's receivers."""
