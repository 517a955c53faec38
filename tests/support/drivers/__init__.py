"""Firefox and WebKit under a test, with the few calls of Playwright that the tests need."""
