"""Forms: what they save, what they refuse, and that nothing typed is lost."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from subprocess import PIPE

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Input, Static, TextArea
from textual.widgets._select import SelectCurrent, SelectOverlay

from storage.model.row import Status
from storage.model.vocabulary import Axis, Channel, Outcome, Platform
from storage.read.board import Board
from storage.write.store import Store
from tests.ui.bursts import burst, keys_of
from tests.ui.driving import (
    at_rest,
    here,
    messages,
    paste,
    running,
    screen,
    settled,
    shown,
    type_,
    until,
)
from tests.ui.filling import field, fill, opened, running_form, saved
from tui.app import PitboardApp
from tui.dialogs.fields import PickField
from tui.dialogs.form import Form
from tui.dialogs.general import Confirm
from tui.screens.board import BoardScreen
from tui.services.drafts import DraftFile, draft_board, lost_lately
from tui.widgets.text_area import Choices


async def test_logging_takes_a_message_of_several_lines_and_remembers_the_environment(
    app: PitboardApp,
) -> None:
    async with running_form(app, "a") as pilot:
        await paste(pilot, "invoke result:\r\n  qy.login:fail\r\n")
        fill(app, platform="android", channel="trial-qr", device="Pixel 9", count="3")
        await saved(pilot)
        pitfall = here(app)
        board = app.session.board
        [newest, *_] = board.occurrences.of(pitfall.id)
        assert newest.message == "invoke result:\n  qy.login:fail"
        assert (newest.who, newest.count, newest.outcome) == ("Ann", 3, Outcome.REPRODUCED)
        assert newest.environment.channel is Channel.TRIAL_QR
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, Form))
        assert field(app, "platform").value == Platform.ANDROID
        assert field(app, "device").value == "Pixel 9"
        assert field(app, "message").value == ""


async def test_the_pitfall_is_chosen_by_typing(app: PitboardApp) -> None:
    async with running_form(app, "a") as pilot:
        await pilot.press("shift+tab", "shift+tab")
        await type_(pilot, "popup")
        await settled(pilot)
        await pilot.press("enter")
        fill(app, message="it stays", outcome="not-reproduced")
        chosen = field(app, "pitfall").value
        await saved(pilot)
        board = app.session.board
        assert "popup" in board.pitfall(chosen).title.plain
        assert board.occurrences.of(chosen)[0].outcome is Outcome.NOT_REPRODUCED


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("at", "2026-02-30", "is not a time"),
        ("at", "2031-01-01", "can't be dated in the future"),
        ("at", "Tomorrow", "can't be dated in the future"),
        ("count", "many", "is not a whole number"),
        ("count", "0", "must be 1 or more"),
    ],
)
async def test_what_is_refused_is_said_beside_its_field_and_stays(
    app: PitboardApp, name: str, value: str, problem: str
) -> None:
    async with running_form(app, "a", size=(80, 30)) as pilot:
        fill(app, message="typed with care", **{name: value})
        await pilot.press("ctrl+s")
        await until(pilot, lambda: problem in shown(pilot))
        await settled(pilot)
        # Where to correct it: one types on without looking for the field.
        assert field(app, name).has_focus_within
        assert field(app, "message").value == "typed with care"
        fill(app, **{name: "1" if name == "count" else "2026-11-20 14:03"})
        await saved(pilot)


async def test_leaving_asks_only_if_something_would_be_lost(app: PitboardApp) -> None:
    async with running_form(app, "c") as pilot:
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, BoardScreen))
        await opened(pilot, "c")
        await type_(pilot, "half a thought")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Form))
        assert field(app, "text").value == "half a thought"
        await pilot.press("ctrl+q")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("left", "enter")
        await until(pilot, lambda: isinstance(app.screen, BoardScreen))
        assert not here(app).comments


async def test_a_paste_of_ten_megabytes_is_refused_and_what_was_typed_stays(
    app: PitboardApp,
) -> None:
    async with running_form(app, "a") as pilot:
        await type_(pilot, "before")
        await paste(pilot, "x" * 10_000_000)
        await until(pilot, lambda: "10000000 characters" in shown(pilot))
        assert field(app, "message").value == "before"


async def test_a_paste_with_escape_sequences_becomes_visible(app: PitboardApp) -> None:
    async with running_form(app, "a") as pilot:
        await paste(pilot, "\x1b[31mred\x1b[0m [bold]not[/]")
        assert field(app, "message").value == "␛[31mred␛[0m [bold]not[/]"
        await saved(pilot)
        assert here(app)


async def test_a_new_pitfall_is_reported_and_gone_to(app: PitboardApp) -> None:
    async with running_form(app, "n", size=(120, 40)) as pilot:
        fill(
            app,
            title="wx.chooseMedia 在鸿蒙上不回调",
            component="wx.chooseMedia",
            severity="S1",
            signatures="chooseMedia:fail\nchooseMedia:fail cancel",
            tags="harmony media",
            url="https://example.com/1",
        )
        await saved(pilot)
        pitfall = here(app)
        assert pitfall.title.plain == "wx.chooseMedia 在鸿蒙上不回调"
        assert pitfall.tags == ("harmony", "media")
        assert [one.text for one in pitfall.signatures] == [
            "chooseMedia:fail",
            "chooseMedia:fail cancel",
        ]
        assert pitfall.references[0].url == "https://example.com/1"
        assert pitfall.status is Status.OPEN


@pytest.mark.parametrize(("name", "value"), [("signatures", "fail"), ("tags", "x" * 5_000)])
async def test_one_of_several_values_is_refused_beside_their_field(
    app: PitboardApp, name: str, value: str
) -> None:
    async with running_form(app, "n", size=(120, 40)) as pilot:
        fill(app, title="The camera stays black", **{name: value})
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert isinstance(app.screen, Form)
        assert field(app, name).has_focus_within


async def test_a_pitfall_without_a_title_is_refused(app: PitboardApp) -> None:
    async with running_form(app, "n") as pilot:
        fill(app, component="wx.login")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "a pitfall needs a title" in shown(pilot))


async def test_editing_writes_only_what_was_changed(app: PitboardApp) -> None:
    async with running_form(app, "e", size=(120, 40)) as pilot:
        before = here(app)
        fill(app, severity="S1", tags="one two", reason="it got worse")
        await saved(pilot)
        after = here(app)
        assert (after.severity, after.tags) == ("S1", ("one", "two"))
        assert after.title == before.title
        changed = {
            line.field for line in app.session.board.history.timeline(after.id) if line.who == "Ann"
        }
        assert changed == {"severity", "tag"}


async def test_a_status_asks_for_what_it_needs(app: PitboardApp) -> None:
    async with running_form(app, "s", size=(80, 30)) as pilot:
        assert not field(app, "axis").display
        fill(app, status="fixed upstream")
        await settled(pilot)
        assert field(app, "axis").display
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "needs a fix record" in shown(pilot))
        fill(app, axis="client", **{"from": "4.1.8"}, reason="tried it on both phones")
        await saved(pilot)
        pitfall = here(app)
        assert pitfall.status is Status.FIXED_UPSTREAM
        assert (pitfall.fixes[0].axis, pitfall.fixes[0].from_version) == (Axis.CLIENT, "4.1.8")
        await opened(pilot, "s")
        fill(app, status="workaround")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "needs a workaround text" in shown(pilot))
        fill(app, workaround="draw it on a canvas first")
        await saved(pilot)
        assert here(app).status is Status.WORKAROUND
        assert here(app).fixes, "the old fix stays in the history"


async def test_a_reference_and_a_comment_are_added(app: PitboardApp) -> None:
    async with running_form(app, "l", size=(120, 40)) as pilot:
        fill(app, url="ftp://nowhere")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "begins with https://" in shown(pilot))
        fill(
            app,
            url="https://developers.weixin.qq.com/community/develop/doc/1",
            quote="已反馈",
            quoted_on="2026-11-20",
            official="yes",
        )
        await saved(pilot)
        [_page, reference] = here(app).references
        assert (reference.source, reference.official) == ("community", True)
        await opened(pilot, "c")
        await type_(pilot, "seen here too")
        await saved(pilot)
        assert here(app).comments[0].text.plain == "seen here too"


async def test_undo_and_redo_say_what_they_did(app: PitboardApp, somebody: Store) -> None:
    async with running_form(app, "s", size=(120, 40)) as pilot:
        fill(app, status="fixed upstream", axis="server", **{"from": "2026-11-20"})
        await saved(pilot)
        pitfall = here(app)
        somebody.comments.add(pitfall.id, "by somebody else")
        await pilot.press("u")
        undone = "set the status: open → fixed upstream"
        await until(pilot, lambda: undone in messages(pilot))
        assert "Undone: recorded a fix" in messages(pilot)
        assert here(app).status is Status.OPEN
        assert not here(app).fixes
        assert here(app).comments, "what others did stays"
        await pilot.press("u")
        await until(pilot, lambda: "There is nothing to undo." in messages(pilot))
        await pilot.press("U")
        await until(pilot, lambda: "Redone:" in messages(pilot))
        assert here(app).status is Status.FIXED_UPSTREAM


async def test_a_full_disk_keeps_what_was_typed(
    app: PitboardApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(app, size=(80, 30)) as pilot:
        await screen(app).context.write(lambda store: store.comments.add(here(app).id, "first"))
        connection = app.session.store().session.connection
        [(pages,)] = connection.execute("PRAGMA page_count").fetchall()
        connection.execute(f"PRAGMA max_page_count = {pages}")
        await opened(pilot, "c")
        fill(app, text="word " * 3000)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Free some space" in shown(pilot))
        assert field(app, "text").value.startswith("word word")
        connection.execute("PRAGMA max_page_count = 1000000")
        await saved(pilot)
        assert len(here(app).comments) == 2


async def test_an_editor_that_is_missing_is_said(app: PitboardApp) -> None:
    async with running_form(app, "c") as pilot:
        await type_(pilot, "kept")
        await pilot.press("ctrl+e")
        await until(pilot, lambda: "editor" in shown(pilot).lower())
        assert field(app, "text").value == "kept"


async def test_a_reference_is_put_right_or_hidden_from_its_tab(app: PitboardApp) -> None:
    async with running_form(app, "l", size=(120, 40)) as pilot:
        fill(app, url="https://example.com/wrong", quote="as it was said")
        await saved(pilot)
        await pilot.press("enter", "left_square_bracket")
        await until(pilot, lambda: screen(app).detail.tab == "references")
        await pilot.press("j")
        await opened(pilot, "e")
        fill(app, url="https://example.com/right", official="yes")
        await saved(pilot)
        [page, reference] = here(app).references
        assert (reference.url, reference.official) == ("https://example.com/right", True)
        assert reference.quote.plain == "as it was said"
        await opened(pilot, "e")
        fill(app, hidden="yes")
        await saved(pilot)
        assert here(app).references == (page,)
        await pilot.press("u")
        await until(pilot, lambda: len(here(app).references) == 2)


# Somebody else writes meanwhile


async def test_what_somebody_wrote_meanwhile_is_not_replaced_unseen(
    app: PitboardApp, somebody: Store
) -> None:
    async with running_form(app, "e", size=(120, 40)) as pilot:
        pitfall = here(app)
        somebody.pitfalls.edit(pitfall.id, {"title": "From a shell", "severity": "S1"})
        somebody.pitfalls.edit(pitfall.id, {"component": "wx.shell", "workaround": "Wait."})
        fill(app, title="Mine", severity="S4", workaround="Wait longer.")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "meanwhile: “From a shell”" in shown(pilot))
        assert "meanwhile: “S1" in shown(pilot)
        assert "meanwhile: “Wait.”" in shown(pilot)
        assert field(app, "title").has_focus_within
        assert field(app, "title").value == "Mine"
        held = here(app)
        assert (held.title.plain, held.severity) == ("From a shell", "S1")
        # Once more, since it was written anew.
        somebody.pitfalls.edit(pitfall.id, {"title": "From a shell again", "severity": "S4"})
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "meanwhile: “From a shell again”" in shown(pilot))
        assert "meanwhile: “S" not in shown(pilot), "both say the same"
        await saved(pilot)
        held = here(app)
        assert (held.title.plain, held.severity) == ("Mine", "S4")
        assert (held.component.plain, held.workaround.plain) == ("wx.shell", "Wait longer.")


async def test_what_was_emptied_meanwhile_is_said_and_what_is_the_same_is_saved(
    app: PitboardApp, somebody: Store
) -> None:
    pitfall = ""
    async with running(app, size=(120, 40)) as pilot:
        await settled(pilot)
        pitfall = here(app).id
        somebody.pitfalls.edit(pitfall, {"reproduction": "Tap twice."}, tags=["one"])
        await opened(pilot, "e")
        somebody.pitfalls.edit(pitfall, {"reproduction": "", "title": "The same"}, tags=["two"])
        fill(app, reproduction="Tap thrice.", title="The same", tags="one, three")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Emptied on the board meanwhile." in shown(pilot))
        assert "meanwhile: “two”" in shown(pilot)
        assert "meanwhile: “The same”" not in shown(pilot)
        await saved(pilot)
        held = here(app)
        assert (held.title.plain, held.reproduction.plain) == ("The same", "Tap thrice.")
        assert held.tags == ("one", "three")


async def test_a_workaround_that_somebody_wrote_is_not_replaced_by_setting_a_status(
    app: PitboardApp, somebody: Store
) -> None:
    async with running_form(app, "s", size=(120, 40)) as pilot:
        pitfall = here(app).id
        somebody.pitfalls.edit(pitfall, {"workaround": "From a shell"})
        fill(app, status="workaround")
        await settled(pilot)
        fill(app, workaround="Mine")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "meanwhile: “From a shell”" in shown(pilot))
        await saved(pilot)
        assert here(app).workaround.plain == "Mine"
        await opened(pilot, "s")
        somebody.pitfalls.edit(pitfall, {"workaround": "From a shell"})
        fill(app, reason="It works here")
        await saved(pilot)
        assert here(app).workaround.plain == "From a shell", "nobody touched it here"


async def test_a_reference_that_somebody_edited_is_not_replaced_unseen(
    app: PitboardApp, somebody: Store
) -> None:
    async with running_form(app, "l", size=(120, 40)) as pilot:
        fill(app, url="https://example.com/page", quote="as it was said")
        await saved(pilot)
        await pilot.press("enter", "left_square_bracket")
        await until(pilot, lambda: screen(app).detail.tab == "references")
        await pilot.press("j")
        pitfall = here(app)
        [_page, mine] = pitfall.references
        await opened(pilot, "e")
        somebody.entries.edit(pitfall.id, mine.id, {"quote": "from a shell", "official": True})
        fill(app, quote="mine")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "meanwhile: “from a shell”" in shown(pilot))
        await saved(pilot)
        [_page, mine] = here(app).references
        assert (mine.quote.plain, mine.official) == ("mine", True)


# Lists to choose from


@pytest.mark.parametrize("form", ["a", "F", "n"])
async def test_what_is_highlighted_in_a_list_is_chosen_by_going_on(
    app: PitboardApp, form: str
) -> None:
    async with running(app, size=(100, 40)) as pilot:
        for key in ("tab", "shift+tab", "ctrl+s", "enter"):
            await opened(pilot, form)
            name = "severity" if form == "n" else "platform"
            for chosen in app.screen.query(PickField):
                if chosen.field == name:
                    break
            chosen.query_one(".control").focus()
            await burst(pilot, ["s", "1"] if form == "n" else ["i"])
            assert "⏎ or tab takes it" in shown(pilot), key
            # Saved as soon as it is chosen: what the form refuses is said, and what it takes is
            # kept.
            form_screen, taken = app.screen, []
            assert isinstance(form_screen, Form)
            form_screen.take = lambda answers, taken=taken: taken.append(dict(answers))
            form_screen.then = None
            await burst(pilot, [key])
            wanted = "S1" if form == "n" else "ios"
            if key == "ctrl+s":
                assert [answers[name] for answers in taken] == [wanted]
            else:
                assert (field(app, name).value, taken) == (wanted, []), key
                form_screen.drop_draft()
                form_screen.close(None)


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_an_open_list_shows_all_it_can_and_covers_no_button(
    start: Callable[..., PitboardApp], language: str
) -> None:
    async with running_form(start(language), "a") as pilot:
        app = pilot.app
        for choices in app.screen.query(Choices):
            choices.focus()
            await at_rest(pilot)
            await pilot.press("down")
            await at_rest(pilot)
            listed = choices.query_one(SelectOverlay)
            assert not any(one.region.overlaps(listed.region) for one in app.screen.query(Button))
            assert listed.region.height == listed.option_count
            assert not listed.region.overlaps(choices.query_one(SelectCurrent).region)
            await pilot.press("escape")


async def test_escape_leaves_a_choice_as_it_was(app: PitboardApp) -> None:
    async with running_form(app, "F", size=(100, 40)) as pilot:
        field(app, "platform").enter()
        await burst(pilot, ["i", "escape"])
        assert field(app, "platform").value == ""
        assert field(app, "status").value == "fixed upstream"


async def test_a_fix_saved_from_an_open_list_is_for_the_platform_that_was_typed(
    app: PitboardApp,
) -> None:
    async with running_form(app, "F", size=(100, 40)) as pilot:
        fill(app, axis="client", from_version="4.1.8")
        field(app, "platform").enter()
        await pilot.press("i")
        await saved(pilot)
        [fix] = here(app).fixes
        assert fix.platform is Platform.IOS
        assert here(app).status is not Status.FIXED_UPSTREAM, "a platform's fix proposes no status"


# Drafts


_OTHER_WINDOW = """
import sys
from pathlib import Path
from tui.services.drafts import DraftFile, draft_board
from storage.read.board import Board
path = Path(sys.argv[1])
with Board.open(path) as board:
    draft = DraftFile(draft_board(path, board.store_name()), "NewPitfallForm")
