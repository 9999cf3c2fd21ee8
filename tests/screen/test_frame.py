"""The frame: who sees which entries, and that the policy lets nothing foreign in."""

from __future__ import annotations

import pytest

from zhongshu.kernel.access import NOBODY, Viewer
from zhongshu.kernel.lifecycle import Role
from zhongshu.kernel.places import Level
from zhongshu.screen.frame import CONTENT_SECURITY_POLICY, GROUPS, NAV, STARTS, URLS, menus, nav, start


def keys(*roles: Role) -> list[str]:
    return [item["key"] for item in nav(roles, "/")]


def test_a_resident_sees_only_the_public_pages() -> None:
    assert keys() == ["report", "track", "nearby", "community"]


def test_each_post_sees_its_own_desks() -> None:
    command, insight = (
        ["cockpit", "signs", "map", "calls", "directives"],
        ["judgement", "issues", "causes", "proactive", "evaluation"],
    )
    assert keys(Role.HANDLER) == ["cases", "field", "community", *command, *insight, "data"]
    assert keys(Role.OPERATOR) == ["cases", "operator", "stuck", "community", *command, "duty", *insight, "data"]
    upper = ["cases", "arbitration", "community", *command, "duty", *insight, "data", "powers", "models"]
    upper += ["services", "levels"]
    assert keys(Role.ARBITER) == upper
    assert "audit" in keys(Role.CHIEF)


def test_the_bar_has_at_most_seven_entries_for_anybody() -> None:
    assert len(menus(nav(frozenset(Role), "/"))) <= 7
    assert {item.group for item in NAV if not item.public} == set(GROUPS)


def test_a_menu_adds_up_what_waits_and_knows_where_we_are() -> None:
    bar = {menu["key"]: menu for menu in menus(nav({Role.CHIEF}, "/arbitration", {"cases": 3, "arbitration": 2}))}
    assert (bar["work"]["count"], bar["work"]["here"]["key"]) == (5, "arbitration")
    assert (bar["command"]["count"], bar["command"]["here"]) == (0, None)
    assert len(bar["data"]["items"]) == 1


def test_a_case_page_belongs_to_the_work_list() -> None:
    here = [item["key"] for item in nav({Role.CHIEF}, "/cases/12") if item["here"]]
    assert here == ["cases"]


def test_every_entry_has_an_address() -> None:
    assert {item.key for item in NAV} <= set(URLS)


def test_policy_allows_nothing_inline_and_no_other_host() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY
    assert CONTENT_SECURITY_POLICY.startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("kind", "level", "roles", "page"),
    [
        ("leading_group", Level.DISTRICT, {Role.CHIEF}, "/cockpit"),
        ("data", Level.CITY, {Role.CHIEF}, "/data"),
        ("office", Level.COMMUNITY, {Role.CHECKER}, "/field"),
        ("office", Level.COMMUNITY, {Role.HANDLER}, "/cases"),
        ("office", Level.STREET, {Role.CHECKER}, "/cases"),
        ("hotline", Level.CITY, {Role.OPERATOR}, "/operator"),
        ("command", Level.CITY, {Role.OPERATOR, Role.CHIEF}, "/cases"),
        ("command", Level.DISTRICT, {Role.CHIEF}, "/cockpit"),
        ("water", Level.CITY, {Role.CHIEF}, "/cases"),
    ],
)
def test_each_post_begins_at_its_own_page(kind: str, level: Level, roles: set[Role], page: str) -> None:
    assert start(Viewer("p", level=level, roles=frozenset(roles)), kind) == page


def test_a_start_page_is_one_that_its_posts_may_open() -> None:
    assert start(NOBODY, "") == "/cases"
    for one in STARTS:
        for role in one.roles:
            assert one.key in {item["key"] for item in nav({role}, "/")}
