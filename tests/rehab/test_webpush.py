"""Is a push message sealed and signed as the standards say, and sent only where it may go?"""

import base64
import datetime as dt
import http.server
import ipaddress
import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import http_ece
import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from rehab import config
from rehab.delivery import Outcome, Push, push_crypto, webpush
from rehab.models import PushSubscription
from tests import makers

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
HOSTS = config.Config().push_hosts

# The worked example of RFC 8291, section 5 and appendix A.
RFC_CONTENT = b"When I grow up, I want to be a watermelon"
RFC_SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
RFC_RECEIVER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
RFC_P256DH = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
RFC_AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
RFC_SALT = "DGv6ra1nlYgDCS1FRnbzlw"
RFC_BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
    "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
    "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_the_example_of_rfc_8291_is_sealed_byte_for_byte() -> None:
    body = push_crypto.seal(
        RFC_CONTENT, p256dh=RFC_P256DH, auth=RFC_AUTH,
        salt=push_crypto.unb64(RFC_SALT), ephemeral=push_crypto.private_key(RFC_SENDER),
    )  # fmt: skip

    assert push_crypto.b64(body) == RFC_BODY


@given(st.binary(max_size=push_crypto.LONGEST_CONTENT))
def test_what_we_seal_another_library_opens(content: bytes) -> None:
    body = push_crypto.seal(content, p256dh=RFC_P256DH, auth=RFC_AUTH)

    assert opened(body) == content


def test_no_two_messages_share_salt_or_key_and_a_long_one_is_refused() -> None:
    one, two = (push_crypto.seal(b"x", p256dh=RFC_P256DH, auth=RFC_AUTH) for _ in range(2))

    assert one[:16] != two[:16] and one[21:86] != two[21:86]
    assert len(push_crypto.seal(b"x" * push_crypto.LONGEST_CONTENT, p256dh=RFC_P256DH, auth=RFC_AUTH)) == 4096
    with pytest.raises(ValueError):
        push_crypto.seal(b"x" * (push_crypto.LONGEST_CONTENT + 1), p256dh=RFC_P256DH, auth=RFC_AUTH)


def test_the_sender_is_proved_by_a_signature_for_one_push_service_and_half_a_day() -> None:
    key = ec.generate_private_key(ec.SECP256R1())

    header = push_crypto.authorization(key, origin="https://push.invalid", contact="mailto:a@b.invalid", now=NOW)

    claims = verified(header)
    assert claims == {"aud": "https://push.invalid", "exp": int((NOW + timedelta(hours=12)).timestamp()), "sub": "mailto:a@b.invalid"}
    with pytest.raises(InvalidSignature):
        head, _, rest = header.removeprefix("vapid t=").partition(".")
        other = push_crypto.b64(json.dumps(claims | {"aud": "https://evil.invalid"}).encode())
        verified(f"vapid t={head}.{other}.{rest.partition('.')[2]}")


def test_the_keys_are_made_once_and_kept(session: Session) -> None:
    first = webpush.ensure_keys(session)
    session.commit()

    assert webpush.ensure_keys(session).public == first.public
    assert len(push_crypto.unb64(first.public)) == 65


@pytest.mark.parametrize("endpoint, allowed", [
    ("https://fcm.googleapis.com/fcm/send/abc", True),
    ("https://FCM.googleapis.com/fcm/send/abc", True),
    ("https://wns2-par02p.notify.windows.com/w/?token=x", True),
    ("https://web.push.apple.com:443/abc", True),
    ("http://fcm.googleapis.com/fcm/send/abc", False),
    ("https://fcm.googleapis.com:8443/abc", False),
    ("https://evil.invalid/fcm.googleapis.com", False),
    ("https://fcm.googleapis.com.evil.invalid/x", False),
    ("https://evilfcm.googleapis.com/x", False),
    ("https://fcm.googleapis.com@evil.invalid/x", False),
    ("https://evil.invalid\\@fcm.googleapis.com/x", False),
    ("https://fcm.googleapis.com/x\r\nHost: evil", False),
    ("https://fcm.googleapis.com/x y", False),
    ("https://127.0.0.1/x", False),
    ("https://[::1]/x", False),
    ("https://[broken/x", False),
    ("https://fcm.googleapis.com:99999/x", False),
    ("file:///etc/passwd", False),
    ("", False),
])  # fmt: skip
def test_only_https_and_known_push_services_are_called(endpoint: str, allowed: bool) -> None:
    assert webpush.is_allowed(endpoint, HOSTS) is allowed


