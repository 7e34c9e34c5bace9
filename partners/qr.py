"""Pictures to scan, drawn here: nothing of them is asked of another host."""

from __future__ import annotations

from base64 import b64encode

import qrcode
from qrcode.image.svg import SvgPathFillImage


def svg(text: str) -> str:
    """On white: cameras can't read it on the dark page."""
    return str(qrcode.make(text, image_factory=SvgPathFillImage).to_string(encoding="unicode"))


def as_image(text: str) -> str:
    """The picture as the address of an ``img``."""
    return "data:image/svg+xml;base64," + b64encode(svg(text).encode()).decode()
