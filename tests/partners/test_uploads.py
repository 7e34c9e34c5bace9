"""Files that arrive are held in memory, up to a limit, and never written to the disk in clear."""

from __future__ import annotations

import tempfile
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from partners.uploads import MAX_BYTES, MAX_REQUEST_BYTES


@pytest.fixture(autouse=True)
def no_file_on_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*args: Any, **given: Any) -> None:
        raise AssertionError("written to the disk")

    for name in ("NamedTemporaryFile", "TemporaryFile", "SpooledTemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, refused)


def received(*sizes: int) -> dict[str, Any]:
    files = {f"f{number}": SimpleUploadedFile("a.png", b"x" * size) for number, size in enumerate(sizes)}
    request = RequestFactory().post("/", {**files, "word": "after"})
    assert request.POST["word"] == "after"
    return request.FILES


def test_nothing_else_takes_uploads() -> None:
    assert settings.FILE_UPLOAD_HANDLERS == ["partners.uploads.InMemory"]


def test_a_file_is_kept_up_to_the_limit() -> None:
    [file] = received(MAX_BYTES).values()

    assert (file.size, len(file.read())) == (MAX_BYTES, MAX_BYTES)
    assert received(0)["f0"].size == 0


def test_of_a_larger_one_only_its_size_is_told() -> None:
    [file] = received(MAX_BYTES + 1).values()

    assert (file.size, file.read()) == (MAX_BYTES + 1, b"")


def test_many_files_do_not_add_up_to_more() -> None:
    files = received(MAX_BYTES - 10, 100, 100)

    assert [len(file.read()) for file in files.values()] == [MAX_BYTES - 10, 0, 0]
    assert [file.size for file in files.values()] == [MAX_BYTES - 10, 100, 100]


def test_a_request_beyond_all_measure_is_not_read() -> None:
    with pytest.raises(RequestDataTooBig):
        received(MAX_REQUEST_BYTES + 1)
