"""The texts that are read aloud before a consent is recorded. A changed text gets a new version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from partners.models import Organization
from partners.police_channel import is_police

CURRENT_VERSION = "2026-11"
POLICE_VERSION = "2026-11-police"

CONSENT_TEXTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "2026-11": {
        "en": (
            "I would like to tell one partner what they need to know to help you. "
            "You choose what I may share.",
            "Until they say yes, they see no name: only a code, the kind of help, how soon, and the city.",
            "If they say yes, they see what you agreed to, and nothing else.",
            "You can say no. You will still get our help.",
            "You can change your mind at any time, also by phone. "
            "From then on they see nothing more. They may still know what they have already read.",
            "They may not pass on what you share without asking you again.",
        ),
        "fr": (
            "J’aimerais dire à un partenaire ce qu’il doit savoir pour vous aider. "
            "C’est vous qui choisissez ce que je peux communiquer.",
            "Tant qu’il n’a pas accepté, il ne voit aucun nom\u00a0: seulement un code, le genre d’aide, "
            "le délai et la ville.",
            "S’il accepte, il voit ce à quoi vous avez consenti, et rien d’autre.",
            "Vous pouvez dire non. Nous vous aiderons quand même.",
            "Vous pouvez changer d’avis à tout moment, même par téléphone. "
            "À partir de là, le partenaire ne voit plus rien. Il peut se souvenir de ce qu’il a déjà lu.",
            "Le partenaire ne peut rien communiquer sans vous le demander de nouveau.",
        ),
    },
    POLICE_VERSION: {
        "en": (
            "I can ask the police liaison to call me about you. "
            "I do not tell them where you are, what happened, or what you are looking for.",
            "They see a code and how to reach me, and nothing else.",
            "If they say that they will call, they can also see your chosen name, if you agree to that. "
            "You can also say yes to the call and no to the name.",
            "A second worker here checks this before it is sent.",
            "You can say no. You will still get our help.",
            "You can change your mind at any time, also by phone. "
            "From then on they see nothing more. They may still know what they have already read.",
        ),
        "fr": (
            "Je peux demander à l’agente ou à l’agent de liaison de la police de m’appeler à votre sujet. "
            "Je ne lui dis pas où vous êtes, ce qui s’est passé ni ce que vous cherchez.",
            "La police voit un code et la façon de me joindre, et rien d’autre.",
            "Si elle répond qu’elle appellera, elle peut aussi voir votre nom choisi, si vous y consentez. "
            "Vous pouvez aussi dire oui à l’appel et non au nom.",
            "Une deuxième personne de notre équipe vérifie la demande avant l’envoi.",
            "Vous pouvez dire non. Nous vous aiderons quand même.",
            "Vous pouvez changer d’avis à tout moment, même par téléphone. "
            "À partir de là, la police ne voit plus rien. Elle peut se souvenir de ce qu’elle a déjà lu.",
        ),
    },
}


@dataclass(frozen=True)
class PaperWords:
    """What stands on the printed sheet around the text that is read, in the sheet's own language."""

    title: str
    who: str
    what: str
    until: str
    ask_again: str
    back: str
    help: str
    notice: str
    yes: str
    no: str
    person: str
    witness: str
    worker: str
    date: str


_PAPER_2026_11: Mapping[str, PaperWords] = {
    "en": PaperWords(
        title="May I share this?",
        who="Who may see it",
        what="What they may see",
        until="Until when",
        ask_again="After that day they see nothing more, unless you say yes again.",
        back="You can take this back at any time: come in, write, or call us. You do not have to say why.",
        help="You get our help if you say yes, and you get our help if you say no.",
        notice="To who receives it: do not pass this on without asking the person again.",
        yes="I say yes",
        no="I say no",
        person="Your name or sign",
        witness="Witness",
        worker="Worker",
        date="Date",
    ),
    "fr": PaperWords(
        title="Puis-je communiquer ceci\u00a0?",
        who="Qui peut le voir",
        what="Ce qu’on peut voir",
        until="Jusqu’à quand",
        ask_again="Après ce jour, on ne voit plus rien, à moins que vous disiez encore oui.",
        back="Vous pouvez changer d’avis à tout moment\u00a0: venez, écrivez ou appelez-nous. "
        "Vous n’avez pas à dire pourquoi.",
        help="Nous vous aidons si vous dites oui, et nous vous aidons si vous dites non.",
        notice="À qui reçoit ceci\u00a0: ne le communiquez pas sans le demander de nouveau à la personne.",
        yes="Je dis oui",
        no="Je dis non",
        person="Votre nom ou votre signe",
        witness="Témoin",
        worker="Membre du personnel",
        date="Date",
    ),
}

# A changed sheet comes with a new version of the text.
PAPER: Mapping[str, Mapping[str, PaperWords]] = {
    "2026-11": _PAPER_2026_11,
    POLICE_VERSION: _PAPER_2026_11,
}


def version_for(recipient: Organization) -> str:
    """The text to read aloud for a consent to this recipient."""
    return POLICE_VERSION if is_police(recipient) else CURRENT_VERSION
