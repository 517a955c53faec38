"""A customer's way over HTTP through a host, wherever its blueprint stands."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from flask import Flask, redirect

from support.documents import block_under, run

SUCCESS = {"status": "SUCCESS", "lean_correlation_id": "abc123"}


def follow(app, chapter, document="extensions.md"):
    """Do to *app* what the chapter says; the names that its code defines."""
    names = {"app": app, "lean": app.blueprints["lean"]}
    run(block_under(f"docs/{document}", chapter), names)
    return names


def flow_of(response):
    return parse_qs(urlsplit(response.location).query)["flow"][0]


class Walk:
    """A customer's way over HTTP, wherever the blueprint stands."""

    def __init__(self, client, root="/lean", link="/link", **options):
        self.client, self.root, self.options = client, root, options
        self.begun = client.get(link, **options)
        self.flow = flow_of(self.begun)

    def post(self, path, **body):
        url = f"{self.root}/{path}"
        return self.client.post(url, json={"flow": self.flow} | body, **self.options)

    def launch(self):
        return self.post("launch", bank_identifier="RJHI_SAU")

    def through(self):
        """The SDK's config; every step on the way has worked."""
        page = self.client.get(
            f"{self.root}/picker", query_string={"flow": self.flow}, **self.options
        )
        assert page.status_code == 200, page.text
        assert "Al Rajhi" in page.text or "الراجحي" in page.text
        launched = self.launch()
        assert launched.status_code == 200, launched.text
        assert self.client.get(f"{self.root}/return/success", **self.options).status_code == 200
        assert self.post("return").status_code == 200
        assert self.post("callback", data=SUCCESS).status_code == 200
        return launched.json["config"]


def host(blueprint, connect, register=None):
    """An app that hands *blueprint* to *register*, with a view that starts a flow."""
    app = Flask(__name__)
    app.config.update(SECRET_KEY="a test's secret key", TESTING=True, CONNECT=connect)
    (register or Flask.register_blueprint)(app, blueprint)
    app.get("/link", endpoint="link")(lambda: redirect(blueprint.connect(**connect).url))
    return app
