"""Each trip-wire fails what it is there to fail."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.template import Context, engines
from django.template.base import Origin, Template
from django.test import Client, override_settings
from django.urls import path

from partners import audit
from partners.actor import SYSTEM
from partners.models import AuditEvent, Organization
from tests import tripwires


def organization(name: str) -> Organization:
    return Organization.objects.create(name_en=name)


def writes(request: HttpRequest) -> HttpResponse:
    organization("Written by a page")
    return HttpResponse("done")


writes.login_required = False  # type: ignore[attr-defined] - what login_not_required sets
urlpatterns = [path("writes/", writes)]


def rendered(text: str, folder: str = "config/templates") -> str:
    origin = Origin(name=f"{tripwires.settings.BASE_DIR}/{folder}/planted.html")
    return Template(text, origin=origin, engine=engines["django"].engine).render(Context({"known": "yes"}))


def test_an_undefined_variable_fails() -> None:
    with pytest.raises(pytest.fail.Exception, match="undefined variable unknown"):
        rendered("{{ unknown }}")


@pytest.mark.parametrize(
    "text",
    ["{{ known }}", '{{ unknown|default:"yes" }}', "{% if unknown %}no{% else %}yes{% endif %}"],
)
def test_a_variable_with_a_default_passes(text: str) -> None:
    assert rendered(text) == "yes"


def test_templates_of_other_packages_are_left_alone() -> None:
    assert rendered("{{ unknown }}", folder=".venv/lib") == ""


@pytest.mark.django_db
def test_an_unordered_queryset_comes_reversed() -> None:
    first, second = organization("A"), organization("B")
    rows = Organization.objects.filter(pk__in=[first.pk, second.pk])

    assert list(rows.order_by("name_en")) == [first, second]
    assert set(rows.order_by()) == {first, second}
    unordered = [row.pk for row in rows.order_by()]
    with connection.cursor() as cursor:
        query, parameters = rows.order_by().values_list("pk").query.sql_with_params()
        cursor.execute(query, parameters)
        stored = [row[0] for row in cursor.fetchall()]
    assert [str(pk).replace("-", "") for pk in unordered] == [
        str(pk).replace("-", "") for pk in reversed(stored)
    ]


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_a_page_that_writes_when_read_fails(client: Client) -> None:
    with pytest.raises(AssertionError, match="reading /writes/ wrote"):
        client.get("/writes/")
    assert client.post("/writes/").status_code == 200


@pytest.mark.django_db
def test_queries_that_grow_with_the_rows_fail() -> None:
    organization("A")

    def one_by_one() -> None:
        for pk in Organization.objects.order_by("pk").values_list("pk", flat=True):
            Organization.objects.get(pk=pk)

    with pytest.raises(AssertionError, match="2 queries grew to 3"):
        tripwires.assert_flat(one_by_one, lambda: organization("B"))
    tripwires.assert_flat(lambda: list(Organization.objects.order_by("pk")), lambda: organization("C"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["first", "second"])
def test_committed_audit_rows_are_gone_in_the_next_test(turn: str) -> None:
    """The flush between the two turns is let past the triggers, which stand again afterwards."""
    assert not AuditEvent.objects.exists()
    with transaction.atomic():
        audit.record(audit.Entry(actor=SYSTEM, action=turn, object_type="test", object_id="1"))

    with pytest.raises(DatabaseError, match="audit rows are final"):
        AuditEvent.objects.all().delete()


@pytest.mark.parametrize("name", ["referrals", "django.request", "django.server"])
def test_a_log_line_with_something_planted_is_noticed(name: str) -> None:
    with tripwires.planted_words_in_logs() as handler:
        logging.getLogger(name).error("Not sent to %s", "Wren " + "Planted")
        logging.getLogger(name).error("Not found: %s", "/en/clients/?q=Wren+" + "Planted")
        try:
            raise ValueError("204-555-" + "0188")
        except ValueError:
            logging.getLogger(name).exception("Broken")

    assert [line.rpartition(" Not ")[2] for line in handler.found] == ["sent to Wren Planted"]


@pytest.fixture(autouse=True)
def expected(planted_words_in_logs: tripwires.PlantedWords) -> Iterator[None]:
    """What these tests log on purpose is no finding."""
    yield
    planted_words_in_logs.found.clear()
