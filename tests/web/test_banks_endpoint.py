"""GET /banks and /banks/<identifier>, as any HTTP client sees them."""

import pytest

from lean_flask.services import get_services

ADDED = {"display_name", "names", "available", "notice"}
LEAN_FIELDS = {
    "identifier", "name", "arabic_name", "commercial_name", "commercial_name_arabic", "logo",
    "logo_alt", "main_color", "background_color", "theme", "country_code", "swift_code", "active",
    "mock", "traits", "supported_account_types", "supported_account_sub_types", "bank_type",
    "account_type", "connection_type", "relates_to", "transfer_limits",
    "international_transfer_limits", "international_destinations", "availability",
}  # fmt: skip


def identifiers(response):
    return {bank["identifier"] for bank in response.json}


def test_every_bank_has_all_of_leans_fields_and_ours(client):
    banks = client.get("/lean/banks").json
    assert len(banks) > 10
    for bank in banks:
        assert set(bank) == LEAN_FIELDS | ADDED


def test_leans_values_come_through_unchanged(client, fake_lean):
    sent = {bank["identifier"]: bank for bank in fake_lean.banks}
    for bank in client.get("/lean/banks").json:
        for field, value in sent[bank["identifier"]].items():
            if value not in (None, "") and not isinstance(value, str | list | dict):
                assert bank[field] == value
            if field in {"name", "arabic_name", "logo", "main_color", "transfer_limits"}:
                assert (bank[field] or None) == (value or None)


def test_names_fall_back_and_follow_the_language(client):
    for bank in client.get("/lean/banks?lang=ar").json:
        assert bank["display_name"] == bank["names"]["ar"] != ""


def test_accept_language_chooses_the_display_name(client):
    arabic = client.get("/lean/banks", headers={"Accept-Language": "ar-SA,ar;q=0.9,en;q=0.5"})
    assert arabic.json[0]["display_name"] == arabic.json[0]["names"]["ar"]
    assert "Accept-Language" in arabic.headers["Vary"]
    assert "Accept-Language" not in client.get("/lean/banks?lang=en").headers["Vary"]


def test_a_request_sets_no_cookie_and_varies_on_none(client):
    response = client.get("/lean/banks")
    assert "Set-Cookie" not in response.headers
    assert "Cookie" not in response.headers["Vary"]


def test_banks_disabled_in_the_dashboard_are_hidden(client, fake_lean):
    hidden = {
        bank["identifier"]
        for bank in fake_lean.banks
        if not any(bank["availability"].get("enabled", {}).values())
    }
    assert hidden
    assert not hidden & identifiers(client.get("/lean/banks"))


def test_banks_taken_offline_are_listed_as_unavailable(client, fake_lean):
    fake_lean.set_availability("RJHI_SAU", active={"data": False, "payments": False})
    bank = client.get("/lean/banks/RJHI_SAU").json
    assert bank["available"] == {"data": False, "payments": False}
    assert "RJHI_SAU" not in identifiers(client.get("/lean/banks?purpose=data"))


@pytest.mark.parametrize("purpose", ["data", "payments"])
def test_purpose_leaves_only_what_is_available_for_it(client, purpose):
    banks = client.get(f"/lean/banks?purpose={purpose}").json
    assert banks
    assert all(bank["available"][purpose] for bank in banks)


def test_search_puts_the_best_first(client):
    assert client.get("/lean/banks?q=alrajhi").json[0]["identifier"] == "RJHI_SAU"
    assert (
        client.get("/lean/banks", query_string={"q": "الراجحى"}).json[0]["identifier"] == "RJHI_SAU"
    )


def test_amount_and_currency_respect_known_limits(client):
    for bank in client.get("/lean/banks?amount=50000&currency=SAR").json:
        for limit in bank["transfer_limits"]:
            if limit["currency"] == "SAR":
                assert limit["min"] <= 50000 <= limit["max"]


def test_mock_banks_show_in_the_sandbox_alone(make_app):
    assert any(bank["mock"] for bank in make_app().test_client().get("/lean/banks").json)
    without = make_app(show_mock=False).test_client().get("/lean/banks").json
    assert not any(bank["mock"] for bank in without)


