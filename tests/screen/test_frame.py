"""The frame: who sees which entries, and that the policy lets nothing foreign in."""

from __future__ import annotations

from zhongshu.kernel.lifecycle import Role
from zhongshu.screen.frame import CONTENT_SECURITY_POLICY, NAV, URLS, nav


def keys(*roles: Role) -> list[str]:
    return [item["key"] for item in nav(roles, "/")]


def test_a_resident_sees_only_the_public_pages() -> None:
    assert keys() == ["report", "track"]


def test_each_post_sees_its_own_desks() -> None:
    both, found = ["calls", "directives", "data"], ["signs", "judgement", "issues", "causes"]
    assert keys(Role.HANDLER) == ["cases", "cockpit", *found, "evaluation", *both]
    assert keys(Role.OPERATOR) == [
        *("cases", "operator", "cockpit", *found, "evaluation", "stuck"),
        *both,
    ]
    assert keys(Role.ARBITER) == [
        *("cases", "cockpit", *found, "evaluation", "arbitration"),
        *both,
        "powers",
        "models",
    ]


def test_a_case_page_belongs_to_the_work_list() -> None:
    here = [item["key"] for item in nav({Role.CHIEF}, "/cases/12") if item["here"]]
    assert here == ["cases"]


def test_every_entry_has_an_address() -> None:
    assert {item.key for item in NAV} <= set(URLS)


def test_policy_allows_nothing_inline_and_no_other_host() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY
    assert CONTENT_SECURITY_POLICY.startswith("default-src 'none'")
