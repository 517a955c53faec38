"""JSON without spaces. ``json.dumps`` makes an encoder for each text that is not as by default."""

from __future__ import annotations

import json

#: Return its argument as JSON without spaces.
compact_json = json.JSONEncoder(separators=(",", ":")).encode
