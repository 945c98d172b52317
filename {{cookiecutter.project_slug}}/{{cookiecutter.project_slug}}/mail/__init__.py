"""Mail: to a server, or where there is none, to a file."""

import re
import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from email.utils import make_msgid
from functools import partial
from pathlib import Path
from threading import BoundedSemaphore
from urllib.parse import unquote
from urllib.parse import urlsplit

from flask import Blueprint
from flask import Flask
from flask import current_app
from flask import render_template
from flask import request
from flask import url_for
from werkzeug.exceptions import ServiceUnavailable

from ..config import ConfigurationError
from ..config import read

bp = Blueprint("mail", __name__, template_folder="templates")

URL = r"(smtps|smtp\+starttls)://([^\s@/?#[\]]+@)?[\w.-]+(:\d+)?/?"
SETTINGS = {
    "MAIL_URL": (URL, "smtp+starttls://user:password@mail.example.com"),
    "MAIL_FROM": (r"[^,<>@]+<[^\s@<>]+@[\w.-]+>|[^\s@<>]+@[\w.-]+", "app@example.com"),
    "PUBLIC_URL": (r"https?://[^\s@/?#]+(/[^\s?#]*)?", "https://www.example.com"),
}
TIMEOUT = 10  # seconds
few_at_a_time = BoundedSemaphore(4)  # a server that hangs holds no more threads
# A link stays whole in the source of a message.
POLICY = SMTP.clone(max_line_length=990, cte_type="7bit")


def init_app(app: Flask) -> None:
    """Load the settings."""
    for name, (form, example) in SETTINGS.items():
        value = app.config.setdefault(name, read(name, ""))
        if not value and app.config["APP_ENV"] == "production":
            raise ConfigurationError(f"{name} is missing. An example: {example}")
        if value and not re.fullmatch(form, value):
            raise ConfigurationError(f"{name} must be like {example}")
    app.extensions["outbox"] = []
    app.register_blueprint(bp)


def link(endpoint: str, **variables: str) -> str:
    """Return a URL for a mail: in production never under the host of the request."""
    base = current_app.config["PUBLIC_URL"] or request.host_url
    return base.rstrip("/") + url_for(endpoint, _external=False, **variables)


def send(to: str, subject: str, text: str, url: str = "") -> None:
    """Send a message; 503 where that fails. Under testing it goes to the outbox."""
    message = EmailMessage(policy=POLICY)
    message["From"] = current_app.config["MAIL_FROM"] or "app@localhost"
    message["To"] = to
    message["Subject"] = f"{current_app.config['APP_TITLE']}: {subject}"
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=message["From"].addresses[0].domain)
    message.set_content(render_template("mail/message.txt", text=text, url=url))
    html = render_template("mail/message.html", text=text, url=url)
    message.add_alternative(html, subtype="html")
    try:
        _deliver(message)
    except OSError as error:
        first = str(error).partition("\n")[0].replace(to, "the address")
        current_app.logger.error("Mail can't be sent: %s", first)
        raise ServiceUnavailable(
            "The mail could not be sent. Please try again later.", retry_after=60
        ) from None


def _deliver(message: EmailMessage) -> None:
    if current_app.testing:
        current_app.extensions["outbox"].append(message)
    elif current_app.config["MAIL_URL"]:
        _send_to_server(message)
    else:
        folder = Path(current_app.instance_path, "mail")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"{message['Message-ID'].strip('<>')}.eml"
        path.write_bytes(bytes(message))
        current_app.logger.info("Mail to %s: %s", message["To"], path)


def _send_to_server(message: EmailMessage) -> None:
    url = urlsplit(current_app.config["MAIL_URL"])
    tls = ssl.create_default_context()
    smtps = partial(smtplib.SMTP_SSL, context=tls)
    connect, port = (smtps, 465) if url.scheme == "smtps" else (smtplib.SMTP, 587)
    if not few_at_a_time.acquire(timeout=0.25):
        raise TimeoutError("too many are being sent")
    try:
        with connect(str(url.hostname), url.port or port, timeout=TIMEOUT) as server:
            if url.scheme != "smtps":
                server.starttls(context=tls)
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
            server.send_message(message)
    finally:
        few_at_a_time.release()
