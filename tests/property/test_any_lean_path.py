"""``client.request`` with any path, query and body: it names what is wrong, or stays at Lean."""

from __future__ import annotations

import json
from uuid import uuid4

import httpx
from hypothesis import example, given
from hypothesis import strategies as st

from lean_flask.errors import FlowError
from lean_flask.upstream.any_request import check_request
from lean_flask.upstream.api_path import parse_path
from support.generated import addresses, anything, text

BASE = "https://lean.example:8443/prefix"
PARTS = [*"/.@:?#;&\\é", "//", "..", "%2e", "%2F", "%5c", "%0d", "%25"]
WORDS = ["evil.example", "http:", "https://", "v1", "customers"]
paths = st.lists(st.sampled_from(PARTS + WORDS) | text, max_size=8).map("".join)
any_path = paths | paths.map("/".__add__) | addresses | text


@given(any_path)
@example("/@evil.example/")
@example("//evil.example/")
@example("/%2e%2e/%2e%2e/evil")
@example("/..;/evil")
@example("/:443@evil.example")
@example("/\t/evil.example")
@example("/％2e％2e/evil")
def test_a_request_never_leaves_leans_host(path):
    try:
        parsed = parse_path(path)
    except ValueError:
        return
    url = httpx.Request("GET", BASE + parsed.text).url
    assert (url.scheme, url.host, url.port) == ("https", "lean.example", 8443)
    assert (url.query, url.fragment, url.userinfo) == (b"", "", b"")
    assert url.raw_path.startswith(b"/prefix/")
    assert ".." not in url.path.split("/")
    assert url.raw_path.isascii()


@given(st.lists(st.uuids() | st.integers(min_value=0), min_size=1, max_size=4), st.data())
def test_no_id_is_in_the_template(ids, data):
    words = data.draw(st.lists(st.sampled_from(["customers", "v1", "entities"]), min_size=1))
    segments = data.draw(st.permutations([*map(str, ids), *words]))
    parsed = parse_path("/" + "/".join(segments))
    assert parsed.template.count("{id}") == len(ids)
    assert not {*map(str, ids)} & set(parsed.template.split("/"))


@given(st.sampled_from(["GET", "POST", "DELETE"]), anything, anything, anything)
@example("POST", {"a": [1e400]}, None, None)
def test_any_query_body_and_key(method, params, body, key):
    try:
        checked = check_request(method, f"/customers/v1/{uuid4()}", params, body, key)
    except FlowError as error:
        named = {*error.fields}
    else:
        named = set()
        sent = httpx.Request(
            checked.method, BASE, params=checked.params, json=checked.json, headers=checked.headers
        )
        assert sent.read() == b"" or json.loads(sent.read()) == json.loads(json.dumps(body))
    assert named <= {"params", "json", "idempotency_key"}
