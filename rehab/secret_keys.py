"""Where does the key that signs cookies come from when the operator set none?"""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def cookie_key(data_folder: Path) -> str:
    """The key kept in the data folder, made on first start and readable by its owner only."""
    file = data_folder / "secret-key"
    try:
        descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return file.read_text("utf-8").strip()
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        key = secrets.token_urlsafe(48)
        handle.write(key)
    return key
