"""备料 loading: rules, models and indexes from the database and the model registry into the hub's tools."""

from __future__ import annotations
