"""``flask lean …``: commands, and what ``check`` looks at."""
