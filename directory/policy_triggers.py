"""The location policy as triggers: an address's policy is its location's, on both databases."""

from __future__ import annotations

from partners import triggers
from partners.triggers import Trigger

ADDRESS, LOCATION = "directory_address", "directory_location"
WORDS = "the location policy allows no address"


def _copy_check(name: str, event: str) -> Trigger:
    """Refuses an address whose copy of the policy is not its location's."""
    return Trigger(
        name=name,
        table=ADDRESS,
        sqlite=(
            f"CREATE TRIGGER {name} BEFORE {event} ON {ADDRESS} "
            f"WHEN NEW.policy IS NOT (SELECT policy FROM {LOCATION} WHERE id = NEW.location_id) "
            f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
        ),
        function=(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF NEW.policy IS DISTINCT FROM "
            f"(SELECT policy FROM {LOCATION} WHERE id = NEW.location_id FOR SHARE) "
            f"THEN RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
        ),
        postgresql=(
            f"CREATE TRIGGER {name} BEFORE {event} ON {ADDRESS} FOR EACH ROW EXECUTE FUNCTION {name}()"
        ),
    )


def _carry_over(name: str) -> Trigger:
    """A changed policy goes to the location's addresses, where the constraint refuses it if it must."""
    update = f"UPDATE {ADDRESS} SET policy = NEW.policy WHERE location_id = NEW.id"
    return Trigger(
        name=name,
        table=LOCATION,
        sqlite=(
            f"CREATE TRIGGER {name} AFTER UPDATE OF policy ON {LOCATION} "
            f"WHEN NEW.policy IS NOT OLD.policy BEGIN {update}; END"
        ),
        function=(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF NEW.policy IS DISTINCT FROM OLD.policy THEN {update}; END IF; RETURN NEW; END $$"
        ),
        postgresql=(
            f"CREATE TRIGGER {name} AFTER UPDATE ON {LOCATION} FOR EACH ROW EXECUTE FUNCTION {name}()"
        ),
    )


def register() -> None:
    triggers.register(
        _copy_check("address_policy_on_insert", "INSERT"),
        _copy_check("address_policy_on_update", "UPDATE"),
        _carry_over("location_policy_to_address"),
    )
