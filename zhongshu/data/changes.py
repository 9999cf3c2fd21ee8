"""行变更 changes: what a batch of facts does to the rows of the projections, merged per row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Key = int | str


@dataclass(slots=True)
class Changes:
    """行变更: rows to put whole, columns to patch, counters to add, merged per row over a whole batch."""

    puts: dict[str, dict[Key, dict[str, Any]]] = field(default_factory=dict)
    patches: dict[str, dict[Key, dict[str, Any]]] = field(default_factory=dict)
    adds: dict[str, dict[Key, dict[str, int]]] = field(default_factory=dict)

    def put(self, table: str, key: Key, /, **values: Any) -> None:
        values["id"] = key
        self.puts.setdefault(table, {})[key] = values
        for earlier in (self.patches, self.adds):
            if table in earlier:
                earlier[table].pop(key, None)

    def patch(self, table: str, key: Key, /, **values: Any) -> None:
        whole = self.puts.get(table, {}).get(key)
        if whole is not None:
            whole.update(values)
        else:
            self.patches.setdefault(table, {}).setdefault(key, {}).update(values)

    def keep(self, table: str, key: Key, /, **values: Any) -> None:
        """As `patch`, for columns that keep the first value they get (see write.FIRST)."""
        whole = self.puts.get(table, {}).get(key)
        row = whole if whole is not None else self.patches.setdefault(table, {}).setdefault(key, {})
        for name, value in values.items():
            row[name] = row.get(name) or value

    def rise(self, table: str, key: Key, /, **values: int) -> None:
        """As `patch`, for columns that only grow (see write.FIRST)."""
        whole = self.puts.get(table, {}).get(key)
        row = whole if whole is not None else self.patches.setdefault(table, {}).setdefault(key, {})
        for name, value in values.items():
            row[name] = max(row.get(name, value), value)

    def join(self, table: str, key: Key, /, **values: dict[str, Any]) -> None:
        """As `patch`, for columns that hold an object and gain its keys (see write.FIRST)."""
        whole = self.puts.get(table, {}).get(key)
        row = whole if whole is not None else self.patches.setdefault(table, {}).setdefault(key, {})
        for name, value in values.items():
            row[name] = {**row.get(name, {}), **value}

    def stop(self, case: Key, name: str, at: Any) -> None:
        """A clock that runs stops; one that was paused had stopped when it was paused."""
        clock = f"{case}:{name}"
        whole = self.puts.get("clock", {}).get(clock)
        if whole is None and case in self.puts.get("case", {}):
            return  # the case is just being born, and without this clock
        row = whole if whole is not None else self.patches.setdefault("clock", {}).setdefault(clock, {})
        row["stopped_at"] = row.get("stopped_at") or row.get("paused_at") or at

    def add(self, table: str, key: Key, /, **steps: int) -> None:
        whole = self.puts.get(table, {}).get(key)
        counters = whole if whole is not None else self.adds.setdefault(table, {}).setdefault(key, {})
        for name, step in steps.items():
            counters[name] = counters.get(name, 0) + step
