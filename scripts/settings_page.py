"""Write docs/settings.md from the settings themselves."""

from dataclasses import fields
from pathlib import Path

from zhongshu.kernel.settings import Settings, variable

lines = [
    "# 设置 · Settings",
    "",
    "All by environment; an empty variable counts as not set. Written by `python -m scripts.settings_page`.",
    "",
]
lines += ["| variable | default | 说明 | meaning |", "|---|---|---|---|"]
lines += [
    f"| `{variable(f.name)}` | `{f.default}` | {f.metadata['zh']} | {f.metadata['en']} |" for f in fields(Settings)
]
Path("docs/settings.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
