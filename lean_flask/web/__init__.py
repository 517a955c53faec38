"""What is served: routes, pages, assets, headers."""
