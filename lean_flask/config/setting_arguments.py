"""The settings as keywords of the blueprint, for type checkers alone."""

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any, Literal, TypedDict

from ..common.types import AccountType


class SettingArguments(TypedDict, total=False):
    """The keywords that a blueprint takes. ``None`` is "not set"."""

    app_token: str | None
    client_id: str | None
    client_secret: str | None
    country: Literal["sa", "ae"] | None
    sandbox: bool | None
    api_url: str | None
    auth_url: str | None
    loader_url: str | None
    sdk_version: str | None
    client_cert: str | Sequence[str] | None
    webhook_secret: str | Sequence[str] | None
    webhook_delivery: Literal["background", "worker", "inline"] | None
    events_keep: float | None
    language: str | None
    languages: Sequence[str] | None
    translations: str | PathLike[str] | Sequence[str | PathLike[str]] | None
    host_name: str | Mapping[str, str] | None
    host_logo: str | Mapping[str, str] | None
    home_url: str | None
    terms_url: str | None
    consent_url: str | None
    support_url: str | None
    customization: Mapping[str, Any] | None
    account_types: Sequence[AccountType] | None
    popular_banks: Sequence[str] | None
    bank_aliases: Mapping[str, Sequence[str]] | None
    show_mock: bool | None
    banks_ttl: float | None
    banks_stale: float | None
    banks_stale_if_error: float | None
    per_customer: bool | None
    store_url: str | None
    store: object | None
    timeout: float | None
    flow_max_age: int | None
    bind_flow: bool | None
    csp: Literal["wildcard", "strict"] | None
    frame_ancestors: str | None
    report_queries: bool | None
    origins: Sequence[str] | None
    return_schemes: Sequence[str] | None
    ios_apps: Sequence[str] | None
    android_apps: Mapping[str, str | Sequence[str]] | None
    app_token_file: str | PathLike[str] | None
    client_id_file: str | PathLike[str] | None
    client_secret_file: str | PathLike[str] | None
    webhook_secret_file: str | PathLike[str] | None
    store_url_file: str | PathLike[str] | None
