"""找错页 a steward looks through rows one by one and ticks what is wrong; then the cells that look wrong."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from zhongshu.data.catalogue import entries
from zhongshu.data.quality import courses, scoring
from zhongshu.data.quality.detecting import BUDGET, Suspect, suspects
from zhongshu.hub.resources import courses as work
from zhongshu.hub.resources import moves
from zhongshu.kernel.errors import NotFound
from zhongshu.screen import gate, naming, quality, resources
from zhongshu.screen.pages.account import signed_in, viewer

SHOWN = 200
"""Suspicious cells that the page lists."""


@signed_in()
@require_POST
def begin(request: HttpRequest, dataset: str) -> HttpResponse:
    number = work.begin(gate.hub().desk, viewer(request), dataset)
    return redirect(f"{quality.ADDRESS}/{dataset}/errors/{number}")


@signed_in()
def show(request: HttpRequest, dataset: str, course: int) -> HttpResponse:
    """The row to look through next, beside what was found so far."""
    who = viewer(request)
    held = courses.one(who, course)
    if held is None or held["dataset"] != dataset:
        raise NotFound(f"there is no course {course} here / 没有这次找错，或不在您的范围内")
    found = entries.one(dataset)
    sample, detector = work.held(who, held)
    row = detector.next_row()
    enough = len(detector.labels) >= work.LEAST
    told = suspects(detector.cells, detector.chances()) if enough else []
    told = [one for one in told if one.row not in detector.labels]
    names = {one.item: naming.called(one) for one in found.items}
    if row is not None and any(one.grade in scoring.PERSONAL for one in found.items):
        courses.note(who, dataset, sample.keys[row], held["items"])
    context = {
        "tabs": resources.tabs("quality"),
        "dataset": dataset,
        "name": quality.dataset_name(found),
        "course": course,
        "labelled": len(detector.labels),
        "budget": BUDGET,
        "least": work.LEAST,
        "sampled": len(sample.keys),
        "key": sample.keys[row] if row is not None else "",
        "cells": _cells(sample.row(sample.keys[row]), names) if row is not None else [],
        "suspects": [_suspect(one, sample, found) for one in told[:SHOWN]],
        "found": len(told),
        "enough": enough,
        "button": {**resources.button(moves.births("correction")[0]), "kind": "correction"},
        "begin_url": "/data/begin",
    }
    return render(request, "data/quality_errors.html", context)


def _cells(row: dict[str, str], names: dict[str, str]) -> list[dict[str, str]]:
    return [{"item": item, "name": names.get(item, item), "value": value} for item, value in row.items()]


def _suspect(one: Suspect, sample: work.Sample, found: entries.Dataset) -> dict[str, Any]:
    """A suspicious cell; what it holds is masked as evidence is, because nobody said that he reads this row."""
    item, names = found.item(one.item), {each.item: naming.called(each) for each in found.items}
    return {
        "key": sample.keys[one.row],
        "item": one.item,
        "name": names.get(one.item, one.item),
        "value": scoring.masked(one.value, item),
        "chance": one.chance,
        "why": quality.WHYS[one.why],
        "instead": scoring.masked(one.instead, item) if one.instead else "",
        "by": names.get(one.by, one.by),
    }


@signed_in()
@require_POST
def label(request: HttpRequest, dataset: str, course: int) -> HttpResponse:
    """The items that were ticked are wrong, the others of the row are right."""
    key, wrong = request.POST.get("key", ""), request.POST.getlist("wrong")
    work.label(gate.hub().desk, viewer(request), course, key, wrong)
    return redirect(f"{quality.ADDRESS}/{dataset}/errors/{course}")
