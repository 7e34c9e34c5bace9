"""Addresses of single sign-on, without a language: the issuer is told one. None without an issuer."""

from django.conf import settings
from django.urls import URLPattern, re_path

from partners.signing import single_sign_on

WAY = rf"^sign-in/(?P<provider_id>{single_sign_on.PROVIDER})/"


def routes() -> list[URLPattern]:
    """Under the names that allauth looks for."""
    return [
        re_path(rf"{WAY}$", single_sign_on.start, name="openid_connect_login"),
        re_path(rf"{WAY}back/$", single_sign_on.callback, name="openid_connect_callback"),
    ]


urlpatterns = routes() if settings.SIGN_ON else []
