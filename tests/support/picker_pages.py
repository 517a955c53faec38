"""Opens the picker of a host over HTTP."""

import re


def opened(app, kind="connect", lang="en", **headers):
    client = app.test_client()
    return client.get(client.get(f"/{kind}/{lang}").location, headers=headers)


def token_in(page):
    return re.search(r'name="flow" value="([^"]+)"', page.text)[1]
