"""Addresses and URLs behind reverse proxies."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix


def init_app(app: Flask) -> None:
    """Believe the forwarding headers of TRUSTED_PROXIES proxies, and of no more.

    A client can send these headers too, so the number must be exact.
    """
    count = app.config["TRUSTED_PROXIES"]
    if count:
        proxied = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)
        app.wsgi_app = proxied  # type: ignore[method-assign]
