"""Sign-in and the pages about who is who. Of allauth only the pages listed here exist."""

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes.views import generate_recovery_codes
from allauth.mfa.totp.views import activate_totp, deactivate_totp
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from partners import police_channel_page, views
from partners.joining.urls import urlpatterns as joining
from partners.notifications.urls import urlpatterns as notices
from partners.people.urls import urlpatterns as people
from partners.signing.urls import urlpatterns as signing

signing_in = [
    path("sign-in/", account.login, name="account_login"),
    # Not only for members: it also ends a sign-in that waits for its second step.
    path("sign-out/", login_not_required(account.logout), name="account_logout"),
    path("password/", account.password_change, name="account_change_password"),
    path("password/again/", account.reauthenticate, name="account_reauthenticate"),
    path("second-factor/code/", second_factor.authenticate, name="mfa_authenticate"),
    path("second-factor/again/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("second-factor/set-up/", activate_totp, name="mfa_activate_totp"),
    path("second-factor/turn-off/", deactivate_totp, name="mfa_deactivate_totp"),
    path("second-factor/recovery-codes/new/", generate_recovery_codes, name="mfa_generate_recovery_codes"),
    *signing,
]
own = [
    path("organization/switch/", views.organization_switch, name="organization_switch"),
    path("audit/", views.audit, name="audit"),
    path("police-channel/", police_channel_page.police_channel, name="police_channel"),
    *joining,
    *people,
    *notices,
]
urlpatterns = [*signing_in, path("", include((own, "partners")))]
