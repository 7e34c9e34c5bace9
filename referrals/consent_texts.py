"""The texts that are read aloud before a consent is recorded. A changed text gets a new version."""

from __future__ import annotations

from collections.abc import Mapping

CURRENT_VERSION = "2026-11"

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
}
