"""表页 a table as units hand it up: title, unit, period, version, the rows, notes and signature lines; XLSX and PDF.

XLSX is written by openpyxl, PDF by reportlab with the CID font STSong-Light: the font is named in the file and comes
from the reader's machine, so no font is copied anywhere.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

SIGNATURES = ("制表", "审核", "签发")
FONT = "STSong-Light"

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is exported: `about` are lines under the title, `notes` lines under the table."""

    title: str
    about: Sequence[str]
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()
    signatures: Sequence[str] = field(default=SIGNATURES)


def xlsx(sheet: Sheet) -> bytes:
    """One worksheet; text that begins like a formula stays text."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    page = book.active
    assert page is not None
    page.title = "".join(one for one in sheet.title if one not in "[]:*?/\\")[:31]
    width = max(len(sheet.columns), 1)
    for line in (sheet.title, *sheet.about):
        page.append([line])
        page.merge_cells(start_row=page.max_row, end_row=page.max_row, start_column=1, end_column=width)
    page.cell(1, 1).font = Font(bold=True, size=16)
    page.cell(1, 1).alignment = Alignment(horizontal="center")
    page.append(list(sheet.columns))
    head = page.max_row
    for number in range(1, width + 1):
        page.cell(head, number).font = Font(bold=True)
        page.cell(head, number).alignment = Alignment(wrap_text=True, vertical="center")
    page.freeze_panes = f"A{head + 1}"
    for row in sheet.rows:
        page.append([_plain(one) for one in row])
    page.append([])
    for line in (*sheet.notes, _signed(sheet)):
        page.append([line])
    for number in range(1, width + 1):
        page.column_dimensions[get_column_letter(number)].width = 18
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _plain(one: Cell) -> Cell:
    """A cell that a spreadsheet would take for a formula gets an apostrophe (what people wrote must not run)."""
    return f"'{one}" if isinstance(one, str) and one[:1] in ("=", "+", "-", "@") else one


def _signed(sheet: Sheet) -> str:
    return "        ".join(f"{name}：____________" for name in sheet.signatures)


def pdf(sheet: Sheet) -> bytes:
    """A4 across, the head of the table on every page, page numbers at the foot."""
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.lib.units import mm
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    big = ParagraphStyle("title", fontName=FONT, fontSize=16, leading=22, alignment=1, wordWrap="CJK")
    small = ParagraphStyle("text", fontName=FONT, fontSize=8, leading=11, wordWrap="CJK")
    kept = io.BytesIO()
    page = SimpleDocTemplate(kept, pagesize=landscape(A4), title=sheet.title, leftMargin=12 * mm, rightMargin=12 * mm)
    rows = [list(sheet.columns), *sheet.rows]
    table = Table([[Paragraph(_safe(one), small) for one in row] for row in rows], repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.4, colors.grey),
                ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        )
    )
    story: list[Any] = [Paragraph(_safe(sheet.title), big), *(Paragraph(_safe(line), small) for line in sheet.about)]
    story += [Spacer(1, 4 * mm), table, Spacer(1, 4 * mm)]
    story += [Paragraph(_safe(line), small) for line in (*sheet.notes, _signed(sheet))]
    page.build(story, onFirstPage=_number, onLaterPages=_number)
    return kept.getvalue()


def _safe(one: Cell) -> str:
    from xml.sax.saxutils import escape

    return "" if one is None else escape(str(one)).replace("\n", "<br/>")


def _number(canvas: object, page: object) -> None:
    """The page's number at its foot."""
    canvas.setFont(FONT, 8)  # type: ignore[attr-defined]
    canvas.drawRightString(810, 18, str(canvas.getPageNumber()))  # type: ignore[attr-defined]


TYPES = {
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx),
    "pdf": ("application/pdf", pdf),
}
"""Kind of file -> its media type and what writes it."""
