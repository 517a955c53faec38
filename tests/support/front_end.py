"""A front end on an origin of its own, and hosts on others, over TLS with real names.

Chromium takes each name below ``.test`` for this machine (``CHROMIUM_SWITCHES``).
"""

from __future__ import annotations

import ssl
import threading
from pathlib import Path

from flask import Flask, request
from werkzeug.serving import WSGIRequestHandler, make_server

from lean_flask import LeanBlueprint
from support.certificates import certificate

PAGE = Path(__file__).with_suffix(".html").read_text("utf-8")
FRONT = "app.shop.test"
#: Users of the hosts that take bearer tokens.
USERS = {"token-1": "user-1", "token-2": "user-2"}


class _Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # a handshake for each request would take most of the time

    def log(self, *_):
        """Print nothing."""


class FrontEnd:
    """Serves the front end, and a host for each name, on one port."""

    def __init__(self, fake_lean, folder):
        _, paths = certificate(folder, "names", hosts=["*.shop.test", "*.bank.test", "*.evil.test"])
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(*paths)
        self.fake_lean = fake_lean
        self.customer_id = fake_lean.add_customer(app_user_id="user-1")
        #: Of each request to a host: method, path, status, and whether a session cookie came.
        self.answered = []
        self._hosts = {}
        self._server = make_server(
            "127.0.0.1", 0, self._serve, threaded=True, ssl_context=tls, request_handler=_Handler
        )
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        self.url = self.origin(FRONT)

    def origin(self, name):
        return f"https://{name}:{self._server.server_port}"

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def add_host(self, name, bound=False, **config):
        """Begin to serve a host; its origin.

        :param bound: its flows belong to the users of its bearer tokens.
        :param config: of the app.
        """
        app = self._hosts[name] = Flask(__name__)
        app.config.update(SECRET_KEY="a test's secret key", TESTING=True, **config)
        settings = self.fake_lean.settings() | {"store_url": "memory:", "origins": [self.url]}
        settings["webhook_secret"] = None  # no page waits for the bank's word
        lean = LeanBlueprint(**settings)
        app.register_blueprint(lean)

        @lean.identify
        def user():
            return USERS.get(getattr(request.authorization, "token", None))

        @app.post("/begin")
        def begin():
            landings = ["success_redirect_url", "fail_redirect_url"]
            own = "hosted_landing" not in (request.get_json(silent=True) or {})
            flow = lean.connect(
                customer_id=self.customer_id,
                permissions=["identity", "accounts"],
                return_url=f"{self.url}/done",
                **dict.fromkeys(landings, f"{self.url}/") if own else {},
                **{"bound_to": "user-1"} if bound else {},
            )
            return {"flow": flow.token, "id": flow.id, "loader": lean.loader_url}

        @app.after_request
        def own_rules(response):
            """The host's own route is for its front end, too."""
            if request.path == "/begin":
                response.headers["Access-Control-Allow-Origin"] = self.url
                response.headers["Access-Control-Allow-Credentials"] = "true"
                response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
            about = request.method, request.path, response.status_code
            self.answered.append((*about, "session" in request.cookies))
            return response

        return self.origin(name)

    def _serve(self, environ, start_response):
        name = environ["HTTP_HOST"].partition(":")[0]
        if name in self._hosts:
            return self._hosts[name](environ, start_response)
        page = PAGE.encode()
        headers = [("Content-Type", "text/html"), ("Content-Length", str(len(page)))]
        start_response("200 OK", headers)
        return [page]
