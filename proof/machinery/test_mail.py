"""Mail to real servers, and where there is none."""

import re
import smtplib
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor, as_completed
from email import message_from_bytes, policy
from itertools import islice

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from tea_time import create_app, mail
from tea_time.config import ConfigurationError
from werkzeug.exceptions import ServiceUnavailable

from .helpers import EXAMPLE, GUIDES, KEY

URL = "https://www.example.com/account/link/" + "x" * 300
EXAMPLES = {name: example for name, (_, example) in mail.SETTINGS.items()}
# A server with implicit TLS is not asked to require it twice.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


class Inbox:
    """What a server was given, and who gave it."""

    def __init__(self):
        self.messages, self.users, self.encrypted = [], [], []

    async def handle_DATA(self, server, session, envelope):
        self.messages.append(message_from_bytes(envelope.content, policy=policy.default))
        self.encrypted.append(server.transport.get_extra_info("cipher") is not None)
        return "250 OK"

    def authenticate(self, server, session, envelope, mechanism, data):
        self.users.append((data.login, data.password))
        return AuthResult(success=data.password == b"p@ss/word", handled=False)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def trusted(authority, tmp_path, monkeypatch):
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))


@pytest.fixture(params=["smtp+starttls", "smtps"])
def server(request, authority):
    """A real one, on a port of its own: gives its inbox, and its URL."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    inbox = Inbox()
    options = {"authenticator": inbox.authenticate, "auth_required": True}
    if request.param == "smtps":
        options |= {"ssl_context": context, "auth_require_tls": False}
    else:
        options |= {"tls_context": context, "require_starttls": True}
    port = free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    yield inbox, f"{request.param}://ada:p%40ss%2Fword@localhost:{port}"
    controller.stop()


def app_that_mails(url, **settings):
    return create_app({"APP_ENV": "development", "SECRET_KEY": KEY, "MAIL_URL": url, **settings})


def send_in_vain(app):
    """Send a message to a server that does not take it."""
    with app.app_context(), pytest.raises(ServiceUnavailable) as error:
        mail.send("ada@example.com", "ready", "It is ready.")
    assert error.value.description == "The mail could not be sent. Please try again later."


@pytest.mark.usefixtures("trusted")
def test_a_message_arrives_encrypted(server):
    inbox, url = server
    app = app_that_mails(url, MAIL_FROM="Tea <tea@example.com>", APP_TITLE="Thé & Co")
    with app.app_context():
        mail.send("ada@example.com", "ready", "It is <b>ready</b>.", URL)
    [message] = inbox.messages
    assert inbox.encrypted == [True]
    assert inbox.users == [(b"ada", b"p@ss/word")]
    assert message["From"] == "Tea <tea@example.com>"
    assert message["To"] == "ada@example.com"
    assert message["Subject"] == "Thé & Co: ready"
    assert message["Message-ID"].endswith("@example.com>")
    assert message["Date"]
    text = message.get_body(["plain"]).get_content()
    html = message.get_body(["html"]).get_content()
    assert "It is <b>ready</b>." in text
    assert URL in text.splitlines()
    assert "It is &lt;b&gt;ready&lt;/b&gt;." in html
    assert f'<a href="{URL}">{URL}</a>' in html
    assert html.splitlines()[:2] == ["<!doctype html>", '<html lang="en">']
    assert '<meta charset="utf-8">' in html
    assert "<title>Thé &amp; Co</title>" in html
    once = "The link works once, within an hour. If you did not ask for it, do nothing."
    assert once in text.splitlines()
    assert f"<p>{once}</p>" in html


def test_a_message_without_a_link_says_nothing_of_one(app):
    with app.app_context():
        mail.send("ada@example.com", "ready", "It is ready.")
    [message] = app.extensions["outbox"]
    assert message.get_body(["plain"]).get_content() == "It is ready.\n"
    assert message.get_body(["html"]).get_content().count("<p>") == 1


def test_a_server_whose_certificate_nobody_signed_gets_nothing(server, caplog):
    inbox, url = server
    with app_that_mails(url).app_context(), pytest.raises(ServiceUnavailable) as error:
        mail.send("ada@example.com", "ready", "It is ready.")
    assert error.value.retry_after == 60
    assert error.value.description == "The mail could not be sent. Please try again later."
    assert inbox.messages == inbox.users == []
    [line] = [each for each in caplog.messages if each.startswith("Mail can't be sent: ")]
    assert "\n" not in line
    assert "p@ss" not in line


@pytest.mark.usefixtures("trusted")
def test_a_wrong_password_of_the_server_is_a_503(server):
    inbox, url = server
    with app_that_mails(url.replace("word@", "@")).app_context():
        with pytest.raises(ServiceUnavailable):
            mail.send("ada@example.com", "ready", "It is ready.")
    assert inbox.messages == []


def test_a_server_without_starttls_gets_nothing():
    inbox = Inbox()
    port = free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        app = app_that_mails(f"smtp+starttls://localhost:{port}")
        with app.app_context(), pytest.raises(ServiceUnavailable):
            mail.send("ada@example.com", "ready", "It is ready.")
    finally:
        controller.stop()
    assert inbox.messages == []


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_a_server_that_is_away_is_a_503(scheme, caplog):
    send_in_vain(app_that_mails(f"{scheme}://user:secret@localhost:1"))
    assert "secret" not in caplog.text


def test_the_example_s_values_are_those_of_the_refusals():
    shown = {name: value for value, name in re.findall(r"such as (\S+)\.\n(\w+)=", EXAMPLE)}
    for name in ("MAIL_FROM", "PUBLIC_URL"):
        assert shown[name] == EXAMPLES[name]
    app = create_app({"APP_ENV": "testing", **shown})
    with app.test_request_context():
        mail.send("ada@example.com", "ready", "It is ready.")
        [message] = app.extensions["outbox"]
        assert message["From"] == shown["MAIL_FROM"]
        assert mail.link("auth.login").startswith(f"{shown['PUBLIC_URL']}/")


def test_a_server_that_says_nothing_is_a_503(monkeypatch):
    monkeypatch.setattr(mail, "TIMEOUT", 0.2)
    with ThreadPoolExecutor(1) as threads, socket.create_server(("127.0.0.1", 0)) as silent:
        app = app_that_mails(f"smtps://localhost:{silent.getsockname()[1]}")
        threads.submit(send_in_vain, app).result(timeout=5)


def test_a_server_that_hangs_holds_few_threads(caplog):
    """Else it would hold all for ten seconds, those that respond to `/healthz` included."""
    with socket.create_server(("127.0.0.1", 0)) as silent, ThreadPoolExecutor(15) as threads:
        silent.settimeout(5)
        app = app_that_mails(f"smtps://localhost:{silent.getsockname()[1]}")
        for _ in range(2):  # Those that have given up leave room for others.
            sent = [threads.submit(send_in_vain, app) for _ in range(15)]
            list(islice(as_completed(sent, timeout=9), 11))
            for _ in range(4):
                silent.accept()[0].close()
            for each in sent:
                each.result()
    assert caplog.messages.count("Mail can't be sent: too many are being sent") == 2 * 11


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("command", ["handle_RCPT", "handle_DATA"])
def test_a_recipient_who_is_refused_is_not_in_the_log(server, caplog, command):
    inbox, url = server

    async def refuse(server, session, envelope, *arguments):
        envelope.rcpt_tos.extend(arguments[:1])
        return "550 5.1.1 <o'hara@example.com>: no such user"

    setattr(inbox, command, refuse)
    with app_that_mails(url).app_context(), pytest.raises(ServiceUnavailable):
        mail.send("o'hara@example.com", "ready", "It is ready.")
    assert "550" in caplog.text
    assert "<the address>: no such user" in caplog.text
    assert "hara" not in caplog.text


def test_a_folder_that_is_not_writable_is_a_503(tmp_path):
    app = app_that_mails("")
    (tmp_path / "mail").write_text("in the way", encoding="utf-8")
    app.instance_path = str(tmp_path)
    with app.app_context(), pytest.raises(ServiceUnavailable):
        mail.send("ada@example.com", "ready", "It is ready.")


def test_development_tells_where_the_message_is(tmp_path, caplog):
    app = app_that_mails("")
    app.instance_path = str(tmp_path)
    with app.app_context():
        mail.send("ada@example.com", "ready", "It is ready.", URL)
    [path] = tmp_path.glob("mail/*.eml")
    assert f"Mail to ada@example.com: {path}" in caplog.messages
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert URL in path.read_text(encoding="utf-8").splitlines()
    needed = re.search("production needs ([^.]+)", GUIDES["accounts"])[1]
    assert set(re.findall("`(.+?)`", needed)) == set(EXAMPLES)
    with pytest.raises(ConfigurationError, match="MAIL_URL is missing"):
        app_that_mails("", APP_ENV="production")


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "a\r\nBcc: eve@example.com"])
def test_a_line_break_in_a_header_is_refused(app, text):
    with app.app_context():
        with pytest.raises(ValueError, match="linefeed|carriage"):
            mail.send("ada@example.com", text, "")
        with pytest.raises(ValueError, match="linefeed|carriage|CR or LF"):
            mail.send(f"{text}@example.com", "ready", "")
    assert app.extensions["outbox"] == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_production_needs_each_setting(name):
    settings = {**EXAMPLES, name: ""}
    with pytest.raises(ConfigurationError) as error:
        create_app({"APP_ENV": "production", "SECRET_KEY": KEY, **settings})
    assert str(error.value) == f"{name} is missing. An example: {EXAMPLES[name]}"


@pytest.mark.parametrize(
    "url",
    [
        "smtp://localhost",
        "localhost:25",
        "https://example.com",
        "smtps://",
        "smtps://ada:pa/ss@localhost",  # not percent-encoded: it would be a port
        "smtps://ada:pa[ss@localhost",
        "smtps://localhost:port",
    ],
)
def test_a_server_without_encryption_or_a_name_is_refused(url):
    with pytest.raises(ConfigurationError) as error:
        create_app({"APP_ENV": "testing", "MAIL_URL": url})
    example = EXAMPLES["MAIL_URL"]
    assert str(error.value) == f"MAIL_URL must be like {example}"
    assert create_app({"APP_ENV": "testing", "MAIL_URL": example})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAIL_FROM", "app"),
        ("MAIL_FROM", "Tea Time"),
        ("MAIL_FROM", "app@example.com>"),
        ("MAIL_FROM", "Tea, Time <app@example.com>"),
        ("MAIL_FROM", "app@example.com, ada@example.com"),
        ("PUBLIC_URL", "www.example.com"),
        ("PUBLIC_URL", "//www.example.com"),
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "https://www.example.com/?next="),
        ("PUBLIC_URL", "https://www.example.com/#"),
        ("PUBLIC_URL", "https://ada@example.com"),
        ("PUBLIC_URL", "https://www.example.com https://example.com"),
    ],
)
def test_mail_that_nobody_could_answer_or_follow_is_refused(name, value):
    with pytest.raises(ConfigurationError) as error:
        create_app({"APP_ENV": "testing", name: value})
    assert str(error.value) == f"{name} must be like {EXAMPLES[name]}"


@pytest.mark.parametrize("sender", ['"Tea & Co." <tea@example.com>', "tea@localhost"])
@pytest.mark.parametrize("site", ["http://localhost:5000", "https://example.com/tea/"])
def test_mail_may_come_from_anybody_and_lead_below_a_path(sender, site):
    app = create_app({"APP_ENV": "testing", "MAIL_FROM": sender, "PUBLIC_URL": site})
    with app.test_request_context():
        mail.send("ada@example.com", "ready", "It is ready.", mail.link("auth.login"))
    [message] = app.extensions["outbox"]
    assert message["From"] == sender
    assert len(message["From"].addresses) == 1
    assert f"{site.rstrip('/')}/account/login\n" in message.get_body(["plain"]).get_content()


def test_a_link_is_never_under_a_host_that_only_the_request_names(app):
    with app.test_request_context(headers={"Host": "evil.example"}):
        assert mail.link("auth.login") == "https://www.example.com/account/login"
        app.config["PUBLIC_URL"] = ""
        assert mail.link("auth.login") == "http://evil.example/account/login"


@pytest.mark.usefixtures("trusted")
def test_a_server_may_ask_for_no_password(authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    inbox = Inbox()
    port = free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=port, tls_context=context)
    controller.start()
    try:
        with app_that_mails(f"smtp+starttls://localhost:{port}").app_context():
            mail.send("ada@example.com", "ready", "It is ready.")
    finally:
        controller.stop()
    assert len(inbox.messages) == 1


@pytest.mark.parametrize(
    ("scheme", "port"), [("smtp+starttls", 587), ("smtps", smtplib.SMTP_SSL.default_port)]
)
def test_a_server_is_asked_at_the_port_of_its_protocol(scheme, port, monkeypatch):
    """An audit hook would stay, and beside one Python 3.11 can't trace two threads as they begin."""
    asked = []

    def refuse(address, *_):
        asked.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    send_in_vain(app_that_mails(f"{scheme}://127.0.0.1"))
    assert asked == [("127.0.0.1", port)]