def test_an_entry_with_a_port_allows_exactly_that_port() -> None:
    assert webpush.is_allowed("https://127.0.0.1:9443/x", ("127.0.0.1:9443",))
    assert not webpush.is_allowed("https://127.0.0.1/x", ("127.0.0.1:9443",))


@pytest.mark.parametrize("status, retry_after, expected", [
    (201, None, Outcome("sent", "push-201")),
    (404, None, Outcome("gone", "push-404")),
    (410, None, Outcome("gone", "push-410")),
    (429, "120", Outcome("retry", "push-429", 120)),
    (429, format_datetime(NOW + timedelta(minutes=10), usegmt=True), Outcome("retry", "push-429", 600)),
    (429, "soon", Outcome("retry", "push-429")),
    (503, "99999999999999", Outcome("retry", "push-503", 6 * 3600)),
    (500, None, Outcome("retry", "push-500")),
    (301, None, Outcome("refused", "push-301")),
    (403, None, Outcome("refused", "push-403")),
    (413, None, Outcome("refused", "push-413")),
])  # fmt: skip
def test_what_a_push_services_answer_means(status: int, retry_after: str | None, expected: Outcome) -> None:
    assert webpush.outcome(status, retry_after, at=NOW) == expected


def test_a_message_goes_over_https_to_a_real_push_service_sealed_and_signed(relay: "Relay") -> None:
    outcome = relay.sender().send(relay.push(b'{"title":"Time for your session"}'))

    assert outcome == Outcome("sent", "push-201")
    path, headers, body = relay.seen[0]
    assert path == "/send/1?a=b"
    assert opened(body) == b'{"title":"Time for your session"}'
    assert verified(headers["Authorization"])["aud"] == f"https://{relay.host}"
    assert (headers["TTL"], headers["Urgency"], headers["Topic"]) == ("3600", "normal", "a-topic")
    assert headers["Content-Encoding"] == "aes128gcm"


def test_a_redirect_is_not_followed(relay: "Relay") -> None:
    relay.answers.append((307, {"Location": f"https://{relay.host}/elsewhere"}))

    assert relay.sender().send(relay.push(b"x")) == Outcome("refused", "push-307")
    assert len(relay.seen) == 1


def test_a_push_service_that_wants_rest_is_heard(relay: "Relay") -> None:
    relay.answers.append((429, {"Retry-After": "60"}))

    assert relay.sender().send(relay.push(b"x")) == Outcome("retry", "push-429", 60)


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(relay: "Relay") -> None:
    sender = webpush.WebPushSender(relay.config, relay.keys)

    assert sender.send(relay.push(b"x")) == Outcome("retry", "push-connection")
    assert relay.seen == []


def test_a_host_that_left_the_list_is_never_called(relay: "Relay") -> None:
    sender = webpush.WebPushSender(config.Config(), relay.keys, context=relay.trust)

    assert sender.send(relay.push(b"x")) == Outcome("gone", "host-not-allowed")
    assert relay.seen == []


def test_a_browser_subscribes_with_the_key_and_can_leave(app: Flask, app_session: Session) -> None:
    cast = makers.cast(app_session)
    app_session.commit()
    browser = makers.browser(app, cast.patient.account)
    key = browser.get("/api/v1/push-key").get_json()["key"]
    assert len(push_crypto.unb64(key)) == 65

    body = {"endpoint": "https://fcm.googleapis.com/fcm/send/1", "keys": {"p256dh": RFC_P256DH, "auth": RFC_AUTH}}
    assert browser.post("/api/v1/push-subscriptions", json=body).status_code == 201
    assert browser.post("/api/v1/push-subscriptions", json=body).status_code == 201
    row = app_session.query(PushSubscription).one()
    assert (row.account_id, row.dropped_at) == (cast.patient.account_id, None)
    app_session.rollback()

    assert browser.delete("/api/v1/push-subscriptions", json={"endpoint": body["endpoint"]}).status_code == 204
    app_session.refresh(row)
    assert row.dropped_at is not None


def test_a_browser_that_changes_hands_belongs_to_the_new_person_and_only_they_can_take_it_away(app: Flask, app_session: Session) -> None:
    cast = makers.cast(app_session)
    app_session.commit()
    body = {"endpoint": "https://fcm.googleapis.com/fcm/send/1", "keys": {"p256dh": RFC_P256DH, "auth": RFC_AUTH}}
    first, second = makers.browser(app, cast.patient.account), makers.browser(app, cast.alone.account)
    first.post("/api/v1/push-subscriptions", json=body)

    second.post("/api/v1/push-subscriptions", json=body)
    first.delete("/api/v1/push-subscriptions", json=body)

    row = app_session.query(PushSubscription).one()
    assert (row.account_id, row.dropped_at) == (cast.alone.account_id, None)


