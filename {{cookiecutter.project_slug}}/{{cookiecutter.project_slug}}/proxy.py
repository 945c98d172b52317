"""Addresses and URLs, and who may say what they are."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix


def init_app(app: Flask) -> None:
    """Believe the forwarding headers of TRUSTED_PROXIES proxies, and of no more.

    A client can send these headers too, so the number must be exact.
    """
    # Else a URL with // is redirected to whatever host its sender named.
    app.url_map.merge_slashes = False
    count = app.config["TRUSTED_PROXIES"]
    if count:
        proxied = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)
        app.wsgi_app = proxied  # type: ignore[method-assign]
