"""Joins the style sheets of ``config/static/src`` into ``config/static/css/relais.css``.

``python -m config.assets`` writes it, ``python -m config.assets --check`` exits 1 when it is out of
date. One sheet keeps a page at three requests (page, sheet, script) before its first render.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

STATIC = Path(__file__).resolve().parent / "static"
TARGET = STATIC / "css" / "relais.css"
HEADING = "/* Made by `python -m config.assets` from config/static/src. Change the sources. */\n"


def joined() -> str:
    """The sources in the order of their names, without comments, indents and empty lines."""
    sheets = [path.read_text(encoding="utf-8") for path in sorted((STATIC / "src").glob("*.css"))]
    bare = re.sub(r"/\*.*?\*/", "", "\n".join(sheets), flags=re.DOTALL)
    lines = (line.strip() for line in bare.splitlines())
    return HEADING + "\n".join(line for line in lines if line) + "\n"


def main(arguments: list[str]) -> int:
    text = joined()
    if "--check" in arguments:
        return 0 if TARGET.exists() and TARGET.read_text(encoding="utf-8") == text else 1
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
