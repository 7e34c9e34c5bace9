"""Addresses: signing in and staying signed in: passkeys, single sign-on, sessions, the idle lock.

All carry allauth's prefixes: the pages of one's own account stay open where others are closed.
"""

from allauth.mfa.webauthn import views as webauthn
from django.urls import path
from django.views.decorators.http import require_POST

from partners.signing import forgotten, views
from partners.signing.passkeys import PasskeyAddView, PasskeyAgainView, challenge

urlpatterns = [
    path("sign-in/passkey/", require_POST(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("sign-in/passkey/challenge/", challenge, name="mfa_passkey_challenge"),
    path("sign-in/locked/", views.locked, name="account_locked"),
    path("sign-in/active/", views.active, name="account_active"),
    path("password/forgotten/", forgotten.forgotten_password, name="account_forgotten_password"),
    path("password/new/<str:token>/", forgotten.new_password, name="account_new_password"),
    path("second-factor/", views.YourSignIn.as_view(), name="mfa_index"),
    path("second-factor/sessions/", views.open_sessions, name="account_sessions"),
    path("second-factor/recovery-codes/", views.recovery_codes, name="mfa_view_recovery_codes"),
    path("second-factor/passkeys/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("second-factor/passkeys/new/", PasskeyAddView.as_view(), name="mfa_add_webauthn"),
    path("second-factor/passkeys/again/", PasskeyAgainView.as_view(), name="mfa_reauthenticate_webauthn"),
    path("second-factor/passkeys/<int:pk>/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("second-factor/passkeys/<int:pk>/remove/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
]
