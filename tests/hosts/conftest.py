"""Fixtures of the hosts' tests."""

import pytest

from support.light_logos import light_logos  # noqa: F401


@pytest.fixture
def webhook(fake_lean):
    """Sends a signed webhook; its status."""

    def send(client, root="/lean"):
        body, headers = fake_lean.signed(fake_lean.set_availability("RJHI_SAU"))
        return client.post(f"{root}/webhooks", data=body, headers=headers).status_code

    return send


@pytest.fixture
def lean_settings(fake_lean):
    return fake_lean.settings() | {"store_url": "memory:"}


@pytest.fixture
def connect(fake_lean):
    customer_id = fake_lean.add_customer(app_user_id="user-1")
    return {"customer_id": customer_id, "permissions": ["accounts"], "return_url": "/done"}


@pytest.fixture
def shop(fake_lean, warm_pages):
    """The URL of the example shop, without a slash at the end."""
    from example_app import create_app

    url = warm_pages.serve(create_app(fake_lean, store_url="memory:"))
    fake_lean.webhook_url = f"{url}/lean/webhooks"
    return url
