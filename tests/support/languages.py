"""Page languages with the texts that a host gets which sets none of its own."""

from lean_flask.config.settings import load_settings
from lean_flask.web.language import PageLanguage

_settings = load_settings({}, overrides={"app_token": "token"})
ENGLISH, ARABIC = (PageLanguage(tag, _settings) for tag in ("en", "ar"))
LANGUAGES = {"en": ENGLISH, "ar": ARABIC}
