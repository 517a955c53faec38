"""Workers are killed while events arrive, and none may be lost."""
