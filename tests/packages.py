"""What the tests need of the operating system: found, or installed by apt where root may."""

from __future__ import annotations

import os
import shutil
import subprocess

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def apt_install(*packages: str) -> bool:
    """True when apt has installed them. False where there is no apt or the user is not root."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print(f"Installing {', '.join(packages)} with apt-get ...", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        answer = subprocess.run(
            ["apt-get", "--quiet", *command],
            check=False,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if answer.returncode:
            print(answer.stdout, flush=True)
            return False
    return True


def chromium() -> str | None:
    """The browser on this machine: ``CHROMIUM`` or one of its usual names."""
    return next(filter(None, map(shutil.which, (os.environ.get("CHROMIUM", ""), *CHROMIUM_NAMES))), None)


def find_chromium() -> str | None:
    """The browser, installed when root may and there is none."""
    return chromium() or (chromium() if apt_install("chromium") else None)
