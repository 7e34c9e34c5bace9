"""What a person agrees to before somebody leaves her name with a program, or she does it herself.

A changed text gets a new version. The text for partners is printed, read and signed.
"""

from __future__ import annotations

from collections.abc import Mapping

CURRENT_VERSION = "2026-11"
SELF_VERSION = "2026-11-self"

INTRODUCTION_TEXTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    CURRENT_VERSION: {
        "en": (
            "I can leave your name with one program, so that they get in touch with you.",
            "They get the name you want to be called by, your language, and the safe ways to reach you. "
            "I pass on nothing else: no reasons, no story.",
            "I will not be told whether they reach you, or what you decide. I only see that it was received.",
            "You can say no. Nothing happens to you because of it, now or later.",
            "You can also call the program yourself, or tell them to stop at any time.",
        ),
        "fr": (
            "Je peux laisser votre nom à un programme pour qu’il communique avec vous.",
            "Il reçoit le nom que vous voulez qu’on utilise, votre langue et les façons sûres de vous "
            "joindre. "
            "Je ne transmets rien d’autre\u00a0: aucune raison, aucune histoire.",
            "Je ne saurai pas s’il a pu vous joindre ni ce que vous décidez. "
            "Je vois seulement que c’est reçu.",
            "Vous pouvez dire non. Cela n’aura aucune conséquence pour vous, ni maintenant ni plus tard.",
            "Vous pouvez aussi appeler le programme vous-même, ou lui dire d’arrêter à tout moment.",
        ),
    },
    SELF_VERSION: {
        "en": (
            "Only the workers of this program see what you write here.",
            "They contact you only in the ways you allow.",
            "You can tell them to stop at any time.",
        ),
        "fr": (
            "Seules les personnes qui travaillent pour ce programme voient ce que vous écrivez ici.",
            "Elles communiquent avec vous seulement par les moyens que vous permettez.",
            "Vous pouvez leur dire d’arrêter à tout moment.",
        ),
    },
}
