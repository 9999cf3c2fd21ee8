"""A pack's rules of quality: each fault with its place, and sound ones in force."""

from __future__ import annotations

from pathlib import Path

from zhongshu.cities.check import check

HEAD = "code,dataset,item,name,name_en,indicator,kind,value,against,keys,condition,weight,basis\n"


WRONG = (
    ("a,people,id,号码,,beauty,filled,,,,,1,默认", "indicator", "uniqueness"),
    ("a,people,id,号码,,format,guess,,,,,1,默认", "kind", "credit_code"),
    ("a,people,id,号码,,format,pattern,(,,,,1,默认", "value", "a regular expression"),
    ("a,people,id,号码,,format,pattern,(?=a)b,,,,1,默认", "value", "without look-around"),
    ("a,people,age,年龄,,business,range,9..1,,,,1,默认", "value", "lower end"),
    ("a,people,age,年龄,,business,range,9,,,,1,默认", "value", "0..150"),
    ("a,people,born,出生,,order,compare,until,,,,1,默认", "value", "<= until"),
    ("a,people,sex,性别,,related,agrees,identity.name,,,,1,默认", "value", ".birth or .sex"),
    ("a,people,house,房屋,,records,frame,,houses,,,1,默认", "against", "joined by a point"),
    ("a,people,name,姓名,,same,same,,register.name,,,1,默认", "keys", "matched"),
    ("a,people,name,姓名,,elements,filled,,,,kind,1,默认", "condition", "= or !="),
    ("a,people,name+id,姓名,,elements,filled,,,,,1,默认", "item", "only unique and spread"),
    ("a,people,updated,更新,,punctual,fresh,0,,,,1,默认", "value", "above 0"),
    ("a,people,name,姓名,,elements,filled,,,,,0,默认", "weight", "0.01"),
)


def test_each_fault_is_named(own: Path) -> None:
    lines = [f"{n}{row[1:]}\n" for n, (row, _field, _expected) in enumerate(WRONG)]
    (own / "quality_rules.csv").write_text(HEAD + "".join(lines), "utf-8")
    found = sorted(check(own), key=lambda one: one.line)
    told = [(one.file, one.line, one.field) for one in found]
    assert told == [("quality_rules.csv", n, field) for n, (_row, field, _expected) in enumerate(WRONG, 2)]
    assert [
        expected for one, (_row, _field, expected) in zip(found, WRONG, strict=True) if expected not in one.expected
    ] == []


def test_sound_rules_pass_and_unknown_items_are_named(own: Path) -> None:
    rows = (
        "a,population,name+born,同名同日,,uniqueness,unique,,,,kind=resident|floating;sex!=9,1,默认\n"
        "b,population,house,房屋,,records,frame,,houses.code,house=code,use=self,2,默认\n"
        "c,population,born,出生,,order,compare,<= since <= verified,,,,1,默认\n"
        "d,population,born,出生,,period,range,1900-01-01..today,,,,1,默认\n"
        "e,people,born,出生,,elements,filled,,,,,1,默认\n"
        "f,population,colour,颜色,,reference,choices,list:colours,,,,1,默认\n"
        "g,population,house,房屋,,related,relates,,houses.door,,,1,默认\n"
    )
    (own / "quality_rules.csv").write_text(HEAD + rows, "utf-8")
    assert [(one.line, one.field, one.found) for one in check(own)] == [
        (6, "dataset", "people"),
        (7, "item", "colour"),
        (7, "value", "list:colours"),
        (8, "against", "door"),
    ]
