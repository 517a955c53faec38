"""``LEAN_*`` keys of the host's config, checked once, as one frozen :class:`Settings`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from gettext import NullTranslations
from pathlib import Path
from types import MappingProxyType
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from ..common.error_messages import describe_errors
from ..common.secret import Hidden, Secret
from ..common.validators import is_account_type, is_identifier
from ..errors import ConfigurationError
from .app_fields import AndroidAppTable, AppleAppList, OriginList, SchemeList
from .customization import CustomizationSchema
from .environments import ENVIRONMENTS, LOADER
from .fields import (
    DAY,
    MAX_SECONDS,
    AliasTable,
    Certificate,
    FrameAncestors,
    HostLogo,
    SecretList,
    SecretText,
    boolean,
    host_url,
    one_of,
    seconds,
    url,
)
from .languages import HostName, LanguageList, TranslationFolders, complete_languages
from .near_misses import unknown, warn_of_near_misses
from .secret_files import FILE_KEYS, merge, strip_secrets
from .store_setting import HostStore, StorePlace, check_store_settings, store_url_field


@dataclass(frozen=True, slots=True)
class Settings:
    """What the host set, under the config keys in lower case, and what follows from it."""

    app_token: str
    client_id: str
    client_secret: str | None
    country: str
    sandbox: bool
    api_url: str
    auth_url: str
    loader_url: str
    sdk_version: str
    #: What the SDK will call, for a page to connect to early; none with a loader of your own.
    link_url: str | None
    client_cert: tuple[str, ...] | None = field(repr=False)
    webhook_secret: tuple[str, ...]
    #: ``background``, ``worker`` or ``inline``.
    webhook_delivery: str
    #: Seconds that an event is kept after its delivery.
    events_keep: float
    language: str
    languages: tuple[str, ...]  # tags
    translations: tuple[Path, ...]
    texts: Mapping[str, NullTranslations] = field(repr=False)  # by tag
    #: By tag; under ``""`` for all others.
    host_name: Mapping[str, str]
    #: URLs of pictures, by colour scheme: ``light``, and perhaps ``dark``.
    host_logo: Mapping[str, str]
    #: Where a page leads that knows no flow; ``None`` is the app's root.
    home_url: str | None
    #: Pages of the host that every page of ours has a link to.
    terms_url: str | None
    consent_url: str | None
    support_url: str | None
    customization: Mapping[str, Any]
    account_types: tuple[str, ...]
    popular_banks: tuple[str, ...]
    #: Pairs of a bank's name or identifier and further names of it.
    bank_aliases: tuple[tuple[str, tuple[str, ...]], ...]
    show_mock: bool
    banks_ttl: float
    banks_stale: float
    banks_stale_if_error: float
    per_customer: bool
    store_url: str | None = field(repr=False)  # may hold a password
    #: A redis client or a store of the host, in place of a URL.
    store: Hidden | None
    timeout: float
    flow_max_age: int
    bind_flow: bool
    csp: str | None
    frame_ancestors: str
    report_queries: bool
    #: Whose pages may call the JSON routes, besides our own.
    origins: tuple[str, ...]
    #: Schemes of apps that a flow may return to.
    return_schemes: frozenset[str]
    #: Of the apps that open links to this host: Apple's ids, and Android's packages with the
    #: fingerprints of their certificates.
    ios_apps: tuple[str, ...]
    android_apps: Mapping[str, tuple[str, ...]]

    @property
    def store_place(self) -> StorePlace:
        """Return where the store is."""
        return self.store or self.store_url


class SettingsSchema(Schema):
    """Types, defaults and limits of every setting; ``takes`` is what an error message says."""

    app_token = SecretText("your application token, as a string", required=True)
    client_id = SecretText("your OAuth client id, as a string", load_default=None)
    client_secret = SecretText("your OAuth client secret, as a string", load_default=None)
    country = fields.String(load_default="sa", **one_of("sa", "ae"))
    sandbox = boolean(True)
    api_url = url()
    auth_url = url()
    loader_url = url()
    sdk_version = fields.String(
        load_default="latest",
        validate=validate.Regexp(r"[A-Za-z0-9._-]{1,40}\Z"),
        metadata={"takes": "'latest' or a version segment of the loader's URL"},
    )
    client_cert = Certificate(
        load_default=None,
        metadata={"takes": "a path, or (cert, key) or (cert, key, password)", "secret": True},
    )
    webhook_secret = SecretList(
        load_default=(),
        metadata={"takes": "the webhook secret, or a list of them while rotating", "secret": True},
    )
    webhook_delivery = fields.String(
        load_default="background", **one_of("background", "worker", "inline")
    )
    events_keep = seconds(30 * DAY, least=DAY)
    language = fields.String(load_default=None, metadata={"takes": "one of your LANGUAGES"})
    languages = LanguageList()
    translations = TranslationFolders()
    host_name = HostName(
        load_default=dict,
        metadata={"takes": "a name of 1 to 80 characters, or {'en': …, 'ar': …}"},
    )
    host_logo = HostLogo(
        load_default=dict,
        metadata={"takes": "a path or an https URL of a picture, or {'light': …, 'dark': …}"},
    )
    home_url = host_url()
    terms_url = host_url()
    consent_url = host_url()
    support_url = host_url()
    customization = fields.Nested(
        CustomizationSchema,
        load_default=dict,
        metadata={"takes": "the SDK's customization object"},
    )
    account_types = fields.List(
        fields.String(validate=is_account_type),
        load_default=["PERSONAL"],
        validate=validate.Length(min=1),
        metadata={"takes": "a list of 'PERSONAL' and 'BUSINESS'"},
    )
    popular_banks = fields.List(
        fields.String(validate=is_identifier),
        load_default=list,
        metadata={"takes": "a list of bank identifiers"},
    )
    bank_aliases = AliasTable(
        load_default=(),
        metadata={"takes": "a dict of a bank's name or identifier to a list of further names"},
    )
    show_mock = boolean(None)
    banks_ttl = seconds(300, exclusive=True)
    banks_stale = seconds(86_400)
    banks_stale_if_error = seconds(604_800)
    per_customer = boolean(False)
    store_url = store_url_field()
    store = HostStore()
    timeout = seconds(5.0, exclusive=True)
    flow_max_age = fields.Integer(
        load_default=1800,
        validate=validate.Range(min=1, max=MAX_SECONDS),
        metadata={"takes": f"a whole number of seconds from 1 to {MAX_SECONDS}"},
    )
    bind_flow = boolean(True)
    csp = fields.String(
        load_default="wildcard",
        allow_none=True,
        validate=validate.OneOf(["wildcard", "strict"]),
        metadata={"takes": "'wildcard', 'strict' or None"},
    )
    frame_ancestors = FrameAncestors(
        load_default="'none'",
        metadata={"takes": "\"'none'\", \"'self'\" or origins with spaces between"},
    )
    report_queries = boolean(False)
    origins = OriginList(
        load_default=(),
        metadata={
            "takes": "a list of origins: 'https://app.example', 'http://localhost:5173', "
            "'capacitor://localhost' or 'ionic://localhost'"
        },
    )
    return_schemes = SchemeList(
        load_default=frozenset(),
        metadata={"takes": "a list of your apps' URL schemes, such as 'com.example.app'"},
    )
    ios_apps = AppleAppList(
        load_default=(),
        metadata={"takes": "a list of app ids, such as 'ABCDE12345.com.example.app'"},
    )
    android_apps = AndroidAppTable(
        load_default=dict,
        metadata={
            "takes": "a dict of package names to the SHA-256 fingerprints of their signing "
            "certificates, such as {'com.example.app': ['14:6D:…']}"
        },
    )


_schema = SettingsSchema()
KEYS = frozenset(_schema.fields)


def load_settings(
    config: Mapping[str, Any], prefix: str = "LEAN_", overrides: Mapping[str, Any] | None = None
) -> Settings:
    """Return the settings of one blueprint.

    :param config: ``app.config``.
    :param prefix: what the keys in *config* begin with.
    :param overrides: keyword settings, lower case and without prefix; they win over *config*.
    :raises ConfigurationError: naming every bad key at once, what it got and what it takes.
    """
    overrides = overrides or {}
    strange = sorted(set(overrides) - KEYS - FILE_KEYS)
    if strange:
        raise ConfigurationError("; ".join(unknown(name, name, KEYS) for name in strange))
    warn_of_near_misses(config, prefix, KEYS)

    def label(key: str) -> str:
        return prefix + key.upper()

    of_config = hide_secrets(
        {key: config[label(key)] for key in KEYS | FILE_KEYS if label(key) in config}
    )
    given, problems = merge(of_config, overrides, label)
    # None means "not set" for every key but CSP, where it switches the header off.
    given = {key: value for key, value in given.items() if value is not None or key == "csp"}
    strip_secrets(given, label)
    try:
        loaded = _schema.load(given)
    except ValidationError as error:
        problems = describe_errors(error, _schema, given, label) | problems
    if problems:
        raise ConfigurationError("\n".join(problems.values()))
    check_store_settings(loaded, label)
    return _complete(loaded | complete_languages(loaded, prefix))


def hide_secrets(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return *given* with its secrets so wrapped that no traceback shows them."""
    secret = {name for name, field in _schema.fields.items() if field.metadata.get("secret")}
    hidden = {name: _hidden(value) if name in secret else value for name, value in given.items()}
    if (store := hidden.get("store")) is not None and not isinstance(store, Hidden):
        hidden["store"] = Hidden(store)
    return hidden


