"""The page's colours: the host's customization as a stylesheet, held to readable contrasts."""
