"""The picker page: what it shows, and how it is rendered."""
