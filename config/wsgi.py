"""WSGI entry point."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
# What was loaded stays, and an answer makes many small objects that die with it: looking for cycles
# after every few hundred of them cost a tenth of each search.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 20)
