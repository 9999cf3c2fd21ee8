"""数据表 tables of the central base database, as Django models."""

from __future__ import annotations

from zhongshu.data.models.convening import Call, CallUnit, Directive, DirectiveUnit
from zhongshu.data.models.intake import Attachment, Contact, IntakeKey, Observation, PersonalRead
from zhongshu.data.models.integration import Integration
from zhongshu.data.models.pack import (
    AddressPlace,
    Calendar,
    CalendarDay,
    CallRule,
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
from zhongshu.data.models.road import CallBack, Case, Clock, MergeProposal, Report, Stuck, Task, Warning

__all__ = [
    "AddressPlace",
    "Attachment",
    "Calendar",
    "CalendarDay",
    "Call",
    "CallBack",
    "CallRule",
    "CallUnit",
    "Case",
    "Category",
    "Clock",
    "Component",
    "Contact",
    "CrossWalk",
    "Directive",
    "DirectiveUnit",
    "Division",
    "Duty",
    "Grid",
    "Indicator",
    "IntakeKey",
    "Integration",
    "Lexicon",
    "MergeProposal",
    "Observation",
    "PackVersion",
    "PersonInPost",
    "PersonalRead",
    "Post",
    "Report",
    "Sample",
    "Sensor",
    "Stuck",
    "Task",
    "Unit",
    "Warning",
    "Word",
]