def _hidden(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return tuple(map(_hidden, value))
    return Secret(value) if isinstance(value, str) else value


def _complete(loaded: dict[str, Any]) -> Settings:
    """Fill in what follows from other settings."""
    country, sandbox = loaded["country"], loaded["sandbox"]
    environment = ENVIRONMENTS[country, sandbox]
    loader_url = LOADER.format(country=country, version=loaded["sdk_version"])
    return Settings(
        **loaded
        | {
            "client_id": loaded["client_id"] or loaded["app_token"],
            "api_url": loaded["api_url"] or environment.api_url,
            "auth_url": loaded["auth_url"] or environment.auth_url,
            "loader_url": loaded["loader_url"] or loader_url,
            "link_url": None if loaded["loader_url"] else environment.link_url,
            "show_mock": sandbox if loaded["show_mock"] is None else loaded["show_mock"],
            "account_types": tuple(dict.fromkeys(loaded["account_types"])),
            "popular_banks": tuple(dict.fromkeys(loaded["popular_banks"])),
            "customization": MappingProxyType(loaded["customization"]),
            "android_apps": MappingProxyType(loaded["android_apps"]),
            "host_name": MappingProxyType(loaded["host_name"]),
            "host_logo": MappingProxyType(loaded["host_logo"]),
        }
    )
