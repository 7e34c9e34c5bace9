"""App configuration."""

from django.apps import AppConfig

from partners import hooks


class ApiConfig(AppConfig):
    name = "api"

    def ready(self) -> None:
        # Models can't be imported before every app is loaded.
        from api import idempotency

        hooks.forgetters.register("idempotency_keys", idempotency.forget)
