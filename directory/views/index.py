"""The first screen: one question, help now, the big categories."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from directory.category_links import big_categories
from directory.crisis import crisis_lines
from directory.search_form import SearchForm


@login_not_required
@require_safe
@gzip_page
def index(request: HttpRequest) -> HttpResponse:
    context = {
        "form": SearchForm({}),
        "lines": crisis_lines().first,
        "categories": big_categories(),
    }
    return render(request, "directory/index.html", context)
