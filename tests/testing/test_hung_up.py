"""A browser that hangs up in the middle of a file leaves nothing open."""

from __future__ import annotations

import gc
import re
import socket
import struct
import threading
import warnings
from urllib.parse import urlsplit

from flask import Flask

from support import plain_http
from support.redis_server import until

RESET = struct.pack("ii", 1, 0)  # closing sends a reset at once


def started_since(others):
    return [thread for thread in threading.enumerate() if thread not in others]


def left_open(port, path):
    """What is still open once connections were reset in the middle of the file at *path*."""
    others = set(threading.enumerate())  # which may serve tests before this one
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n\r\n"
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ResourceWarning)
        for _ in range(20):
            with socket.create_connection(("127.0.0.1", port)) as connection:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                connection.sendall(head.encode())
                connection.recv(1)
        until(lambda: not any("process_request" in one.name for one in started_since(others)))
        gc.collect()
    return [str(warning.message) for warning in caught]


def test_a_connection_that_is_reset_leaves_no_file_open(fake_lean):
    page = plain_http.get(f"{fake_lean.url}/stand-in/dialog", timeout=10).text
    assert left_open(fake_lean.port, re.search(r'src="([^"]+/dialog\.js)"', page)[1]) == []


def test_nor_does_it_in_a_host_of_these_tests(serve, tmp_path):
    (tmp_path / "style.css").write_text("* { margin: 0 }")
    site = serve(Flask("host", static_folder=tmp_path))
    assert left_open(urlsplit(site).port, f"/{tmp_path.name}/style.css") == []
