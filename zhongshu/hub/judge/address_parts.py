"""地址要素 a structured address from tags or from a complaint: divisions, road, number, estate, crossing, side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from zhongshu.hub.judge.address_features import fold_address
from zhongshu.hub.judge.address_tags import AddressTagger, Span

_DIGITS = {character: str(number) for number, character in enumerate("零一二三四五六七八九")} | {"〇": "0", "两": "2"}
_COUNTED = re.compile(r"(?<![第])([一二三四五六七八九十百零〇两]{1,6})(?=(?:号楼|号|弄|幢|栋|座|单元|层|楼|室))")
RELATION = re.compile(
    r"(?:斜?对面|正?门口|大门外|旁边?|附近|隔壁|后面|前面|背后|路口|十字路口|丁字路口|楼下|[东南西北]{1,2}[侧面门边])"
)
CROSSING = re.compile(r"(?:的?交叉(?:路)?口|的?交[汇界]处|的?交叉处|的?路口)")
_CUE = re.compile(
    r"[^的]{2}(?:街道|大道|社区|小区|花园|公寓|广场|大厦|学校|小学|中学|医院|市场|公园|酒店|车站|路|街|巷|弄|镇|乡|村|区|县|市|苑|城|园|庄)"
)
_BREAK = re.compile(
    r"[,，。；;！!？?：:、\s()（）“”\"《》]|希望|请求|请给|请把|请|咨询|建议|要求|呼吁|尊敬的|以及|位于|坐落于|坐落在|住在|家住|地址[是为]?|我[是们家]|请问|关于|反映|投诉|由于|导致|"
    r"[于在从到经把被将让向对](?=[^面])"
)
_DIVISIONS = {"prov": 0, "city": 1, "district": 2, "town": 3, "community": 4}
_MAIN = re.compile(r"\d+(?:[-之]\d+)?|[A-Za-z]\d*")
_PIECE = 40
_CODED = re.compile(r"[A-Z]\d{0,2}([市区县])")
_PLACE_NAME = re.compile(
    r".{2,10}(?:路|街|道|巷|弄|区|园|寓|场|厦|苑|城|庄|校|学|院|店|站|府|庭|村|楼|中心|公司|湾|桥|广场|新村|坊|家园|里)"
)
_NO_NAME = re.compile(r"(?:一[个条]|[这那几两多每]|很多|领导|也|都|了|没有|可以|能不能|有些)")


@dataclass(frozen=True, slots=True)
class Address:
    """地址: `divisions` (province, city, district, street, community; "" where not said); numbers are bare ("128").

    `crossing` is the second road; `relation` how the place lies to what is named (对面, 路口); `said` the words.
    """

    divisions: tuple[str, str, str, str, str] = ("", "", "", "", "")
    road: str = ""
    number: str = ""
    crossing: str = ""
    estate: str = ""
    building: str = ""
    unit: str = ""
    floor: str = ""
    room: str = ""
    relation: str = ""
    said: str = ""
    zone: str = ""

    def strong(self) -> bool:
        """Whether it names more than a city by words that look like a name: enough to be looked up."""
        names = (self.road, self.estate, *self.divisions[3:])
        return any(_PLACE_NAME.fullmatch(name) and not _NO_NAME.search(name) for name in names)


@dataclass
class _Draft:
    """An address being put together."""

    divisions: list[str] = field(default_factory=lambda: [""] * 5)
    parts: dict[str, str] = field(default_factory=dict)


def numerals(text: str) -> str:
    """Chinese numbers before a counting word as digits: 十二号 -> 12号; names (第二医院, 三里路) stay as they are."""
    return _COUNTED.sub(lambda hit: _counted(hit.group(1)), text)


def _counted(said: str) -> str:
    if "百" not in said and "十" not in said:
        return "".join(_DIGITS[character] for character in said)
    hundreds, _, rest = said.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    value = 100 * int(_plain(hundreds) or 1) if "百" in said else 0
    value += 10 * int(_plain(tens) or 1) if ten else 0
    return str(value + int(_plain(ones) or 0))


def _plain(said: str) -> str:
    return "".join(_DIGITS.get(character, "") for character in said)


def _bare(text: str) -> str:
    hit = _MAIN.search(numerals(text))
    return hit.group() if hit else text


_NUMBERS = {"roadno": "number", "houseno": "building", "cellno": "unit", "floorno": "floor", "roomno": "room"}


def structured(spans: Sequence[Span], said: str = "") -> Address:
    """Tagged parts -> address. The first of each kind counts; a second road is a crossing only when so said."""
    draft = _Draft()
    for number, span in enumerate(spans):
        level = _DIVISIONS.get(span.tag)
        if level is not None:
            draft.divisions[level] = draft.divisions[level] or span.text
        elif span.tag in _NUMBERS:
            draft.parts.setdefault(_NUMBERS[span.tag], _bare(span.text))
        elif span.tag in ("road", "poi"):
            _place(draft, span, [each.text for each in spans[number + 1 : number + 2]])
        elif span.tag == "subroad" and "road" in draft.parts:
            draft.parts.setdefault("crossing", span.text)
        elif span.tag == "devzone":
            draft.parts.setdefault("zone", span.text)
        elif span.tag in ("assist", "redundant", "subpoi"):
            _relate(draft, span.text)
    levels = draft.divisions
    return Address((levels[0], levels[1], levels[2], levels[3], levels[4]), said=said, **draft.parts)


def _place(draft: _Draft, span: Span, following: Sequence[str]) -> None:
    if span.tag == "road" and "road" in draft.parts:
        if following and CROSSING.fullmatch(following[0]):
            draft.parts.setdefault("crossing", span.text)
        return
    if span.tag == "road":
        draft.parts["road"] = span.text
        return
    hit = RELATION.search(span.text)
    if hit and hit.start() >= 2 and hit.end() == len(span.text):
        draft.parts.setdefault("relation", hit.group())
        draft.parts.setdefault("estate", span.text[: hit.start()])
        return
    draft.parts.setdefault("estate", span.text)


def _relate(draft: _Draft, text: str) -> None:
    hit = CROSSING.search(text) or RELATION.search(text)
    if hit:
        draft.parts.setdefault("relation", hit.group())


def pieces(text: str) -> list[str]:
    """The stretches of a complaint that may be an address: between breaks, with a word that places carry, cut behind
    the last such word and what follows it closely (a number, 对面)."""
    found = []
    for piece in _BREAK.split(fold_address(text)):
        cues = list(_CUE.finditer(piece or ""))
        if not cues:
            continue
        end = cues[-1].end()
        tail = re.match(r"(?:[A-Za-z]?\d+(?:[-之]\d+)?(?:号楼|号|弄|幢|栋|座|单元|楼|室|层)?)+", numerals(piece)[end:])
        kept = numerals(piece)[: end + (tail.end() if tail else 0)]
        side = CROSSING.match(numerals(piece)[len(kept) :]) or RELATION.match(numerals(piece)[len(kept) :])
        found.append((kept + (side.group() if side else ""))[-_PIECE:])
    return found


def read(tagger: AddressTagger, texts: Sequence[str]) -> list[list[Address]]:
    """Every address named in each complaint, in their order; those that name no more than a city left out.

    All pieces of all texts are tagged in one batch.
    """
    cut = [pieces(text) for text in texts]
    flat = [piece for each in cut for piece in each]
    tagged = tagger.parse([_CODED.sub("", piece) for piece in flat])
    parsed = iter([_with_codes(structured(spans, said)) for spans, said in zip(tagged, flat, strict=True)])
    return [[address for address in (next(parsed) for _ in each) if address.strong()] for each in cut]


def _with_codes(address: Address) -> Address:
    """Coded divisions (A市, K9县) as they stand in the words: no tagger has seen them, and none has to."""
    levels = list(address.divisions)
    for hit in _CODED.finditer(address.said):
        level = 1 if hit.group(1) == "市" else 2
        levels[level] = levels[level] or hit.group()
    return replace(address, divisions=(levels[0], levels[1], levels[2], levels[3], levels[4]))
