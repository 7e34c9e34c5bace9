"""What is told of joining, agreements and suspension: to members, and to who applied."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partners.bilingual import localized
from partners.joining.admission import DECIDED
from partners.joining.network import KEEPERS
from partners.models import ApplicationState, OutboxRow, PartnerApplication
from partners.notifications import kinds
from partners.notifications.kinds import Letter, Notice
from partners.roles import Capability, Role, roles_with

SIGNERS = roles_with(Capability.SIGN_AGREEMENT)
# Whoever leads the organization, where nobody there can sign yet.
LEADERS = (Role.MANAGER.value,)
OWN, PARTNER = "partners:agreement", "partners:partner"


def _own(subject: object, line: object) -> Notice:
    return Notice(SIGNERS, OWN, subject, line, otherwise=LEADERS, at_object=False)  # type: ignore[arg-type]


def _network(subject: object, line: object, route: str = PARTNER) -> Notice:
    return Notice(list(KEEPERS), route, subject, line)  # type: ignore[arg-type]


NOTICES: dict[str, Notice] = {
    "application_received": _network(
        _("Relais: an organization asks to join"),
        _("An organization asks to join the network. Please decide."),
        "partners:application",
    ),
    "agreement_prepared": _own(
        _("Relais: an agreement to sign"),
        _("The data-sharing agreement of your organization is ready to be read and signed."),
    ),
    "agreement_signed": _network(
        _("Relais: an agreement was signed"), _("A partner has signed its agreement.")
    ),
    "agreement_ending": _own(
        _("Relais: your agreement ends soon"),
        _("The agreement of your organization ends soon. Without one nothing is sent or received."),
    ),
    "partner_agreement_ending": _network(
        _("Relais: an agreement ends soon"), _("The agreement of a partner ends soon. Prepare a new one.")
    ),
    "agreement_ended": _own(
        _("Relais: your agreement has ended"),
        _("The agreement of your organization has ended. Without one nothing is sent or received."),
    ),
    "partner_agreement_ended": _network(
        _("Relais: an agreement has ended"), _("The agreement of a partner has ended.")
    ),
    "agreement_terminated": _own(
        _("Relais: your agreement was terminated"),
        _("The network has terminated an agreement of your organization."),
    ),
    "organization_suspended": _own(
        _("Relais: your organization is suspended"),
        _("The network has suspended your organization. Nobody can work in it until this is lifted."),
    ),
    "organization_lifted": _own(
        _("Relais: your organization can work again"),
        _("The network has lifted the suspension of your organization."),
    ),
}


def register() -> None:
    kinds.register(NOTICES)
    kinds.register_letter(DECIDED, decision_letter)


def decision_letter(row: OutboxRow) -> list[Letter]:
    """To the contact who applied, in the language they chose. The invitation comes by a letter of its own."""
    application = PartnerApplication.objects.select_related("organization").filter(pk=row.object_id).first()
    if application is None or application.state == ApplicationState.OPEN or not application.contact_email:
        return []
    with translation.override(application.language):
        approved = application.state == ApplicationState.APPROVED
        lines = _approved(application) if approved else _refused(application)
        return [
            Letter(
                recipient=application.pk,
                address=application.contact_email,
                language=application.language,
                subject=gettext("Relais: about your application"),
                lines=lines,
                url="" if approved else settings.BASE_URL + reverse("partners:apply"),
                url_label="" if approved else gettext("Apply again"),
            )
        ]


def _approved(application: PartnerApplication) -> list[str]:
    name = localized(application.organization, "name").text if application.organization else ""
    return [
        gettext("%(name)s has been admitted to the network.") % {"name": name},
        gettext("You are invited to be its first administrator. The invitation comes in a mail of its own."),
        gettext("Then read and sign the agreement. From then on your organization can send and receive."),
    ]


def _refused(application: PartnerApplication) -> list[str]:
    return [
        gettext("The network has decided not to admit %(name)s now.") % {"name": application.name},
        application.decision_note,
    ]
