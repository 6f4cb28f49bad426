"""``pitboard triage`` on a terminal: one pitfall after the other, decided by single keys."""

from __future__ import annotations

import pytest

from storage.model.row import DeclineReason, InboxReason, Severity, Triage
from tests.cli.conftest import interrupt

KEYS = "q quit"


@pytest.fixture
def names(pitboard):
    """Three in the inbox, in the order in which they wait."""
    with pitboard.store() as store:
        names = []
        for n, title in enumerate(("qy.login fails", "qy.login fails again", "相册保存白图")):
            present = store.session.now
            store.session.now = lambda n=n, present=present: present() - (9 - n) * 60_000
            names.append(store.pitfalls.report(title, component="wx", reproduction="1. Open it"))
            store.session.now = present
        store.occurrences.log(names[0], message="qy.login:fail timeout", device="Mate 40")
    return names


@pytest.fixture
def screen(pitboard, names):
    """The first page, ready for a key."""
    screen = pitboard.terminal("triage", NO_COLOR="1")
    screen.expect_exact("1 of 3")
    screen.expect_exact(KEYS)
    yield screen
    screen.close(force=True)


def decision(pitboard, name):
    return pitboard.pitfall(name).decision


def test_a_page_says_what_it_takes_to_decide(pitboard, names):
    screen = pitboard.terminal("triage", NO_COLOR="1")
    screen.expect_exact(KEYS)
    page = screen.before
    screen.send("q")
    screen.expect_exact("In the inbox: 3.")
    for values in (
        *("1 of 3", "qy.login fails", "in the inbox: new, since 20", "Reproduction notes"),
        *("1. Open it", "qy.login:fail timeout", "Mate 40", "Likely the same"),
        *("1  ● qy.login fails again", names[1][:4]),
    ):
        assert values in page, values
    screen.wait()
    assert screen.exitstatus == 0


def test_accepting_asks_for_severity_and_component(pitboard, names, screen):
    screen.send("1")
    screen.expect("Severity.*S3.*:")
    screen.sendline("S1")
    screen.expect("Component.*wx.*:")
    screen.sendline("")
    screen.expect_exact("→ accepted")
    screen.expect_exact("2 of 3")
    screen.expect_exact(KEYS)
    screen.send("q")
    screen.expect_exact("Decided: 1. In the inbox: 2.")
    held = pitboard.pitfall(names[0])
    assert (held.severity, held.component.plain) == (Severity.S1, "wx")
    assert held.decision.triage is Triage.SETTLED


def test_a_duplicate_is_named_by_its_number_or_id(pitboard, names, screen):
    screen.send("2")
    screen.expect("The same as.*1.*:")
    screen.sendline("")
    screen.expect_exact(f"→ duplicate of {names[1][:4]}")
    screen.expect_exact(KEYS)
    screen.send("2")
    screen.expect("The same as.*:")
    screen.sendline("zzzz")
    screen.expect_exact("No pitfall has an id")
    screen.expect_exact(KEYS)
    screen.send("2")
    screen.expect("The same as.*:")
    screen.sendline(names[2])
    screen.expect_exact(f"→ duplicate of {names[2][:4]}")
    assert decision(pitboard, names[0]).duplicate_of == names[1]
    assert decision(pitboard, names[1]).duplicate_of == names[2]


def test_another_error_code_is_asked_about(pitboard, names):
    with pitboard.store() as store:
        for name, code in zip(names, (40029, 41001), strict=False):
            store.occurrences.log(name, message=f'{{"errMsg":"qy.login:fail","errCode":{code}}}')
    screen = pitboard.terminal("triage", NO_COLOR="1")
    screen.expect_exact(KEYS)
    screen.send("2")
    screen.expect("The same as.*1.*:")
    screen.sendline(names[1])
    screen.expect("The error codes differ: 40029 .*41001 .*N")
    screen.sendline("")
    screen.expect_exact("Nothing was decided.")
    screen.expect_exact(KEYS)
    screen.send("q")
    screen.expect_exact("In the inbox: 3.")
    assert decision(pitboard, names[0]).triage is Triage.INBOX


