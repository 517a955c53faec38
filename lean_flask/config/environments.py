"""Lean's hosts: the four environments, the SDK's loader, and what its pages load."""

from __future__ import annotations

from dataclasses import dataclass

LEAN_DOMAIN = "leantech.me"
CDN = f"https://cdn.{LEAN_DOMAIN}"
LOADER = CDN + "/link/loader/prod/{country}/{version}/lean-link-loader.min.js"


@dataclass(frozen=True, slots=True)
class Environment:
    """The hosts of one country, for the sandbox or for production.

    :param api_url: the backend API.
    :param auth_url: the OAuth token endpoint.
    :param link_url: the host that the SDK in the browser calls.
    :param image_url: the host of the SDK's images.
    """

    api_url: str
    auth_url: str
    link_url: str
    image_url: str


def _environment(api_host: str, suffix: str) -> Environment:
    return Environment(
        api_url=f"https://{api_host}",
        auth_url=f"https://auth.{suffix}/oauth2/token",
        link_url=f"https://link.{suffix}",
        image_url=f"https://images.{suffix}",
    )


#: By country and sandbox. The production API is not at the name that the others lead to expect.
ENVIRONMENTS = {
    ("ae", True): _environment("sandbox.leantech.me", "sandbox.leantech.me"),
    ("ae", False): _environment("api2.leantech.me", "leantech.me"),
    ("sa", True): _environment("sandbox.sa.leantech.me", "sandbox.sa.leantech.me"),
    ("sa", False): _environment("api2.sa.leantech.me", "sa.leantech.me"),
}
#: The SDK reports its own performance to these.
MONITORING_URLS = (f"https://apm.ae01.{LEAN_DOMAIN}", f"https://apm.sa01.{LEAN_DOMAIN}")