draft.keep("New pitfall", {"title": "typed elsewhere"})
print("kept", flush=True)
sys.stdin.readline()
"""


def test_what_is_typed_in_another_window_is_not_offered_until_that_has_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with closing(Store.open(tmp_path / "board.db")) as store, Board.open(store.path) as board:
        mine, this = draft_of(store), draft_board(store.path, board.store_name())
        command = [sys.executable, "-c", _OTHER_WINDOW, str(store.path)]
        with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True) as other:
            assert other.stdout
            assert other.stdout.readline() == "kept\n"
            assert not lost_lately(this)
            assert mine.find() is None
            mine.keep("New pitfall", {"title": "typed here"})
            found = mine.find()
            assert found is not None
            assert found.values == {"title": "typed here"}
            mine.drop()
            other.kill()
        [lost] = lost_lately(this)
        assert lost.values == {"title": "typed elsewhere"}


async def test_a_lost_draft_is_named_in_the_language_of_now(
    start: Callable[..., PitboardApp], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    first = start()
    async with running_form(first, "F", size=(100, 40)) as pilot:
        fill(first, from_version="4.1.8")
        await settled(pilot)
        first.keep_drafts()
        first.exit()
    async with running(start("zh_CN"), size=(100, 30)) as pilot:
        await until(pilot, lambda: "记录官方修复" in messages(pilot))


async def discard(pilot: Pilot[None]) -> None:
    """Leave the form and discard what was typed."""
    await burst(pilot, ["escape", "y"])
    assert isinstance(pilot.app.screen, BoardScreen)


async def test_what_was_discarded_is_offered_again_until_it_is_saved(app: PitboardApp) -> None:
    async with running_form(app, "c", size=(100, 30)) as pilot:
        await type_(pilot, "half a thought")
        await discard(pilot)
        assert not here(app).comments
        assert not lost_lately(app.session.draft_board()), "nothing was lost against anybody's will"
        await burst(pilot, ["c"])
        assert "What you typed here at" in shown(pilot)
        assert field(app, "text").value == ""
        await burst(pilot, ["ctrl+r"])
        assert field(app, "text").value == "half a thought"
        assert "What you typed here at" not in shown(pilot)
        await saved(pilot)
        assert here(app).comments[0].text.plain == "half a thought"
        await burst(pilot, ["c"])
        assert "What you typed here at" not in shown(pilot)


async def test_a_draft_is_of_one_form_about_one_pitfall(app: PitboardApp) -> None:
    async with running_form(app, "c", size=(100, 30)) as pilot:
        await type_(pilot, "of the first")
        await discard(pilot)
        await burst(pilot, ["j", "c"])
        assert "What you typed here at" not in shown(pilot)
        await burst(pilot, ["escape", "k", "l"])
        assert "What you typed here at" not in shown(pilot)
        await burst(pilot, ["escape", "c"])
        assert "What you typed here at" in shown(pilot)


def draft_of(store: Store) -> DraftFile:
    """The draft of a form for a new pitfall on a store's board."""
    with Board.open(store.path) as board:
        return DraftFile(draft_board(store.path, board.store_name()), "NewPitfallForm")


