"""Write docs/settings.md from the settings themselves.

python -m scripts.settings_page
"""

from dataclasses import fields
from pathlib import Path

from zhongshu.kernel.settings import Settings, variable

PAGE = Path(__file__).resolve().parent.parent / "docs" / "settings.md"


def page() -> str:
    """The whole page."""
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
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
