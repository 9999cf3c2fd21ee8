"""Translations: collect the Chinese sentences of the screens, keep the English catalogue in step, compile both.

    python scripts/compile_messages.py            add new sentences to django.po, compile django.mo of en and zh_Hans
    python scripts/compile_messages.py --check    change nothing; end with 1 when a sentence has no English

The sentences in the templates are Chinese, so zh_Hans is compiled to itself: whatever LANGUAGE_CODE an installation
sets, choosing Chinese then shows Chinese. Needs polib, not gettext's own programs.
"""

from __future__ import annotations

import argparse
import ast
import csv
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import polib
from django.utils.translation.template import templatize

SCREEN = Path(__file__).resolve().parent.parent / "zhongshu" / "screen"
MOVES = SCREEN.parent / "kernel"
"""Tables of moves: why a move exists (`clause`) is shown beside it, in the reader's language."""
CALL = re.compile(r"\b_?n?gettext\(|\b_\(")
MARKS = {"_", "gettext", "gettext_lazy", "ngettext"}

Sentence = tuple[str, str]
"""Singular and plural; the plural is "" when there is none."""


def in_template(text: str) -> Iterator[Sentence]:
    """What Django would look up for the translate and blocktranslate tags of a template."""
    python = templatize(text)
    for match in CALL.finditer(python):
        yield from _first_strings(python[match.end() :])


def _first_strings(rest: str) -> Iterator[Sentence]:
    literal = re.compile(r"""\s*u?('''(?:.|\n)*?'''|\"\"\"(?:.|\n)*?\"\"\"|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')\s*,?""")
    found: list[str] = []
    while (match := literal.match(rest)) and len(found) < 2:
        found.append(ast.literal_eval(match.group(1)))
        rest = rest[match.end() :]
    if found:
        yield found[0], found[1] if len(found) > 1 else ""


def in_python(text: str) -> Iterator[Sentence]:
    """The literal arguments of gettext and its kin in a Python file."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
            literals = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if literals:
                yield literals[0], literals[1] if node.func.id == "ngettext" else ""


def in_table(path: Path) -> Iterator[Sentence]:
    """What the `clause` column of a table of moves says."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from ((row["clause"], "") for row in csv.DictReader(file) if row["clause"])


def sentences() -> dict[str, tuple[str, str]]:
    """Every sentence of the screens -> its plural and the file it was first seen in."""
    found: dict[str, tuple[str, str]] = {}
    for path, read in _sources():
        for single, plural in read(path):
            where = path.relative_to(SCREEN) if SCREEN in path.parents else path.relative_to(MOVES.parent)
            found.setdefault(single, (plural, str(where)))
    return found


def _sources() -> Iterator[tuple[Path, Callable[[Path], Iterable[Sentence]]]]:
    """Every file that holds sentences, with what finds them in it."""
    for suffix, read in (("html", in_template), ("py", in_python)):
        for path in sorted(SCREEN.rglob(f"*.{suffix}")):
            if "node_modules" not in path.parts:
                yield path, lambda one, read=read: read(one.read_text("utf-8"))
    for path in sorted(MOVES.glob("*arrows.csv")):
        yield path, in_table


def catalogue(language: str) -> Path:
    return SCREEN / "locale" / language / "LC_MESSAGES" / "django.po"


def complete(entry: polib.POEntry) -> bool:
    return all(entry.msgstr_plural.values()) and bool(entry.msgstr_plural) if entry.msgid_plural else bool(entry.msgstr)


def untranslated() -> list[str]:
    """Sentences without English, each with its file."""
    known = {entry.msgid for entry in polib.pofile(str(catalogue("en"))) if complete(entry) and not entry.obsolete}
    return [f"{where}: {single}" for single, (_plural, where) in sentences().items() if single not in known]


def update() -> polib.POFile:
    """The English catalogue with exactly today's sentences: new ones empty, those no longer used left out."""
    path = catalogue("en")
    old = {entry.msgid: entry for entry in polib.pofile(str(path))} if path.exists() else {}
    po = polib.POFile(wrapwidth=110)
    po.metadata = {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": "en",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for single, (plural, where) in sorted(sentences().items(), key=lambda item: (item[1][1], item[0])):
        entry = old.get(single) or polib.POEntry(msgid=single)
        entry.comment = where
        if plural:
            entry.msgid_plural = plural
            entry.msgstr_plural = entry.msgstr_plural or {0: "", 1: ""}
        po.append(entry)
    path.parent.mkdir(parents=True, exist_ok=True)
    po.save(str(path))
    return po


def itself(po: polib.POFile) -> polib.POFile:
    """A Chinese catalogue in which every sentence means itself."""
    mirror = polib.POFile()
    mirror.metadata = {**po.metadata, "Language": "zh_Hans", "Plural-Forms": "nplurals=1; plural=0;"}
    for entry in po:
        plural = {0: entry.msgid_plural} if entry.msgid_plural else {}
        mirror.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgid_plural=entry.msgid_plural,
                msgstr="" if plural else entry.msgid,
                msgstr_plural=plural,
            )
        )
    return mirror


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, only tell what lacks English")
    if not parser.parse_args().check:
        po = update()
        for language, compiled in (("en", po), ("zh_Hans", itself(po))):
            target = catalogue(language).with_suffix(".mo")
            target.parent.mkdir(parents=True, exist_ok=True)
            compiled.save_as_mofile(str(target))
    missing = untranslated()
    for line in missing:
        print(f"no English yet / 缺英文: {line}")
    print(f"translations: {len(sentences())} sentences, {len(missing)} without English")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
