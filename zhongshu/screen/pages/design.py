"""设计语言 design: the living page of the tokens and parts that every screen is made of."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhongshu.screen import designing
from zhongshu.screen.pages.account import signed_in


@signed_in()
def show(request: HttpRequest) -> HttpResponse:
    """The parts as templates and style sheet render them today."""
    return render(request, "desk/design.html", designing.context())