@pytest.mark.parametrize("body, status", [
    ({"endpoint": "https://evil.invalid/x", "keys": {"p256dh": RFC_P256DH, "auth": RFC_AUTH}}, 422),
    ({"endpoint": "https://fcm.googleapis.com/x", "keys": {"p256dh": RFC_AUTH, "auth": RFC_AUTH}}, 422),
    ({"endpoint": "https://fcm.googleapis.com/x", "keys": {"p256dh": RFC_P256DH, "auth": "é"}}, 422),
    ({"endpoint": "https://fcm.googleapis.com/" + "x" * 1000, "keys": {"p256dh": RFC_P256DH, "auth": RFC_AUTH}}, 422),
    ({"endpoint": "https://fcm.googleapis.com/x"}, 422),
    ({"endpoint": 5}, 422),
    ([], 400),
])  # fmt: skip
def test_a_subscription_that_cannot_work_is_refused_as_a_problem(app: Flask, app_session: Session, body: Any, status: int) -> None:
    cast = makers.cast(app_session)
    app_session.commit()

    answer = makers.browser(app, cast.patient.account).post("/api/v1/push-subscriptions", json=body)

    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert app_session.query(PushSubscription).count() == 0


def test_an_account_keeps_its_ten_newest_browsers(app: Flask, app_session: Session) -> None:
    cast = makers.cast(app_session)
    app_session.commit()
    browser = makers.browser(app, cast.patient.account)

    for number in range(12):
        body = {"endpoint": f"https://fcm.googleapis.com/{number}", "keys": {"p256dh": RFC_P256DH, "auth": RFC_AUTH}}
        browser.post("/api/v1/push-subscriptions", json=body)

    live = app_session.query(PushSubscription).filter(PushSubscription.dropped_at.is_(None)).all()
    assert sorted(int(row.endpoint.rsplit("/", 1)[1]) for row in live) == list(range(2, 12))


def opened(body: bytes) -> bytes:
    """What the browser of the RFC's example reads, by a library that is not ours."""
    key = push_crypto.private_key(RFC_RECEIVER)
    return http_ece.decrypt(body, private_key=key, auth_secret=push_crypto.unb64(RFC_AUTH), version="aes128gcm")


def verified(header: str) -> dict[str, Any]:
    """The claims of the token, after checking its signature with the key beside it."""
    token, _, public = header.removeprefix("vapid t=").partition(", k=")
    head, claims, signature = token.split(".")
    if not public:
        raise InvalidSignature
    raw = push_crypto.unb64(signature)
    der = utils.encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), push_crypto.unb64(public))
    key.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    assert json.loads(push_crypto.unb64(head)) == {"typ": "JWT", "alg": "ES256"}
    return json.loads(base64.urlsafe_b64decode(claims + "=="))


@dataclass
class Relay:
    """A push service on this machine: real TLS, its own certificate, answers as told."""

    host: str
    trust: ssl.SSLContext
    keys: webpush.Keys
    seen: list[tuple[str, Any, bytes]] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)

    @property
    def config(self) -> config.Config:
        return config.Config(push_hosts=(self.host,))

    def sender(self) -> webpush.WebPushSender:
        return webpush.WebPushSender(self.config, self.keys, context=self.trust)

    def push(self, content: bytes) -> Push:
        return Push(f"https://{self.host}/send/1?a=b", RFC_P256DH, RFC_AUTH, content, 3600, "normal", "a-topic", NOW)


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[Relay]:
    certificate = self_signed(tmp_path)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate)
    private = ec.generate_private_key(ec.SECP256R1())
    keys = webpush.Keys(private, push_crypto.b64(push_crypto.point(private.public_key())))

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            made.seen.append((self.path, self.headers, self.rfile.read(int(self.headers["Content-Length"]))))
            status, headers = made.answers.pop(0) if made.answers else (201, {})
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, *_args: object) -> None:
            """A client that does not trust us hangs up: that is a test, not an error."""

    server = Server(("127.0.0.1", 0), Handler)
    server.socket = serving.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    made = Relay(f"127.0.0.1:{server.server_port}", ssl.create_default_context(cafile=str(certificate)), keys)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


def self_signed(folder: Path) -> Path:
    """A certificate for 127.0.0.1, valid today, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "relay")])
    today = dt.datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(today - timedelta(days=1)).not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = folder / "relay.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + private)
    return file
