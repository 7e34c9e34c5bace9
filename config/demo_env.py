"""Keys for the demo, made once per folder and kept in ``var/demo.env``.

Runs before the settings load, so it imports nothing of Django.
"""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

KEY_BYTES = 32


def ensure(path: Path) -> None:
    """Make the file unless it stands; readable by its owner only.

    It is linked into place in one step: of two demos that start together, both go on with the keys
    of the first, and a demo that is stopped half-way leaves no half-written keys behind.
    """
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write("# Keys of this folder's demo. They protect invented people only.\n")
        file.writelines(f"{name}={value}\n" for name, value in values().items())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def values() -> dict[str, str]:
    """Fresh keys, a fresh password for the demo's people, and http on loopback allowed."""
    return {
        "RELAIS_DEMO": "on",
        "RELAIS_INSECURE_LOOPBACK": "on",
        "RELAIS_REQUIRE_SECOND_FACTOR": "off",
        "RELAIS_SECRET_KEY": secrets.token_urlsafe(64),
        "RELAIS_DATA_KEYS": f"demo1:{random_key()}",
        "RELAIS_INDEX_KEY": random_key(),
        "RELAIS_DEMO_PASSWORD": "-".join(secrets.token_hex(2) for _ in range(4)),
    }


def random_key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii")
