#!/usr/bin/env python
"""Django's command line for Relais."""

import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

from config import demo_env

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    # The demo makes its own keys, which the settings need; where any key is given, none is made.
    if sys.argv[1:2] == ["demo"] and not any(name.startswith("RELAIS_") for name in os.environ):
        demo_env.ensure(Path(__file__).resolve().parent / "var" / "demo.env")
    execute_from_command_line(sys.argv)
