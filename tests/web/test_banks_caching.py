"""GET /banks: cache headers, validators and encodings (RFC 9110, 9111, 9211)."""

import gc
import gzip
import json

from lean_flask.services import MAX_PREPARED_LISTS, get_services
from lean_flask.web import prepared_list
from lean_flask.web.cached_json import Body, represent
from lean_flask.web.prepared_list import PreparedList
from lean_flask.web.routes import banks


def test_the_first_answer_is_a_miss_and_the_next_a_hit(client, fake_lean):
    assert client.get("/lean/banks").headers["Cache-Status"].startswith("lean; fwd=miss; stored")
    second = client.get("/lean/banks")
    assert second.headers["Cache-Status"].startswith("lean; hit; ttl=")
    assert 0 <= int(second.headers["Age"]) < 30
    assert fake_lean.count("banks") == 1


def test_cache_control_states_the_three_windows(make_app):
    client = make_app(banks_ttl=60, banks_stale=70, banks_stale_if_error=80).test_client()
    assert client.get("/lean/banks").headers["Cache-Control"] == (
        "public, max-age=60, stale-while-revalidate=70, stale-if-error=80"
    )


def test_an_etag_brings_304_without_a_body(client):
    first = client.get("/lean/banks")
    again = client.get("/lean/banks", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert not first.headers["ETag"].startswith("W/")
    for name in ("Cache-Control", "Age", "Vary", "Cache-Status"):
        assert name in again.headers


def test_each_encoding_has_an_etag_of_its_own_and_both_revalidate(client):
    plain = client.get("/lean/banks")
    zipped = client.get("/lean/banks", headers={"Accept-Encoding": "gzip"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.data) == plain.data
    assert zipped.headers["ETag"] != plain.headers["ETag"]
    for known in (plain, zipped):
        response = client.get("/lean/banks", headers={"If-None-Match": known.headers["ETag"]})
        assert response.status_code == 304


def test_gzip_that_is_refused_is_not_sent(client):
    response = client.get("/lean/banks", headers={"Accept-Encoding": "gzip;q=0, br"})
    assert "Content-Encoding" not in response.headers
    assert json.loads(response.data)


def test_the_etag_changes_with_the_list(client, fake_lean, app):
    first = client.get("/lean/banks")
    fake_lean.set_availability("RJHI_SAU", active={"data": False, "payments": False})
    refresh(app)
    assert client.get("/lean/banks").headers["ETag"] != first.headers["ETag"]


def test_a_refresh_that_brings_nothing_new_costs_no_new_body(app):
    with app.app_context():
        catalog = get_services("lean").catalog
        before = catalog.listing()
        catalog.refresh()
        after = catalog.listing()
    assert after.revisions == before.revisions
    assert after.banks is before.banks


def refresh(app):
    with app.app_context():
        get_services("lean").catalog.refresh()


def test_what_was_made_of_former_lists_is_forgotten(client, fake_lean, app):
    """The names to search and the bodies of one list of 1,000 banks take some ten megabytes."""

    def alive():
        gc.collect()
        return sum(isinstance(one, (PreparedList, Body)) for one in gc.get_objects())

    before = alive()
    for number in range(MAX_PREPARED_LISTS + 10):
        fake_lean.bank("RJHI_SAU")["name"] = f"Bank {number}"
        refresh(app)
        assert f"Bank {number}" in client.get("/lean/banks").text
        assert client.get("/lean/banks?q=rajhi").status_code == 200
    assert alive() - before <= 3 * MAX_PREPARED_LISTS


def test_head_has_the_headers_alone(client):
    response = client.head("/lean/banks")
    assert response.status_code == 200
    assert response.data == b""
    assert "ETag" in response.headers


def test_head_names_the_length_of_what_get_sends(client):
    assert client.head("/lean/banks").content_length == len(client.get("/lean/banks").data)


def test_304_describes_no_body(client):
    etag = client.get("/lean/banks").headers["ETag"]
    response = client.get(
        "/lean/banks", headers={"If-None-Match": f'"other", {etag}', "Accept-Encoding": "gzip"}
    )
    assert response.status_code == 304
    assert not {"Content-Type", "Content-Length", "Content-Encoding"} & set(response.headers.keys())
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_another_etag_brings_the_list(client):
    response = client.get("/lean/banks", headers={"If-None-Match": '"other"'})
    assert response.status_code == 200
    assert response.json


def test_a_list_without_filters_is_made_into_bytes_once_however_long_it_is(client, monkeypatch):
    made = []
    monkeypatch.setattr(prepared_list, "MAX_CACHED_BYTES", 1)
    monkeypatch.setattr(banks, "represent", lambda *one: made.append(one) or represent(*one))
    for _ in range(3):
        assert client.get("/lean/banks").status_code == 200
    assert len(made) == 1
