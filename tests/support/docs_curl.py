"""Asks the app in this folder what ``curl`` would ask the running server."""

import sys
from urllib.parse import urlsplit

sys.path.insert(0, "")  # the reader's folder

from app import app

(url,) = (argument for argument in sys.argv[1:] if argument.startswith("http"))
parts = urlsplit(url)
response = app.test_client().get(f"{parts.path}?{parts.query}")
sys.stdout.write(f"HTTP/1.1 {response.status}\n{response.headers}{response.text}\n")
sys.exit(response.status_code >= 400)
