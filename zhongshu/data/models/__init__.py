"""数据表 tables of the central base database, as Django models."""

from __future__ import annotations
