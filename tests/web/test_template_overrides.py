"""Templates of the host over ours."""

from __future__ import annotations

from flask import g
from jinja2 import ChoiceLoader, DictLoader

from support.picker_pages import opened


def with_templates(app, **templates: str):
    files = {f"lean_flask/{name}.html": text for name, text in templates.items()}
    app.jinja_loader = ChoiceLoader([DictLoader(files)])
    return app


def test_a_host_overrides_a_block_without_copying_the_page(host):
    own = '{% extends "!lean_flask/picker.html" %}{% block brand %}<img src="/logo">{% endblock %}'
    page = opened(with_templates(host, picker=own)).text
    assert '<img src="/logo">' in page
    assert 'id="all"' in page


def test_a_host_overrides_a_screen_that_comes_after_the_page(host):
    own = (
        '{% extends "!lean_flask/picker.html" %}'
        "{% block failure %}{{ super() }}<i>{{ host }}</i>{% endblock %}"
    )
    client = with_templates(host, picker=own).test_client()
    screens = client.get("/lean/screens?method=pay").text
    assert "<i>Qahwa</i>" in screens.split('id="screen-error"')[1]
    assert "<lean-picker" not in screens
    assert 'id="screen-error"' not in opened(host).text


def test_a_host_overrides_one_macro_alone(host):
    own = "{% macro tile(row) %}<b>{{ row.initials }}</b>{% endmacro %}"
    page = opened(with_templates(host, _tile=own)).text
    assert "<b>SNB</b>" in page
    assert "<rect" not in page.split('id="all"')[1].split("</ul>")[0]


def test_what_a_hosts_template_shows_one_visitor_is_not_shown_to_the_next(host):
    own = '{% extends "!lean_flask/picker.html" %}{% block brand %}{{ g.visitor }}{% endblock %}'
    with_templates(host, picker=own)
    names = iter(["Amal", "Badr"])

    @host.before_request
    def who() -> None:
        from flask import request

        if request.path == "/lean/picker":
            g.visitor = next(names)

    assert "Amal" in opened(host).text
    second = opened(host).text
    assert "Badr" in second
    assert "Amal" not in second


def test_the_embedded_picker_follows_the_same_templates(host):
    own = '{% extends "!lean_flask/picker.html" %}{% block footer %}<i>ours</i>{% endblock %}'
    assert "<i>ours</i>" in with_templates(host, picker=own).test_client().get("/embedded/en").text
