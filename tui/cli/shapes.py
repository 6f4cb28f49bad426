"""The shapes of what ``--json`` writes, declared once; ``tui.cli.schemas`` derives JSON Schemas.

The vocabularies are those of :mod:`storage.model.vocabulary`, an environment has the fields that
:mod:`storage.model.environment` declares, a change the kinds of events. Every document that a test
asks for is validated against its schema.
"""

from typing import Final

#: A shape begins in the first column: its name, that of the shape whose keys it has too, and what
#: it is; "#" goes on with that. Behind "@" are the verbs that write it. Then come its keys with
#: their types: text unless it says otherwise, "~" for a key that may be missing, "?" for null, [ ]
#: for a list, { } for an object with any keys, "|" between words.
SHAPES: Final = """
Link A link, with what was quoted there.
    id:event url title source:Source quote quoted_on official:yes recorded_on:pitfall
Signature Error text that identifies the pitfall.
    id:event text form:SignatureForm platform:text? channel:text? recorded_on:pitfall
Pitfall A pitfall as a list holds it.
    id:pitfall title status:Status upstream:Upstream kind:Kind severity:Severity component
    *Plan tags:[text] triage:Triage inbox_reason:InboxReason? decline_reason:DeclineReason?
    duplicate_of:pitfall? workaround reproduction references:[Link] signatures:[Signature]
    occurrence_count:number not_reproduced_count:number first_seen:time? last_seen:time?
WaitingPitfall(Pitfall) A pitfall of the inbox.
    waiting_since:time?
Wake What ends a snooze; one of these.
    time:time? occurrence_count:number? axis:Axis? version:text?
Occurrence A dated sighting; its environment is null where it is unspecified.
    id:event recorded_on:pitfall seen_at:time who outcome:Outcome *Environment message count:number
    note
    verifies:event? verdict:Verdict? verdict_because:text? verdict_fix:event?
Comment A comment.
    id:event at:time who text
Fix A fix, and what the evidence says of it.
    id:event at:time who axis:Axis from_version from_date affected_since last_affected
    platform:text? host:text? quote reference official:yes grace_days:number state:FixState
    evidence:event? evidence_at:time?
VendorReply What the vendor said at a link.
    id:event at:time who reference:event said_on author official:yes kind:VendorReplyKind
    version quote recorded_on:pitfall
Attachment A file that was attached; here says whether its bytes are on this machine.
    id:event at:time who label kind:AttachmentKind media size:number digest occurrence:event?
    note here:yes recorded_on:pitfall
Claim One of the values of a conflict.
    event:event at:time who value
Conflict A value that several people wrote at once; the first claim is shown.
    name field part about claims:[Claim]
Hits Occurrences recognised in the last day, 7 days and 30 days.
    day:number week:number month:number
ShownPitfall(WaitingPitfall) A pitfall with everything recorded on it; signature_hits is by id
    # of a signature.
    snoozed_until:Wake? duplicates:[pitfall] not_duplicates:[pitfall] reported_at:time
    reported_by changed_at:time occurrences:[Occurrence] workaround_verified_at:time?
    comments:[Comment] fixes:[Fix] vendor_replies:[VendorReply] attachments:[Attachment]
    conflicts:[Conflict] hits:Hits signature_hits:{Hits}
FoundPitfall(Pitfall) A pitfall that a log holds, and where.
    signature lines:number first_line:number file:text? matched_text
Reason In what two are alike.
    reason:SimilarityKind value
MatchedPitfall(Pitfall) A pitfall that a pasted text may be.
    by:signature|look-alike signature:text? first_line:number? matched_text:text? score:real?
    because:[Reason]
Span A part of a changed text.
    kind:SpanKind text
TriageDecision What was decided in triage.
    triage:Triage decline_reason:DeclineReason? duplicate_of:pitfall? snoozed_until:Wake?
Change One change in the history: what was before, and what is after.
    event:event pitfall:pitfall? at:time who category:HistoryCategory? what:event-kind field
    part about before after difference:[Span] reason undone:yes holds_more:yes
    decision:TriageDecision?
Note A note, a decision or a follow-up of a retro.
    id:event kind:NoteKind text owner due:day? done_on:day? pitfall:pitfall? at:time who
Document What every document holds.
    schema:one
Done(Document) What a verb did that changes no pitfall.
    verb
Changed(Done) What a verb changed on the board; with --dry-run, what it would change. actor and
    # step name the user action, null if nothing changed. entries are the ids of the entries
    # (occurrences, comments, fixes, …) that were added, changed or undone.
    @ share, resolve
    dry_run:yes actor:event? step:number? pitfalls:[pitfall] entries:[event] changes:[Change]
PitfallList(Document) Pitfalls, and how many there are; --count leaves out the list.
    @ list, export
    verb~ total:number pitfalls~:[Pitfall]
ExportedOccurrence(Occurrence) An occurrence with the pitfall that it counts for.
    pitfall:pitfall title
OccurrenceList(Document) Occurrences, and how many there are.
    @ export
    total:number occurrences:[ExportedOccurrence]
InboxList(Document) The inbox; --count leaves out the list.
    @ triage, triage list
    verb~ total:number pitfalls~:[WaitingPitfall]
Shown(Document) Pitfalls with everything recorded on them.
    @ show
    pitfalls:[ShownPitfall]
History(Document) Changes, the newest first.
    @ history
    changes:[Change]
DiffRow A pitfall that changed between two dates.
    id:pitfall title severity:Severity component status_before:Status? status:Status
    last_seen:time?
Diff(Document) What changed between two dates: a list for each kind of change that there is.
    @ diff
    since:time until:time new~:[DiffRow] status~:[DiffRow] regressed~:[DiffRow] quiet~:[DiffRow]
    gone~:[DiffRow]
View A query with a name.
    name query own:yes
ViewList(Document) The views.
    @ view, view list
    views:[View]
ViewChanged(Done) A view that was saved, renamed or removed; before is its former name.
    @ view save, view rename, view remove
    name query~ before~
VersionPair An app version and a base library that were seen together.
    host:text? client_version platform:text? base_library count:number first_seen:time
    last_seen:time doubt:Doubt?
VersionPairs(Document) Which base library each app version has.
    @ versions
    pairs:[VersionPair]
Matched(Document) What a log holds; logged are new occurrences, unread files that can't be read.
    @ match
    pitfalls:[FoundPitfall] logged:[event] unread:[text]
ReadValue A value that was read from a text, and where; null if an option gave it.
    value:any line:number? words:text?
Contradiction A field of which a text says several things.
    field values:[ReadValue]
Pasted(Document) What was read from a pasted text, and what was saved: entries has new
    # occurrences.
    @ paste
    read:{ReadValue} contradictions:[Contradiction] message reproduction note seen_at:time?
    urls:[text] left_out:[text] matches:[MatchedPitfall] logged~:pitfall? reported~:pitfall?
    entries~:[event]
BoardHit A line of the board that a signature matches.
    id:pitfall line
SignatureTest(Document) What a signature would match.
    @ signature test
    text form:SignatureForm verdict:fine|refused|too_general why:text? board:[BoardHit]
    everyday:[text] file:[text]?
Attachments(Document) The attachments of a pitfall.
    @ attachment list
    attachments:[Attachment]
Saved(Done) Files that were written.
    @ attachment save
    files~:[text]
Opened(Done) The attachment that was opened.
    @ attachment open
    attachment:event label
Conflicts(Document) The conflicts of a pitfall.
    @ resolve
    conflicts:[Conflict]
WatchedPost Something that a page says; news is false for stock answers and those of machines.
    key author official:yes news:yes at:time? text
ReplySuggestion A vendor reply that a page seems to hold; kind is null if the page is gone.
    pitfall:pitfall url kind:VendorReplyKind? why:[text] author official:yes said_on version quote
WatchedPage A page that pitfalls link, and what a look at it came to; null if it was not looked at.
    url pitfalls:[pitfall] outcome:WatchOutcome? why title looked_at:time? posts~:[WatchedPost]
Watched(Document) What became of linked pages. waiting counts those that are left for a later run.
    @ watch
    dry_run:yes pages:[WatchedPage] suggestions:[ReplySuggestion] waiting:number
BugReport(Done) A bug report as Markdown, and labels of what it lacks.
    @ bug-report
    pitfall:pitfall text missing:[text]
Retro(Document) The report of a period; now and before are the period and the one before it.
    @ retro
    period:{text} before:{text} told_until:time time_zone compared_days:{number}
    counts:{{number?}} occurrences:{number?} not_reproduced:{number?} waits:{{any}} shares:{{any}}
    workaround_ages:{any} most_frequent:[{any}] most_expensive:[{any}] regressions:[{any}]
    flow:[{any}]
    occurrences_over_time:[{any}] notes:[{any}] due:[{any}] timeline:[{any}]
FollowUps(Document) Follow-ups, the earliest due date first.
    @ retro follow-ups
    follow_ups:[Note]
Fault What went wrong, and what to do.
    message advice
MemberChanges What a person on a store changed, by kind.
    actor:event name unusual:yes hidden:number undone:number edited:number decided:number
    new:number occurrences:number comments:number
SyncProblem(Fault) What kept a sync from being done.
    kind
SyncNote(Fault) What a sync noticed.
    at:time
Sharing How a shared board stands.
    url layout joined_at:time tried_at:time? synced_at:time? sent:number received:number
    waiting:number waiting_attachments:number problem:SyncProblem? notes:[SyncNote]
    changes:[MemberChanges]
Share(Document) How the board is shared; null if it is not.
    @ share
    sharing:Sharing?
Synced(Document) What a sync did. conflicts are the pitfalls on which it brought one.
    @ share, sync
    sent:number received:number renamed:yes noticed:[Fault] changes:[MemberChanges]
    conflicts:[pitfall]
ToldChannel What a run did for a channel of a chat; texts are what a dry run would send.
    name outcome:ChannelOutcome messages:number changes:number problem:text? texts:[text]
Notified(Document) What was sent to the team's chats.
    @ notify
    verb~ dry_run:yes channels:[ToldChannel]
ListedChannel A channel; it is off while its address is refused.
    name kind:ChatKind on:[text] off:yes
Channels(Document) The channels of the team's chats.
    @ notify list
    channels:[ListedChannel]
ChannelTested(Done) A channel that took a test message.
    @ notify test
    name
Person A name that a store wrote under.
    name events:number first_at:time last_at:time
Store A store that wrote on the board.
    actor:event here:yes catalogue:yes problems:[text] ignored_since:time? people:[Person]
Members(Document) The stores that write on the board, with the people of each.
    @ members
    stores:[Store]
QuarantinedEvent An event that is kept and does not count.
    event:event reason:Quarantine actor:event name claims:time pitfall kind relayed_by:event?
QuarantineList(Document) Events that are kept and do not count.
    @ members quarantine
    events:[QuarantinedEvent]
StoreChanged(Document) How many events of a store count or no longer count.
    @ members accept, members ignore, members trust
    actor:event? events:number
Refusal A line that was not taken.
    line:number why
ImportedEvents(Document) What came of an import of events.
    @ import
    format:events| dry_run:yes added:number known:number refused:[Refusal]
Imported(Document) What came of an import of notes or of a list.
    @ import
    source day format:SourceFormat dry_run:yes new:number changed:number same:number
    pitfalls:[ImportedItem] sections:[{any}] left_out:[{any}] unused_columns:[text]
    refused:[Refusal]
ImportedItem An entry of a file as it becomes a pitfall.
    state:ImportState id:pitfall line:number title component kind:Kind severity:Severity
    status:Status solved fixed_in:{text}?
    environment:{text} *Plan workaround reproduction signatures:[text]
    refused_signatures:[{text}] links:[{text}] loose_links:[{text}] tags:[text]
Written(Done) A file that was written.
    @ retro, export
    file format
Made(Done) The board's file, and whether it is new.
    @ init
    file created:yes
BackedUp(Done) A copy that was written, or the board that was restored.
    @ backup
    file restored_from~ events~:number kept~:text?
Finding Something that is not as it should be; what differs, a rebuild puts right.
    severity:damage|differs|note message
Checked(Document) The state of a board.
    @ doctor
    sound:yes record_whole:yes events:number pitfalls:number occurrences:number time_zone
    findings:[Finding]
Recovered(Document) What a recovered board was made of, and what is missing.
    @ recover
    file sources:[{any}] gaps:[{any}] missing_attachments:number ignored:[event] was_whole:yes
    complete:yes
Path(Document) The board's file, and what chose it.
    @ path
    file chosen_by:ChosenBy board:text? place:text?
NamedBoard A board of the settings.
    name file exists:yes chosen:yes
Boards(Document) The boards of the settings.
    @ boards, boards list
    boards:[NamedBoard]
BoardNamed(Done) A name that was given to a board's file, or taken from it.
    @ boards add, boards remove
    name file changed~:yes
Setting A setting; set is false if it is at its default.
    name value:any set:yes
Settings(Document) The settings.
    @ config list
    file settings:[Setting]
SettingValue(Document) The value of a setting.
    @ config get
    name value:any
SettingChanged(Done) A setting that was changed.
    @ config set, config unset
    name before:any after:any file
SettingsEdited(Done) The file of settings, and whether it was changed.
    @ config edit
    file changed:yes
Described(Done) A JSON Schema.
    @ config schema, schema
    json_schema:{any}
TimeZone(Done) The board's time zone.
    @ config timezone
    time_zone
TimeZoneChanged(Changed) The board's time zone, and the change.
    @ config timezone
    time_zone
Script(Done) The completion script of a shell.
    @ completion
    shell script
Manual(Done) The manual page, in the language of man pages.
    @ man
    page
Help(Done) The help of a command.
    @ help
    command help
Candidate A pitfall that an ambiguous id may mean.
    id title
Error(Document) Why a call did not end with 0; written to stderr. code is stable, notes add to it.
    code message hint exit_code:number notes:[text] candidates~:[Candidate]
"""
