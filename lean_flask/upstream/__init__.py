"""HTTP to Lean: calls, tokens, time budgets, and webhooks' signatures."""