def test_a_draft_follows_its_board_and_no_other_is_offered_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    here, there, copy = (tmp_path / name for name in ("here.db", "there.db", "copy.db"))
    with closing(Store.open(here)) as store:
        draft_of(store).keep("New pitfall", {"title": "half a thought"})
        shutil.copy(here, copy)
        found = draft_of(store).find()
        assert found is not None
        assert found.values == {"title": "half a thought"}
    here.rename(there)
    # Another board at the old place, and a copy of this one.
    for other in (here, copy):
        with closing(Store.open(other)) as store:
            assert draft_of(store).find() is None
            draft_of(store).drop()
    with closing(Store.open(there)) as store:
        moved = draft_of(store)
        found = moved.find()
        assert found is not None
        assert found.values == {"title": "half a thought"}
        with Board.open(there) as board:
            assert len(lost_lately(draft_board(there, board.store_name()))) == 1
        moved.drop()
        assert moved.find() is None
    assert not list((tmp_path / "state").rglob("*.json"))


async def test_a_draft_is_kept_while_one_types_and_is_the_owners_alone(
    app: PitboardApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.dialogs.form._KEEP_EVERY", 0.05)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    async with running_form(app, "n", size=(100, 30)) as pilot:
        fill(app, title="Camera says no", severity="S1")
        await until(pilot, lambda: list(tmp_path.rglob("drafts/*.json")))
        [kept] = tmp_path.rglob("drafts/*")
        assert kept.stat().st_mode & 0o777 == 0o600
        assert kept.parent.stat().st_mode & 0o777 == 0o700
        fill(app, title="", severity="S3")
        await burst(pilot, ["escape"])
        assert isinstance(app.screen, BoardScreen), "nothing is left to be lost"
        assert not list(tmp_path.rglob("drafts/*"))


async def test_a_pasted_report_comes_back_whole(app: PitboardApp) -> None:
    async with running_form(app, "p", size=(100, 30)) as pilot:
        await paste(pilot, "qy.login:fail\nplatform: android")
        await burst(pilot, ["ctrl+l"])
        await type_(pilot, "!")
        await discard(pilot)
        await burst(pilot, ["p", "ctrl+r"])
        await until(pilot, lambda: field(app, "platform").value == "android")
        assert app.screen.query_one(TextArea).text.strip("!") == "qy.login:fail\nplatform: android"


# What is filled in, what saves, what is asked


async def test_what_was_entered_last_time_is_marked_and_one_key_clears_it(
    app: PitboardApp,
) -> None:
    async with running_form(app, "a", size=(100, 40)) as pilot:
        assert "from your last entry" not in shown(pilot)
        fill(app, platform="android", device="Pixel 9")
        await saved(pilot)
        await burst(pilot, ["a"])
        text = shown(pilot)
        assert "↺ from your last entry" in text
        assert "↺ platform" in text
        assert "↺ device" in text
        assert "↺ host app" not in text
        fill(app, device="Pixel 10")
        await at_rest(pilot)
        await burst(pilot, ["ctrl+n"])
        assert (field(app, "platform").value, field(app, "device").value) == ("", "Pixel 10")
        assert "from your last entry" not in shown(pilot)
        fill(app, device="Pixel 9")
        await burst(pilot, ["escape"])
        assert isinstance(app.screen, BoardScreen), "clearing is nothing that could be lost"


async def test_enter_saves_in_a_line_and_breaks_the_line_in_a_text(app: PitboardApp) -> None:
    async with running_form(app, "n", size=(100, 30)) as pilot:
        assert "⏎ or ^s: Save" in shown(pilot)
        await burst(pilot, keys_of("'Camera_says_no tab tab tab tab tab 'first enter 'second"))
        assert field(app, "workaround").value == "first\nsecond"
        assert "⏎ or ^s: Save" not in shown(pilot)
        assert "^s: Save" in shown(pilot)
        await burst(pilot, [*["shift+tab"] * 4, "enter"])
        assert isinstance(app.screen, BoardScreen)
        assert here(app).title.plain == "Camera says no"


async def test_discarding_asks_with_the_safe_answer_chosen(app: PitboardApp) -> None:
    async with running_form(app, "c") as pilot:
        await type_(pilot, "half a thought")
        await burst(pilot, ["escape"])
        assert isinstance(app.screen, Confirm)
        assert "Keep editing esc" in shown(pilot)
        assert "Discard y" in shown(pilot)
        assert app.focused is not None
        assert app.focused.id == "no"
        styles = {one.id: one.rich_style for one in app.screen.query(Button)}
        assert styles["no"] != styles["yes"]
        assert styles["no"].reverse
        assert not styles["yes"].reverse
        await burst(pilot, ["enter"])
        assert field(app, "text").value == "half a thought"


async def test_the_verdict_comes_with_the_message_after_logging(app: PitboardApp) -> None:
    async with running_form(app, "s", size=(100, 40)) as pilot:
        fill(app, status="fixed upstream", axis="client", **{"from": "4.1.8"})
        await saved(pilot)
        await burst(pilot, ["a"])
        fill(app, client_version="4.1.9")
        await saved(pilot)
        assert "regression: 4.1.9 is at or beyond the fix" in messages(pilot)
        await burst(pilot, ["a"])
        fill(app, client_version="4.1.7")
        await saved(pilot)
        assert "4.1.7 is older than the fix" in messages(pilot)


async def test_a_status_that_does_not_hold_is_not_said_to(app: PitboardApp) -> None:
    async with running_form(app, "s", size=(100, 40)) as pilot:
        fill(app, status="fixed upstream", axis="client", **{"from": "4.1.8"})
        await saved(pilot)
        assert "Now ✔ fixed upstream." in messages(pilot)
        store, pitfall = app.session.store(), here(app)
        store.occurrences.log(pitfall.id, client_version="4.1.9")
        store.status.reopen(pitfall.id, reason="seen on 4.1.9")
        await settled(pilot)
        await opened(pilot, "s")
        fill(app, status="fixed upstream")
        await saved(pilot)
        assert here(app).status is Status.FIXED_UPSTREAM
        assert "Now ↻ regressed." in messages(pilot)


async def test_saving_twice_in_one_burst_saves_once(app: PitboardApp) -> None:
    async with running_form(app, "c") as pilot:
        await type_(pilot, "said once")
        app.screen.action_save()
        app.screen.action_save()
        await burst(pilot, ["ctrl+s"])
        assert [one.text.plain for one in here(app).comments] == ["said once"]


async def test_a_word_is_chosen_by_typing_its_beginning_or_its_initials(
    start: Callable[..., PitboardApp],
) -> None:
    for language, typed in (("en", "cl"), ("zh_CN", "yy"), ("en", "c"), ("zh_CN", "c")):
        app = start(language)
        async with running(app, size=(80, 40)) as pilot:
            await burst(pilot, ["F", *typed, "enter", "tab", *"4.1.8"])
            assert field(app, "axis").value == "client"
            assert field(app, "from_version").value == "4.1.8"


async def test_a_letter_that_names_no_word_chooses_none(
    start: Callable[..., PitboardApp],
) -> None:
    for language, typed in (("zh_CN", "x"), ("en", "x")):
        app = start(language)
        async with running(app, size=(80, 40)) as pilot:
            await burst(pilot, ["F"])
            before = field(app, "axis").value
            await burst(pilot, [typed, "enter"])
            assert field(app, "axis").value == before


async def test_the_field_with_the_focus_stands_out(app: PitboardApp) -> None:
    async with running_form(app, "a") as pilot:
        for expected in ("message", "platform", "channel", "host"):
            labels = app.screen.query("FormField .label").results(Static)
            bold = [one.parent.parent.id for one in labels if one.rich_style.bold]
            assert bold == [f"field-{expected}"]
            await pilot.press("tab")
            await settled(pilot)


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_line_that_goes_on_beyond_its_field_says_so(
    start: Callable[..., PitboardApp], language: str
) -> None:
    app = start(language)
    async with running_form(app, "e") as pilot:
        fill(app, title="A title " * 20, component="标题" * 40, assignee="Ann and " * 20)
        await settled(pilot)
        rows = shown(pilot).splitlines()
        for begin in ("标题标题", "Ann and Ann"):
            [row] = [row for row in rows if begin in row]
            assert row.rstrip("│ ").endswith("…"), row
        # At the end of what is typed there is nothing more.
        field(app, "title").query_one(Input).focus()
        await pilot.press("end")
        await settled(pilot)
        assert not [row for row in shown(pilot).splitlines() if "title A" in row and "…" in row]
        await pilot.press("home")
        await settled(pilot)
        assert [row for row in shown(pilot).splitlines() if "A title A" in row and "…" in row]
