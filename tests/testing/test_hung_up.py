"""A browser that hangs up in the middle of a file leaves nothing open in the stand-in."""

from __future__ import annotations

import gc
import socket
import struct
import threading
import warnings

from support.redis_server import until

RESET = struct.pack("ii", 1, 0)  # closing sends a reset at once


def test_a_connection_that_is_reset_leaves_no_file_open(fake_lean):
    path = "/stand-in/static/dialog.js"
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n\r\n"
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ResourceWarning)
        for _ in range(20):
            with socket.create_connection(("127.0.0.1", fake_lean.port)) as connection:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                connection.sendall(head.encode())
                connection.recv(1)
        until(lambda: not any("process_request" in one.name for one in threading.enumerate()))
        gc.collect()
    assert [str(warning.message) for warning in caught] == []
