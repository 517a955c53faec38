"""A soak of the webhooks: workers are killed while events arrive, and none may be lost."""
