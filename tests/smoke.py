"""The first command as a newcomer meets it: a fresh clone, `make demo`, a look at the key pages.

Only the standard library, because nothing is installed yet when it runs: ``python3 tests/smoke.py``.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
INSTALL_SECONDS = 900
SECOND_START_SECONDS = 60
STOP_SECONDS = 30

# Address: words that stand on the page.
PAGES = {
    "/en/": 'lang="en',
    "/fr/": 'lang="fr',
    "/en/get-help/": "911",
    "/fr/get-help/": "911",
    "/en/safety/": "history",
    "/fr/safety/": "historique",
    "/en/services/?q=detox&near=R2W": 'href="/en/services/',
    "/fr/services/?q=d%C3%A9sintoxication&near=R2W": 'href="/fr/services/',
    "/en/sign-in/": "password",
    "/api/v1/services/?q=detox&near=R2W&radius_km=50": '"distance_km"',
    "/api/v1/schema/": "openapi",
    "/healthz": "",
    "/readyz": "",
}


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="relais-smoke-") as folder:
        clone = Path(folder) / "relais"
        subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(clone)], check=True)
        took = demo(clone, INSTALL_SECONDS)
        print(f"make demo in a fresh clone: first page after {took:.0f} s", flush=True)
        took = demo(clone, SECOND_START_SECONDS)
        print(f"make demo again: first page after {took:.0f} s", flush=True)
    return 0


def demo(clone: Path, seconds: int) -> float:
    """Starts it, looks at every page, stops it. Answers how long the first page took."""
    port = free_port()
    log = clone.parent / "demo.log"
    # A person's shell holds no setting of Relais, and neither does this one.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RELAIS_")}
    environment.pop("DATABASE_URL", None)
    with log.open("w") as output:
        process = subprocess.Popen(
            ["make", "demo"],
            cwd=clone,
            env=environment | {"PORT": str(port)},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            took = wait(f"http://127.0.0.1:{port}/en/", process, seconds)
            faults = [fault for path, words in PAGES.items() if (fault := look(port, path, words))]
        except TimeoutError as error:
            faults = [str(error)]
        finally:
            stop(process)
    told = log.read_text(encoding="utf-8")
    faults += [f"make demo did not print {text}" for text in (str(port), "nadia@") if text not in told]
    if faults:
        print(told)
        sys.exit("\n".join(faults))
    return took


def wait(address: str, process: subprocess.Popen[bytes], seconds: int) -> float:
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        if process.poll() is not None:
            raise TimeoutError(f"make demo ended with {process.returncode}")
        try:
            with urllib.request.urlopen(address, timeout=10):
                return time.monotonic() - started
        except urllib.error.HTTPError as error:
            error.close()
            return time.monotonic() - started
        except OSError:
            time.sleep(0.5)
    raise TimeoutError(f"make demo served nothing within {seconds} s")


def look(port: int, path: str, words: str) -> str | None:
    """What is wrong with this page, or None."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            text = answer.read().decode("utf-8")
    except urllib.error.HTTPError as error:
        error.close()
        return f"{path} answered {error.code}"
    except OSError as error:
        return f"{path}: {error}"
    return None if words in text else f"{path} does not say {words}"


def stop(process: subprocess.Popen[bytes]) -> None:
    """The signal goes to make and to everything that make started; nothing may need a second one.

    Not SIGINT: where CI itself runs in the background, every child is born ignoring that.
    """
    try:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=STOP_SECONDS)
    except ProcessLookupError:
        pass
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        sys.exit("make demo did not stop when told")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
