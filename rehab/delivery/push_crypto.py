"""How is a push message sealed (RFC 8291) and how do we say who sends it (RFC 8292)?

Pure functions on ``cryptography``. The push service carries the message and cannot read it.
"""

from __future__ import annotations

import base64
import json
import os
import struct
from datetime import datetime, timedelta

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

RECORD_SIZE = 4096
#: Longest content that fits one record: 4096 bytes less the tag, the delimiter and the 86 byte header.
LONGEST_CONTENT = RECORD_SIZE - 16 - 1 - 86
TOKEN_LIFE = timedelta(hours=12)
CURVE = ec.SECP256R1()


def b64(raw: bytes) -> str:
    """URL-safe base64 without padding, as every push interface writes it."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """The bytes of URL-safe base64, padded or not. Raises ValueError for anything else."""
    return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key as its 65 byte uncompressed point."""
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def private_key(scalar: str) -> ec.EllipticCurvePrivateKey:
    """The private key whose 32 bytes are written in base64."""
    return ec.derive_private_key(int.from_bytes(unb64(scalar), "big"), CURVE)


def scalar_of(key: ec.EllipticCurvePrivateKey) -> str:
    """A private key's 32 bytes in base64."""
    return b64(key.private_numbers().private_value.to_bytes(32, "big"))


def is_receiver(p256dh: str, auth: str) -> bool:
    """Whether a browser's two keys can be used: a point on the curve and 16 bytes."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, unb64(p256dh))
        return len(unb64(p256dh)) == 65 and len(unb64(auth)) == 16
    except ValueError:
        return False


def seal(
    content: bytes, *, p256dh: str, auth: str,
    salt: bytes | None = None, ephemeral: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:  # fmt: skip
    """The body of the request: header and one AES-128-GCM record. Source: RFC 8291 §3.4, RFC 8188 §2.

    ``salt`` and ``ephemeral`` are fresh for each message; only the RFC's own example gives them.
    Raises ValueError when the content is too long or a key is none.
    """
    if len(content) > LONGEST_CONTENT:
        raise ValueError("too long for one push message")
    salt = os.urandom(16) if salt is None else salt
    ephemeral = ephemeral or ec.generate_private_key(CURVE)
    theirs, ours = unb64(p256dh), point(ephemeral.public_key())
    shared = ephemeral.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs))
    keying = _hkdf(shared, salt=unb64(auth), info=b"WebPush: info\x00" + theirs + ours, length=32)
    key = _hkdf(keying, salt=salt, info=b"Content-Encoding: aes128gcm\x00", length=16)
    nonce = _hkdf(keying, salt=salt, info=b"Content-Encoding: nonce\x00", length=12)
    header = salt + struct.pack("!LB", RECORD_SIZE, len(ours)) + ours
    return header + AESGCM(key).encrypt(nonce, content + b"\x02", None)


def authorization(key: ec.EllipticCurvePrivateKey, *, origin: str, contact: str, now: datetime) -> str:
    """The ``Authorization`` header that proves who sends: a signed token for one push service."""
    head = b64(json.dumps({"typ": "JWT", "alg": "ES256"}, separators=(",", ":")).encode())
    claims = {"aud": origin, "exp": int((now + TOKEN_LIFE).timestamp()), "sub": contact}
    unsigned = f"{head}.{b64(json.dumps(claims, separators=(',', ':')).encode())}"
    r, s = utils.decode_dss_signature(key.sign(unsigned.encode(), ec.ECDSA(hashes.SHA256())))
    token = f"{unsigned}.{b64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"
    return f"vapid t={token}, k={b64(point(key.public_key()))}"


def _hkdf(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)
