"""Forms of members and invitations. What may be given, and what a password must be, is decided below them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from partners.models import User
from partners.models.members import RoleChoices
from partners.people.choices import LINES
from partners.people.invitations import NAME_LENGTH
from partners.plain_forms import PlainForm
from partners.roles import Role


class RolesField(forms.MultipleChoiceField):
    """Each role with the line that says what it may do."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.CheckboxSelectMultiple, label=_("Roles"), **kwargs)

    def offer(self, roles: Sequence[Role]) -> None:
        self.choices = [(role.value, _with_line(role)) for role in roles]


class InviteForm(PlainForm):
    full_name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    language = forms.ChoiceField(
        label=_("Language of the invitation"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )
    roles = RolesField()

    def __init__(self, *args: Any, roles: Sequence[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].offer(roles)  # type: ignore[attr-defined]


class SuccessorForm(PlainForm):
    """Who takes over; gone where nobody could."""

    successor = forms.ModelChoiceField(
        label=_("Who takes over"),
        help_text=_("Takes the place on the care team of restricted files that would be left with nobody."),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody"),
    )

    def __init__(self, *args: Any, successors: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = successors  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Any:
        user = self.cleaned_data.get("successor")
        return user.pk if user else None


class RolesForm(SuccessorForm):
    roles = RolesField()
    field_order = ("roles", "successor")

    def __init__(self, *args: Any, roles: Sequence[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].offer(roles)  # type: ignore[attr-defined]


class JoinForm(PlainForm):
    full_name = forms.CharField(label=_("Your name"), max_length=NAME_LENGTH)
    language = forms.ChoiceField(
        label=_("Your language"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 12 characters. Several words in a row are easy to remember."),
        strip=False,
        max_length=512,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("Password, once more"),
        strip=False,
        max_length=512,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("again") and given.get("password") and given["again"] != given["password"]:
            self.add_error("again", _("The two passwords are not the same."))
        return given


def role_label(role: str) -> str:
    return str(RoleChoices(role).label)


def _with_line(role: Role) -> SafeString:
    return format_html("{} <small>{}</small>", role_label(role), LINES[role])
