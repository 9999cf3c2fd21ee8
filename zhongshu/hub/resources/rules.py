"""各类事项的规则 what each area adds to its families: how a subject is found, and conditions of single moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhongshu.hub.resources import classes, form_rules, registers, returning, sharing, tickets
from zhongshu.hub.resources.moves import EVERYBODY, About, Rules
from zhongshu.kernel.access import Viewer
from zhongshu.kernel.desk import Knowledge
from zhongshu.kernel.errors import NotFound


def _named(subject: str, given: Mapping[str, Any], viewer: Viewer, knowledge: Knowledge) -> About:
    """What nobody in particular must answer and everybody sees, called as it was given."""
    return About(str(given.get("title") or subject), place=EVERYBODY)


def _of_dataset(subject: str, given: Mapping[str, Any], viewer: Viewer, knowledge: Knowledge) -> About:
    """A data set, as dataset:NAME: its provider must answer."""
    from zhongshu.data.catalogue import entries

    kind, _, name = subject.partition(":")
    if kind != "dataset":
        raise NotFound(f"found {subject!r}, expected dataset:NAME / 争议须针对一个数据资源")
    found = entries.one(name)
    return About(found.name, (found.provider,))


RULES: Mapping[str, Rules] = {
    "standard": Rules(_named, {}),
    "dispute": Rules(_of_dataset, {}),
    **form_rules.RULES,
    **registers.RULES,
    "ticket": tickets.TICKET,
    "correction": tickets.CORRECTION,
    "authority": tickets.AUTHORITY,
    "sharing": sharing.SHARING,
    "requisition": sharing.REQUISITION,
    "regrade": sharing.REGRADE,
    "return": returning.RETURN,
    "class": classes.CLASS,
}
"""By family."""
