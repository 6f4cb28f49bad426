"""Reads a pasted text line by line: labels, environments, error lines and sections."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final

from storage.errors import N_, Refused
from storage.model.fields import LONGEST_PASTE, LONGEST_PASTED_MESSAGE, LONGEST_PASTED_NOTE
from storage.paste import device_info, environment_text, lines, template_labels
from storage.paste.device_info import DeviceObjects
from storage.paste.environment_text import values
from storage.paste.extraction import ExtractedValue, PasteResult, settle
from storage.paste.lines import (
    PastedLine,
    addresses,
    joined,
    lines_of,
    title_of,
    unspoken,
    what_happened,
    without_empty,
)
from storage.paste.template_labels import (
    BUILD,
    EXPECTED,
    SECTIONS,
    SEEN_AT,
    WECHATS,
    WECOMS,
    LabelledValue,
    TemplateSection,
)

#: “张三 2026-11-20 14:03:22”, as chats are copied.
_SPEAKER_AND_TIME: Final = re.compile(
    r"\s*\S{1,20}\s+(?:20\d\d[-/年])?\d{1,2}[-/月]\d{1,2}日?\s+[\d:]{4,8}\s*"
)
_SEPARATOR: Final = re.compile(r"[:\uff1a】\]」=]\s*")
_VERSIONS: Final = (WECOMS, WECHATS, "client_version", "base_library")
_NUMBERS: Final = re.compile(r"\d+")
_DESKTOP: Final = re.compile(r"mac|windows|win ?\d|linux|ubuntu|debian|centos|darwin", re.I)
#: What stands below the name of a build tool: a name and a version, a list, a deeper line.
_OF_A_BUILD: Final = re.compile(r"\s+\S|[-*•]\s|[\w@/. -]{1,30}: ?v?\d|[\w ]{1,20}:$")
#: Where a device's object stood in what is left of its line.
_GAP: Final = re.compile(r" {3,}")
#: So many lines above the versions of build tools stands the system of their machine.
_ABOVE: Final = 8
_LONGEST_VALUE: Final = 80


def too_long() -> Refused:
    """Why a text is not read as a paste."""
    return Refused(
        N_("A pasted text can have {n} characters; this is more, so nothing was read or saved."),
        N_("“pitboard match FILE” finds known pitfalls in logs of any size."),
        n=LONGEST_PASTE,
    )


def read(text: str, *, now: int | None = None) -> PasteResult:
    """What can be read from a pasted text.

    Args:
        text: anything.
        now: the present in ms; a later time in the text is not when it happened.

    Raises:
        Refused: if it is longer than anybody pastes. It takes time in proportion to its length.
    """
    if len(text) > LONGEST_PASTE:
        raise too_long()
    lines = lines_of(text)
    objects = DeviceObjects(lines)
    report = _Report(objects.readings)
    for place, (line, rest) in enumerate(zip(lines, objects.rests, strict=True), 1):
        if report.take(line, rest):
            report.left_out += objects.pairs_of(place)
        report.note_errors(place)
    settled = settle(report.readings)
    errors = report.parts[TemplateSection.MESSAGE] or report.errors
    message = joined(errors, LONGEST_PASTED_MESSAGE)
    reproduction = without_empty(report.parts[TemplateSection.REPRODUCTION])
    note = without_empty(report.parts[TemplateSection.NOTE])
    steps, remarks = (joined(one, LONGEST_PASTED_NOTE) for one in (reproduction, note))
    of_message = _length(errors) - len(message)
    of_note = _length(reproduction) + _length(note) - len(steps) - len(remarks)
    kept = "\n".join([message, *reproduction, *note])
    texts = (message.splitlines(), note, what_happened(reproduction))
    titles = [title_of(lines) for lines in texts]
    return PasteResult(
        values=settled.values,
        contradictions=settled.contradictions,
        title=next(filter(None, titles), ""),
        gist=" ".join(dict.fromkeys(filter(None, titles))),
        message=message,
        reproduction=steps,
        note=remarks,
        seen_at=report.seen_at(lines, now),
        urls=addresses(line.whole for line in lines),
        left_out=(
            *objects.left_out,
            *report.left_out,
            *dict.fromkeys(one.words for one in settled.left_out if one.words not in kept),
        ),
        cut={name: n for name, n in (("message", of_message), ("note", of_note)) if n > 0},
        said=frozenset((one.field, one.place) for one in report.readings),
    )


def _length(lines: Iterable[str]) -> int:
    """How many characters some lines have as they would be kept, however many they are."""
    return len(joined(lines, 2 * LONGEST_PASTE))


class _Report:
    """Takes the lines one by one and sorts what they say."""

    def __init__(self, readings: list[ExtractedValue]) -> None:
        self.readings = readings
        #: What stands beside a device's object on its line, and is kept nowhere.
        self.left_out: list[str] = []
        self.parts: dict[TemplateSection, list[str]] = {section: [] for section in TemplateSection}
        #: Error text that stands among the steps, for a report that says it nowhere else.
        self.errors: list[str] = []
        #: The times that are said to be when it happened.
        self._times: list[int] = []
        #: Of the message, and of the errors among the steps, how far into the text it begins.
        self._begins: list[int] = [0, 0]
        self._section: TemplateSection | None = None
        self._waiting: LabelledValue | None = None
        self._row: list[str] | None = None
        self._in_error = False
        #: Where the error went that a frame belongs to.
        self._held_in = self.errors
        self._expecting = self._building = False
        #: The lines that name a desktop's system.
        self._desktops: dict[int, str] = {}
        #: The shapes of lines that say nothing; a log repeats them by the thousand.
        self._chatter: set[str] = set()

    def take(self, line: PastedLine, rest: str | None) -> bool:
        """Read one line; whether what it says beside a device's object is kept nowhere.

        Args:
            line: the line.
            rest: what is left of one that holds some of a device's object.
        """
        if not line.text.strip():
            self._take_blank()
            return False
        shape = _NUMBERS.sub("0", line.text)
        if shape in self._chatter and not (self._waiting or self._row):
            self._in_error = False
            self.parts[self._section or TemplateSection.NOTE].append(line.whole)
            return False
        known = len(self.readings)
        self.readings += device_info.marks_on(line)
        text = device_info.without_marks(line.text if rest is None else rest)
        nothing_else = rest is not None and not (lines.is_error(text) or lines.is_chinese(text))
        if nothing_else or device_info.is_agent(line) or template_labels.is_rule(text):
            self._in_error = False
            if nothing_else and lines.is_prose(text):
                self.readings += environment_text.readings(text, line.number)
        elif _SPEAKER_AND_TIME.fullmatch(text):
            self._section, self._in_error = None, False
        elif self._building and rest is None and self._take_build(line, text):
            pass
        elif lines.is_frame(text) or not (
            self._take_value(line, text) or self._take_label(line, text)
        ):
            whole = line.whole if rest is None else _GAP.sub(" … ", rest.strip())
            telling = self._take_text(text, whole, line.number)
            if not telling and len(self.readings) == known:
                self._chatter.add(shape)
        return nothing_else

    def note_errors(self, place: int) -> None:
        """Remember in which line (from 1) the error that was taken begins."""
        for one, held in enumerate((self.parts[TemplateSection.MESSAGE], self.errors)):
            if not self._begins[one] and held and held[-1].strip():
                self._begins[one] = place

    def seen_at(self, text: Sequence[PastedLine], now: int | None) -> int | None:
        """When it happened: at the time that was called so, else when the error was written.

        That is the time of its line, or the nearest one before it, or else the first of the text.
        """
        begins = next(filter(None, self._begins), 0)
        nearest = (*reversed(text[:begins]), *text[begins:])
        times = chain(self._times, (lines.moment(line.text) for line in nearest))
        return next((at for at in times if at is not None and (now is None or at <= now)), None)

    # What a line may be

    def _take_blank(self) -> None:
        self._in_error = False
        if self._section is TemplateSection.MESSAGE:
            self._section = None
        else:
            self.parts[self._section or TemplateSection.NOTE].append("")

    def _take_value(self, line: PastedLine, text: str) -> bool:
        """Whether the line is the value of a label, or of a row of them, above it."""
        row, self._row = self._row, None
        waiting, self._waiting = self._waiting, None
        if row is not None:
            cells = template_labels.cells_of(text)
            if len(cells) == len(row):
                for name, cell in zip(row, cells, strict=True):
                    self._say(LabelledValue(name, "", cell), line, cell)
                return True
        elif (
            waiting is not None
            and len(text) <= _LONGEST_VALUE
            and not template_labels.labelled(text)
        ):
            return self._say(waiting._replace(value=text.strip()), line, text)
        return False

    def _take_label(self, line: PastedLine, text: str) -> bool:
        """Whether the line is a label with its value, several of them, or a row of labels."""
        if (row := template_labels.row(text)) is not None:
            self._row = row
            return True
        if cells := template_labels.pairs(text):
            for cell in cells:
                self._take_cell(cell, line)
            return True
        whole = template_labels.labelled(text)
        if whole is not None and whole.names in SECTIONS:
            self._begin(TemplateSection(whole.names), whole, line)
            return True
        if whole is not None and whole.names == BUILD:
            self._building = True
            self._forget_build(line.number)
            return self._take_build(line, text)
        parts = [(part, template_labels.labelled(part)) for part in template_labels.parts(text)]
        named = [(part, found) for part, found in parts if found and found.names not in SECTIONS]
        if whole is not None and len(named) < 2:
            return self._take_field(whole, line)
        if len(named) < (2 if lines.is_error(text) else 1):
            return False
        self._section, self._in_error = None, False
        for part, found in named:
            self._say(found, line, part)
        if len(named) < len(parts):
            # What stands between the labels is kept as it was said.
            self.readings += environment_text.readings(text, line.number)
            self.parts[TemplateSection.NOTE].append(line.whole)
            first, label = parts[0]
            alone = label is None and lines.is_error(first) and not lines.is_chinese(first)
            if within := lines.error_within(text) or (first.strip() if alone else ""):
                self._keep_error(self.parts[TemplateSection.MESSAGE], within)
        return True

    def _take_cell(self, cell: LabelledValue, line: PastedLine) -> None:
        """Take a label and its value out of a row of a table."""
        if cell.names not in SECTIONS:
            self._say(cell, line, f"{cell.label}: {cell.value}")
        elif cell.names == TemplateSection.MESSAGE:
            self.parts[TemplateSection.MESSAGE].append(cell.value)
        elif cell.value:
            self.parts[TemplateSection(cell.names)].append(f"{cell.label}: {cell.value}")
            self._note_error(cell, cell.value)

    def _forget_build(self, number: int) -> None:
        """What stands above the versions of build tools, of a desktop, is theirs."""
        above = {at: whole for at, whole in self._desktops.items() if number - at <= _ABOVE}
        if above:
            self.readings[:] = [
                one
                for one in self.readings
                if one.line not in above or one.field not in {"platform", "os_version"}
            ]
            self.parts[TemplateSection.NOTE] += above.values()
            self._desktops.clear()

    def _take_build(self, line: PastedLine, text: str) -> bool:
        """Whether the line tells of the machine that it was built on, which is kept as a note."""
        label = template_labels.labelled(text)
        own = label is not None and label.names == BUILD
        of_a_system = label is not None and label.names in {"platform", "os_version"}
        if not own and label is not None and not (of_a_system and _DESKTOP.search(label.value)):
            if of_a_system and not label.value:
                # “System:”, above the system and its version.
                self.parts[TemplateSection.NOTE].append(line.whole)
                return True
            self._building = label.names not in SECTIONS
            return False
        if not own and (lines.is_error(text) or not _OF_A_BUILD.match(line.text)):
            self._building = False
            return False
        self._section, self._in_error = None, False
        self.parts[TemplateSection.NOTE].append(line.whole)
        found = environment_text.readings(text, line.number)
        self.readings += [one for one in found if one.field == "devtools_version"]
        return True

    def _take_field(self, label: LabelledValue, line: PastedLine) -> bool:
        self._section, self._in_error = None, False
        if not label.value:
            self._waiting = label
            return True
        return self._say(label, line, line.text)

    def _begin(self, section: TemplateSection, label: LabelledValue, line: PastedLine) -> None:
        self._section, self._in_error = section, False
        self._expecting = label.label in EXPECTED
        self._building = False
        value = _after_label(line.whole) if label.value else ""
        if section is TemplateSection.MESSAGE:
            self.parts[section].append(value)
            self.readings += environment_text.beside(label.value, line.number)
            return
        if section is TemplateSection.NOTE and _is_a_programs(label.value):
            # The error is the message, wherever a template has it.
            self._keep_error(self.parts[TemplateSection.MESSAGE], lines.uncalled(value))
            self.readings += environment_text.beside(label.value, line.number)
            return
        self.parts[section].append(line.whole)
        if not self._expecting:
            self.readings += environment_text.readings(label.value, line.number)
        self._note_error(label, value)

    def _note_error(self, label: LabelledValue, value: str) -> None:
        """Remember an error that stands behind a label, unless it is what was expected."""
        if label.label not in EXPECTED and lines.is_error(label.value):
            self._keep_error(self.errors, lines.uncalled(value))

    def _keep_error(self, held_in: list[str], text: str) -> None:
        held_in.append(text)
        self._held_in, self._in_error = held_in, True

    def _take_text(self, text: str, whole: str, number: int) -> bool:
        """Keep a line where it belongs; whether it says something of an error."""
        frame, noise = lines.is_frame(text), lines.is_noise(text)
        expected = self._expecting and self._section is TemplateSection.REPRODUCTION
        within = "" if frame or noise or expected else lines.error_within(text)
        if within and self._section is not TemplateSection.MESSAGE:
            self._take_sentence(within, text, whole, number)
            return True
        error = not (noise or expected) and lines.is_error(text)
        if (
            self._section is TemplateSection.MESSAGE
            or (error and self._section is None)
            or (error and self._section is TemplateSection.NOTE and _is_a_programs(text))
        ):
            self._keep_error(self.parts[TemplateSection.MESSAGE], unspoken(whole))
        elif frame and self._in_error:
            self._held_in.append(whole)
        elif not (noise or frame):
            self.parts[self._section or TemplateSection.NOTE].append(whole)
            if error:
                self._keep_error(self.errors, whole.strip())
        self._in_error = error or (self._in_error and frame)
        if not (frame or expected) and lines.is_prose(text):
            self.readings += environment_text.readings(text, number)
        elif error and not frame:
            self.readings += environment_text.beside(text, number)
        return error or frame or noise

    def _take_sentence(self, within: str, text: str, whole: str, number: int) -> None:
        """Keep a sentence that quotes an error; the error alone is the message."""
        is_note = self._section in (None, TemplateSection.NOTE)
        self.parts[self._section or TemplateSection.NOTE].append(whole)
        self._keep_error(self.parts[TemplateSection.MESSAGE] if is_note else self.errors, within)
        self.readings += environment_text.readings(text.replace(within, " "), number)
        self.readings += environment_text.beside(within, number)

    # What is taken from it

    def _say(self, label: LabelledValue, line: PastedLine, words: str) -> bool:
        """Whether something was read from a labelled value."""
        if label.names == SEEN_AT:
            at = lines.moment(label.value, whole_day=True)
            self._times += [at] if at is not None else []
            return at is not None
        found = list(values(label.names, label.label, label.value, line.number, words))
        self.readings += found
        if label.names in {"platform", "os_version"} and _DESKTOP.search(label.value):
            self._desktops[line.number] = line.whole
        if label.names in _VERSIONS and lines.is_chinese(label.value):
            # “微信 8.0.40 没反应” says more than a version.
            self.parts[TemplateSection.NOTE].append(line.whole)
        return bool(found)


def _is_a_programs(text: str) -> bool:
    """Whether a program wrote an error, and not a person who quotes it in a sentence."""
    return lines.is_error(text) and (lines.is_sentence(text) or not lines.is_chinese(text))


def _after_label(whole: str) -> str:
    """A line without the label before it."""
    found = _SEPARATOR.search(whole[: 2 * _LONGEST_VALUE])
    return whole[found.end() :].strip() if found else whole.strip()
