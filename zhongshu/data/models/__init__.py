"""数据表 tables of the central base database, as Django models."""

from __future__ import annotations

from zhongshu.data.models.pack import (
    AddressPlace,
    Calendar,
    CalendarDay,
    Category,
    Component,
    CrossWalk,
    Division,
    Duty,
    Grid,
    Indicator,
    Lexicon,
    PackVersion,
    PersonInPost,
    Post,
    Sample,
    Sensor,
    Unit,
    Word,
)

__all__ = [
    "AddressPlace",
    "Calendar",
    "CalendarDay",
    "Category",
    "Component",
    "CrossWalk",
    "Division",
    "Duty",
    "Grid",
    "Indicator",
    "Lexicon",
    "PackVersion",
    "PersonInPost",
    "Post",
    "Sample",
    "Sensor",
    "Unit",
    "Word",
]
