"""A small shop that uses lean-flask.

With no settings at all it runs on FakeLean, a stand-in on this machine. With ``LEAN_APP_TOKEN``
(and ``LEAN_CLIENT_SECRET``) in the environment it runs on Lean's real sandbox.
"""

from __future__ import annotations

import os
import secrets
import uuid
from typing import Any

from flask import Flask, Response, redirect, render_template, request, session, url_for

from lean_flask import Flow, LeanBlueprint, flow_closed
from lean_flask.testing import FakeLean

TEXTS = {
    "en": {
        "title": "Date & Palm",
        "lead": "Fine dates from Al Ahsa, by post.",
        "link_title": "Faster at the till",
        "link_text": "Link your bank once and check out without typing card numbers.",
        "link": "Link your bank",
        "SUCCESS": "Your bank is linked. Thank you!",
        "CANCELLED": "You left before your bank was linked. Nothing changed.",
        "other": "Your bank could not be linked.",
        "reference": "Reference",
        "fake": "Demo on FakeLean, a stand-in on this machine. No bank is contacted.",
        "real": "Running on Lean's sandbox.",
        "up": "The stand-in is running.",
        "down": "The stand-in is stopped.",
        "stop": "Stop it",
        "start": "Start it",
        "language": "العربية",
    },
    "ar": {
        "title": "تمر ونخيل",
        "lead": "أجود تمور الأحساء، تصلك أينما كنت.",
        "link_title": "دفع أسرع",
        "link_text": "اربط حسابك البنكي مرة واحدة، وادفع بعدها دون إدخال أرقام البطاقات.",
        "link": "اربط حسابك البنكي",
        "SUCCESS": "تم ربط حسابك البنكي. شكرًا لك!",
        "CANCELLED": "غادرت قبل ربط حسابك البنكي، ولم يتغيّر شيء.",
        "other": "تعذّر ربط حسابك البنكي.",
        "reference": "الرقم المرجعي",
        "fake": "عرض تجريبي على بديل محلي لمنصة Lean، ولا يتصل بأي بنك.",
        "real": "يعمل على البيئة التجريبية لمنصة Lean.",
        "up": "البديل المحلي يعمل.",
        "down": "البديل المحلي متوقف.",
        "stop": "أوقفه",
        "start": "شغّله",
        "language": "English",
    },
}
THEME = {
    "theme_color": "#7a4a2b",
    "theme_color_dark": "#e0b07f",
    "button_text_color": "#ffffff",
    "button_border_radius": "10",
}


def create_app(fake: FakeLean | None = None, **settings: Any) -> Flask:
    """The shop, on *fake* where one is given, else on Lean itself."""
    app = Flask(__name__)
    app.config.update(SECRET_KEY=os.environ.get("SECRET_KEY") or secrets.token_hex())
    app.config.update({k: v for k, v in os.environ.items() if k.startswith("LEAN_")})
    stand_in = fake.settings() if fake else {}
    lean = LeanBlueprint(customization=THEME, **stand_in, **settings)
    app.register_blueprint(lean)

    @app.get("/")
    def shop() -> str:
        language = shop_language()
        return render_template(
            "shop.html",
            t=TEXTS[language],
            language=language,
            status=request.args.get("lean_status"),
            reference=request.args.get("lean_correlation_id"),
            stand_in=fake,
        )

    @app.post("/link")
    def link() -> Any:
        flow = lean.connect(
            customer_id=customer_id(),
            permissions=["identity", "accounts", "balance", "transactions"],
            language=shop_language(),
            return_url=url_for("shop", lang=shop_language()),
        )
        return redirect(flow.url, 303)

    def customer_id() -> str:
        """The Lean customer of this visitor. A real shop keeps it beside its own user."""
        if "customer" not in session:
            session["customer"] = (
                fake.add_customer(app_user_id=str(uuid.uuid4())) if fake else str(uuid.uuid4())
            )
        known: str = session["customer"]
        return known

    if fake:

        @app.post("/stand-in")
        def switch() -> Response:
            """Lets a visitor see that the picker does not need Lean to be up."""
            (fake.stop if fake.running else fake.start)()
            return redirect(url_for("shop", lang=shop_language()), 303)  # type: ignore[return-value]

    def on_closed(_: Flask, flow: Flow, **__: Any) -> None:
        app.logger.info("Flow %s is closed; the webhook will say what came of it", flow.id)

    flow_closed.connect(on_closed, app, weak=False)
    return app


def shop_language() -> str:
    wanted = request.args.get("lang") or session.get("lang")
    if wanted not in TEXTS:
        wanted = request.accept_languages.best_match(TEXTS) or "en"
    session["lang"] = wanted
    return wanted


def main() -> None:
    port = int(os.environ.get("PORT", "5000"))
    if os.environ.get("LEAN_APP_TOKEN"):
        print("lean-flask demo on Lean's sandbox, with your LEAN_APP_TOKEN")
        create_app().run(port=port)
        return
    with FakeLean(country=os.environ.get("LEAN_COUNTRY", "sa")) as fake:
        print(f"lean-flask demo on FakeLean at {fake.url}; set LEAN_APP_TOKEN for Lean's sandbox")
        print(f"Open http://127.0.0.1:{port}/ (or /?lang=ar)")
        create_app(fake).run(port=port)


if __name__ == "__main__":
    main()