def test_each_account_type_is_a_list_of_its_own(make_app, fake_lean):
    client = make_app(account_types=["PERSONAL", "BUSINESS"]).test_client()
    personal = identifiers(client.get("/lean/banks?account_type=PERSONAL"))
    business = identifiers(client.get("/lean/banks?account_type=BUSINESS"))
    assert personal
    assert business
    assert identifiers(client.get("/lean/banks")) == personal | business


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("account_type=FAMILY", "account_type"),
        ("account_type=BUSINESS", "account_type"),
        ("country=SA", "country"),
        ("purpose=fun", "purpose"),
        ("lang=fr", "lang"),
        ("amount=10", "currency"),
        ("currency=SAR", "amount"),
        ("amount=ten&currency=SAR", "amount"),
        ("amount=NaN&currency=SAR", "amount"),
        ("amount=-1&currency=SAR", "amount"),
        ("q=" + "x" * 101, "q"),
    ],
)
def test_a_bad_parameter_is_named(client, query, parameter):
    response = client.get(f"/lean/banks?{query}")
    assert response.status_code == 400
    assert response.mimetype == "application/problem+json"
    assert response.json["parameter"] == parameter
    assert parameter in response.json["detail"]
    assert response.headers["Cache-Control"] == "no-store"


def test_an_unknown_bank_is_a_404_problem(client):
    response = client.get("/lean/banks/NOBODY_SAU")
    assert response.status_code == 404
    assert response.mimetype == "application/problem+json"


def test_no_credential_is_in_any_body(client, fake_lean):
    settings = fake_lean.settings()
    body = client.get("/lean/banks").get_data(as_text=True)
    for name in ("app_token", "client_secret", "webhook_secret"):
        assert settings[name] not in body


def test_without_a_list_the_answer_is_503_with_retry_after(make_app, fake_lean):
    fake_lean.stop()
    response = make_app().test_client().get("/lean/banks")
    assert response.status_code == 503
    assert response.mimetype == "application/problem+json"
    assert int(response.headers["Retry-After"]) >= 1


def test_what_a_host_adds_to_one_answer_is_not_in_the_next(make_app):
    app = make_app()
    client = app.test_client()
    seen = iter(range(10))
    app.after_request(lambda response: response.headers.add("X-Seen", str(next(seen))) or response)
    responses = [client.get("/lean/banks") for _ in range(3)]
    assert [response.headers.getlist("X-Seen") for response in responses] == [["0"], ["1"], ["2"]]


def test_a_host_may_change_the_body(make_app):
    app = make_app()

    @app.after_request
    def shorten(response):
        response.set_data(b"[]")
        return response

    response = app.test_client().get("/lean/banks")
    assert (response.data, response.content_length) == (b"[]", 2)


def test_of_a_parameter_given_twice_the_first_counts(client):
    assert client.get("/lean/banks?lang=ar&lang=en").data == client.get("/lean/banks?lang=ar").data


def test_a_query_in_no_known_encoding_is_no_error(client):
    response = client.get("/lean/banks", environ_overrides={"QUERY_STRING": "q=\xff"})
    assert response.status_code == 200


def test_two_apps_check_the_same_query_each_by_its_own_settings(make_app):
    both = make_app(account_types=["PERSONAL", "BUSINESS"]).test_client()
    one = make_app(account_types=["PERSONAL"]).test_client()
    assert both.get("/lean/banks?account_type=BUSINESS").status_code == 200
    assert one.get("/lean/banks?account_type=BUSINESS").status_code == 400


def test_an_empty_list_says_what_to_do(client, fake_lean, caplog):
    fake_lean.banks = []
    response = client.get("/lean/banks")
    assert response.status_code == 503
    assert "Lean's list is empty; is a bank enabled in Lean's dashboard?" in caplog.text


def test_the_same_answer_is_checked_once(app, client, fake_lean, caplog):
    """Checking takes most of a refresh, and would hold up the requests beside it."""
    fake_lean.bank("RJHI_SAU")["logo"] = "javascript:alert(1)"

    def refreshed():
        caplog.clear()
        with app.app_context():
            get_services("lean").catalog.refresh()
        return [line for line in caplog.messages if "left out fields of bank" in line]

    assert len(refreshed()) == 1
    assert refreshed() == []
    fake_lean.bank("SNB_SAU")["name"] = "Another name"
    assert len(refreshed()) == 1
    assert client.get("/lean/banks/SNB_SAU").json["name"] == "Another name"
