"""The product's settings with test keys and a throw-away database.

``TEST_DATABASE_URL`` names another database server; ``tests/run.py`` sets it for PostgreSQL. What
the shell happens to hold of ``RELAIS_*`` or ``DATABASE_URL`` never reaches a test.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tests.environment import TEST_ENVIRONMENT, without_relais

os.environ.update(TEST_ENVIRONMENT)
for name in set(os.environ) - set(without_relais(os.environ)) - set(TEST_ENVIRONMENT):
    del os.environ[name]
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "sqlite://:memory:")

from config.settings import *  # noqa: E402, F403 - the environment above must stand first
from config.settings import DATABASES, STORAGES  # noqa: E402

scratch = Path(tempfile.mkdtemp(prefix="relais-tests-"))
atexit.register(shutil.rmtree, scratch, ignore_errors=True)

if "TEST_DATABASE_URL" in os.environ:
    DATABASES["default"].get("OPTIONS", {}).pop("pool", None)
else:
    # A file, not memory: threads that share an in-memory SQLite meet "table is locked", which no
    # deployment ever sees. Nothing here needs to survive a power cut.
    DATABASES["default"]["TEST"] = {"NAME": str(scratch / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = DATABASES["default"]["OPTIONS"]["init_command"].replace(
        "synchronous=FULL", "synchronous=OFF"
    )

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Plain names: the manifest needs collectstatic first. The browser tests run with the manifest.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT = scratch  # whitenoise warns of a folder that is missing
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