def test_declining_asks_why(pitboard, names, screen):
    screen.send("3")
    screen.expect_exact("1 by design   2 not reproducible   3 not ours")
    screen.send("2")
    screen.expect("In words.*:")
    screen.sendline("tried it")
    screen.expect_exact("→ declined: not reproducible")
    assert decision(pitboard, names[0]).decline_reason is DeclineReason.NOT_REPRODUCIBLE


@pytest.mark.parametrize(
    ("key", "answers", "values"),
    [
        ("1", ["soon", "2127-12-01"], "snoozed until 2127-12-01"),
        ("2", ["0", "4"], "snoozed until it was seen 5 times"),
        ("3", ["9.1"], "snoozed until client release 9.1 is seen"),
        ("4", ["3.7"], "snoozed until base library 3.7 is seen"),
    ],
)
def test_a_snooze_asks_until_what(pitboard, names, screen, key, answers, values):
    screen.send("H")
    screen.expect_exact("4 until a base library")
    screen.send(key)
    for answer in answers:
        screen.expect(": $")
        screen.sendline(answer)
    screen.expect_exact(f"→ {values}")
    assert decision(pitboard, names[0]).triage is Triage.SNOOZED


def test_telling_apart_stays_at_the_pitfall(pitboard, names, screen):
    screen.send("4")
    screen.expect("Not the same as.*:")
    screen.sendline(names[1])
    screen.expect_exact("1 of 3")
    screen.expect_exact(KEYS)
    assert "1  ● qy.login fails again" not in screen.before
    assert pitboard.pitfall(names[0]).apart == (names[1],)


def test_undo_goes_back_to_what_was_decided(pitboard, names, screen):
    screen.send("u")
    screen.expect_exact("Nothing was decided yet")
    screen.expect_exact(KEYS)
    screen.send("s")
    screen.expect_exact("2 of 3")
    screen.expect_exact(KEYS)
    screen.send("3")
    screen.expect_exact("not ours")
    screen.send("3")
    screen.expect("In words.*:")
    screen.sendline("")
    screen.expect_exact("3 of 3")
    screen.expect_exact(KEYS)
    screen.send("u")
    screen.expect_exact("Undone: declined")
    screen.expect_exact("2 of 3")
    screen.expect_exact(KEYS)
    assert decision(pitboard, names[1]).inbox_reason is InboxReason.NEW


def test_a_decision_can_be_left_before_it_is_made(pitboard, names, screen):
    before = pitboard.events()
    screen.send("3")
    screen.expect_exact("not ours")
    screen.send("\x1b")
    screen.expect_exact("Nothing was decided.")
    screen.expect_exact(KEYS)
    screen.send("1")
    screen.expect("Severity.*:")
    interrupt(screen, "Nothing was decided.")
    screen.expect_exact(KEYS)
    # Neither an unknown key nor a paste decides anything.
    screen.send("x")
    screen.send("123")
    screen.send("q")
    screen.expect_exact("In the inbox: 3.")
    assert pitboard.events() == before


def test_keys_of_an_input_method_do(pitboard, names, screen):
    screen.send("３")
    screen.expect_exact("not ours")
    screen.send("１")
    screen.expect("In words.*:")
    screen.sendline("")
    screen.expect_exact("→ declined: by design")


def test_what_a_colleague_decided_meanwhile_is_passed_over(pitboard, names, screen):
    pitboard("triage", "accept", names[1])
    screen.send("s")
    screen.expect_exact("3 of 3")
    screen.expect_exact(KEYS)
    screen.sendintr()
    screen.expect_exact("In the inbox: 2.")


def test_an_empty_inbox_says_so_kindly(pitboard, names, screen):
    pitboard("triage", "accept", *names[1:])
    screen.send("1")
    screen.expect("Severity.*:")
    screen.sendline("")
    screen.expect("Component.*:")
    screen.sendline("")
    screen.expect_exact("Well done")
    screen.wait()
    assert screen.exitstatus == 0
    assert "Well done" in pitboard.seen("triage")
