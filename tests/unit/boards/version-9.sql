-- A board that commit 925dbcbd wrote, as “sqlite3 FILE .dump” gives it.
PRAGMA application_id = 1349088354;
PRAGMA user_version = 9;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO _sqlite_migrations VALUES(1,'pitboard','baseline','2026-11-30 13:48:47.329201+00:00');
CREATE TABLE IF NOT EXISTS "store" (
   "actor" TEXT NOT NULL,
   "seen" INTEGER NOT NULL,
   "doubted_since" INTEGER,
   "machine" TEXT,
   "path" TEXT,
   "inode" INTEGER
);
INSERT INTO store VALUES('986b36e16a333176587c7af1a48a07a2',0,NULL,'deead96bebb8da62','/tmp/v9/board.db',2507366);
CREATE TABLE IF NOT EXISTS "generation" (
   "name" TEXT NOT NULL,
   "previous" TEXT NOT NULL
);
INSERT INTO generation VALUES('19bf2e4f8f336d95','38ff274d2e3a8654');
CREATE TABLE IF NOT EXISTS "catalogues" (
   "name" TEXT PRIMARY KEY,
   "edition" INTEGER,
   "actor" TEXT,
   "uuid" TEXT,
   "url" TEXT,
   "licence" TEXT,
   "pin" TEXT,
   "taken" TEXT,
   "taken_at" INTEGER
);
INSERT INTO catalogues VALUES('wecom',3,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE IF NOT EXISTS "events" (
   "n" INTEGER PRIMARY KEY,
   "id" TEXT NOT NULL,
   "actor" TEXT NOT NULL,
   "seq" INTEGER NOT NULL,
   "step" INTEGER NOT NULL,
   "hlc" INTEGER NOT NULL,
   "at" INTEGER NOT NULL,
   "who" TEXT NOT NULL,
   "pitfall" TEXT NOT NULL,
   "kind" TEXT NOT NULL,
   "line" TEXT NOT NULL,
   "arrived_at" INTEGER,
   "relayed_by" TEXT
);
INSERT INTO events VALUES(1,'fc9c7122e9e823c4705a46a0fe2c23d9','986b36e16a333176587c7af1a48a07a2',1,1,115605507932160000,1764000060000,'Ann','917b63bbdd87beeb','reported','{"actor":"986b36e16a333176587c7af1a48a07a2","at":1764000060000,"body":{"inbox":"new","title":"White picture"},"hlc":115605507932160000,"kind":"reported","pitfall":"917b63bbdd87beeb","prev":null,"seq":1,"step":1,"v":1,"who":"Ann"}',NULL,NULL);
INSERT INTO events VALUES(2,'5d5891d914388e6523d51f300346c235','986b36e16a333176587c7af1a48a07a2',2,1,115605507932160001,1764000060000,'Ann','917b63bbdd87beeb','signature_added','{"actor":"986b36e16a333176587c7af1a48a07a2","at":1764000060000,"body":{"text":"saveImage:fail"},"hlc":115605507932160001,"kind":"signature_added","pitfall":"917b63bbdd87beeb","prev":"fc9c7122e9e823c4705a46a0fe2c23d9","seq":2,"step":1,"v":1,"who":"Ann"}',NULL,NULL);
INSERT INTO events VALUES(3,'a39ab329cdf25caf81e4694554fc83d2','986b36e16a333176587c7af1a48a07a2',3,3,115605511864320000,1764000120000,'Ann','7a65e8bd2f924b64','reported','{"actor":"986b36e16a333176587c7af1a48a07a2","at":1764000120000,"body":{"inbox":"new","title":"Black picture"},"hlc":115605511864320000,"kind":"reported","pitfall":"7a65e8bd2f924b64","prev":"5d5891d914388e6523d51f300346c235","seq":3,"step":3,"v":1,"who":"Ann"}',NULL,NULL);
INSERT INTO events VALUES(4,'c272251b4c6ee1484f73a8dfbda17087','986b36e16a333176587c7af1a48a07a2',4,3,115605511864320001,1764000120000,'Ann','7a65e8bd2f924b64','reference_added','{"actor":"986b36e16a333176587c7af1a48a07a2","at":1764000120000,"body":{"source":"community","url":"https://developers.weixin.qq.com/community/develop/doc/1"},"hlc":115605511864320001,"kind":"reference_added","pitfall":"7a65e8bd2f924b64","prev":"a39ab329cdf25caf81e4694554fc83d2","seq":4,"step":3,"v":1,"who":"Ann"}',NULL,NULL);
INSERT INTO events VALUES(5,'f2f6a124fd4c02be0f7dbaf9c88e9a12','986b36e16a333176587c7af1a48a07a2',5,5,115605519728640000,1764000240000,'Ann','917b63bbdd87beeb','occurrence_logged','{"actor":"986b36e16a333176587c7af1a48a07a2","at":1764000240000,"body":{"message":"saveImage:fail","platform":"android"},"hlc":115605519728640000,"kind":"occurrence_logged","pitfall":"917b63bbdd87beeb","prev":"c272251b4c6ee1484f73a8dfbda17087","seq":5,"step":5,"v":1,"who":"Ann"}',NULL,NULL);
CREATE TABLE IF NOT EXISTS "quarantine" (
   "n" INTEGER PRIMARY KEY,
   "id" TEXT NOT NULL,
   "actor" TEXT NOT NULL,
   "seq" INTEGER NOT NULL,
   "step" INTEGER NOT NULL,
   "hlc" INTEGER NOT NULL,
   "at" INTEGER NOT NULL,
   "who" TEXT NOT NULL,
   "pitfall" TEXT NOT NULL,
   "kind" TEXT NOT NULL,
   "line" TEXT NOT NULL,
   "arrived_at" INTEGER,
   "relayed_by" TEXT,
   "reason" TEXT NOT NULL,
   "due" INTEGER
);
CREATE TABLE IF NOT EXISTS "accepted" (
   "event" TEXT PRIMARY KEY
);
CREATE TABLE IF NOT EXISTS "ignored" (
   "actor" TEXT PRIMARY KEY,
   "since" INTEGER NOT NULL,
   "first" INTEGER NOT NULL
);
CREATE TABLE contents (digest TEXT PRIMARY KEY, size INTEGER NOT NULL, journalled INTEGER NOT NULL DEFAULT 0, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS "sharing" (
   "url" TEXT NOT NULL,
   "layout" TEXT NOT NULL,
   "joined_at" INTEGER NOT NULL,
   "tried_at" INTEGER,
   "synced_at" INTEGER,
   "problem" TEXT NOT NULL,
   "details" TEXT NOT NULL,
   "sent" INTEGER NOT NULL,
   "received" INTEGER NOT NULL,
   "actor" TEXT,
   "changes" TEXT
);
CREATE TABLE journals (layout TEXT, actor TEXT, taken TEXT NOT NULL, PRIMARY KEY (layout, actor)) WITHOUT ROWID;
CREATE TABLE journalled (first INTEGER PRIMARY KEY, last INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS "sharing_notes" (
   "place" TEXT PRIMARY KEY,
   "at" INTEGER NOT NULL,
   "message" TEXT NOT NULL,
   "advice" TEXT NOT NULL,
   "told" TEXT NOT NULL
);
CREATE TABLE mentions (target TEXT, event TEXT, pitfall TEXT, PRIMARY KEY (target, event));
CREATE TABLE voided (event TEXT PRIMARY KEY, pitfall TEXT);
CREATE TABLE pitfalls (n INTEGER PRIMARY KEY, id TEXT NOT NULL, title TEXT NOT NULL, title_zh TEXT NOT NULL DEFAULT '', title_key TEXT NOT NULL DEFAULT '', title_key_zh TEXT NOT NULL DEFAULT '', kind TEXT NOT NULL, component TEXT NOT NULL DEFAULT '', component_zh TEXT NOT NULL DEFAULT '', severity TEXT NOT NULL, status TEXT NOT NULL, status_order INTEGER NOT NULL, reported_at INTEGER NOT NULL DEFAULT 0, reported_by TEXT NOT NULL DEFAULT '', changed_at INTEGER, occurrence_count INTEGER, not_reproduced_count INTEGER NOT NULL DEFAULT 0, first_seen INTEGER, last_seen INTEGER, seen_in INTEGER NOT NULL DEFAULT 0, client_min TEXT, client_max TEXT, library_min TEXT, library_max TEXT, judged INTEGER NOT NULL DEFAULT 0, holds INTEGER NOT NULL DEFAULT 0, triage TEXT NOT NULL DEFAULT 'settled', decided_at INTEGER NOT NULL DEFAULT 0, inbox_reason TEXT NOT NULL DEFAULT '', decline_reason TEXT NOT NULL DEFAULT '', duplicate_of TEXT NOT NULL DEFAULT '', original TEXT, wakes_on INTEGER, wakes_at_count INTEGER, wakes_axis TEXT NOT NULL DEFAULT '', wakes_version TEXT NOT NULL DEFAULT '', wakes_at_version TEXT, regressed_at INTEGER, regressed INTEGER NOT NULL DEFAULT 0, unclear_at INTEGER, upstream TEXT NOT NULL DEFAULT 'unreported', workaround_at INTEGER, fix_at INTEGER, assignee TEXT NOT NULL DEFAULT '', due TEXT NOT NULL DEFAULT '', ticket TEXT NOT NULL DEFAULT '', is_plain INTEGER NOT NULL DEFAULT 0, tags TEXT NOT NULL DEFAULT '', workaround TEXT, workaround_zh TEXT, reproduction TEXT, reproduction_zh TEXT, in_view INTEGER GENERATED ALWAYS AS (triage <> 'declined' AND original IS NULL) VIRTUAL, waiting_since INTEGER GENERATED ALWAYS AS (CASE triage WHEN 'settled' THEN max(decided_at, ifnull(regressed_at, 0), ifnull(unclear_at, 0)) ELSE ifnull(wakes_on, decided_at) END) VIRTUAL, is_due INTEGER GENERATED ALWAYS AS (CASE triage WHEN 'inbox' THEN 1 WHEN 'settled' THEN max(ifnull(regressed_at, 0), ifnull(unclear_at, 0)) > decided_at ELSE 0 END) VIRTUAL, title_order_zh TEXT GENERATED ALWAYS AS (CASE title_key_zh WHEN '' THEN title_key ELSE title_key_zh END) VIRTUAL);
INSERT INTO pitfalls VALUES(1,'917b63bbdd87beeb','White picture','','white picture','','bug','','','S3','open',0,1764000060000,'Ann',1764000060000,1,0,1764000240000,1764000240000,17,NULL,NULL,NULL,NULL,0,4,'inbox',1764000060000,'new','','',NULL,NULL,NULL,'','',NULL,NULL,0,NULL,'unreported',NULL,NULL,'','','',1,'','','','','');
INSERT INTO pitfalls VALUES(2,'7a65e8bd2f924b64','Black picture','','black picture','','bug','','','S3','open',0,1764000120000,'Ann',1764000120000,0,0,NULL,NULL,0,NULL,NULL,NULL,NULL,0,2,'inbox',1764000120000,'new','','',NULL,NULL,NULL,'','',NULL,NULL,0,NULL,'reported',NULL,NULL,'','','',1,'','','','','');
CREATE TABLE tags (pitfall TEXT, tag TEXT, n INTEGER, spelled TEXT NOT NULL DEFAULT '', PRIMARY KEY (tag COLLATE NOCASE, n, spelled)) WITHOUT ROWID;
CREATE TABLE comments (id TEXT PRIMARY KEY, pitfall TEXT, place INTEGER, at INTEGER, who TEXT, text TEXT, text_zh TEXT);
CREATE TABLE pitfall_references (id TEXT NOT NULL, pitfall TEXT NOT NULL, recorded_on TEXT NOT NULL, place INTEGER NOT NULL, at INTEGER, who TEXT, url TEXT, title TEXT, title_zh TEXT, source TEXT, quote TEXT, quote_zh TEXT, quoted_on TEXT, official INTEGER, PRIMARY KEY (recorded_on, place)) WITHOUT ROWID;
INSERT INTO pitfall_references VALUES('c272251b4c6ee1484f73a8dfbda17087','7a65e8bd2f924b64','7a65e8bd2f924b64',0,1764000120000,'Ann','https://developers.weixin.qq.com/community/develop/doc/1','','','community','','','',0);
CREATE TABLE signatures (id TEXT NOT NULL, pitfall TEXT NOT NULL, recorded_on TEXT NOT NULL, place INTEGER NOT NULL, text TEXT, form TEXT, platform TEXT, channel TEXT, PRIMARY KEY (recorded_on, place));
INSERT INTO signatures VALUES('5d5891d914388e6523d51f300346c235','917b63bbdd87beeb','917b63bbdd87beeb',0,'saveImage:fail','literal',NULL,NULL);
CREATE TABLE vendor_replies (id TEXT PRIMARY KEY, pitfall TEXT NOT NULL, recorded_on TEXT NOT NULL, at INTEGER, who TEXT, reference TEXT NOT NULL, said_on TEXT, author TEXT, official INTEGER, sort TEXT NOT NULL, version TEXT, quote TEXT, quote_zh TEXT);
CREATE TABLE attachments (id TEXT PRIMARY KEY, pitfall TEXT NOT NULL, recorded_on TEXT NOT NULL, at INTEGER, who TEXT, digest TEXT NOT NULL, size INTEGER NOT NULL, label TEXT NOT NULL, media TEXT NOT NULL, occurrence TEXT NOT NULL, note TEXT, note_zh TEXT);
CREATE TABLE not_duplicates (pitfall TEXT, other TEXT, recorded_on TEXT, PRIMARY KEY (pitfall, other, recorded_on)) WITHOUT ROWID;
CREATE TABLE fixes (id TEXT PRIMARY KEY, pitfall TEXT, place INTEGER, at INTEGER, who TEXT, axis TEXT, from_version TEXT, from_date TEXT, quote TEXT, quote_zh TEXT, reference TEXT, official INTEGER NOT NULL DEFAULT 0, platform TEXT, host TEXT, affected_since TEXT NOT NULL DEFAULT '', last_affected TEXT NOT NULL DEFAULT '', grace_days INTEGER NOT NULL DEFAULT 30, state TEXT NOT NULL DEFAULT 'claimed', evidence TEXT NOT NULL DEFAULT '', evidence_at INTEGER);
CREATE TABLE occurrences (n INTEGER PRIMARY KEY, id TEXT NOT NULL, pitfall TEXT NOT NULL, seen_at INTEGER NOT NULL, who TEXT, outcome TEXT NOT NULL, host TEXT, client_version TEXT, base_library TEXT, platform TEXT, os_version TEXT, device TEXT, channel TEXT, network_type TEXT, permission TEXT, devtools_version TEXT, company TEXT, message TEXT, count INTEGER NOT NULL, note TEXT, note_zh TEXT, recorded_on TEXT NOT NULL DEFAULT '', logged_at INTEGER NOT NULL DEFAULT 0, fix TEXT NOT NULL DEFAULT '', hlc INTEGER NOT NULL DEFAULT 0, verdict TEXT NOT NULL DEFAULT '');
INSERT INTO occurrences VALUES(1,'f2f6a124fd4c02be0f7dbaf9c88e9a12','917b63bbdd87beeb',1764000240000,'Ann','reproduced',NULL,NULL,NULL,'android',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'saveImage:fail',1,'','','917b63bbdd87beeb',1764000240000,'',115605519728640000,'');
CREATE TABLE weekly_occurrences (pitfall TEXT, week INTEGER, count INTEGER NOT NULL, PRIMARY KEY (pitfall, week)) WITHOUT ROWID;
INSERT INTO weekly_occurrences VALUES('917b63bbdd87beeb',2917,1);
CREATE TABLE seen_versions (pitfall TEXT, axis TEXT, version TEXT, key TEXT, PRIMARY KEY (pitfall, axis, version)) WITHOUT ROWID;
CREATE TABLE messages (n INTEGER PRIMARY KEY, pitfall TEXT, digest TEXT NOT NULL, message TEXT);
INSERT INTO messages VALUES(1,'917b63bbdd87beeb','1baa2a9514c02378','saveImage:fail');
CREATE TABLE states (pitfall TEXT, clock TEXT, since INTEGER, until INTEGER NOT NULL, title TEXT NOT NULL, title_zh TEXT NOT NULL DEFAULT '', title_key TEXT NOT NULL DEFAULT '', title_key_zh TEXT NOT NULL DEFAULT '', kind TEXT NOT NULL, component TEXT NOT NULL DEFAULT '', component_zh TEXT NOT NULL DEFAULT '', severity TEXT NOT NULL, status TEXT NOT NULL, status_order INTEGER NOT NULL, reported_at INTEGER NOT NULL DEFAULT 0, reported_by TEXT NOT NULL DEFAULT '', triage TEXT NOT NULL DEFAULT 'settled', decided_at INTEGER NOT NULL DEFAULT 0, inbox_reason TEXT NOT NULL DEFAULT '', decline_reason TEXT NOT NULL DEFAULT '', duplicate_of TEXT NOT NULL DEFAULT '', wakes_on INTEGER, wakes_at_count INTEGER, wakes_axis TEXT NOT NULL DEFAULT '', wakes_version TEXT NOT NULL DEFAULT '', wakes_at_version TEXT, upstream TEXT NOT NULL DEFAULT 'unreported', workaround_at INTEGER, assignee TEXT NOT NULL DEFAULT '', due TEXT NOT NULL DEFAULT '', ticket TEXT NOT NULL DEFAULT '', fixes TEXT NOT NULL, PRIMARY KEY (pitfall, clock, since)) WITHOUT ROWID;
CREATE TABLE changes (pitfall TEXT, place INTEGER, field TEXT NOT NULL, at INTEGER NOT NULL, until INTEGER NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL, PRIMARY KEY (pitfall, place)) WITHOUT ROWID;
CREATE TABLE declined_suggestions (pitfall TEXT, post TEXT, digest TEXT, PRIMARY KEY (pitfall, post, digest)) WITHOUT ROWID;
CREATE TABLE retro_notes (id TEXT PRIMARY KEY, pitfall TEXT NOT NULL, at INTEGER NOT NULL, who TEXT, sort TEXT NOT NULL, text TEXT NOT NULL, text_zh TEXT, owner TEXT, due TEXT, done_on TEXT);
CREATE TABLE board_values (name TEXT PRIMARY KEY, recorded_on TEXT NOT NULL, value TEXT NOT NULL);
CREATE TABLE conflicts (pitfall TEXT, name TEXT, place INTEGER, field TEXT NOT NULL, part TEXT NOT NULL, about TEXT NOT NULL, about_zh TEXT NOT NULL, event TEXT NOT NULL, at INTEGER NOT NULL, who TEXT NOT NULL, value TEXT NOT NULL, value_zh TEXT NOT NULL, decision TEXT NOT NULL, PRIMARY KEY (pitfall, name, place)) WITHOUT ROWID;
CREATE TABLE watched (url TEXT PRIMARY KEY, final TEXT NOT NULL, etag TEXT NOT NULL, last_modified TEXT NOT NULL, outcome TEXT NOT NULL, why TEXT NOT NULL, page TEXT NOT NULL, looked_at INTEGER NOT NULL, due_at INTEGER NOT NULL, failures INTEGER NOT NULL, gone_at INTEGER) WITHOUT ROWID;
CREATE TABLE watched_hosts (host TEXT PRIMARY KEY, asked_at INTEGER NOT NULL, closed_until INTEGER NOT NULL, robots TEXT, robots_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE suggestions (pitfall TEXT, url TEXT, post TEXT NOT NULL, digest TEXT NOT NULL, kind TEXT NOT NULL, why TEXT NOT NULL, quote TEXT NOT NULL, author TEXT NOT NULL, official INTEGER NOT NULL, said_on TEXT NOT NULL, version TEXT NOT NULL, found_at INTEGER NOT NULL, PRIMARY KEY (pitfall, url)) WITHOUT ROWID;
PRAGMA writable_schema=ON;
INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table','search','search',0,'CREATE VIRTUAL TABLE search USING fts5 (title, names, body, syllables, initials, prefix=''1 2 3'', columnsize=0)');
CREATE TABLE IF NOT EXISTS 'search_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO search_data VALUES(1,X'020404000000');
INSERT INTO search_data VALUES(10,X'000000020102000002010101020101');
INSERT INTO search_data VALUES(137438953473,X'000000c905306661696c01060101030105696d616765010601010501077069637475726501020301047361766501060101040505696d6167650106010102010577686974650102020002316601060101030101690106010105010170010203010173010801010204010177010202000332666101060101030102696d010601010501027069010203010273610108010102040102776801020200043366616901060101030103696d610106010105010370696301020301037361760108010102040103776869010202040b0c0c0b0c0a09080609060a09070a070b0a080b');
INSERT INTO search_data VALUES(274877906945,X'000000470630626c61636b02020201077069637475726502020300023162020202010170020203000332626c02020201027069020203000433626c610202020103706963020203040a0c0706080709');
CREATE TABLE IF NOT EXISTS 'search_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
INSERT INTO search_idx VALUES(1,X'',2);
INSERT INTO search_idx VALUES(2,X'',2);
CREATE TABLE IF NOT EXISTS 'search_content'(id INTEGER PRIMARY KEY, c0, c1, c2, c3, c4);
INSERT INTO search_content VALUES(1,replace('white picture\n','\n',char(10)),replace('\n\nsaveimage:fail save image','\n',char(10)),replace('\n\n\n','\n',char(10)),'','');
INSERT INTO search_content VALUES(2,replace('black picture\n','\n',char(10)),replace('\n ','\n',char(10)),replace('\n\n\n\n\n\n\n','\n',char(10)),'','');
CREATE TABLE IF NOT EXISTS 'search_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO search_config VALUES('automerge',0);
INSERT INTO search_config VALUES('crisismerge',64);
INSERT INTO search_config VALUES('version',4);
INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table','message_search','message_search',0,'CREATE VIRTUAL TABLE message_search USING fts5 (message, prefix=''1 2 3'', columnsize=0)');
CREATE TABLE IF NOT EXISTS 'message_search_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO message_search_data VALUES(1,X'0104');
INSERT INTO message_search_data VALUES(10,X'000000020101000001010101');
INSERT INTO message_search_data VALUES(137438953473,X'0000006f05306661696c0102030105696d6167650102050104736176650102040505696d616765010202000231660102030101690102050101730104020400033266610102030102696d01020501027361010402040004336661690102030103696d6101020501037361760104020404090a090a0706070807080908');
CREATE TABLE IF NOT EXISTS 'message_search_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
INSERT INTO message_search_idx VALUES(1,X'',2);
CREATE TABLE IF NOT EXISTS 'message_search_content'(id INTEGER PRIMARY KEY, c0);
INSERT INTO message_search_content VALUES(1,'saveimage:fail save image');
CREATE TABLE IF NOT EXISTS 'message_search_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO message_search_config VALUES('automerge',0);
INSERT INTO message_search_config VALUES('crisismerge',64);
INSERT INTO message_search_config VALUES('version',4);
CREATE TABLE projection (version TEXT NOT NULL);
INSERT INTO projection VALUES('3-dd3c8d68');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE UNIQUE INDEX "idx_events_id"
    ON "events" ("id");
CREATE INDEX "idx_events_actor_seq"
    ON "events" ("actor", "seq");
CREATE UNIQUE INDEX "idx_quarantine_id"
    ON "quarantine" ("id");
CREATE INDEX "idx_quarantine_actor_seq"
    ON "quarantine" ("actor", "seq");
CREATE INDEX idx_quarantine_due ON quarantine (due) WHERE due NOT NULL;
CREATE INDEX idx_events_relayed ON events (actor, seq) WHERE relayed_by NOT NULL;
CREATE INDEX idx_events_of_pitfall ON events (pitfall) WHERE kind <> 'occurrence_logged';
CREATE INDEX idx_events_done ON events (at) WHERE kind <> 'occurrence_logged';
CREATE INDEX idx_events_imported ON events (pitfall) WHERE kind = 'imported';
CREATE INDEX idx_events_arrived ON events (arrived_at) WHERE arrived_at NOT NULL;
CREATE INDEX idx_events_of_catalogue ON events (actor) WHERE kind = 'reported' AND hlc < 4294967296;
CREATE INDEX idx_contents_waiting ON contents (size) WHERE NOT journalled;
CREATE UNIQUE INDEX idx_pitfalls_id ON pitfalls (id);
CREATE UNIQUE INDEX idx_occurrences_id ON occurrences (id);
CREATE UNIQUE INDEX idx_messages_pitfall_digest ON messages (pitfall, digest);
CREATE INDEX idx_mentions_pitfall ON mentions (pitfall);
CREATE INDEX idx_voided_pitfall ON voided (pitfall);
CREATE INDEX idx_pitfalls_by_seen ON pitfalls (last_seen, n, in_view, status, kind, severity, status_order, component, component_zh, occurrence_count, id, workaround_at, seen_in, holds, first_seen, changed_at, reported_at, waiting_since, is_due, is_plain, fix_at, regressed_at, regressed, upstream, triage, reported_by, assignee, due, judged, client_min, client_max, library_min, library_max);
CREATE INDEX idx_pitfalls_by_title ON pitfalls (title_key, n DESC, title_key_zh, in_view, status, kind, severity);
CREATE INDEX idx_pitfalls_by_title_zh ON pitfalls (title_key_zh, n DESC, in_view, status, kind, severity) WHERE title_key_zh <> '';
CREATE INDEX idx_pitfalls_waiting ON pitfalls (triage, decided_at) WHERE triage IN ('inbox', 'snoozed');
CREATE INDEX idx_pitfalls_out_of_view ON pitfalls (in_view, id) WHERE in_view = 0;
CREATE INDEX idx_pitfalls_duplicates ON pitfalls (duplicate_of) WHERE duplicate_of <> '';
CREATE INDEX idx_pitfalls_originals ON pitfalls (original) WHERE original IS NOT NULL;
CREATE INDEX idx_pitfalls_regressed_at ON pitfalls (regressed_at, decided_at, triage, in_view, regressed) WHERE regressed_at IS NOT NULL;
CREATE INDEX idx_pitfalls_unclear_at ON pitfalls (unclear_at, decided_at, triage, regressed_at) WHERE unclear_at IS NOT NULL;
CREATE INDEX idx_pitfalls_due ON pitfalls (due, status, triage, decided_at, n) WHERE due <> '';
CREATE INDEX idx_pitfalls_ticket ON pitfalls (ticket, n) WHERE ticket <> '';
CREATE INDEX idx_comments_pitfall_place ON comments (pitfall, place);
CREATE INDEX idx_fixes_pitfall_place ON fixes (pitfall, place);
CREATE INDEX idx_vendor_replies_pitfall ON vendor_replies (pitfall);
CREATE INDEX idx_attachments_pitfall ON attachments (pitfall);
CREATE INDEX idx_retro_notes_pitfall ON retro_notes (pitfall);
CREATE INDEX idx_vendor_replies_recorded_on ON vendor_replies (recorded_on);
CREATE INDEX idx_attachments_recorded_on ON attachments (recorded_on);
CREATE INDEX idx_not_duplicates_recorded_on ON not_duplicates (recorded_on);
CREATE INDEX idx_pitfall_references_shared ON pitfall_references (pitfall) WHERE pitfall <> recorded_on;
CREATE INDEX idx_signatures_shared ON signatures (pitfall) WHERE pitfall <> recorded_on;
CREATE INDEX idx_attachments_digest ON attachments (digest);
CREATE INDEX idx_signatures_text ON signatures (text, form);
CREATE INDEX idx_occurrences_of_pitfall ON occurrences (pitfall, seen_at DESC, hlc DESC, outcome, count, host, platform, channel, network_type, logged_at);
CREATE INDEX idx_occurrences_judged ON occurrences (pitfall, verdict, logged_at) WHERE verdict <> '';
CREATE INDEX idx_occurrences_runs ON occurrences (host, platform, client_version, base_library, count, seen_at) WHERE client_version <> '' AND base_library <> '';
CREATE INDEX idx_occurrences_when ON occurrences (seen_at, outcome, pitfall, count, platform, channel, client_version, base_library, host);
CREATE INDEX idx_occurrences_by_verdict ON occurrences (verdict, seen_at, pitfall, count) WHERE verdict <> '';
CREATE INDEX idx_changes_when ON changes (at, field, until, after, before, pitfall);
CREATE INDEX idx_seen_versions_axis_key_pitfall ON seen_versions (axis, key, pitfall);
CREATE INDEX idx_retro_notes_at ON retro_notes (at);
CREATE INDEX idx_retro_notes_due ON retro_notes (due) WHERE sort = 'follow-up';
CREATE VIEW pitfalls_view AS SELECT t.id AS id, nullif(t.title, '') AS title, coalesce(nullif(t.title_zh, ''), nullif(t.title, '')) AS title_zh, t.status AS status, t.upstream AS upstream, t.kind AS kind, t.severity AS severity, nullif(t.component, '') AS component, coalesce(nullif(t.component_zh, ''), nullif(t.component, '')) AS component_zh, nullif(t.assignee, '') AS assignee, nullif(t.due, '') AS due, nullif(t.ticket, '') AS ticket, replace(nullif(t.tags, ''), ' ', ', ') AS tags, CASE WHEN t.in_view THEN 'yes' ELSE 'no' END AS on_board, t.triage AS triage, nullif(t.inbox_reason, '') AS inbox_reason, nullif(t.decline_reason, '') AS decline_reason, nullif(t.duplicate_of, '') AS duplicate_of_id, ifnull(t.occurrence_count, 0) AS occurrence_count, t.not_reproduced_count AS not_reproduced_count, strftime('%Y-%m-%dT%H:%M:%SZ', t.first_seen / 1000, 'unixepoch') AS first_seen, strftime('%Y-%m-%dT%H:%M:%SZ', t.last_seen / 1000, 'unixepoch') AS last_seen, strftime('%Y-%m-%dT%H:%M:%SZ', t.reported_at / 1000, 'unixepoch') AS reported_at, t.reported_by AS reported_by, strftime('%Y-%m-%dT%H:%M:%SZ', t.changed_at / 1000, 'unixepoch') AS changed_at, CASE WHEN t.regressed THEN 'yes' ELSE 'no' END AS regressed, strftime('%Y-%m-%dT%H:%M:%SZ', t.regressed_at / 1000, 'unixepoch') AS regressed_at, nullif(t.workaround, '') AS workaround, coalesce(nullif(t.workaround_zh, ''), nullif(t.workaround, '')) AS workaround_zh, nullif(t.reproduction, '') AS reproduction, coalesce(nullif(t.reproduction_zh, ''), nullif(t.reproduction, '')) AS reproduction_zh, strftime('%Y-%m-%dT%H:%M:%SZ', t.workaround_at / 1000, 'unixepoch') AS workaround_verified_at FROM pitfalls AS t;
CREATE VIEW occurrences_view AS SELECT t.id AS id, t.pitfall AS pitfall_id, p.title AS pitfall_title, t.recorded_on AS recorded_on_id, strftime('%Y-%m-%dT%H:%M:%SZ', t.seen_at / 1000, 'unixepoch') AS seen_at, strftime('%Y-%m-%dT%H:%M:%SZ', t.logged_at / 1000, 'unixepoch') AS logged_at, t.who AS who, t.outcome AS outcome, t.count AS count, nullif(t.host, '') AS host, nullif(t.client_version, '') AS client_version, nullif(t.base_library, '') AS base_library, nullif(t.platform, '') AS platform, nullif(t.os_version, '') AS os_version, nullif(t.device, '') AS device, nullif(t.channel, '') AS channel, nullif(t.network_type, '') AS network_type, nullif(t.permission, '') AS permission, nullif(t.devtools_version, '') AS devtools_version, nullif(t.company, '') AS company, nullif(t.message, '') AS message, nullif(t.note, '') AS note, coalesce(nullif(t.note_zh, ''), nullif(t.note, '')) AS note_zh, nullif(t.fix, '') AS verifies_fix_id, nullif(t.verdict, '') AS verdict FROM occurrences AS t LEFT JOIN pitfalls AS p ON p.id = t.pitfall;
CREATE VIEW fixes_view AS SELECT t.id AS id, t.pitfall AS pitfall_id, p.title AS pitfall_title, strftime('%Y-%m-%dT%H:%M:%SZ', t.at / 1000, 'unixepoch') AS recorded_at, t.who AS who, t.axis AS axis, nullif(t.from_version, '') AS from_version, nullif(t.from_date, '') AS from_date, nullif(t.affected_since, '') AS affected_since, nullif(t.last_affected, '') AS last_affected, nullif(t.platform, '') AS platform, nullif(t.host, '') AS host, nullif(t.reference, '') AS reference, nullif(t.quote, '') AS quote, coalesce(nullif(t.quote_zh, ''), nullif(t.quote, '')) AS quote_zh, CASE WHEN t.official THEN 'yes' ELSE 'no' END AS official, t.grace_days AS grace_days, t.state AS state, nullif(t.evidence, '') AS evidence_occurrence_id, strftime('%Y-%m-%dT%H:%M:%SZ', t.evidence_at / 1000, 'unixepoch') AS evidence_at FROM fixes AS t LEFT JOIN pitfalls AS p ON p.id = t.pitfall;
CREATE VIEW links_view AS SELECT t.id AS id, t.pitfall AS pitfall_id, p.title AS pitfall_title, t.recorded_on AS recorded_on_id, strftime('%Y-%m-%dT%H:%M:%SZ', t.at / 1000, 'unixepoch') AS added_at, t.who AS who, t.url AS url, nullif(t.title, '') AS title, coalesce(nullif(t.title_zh, ''), nullif(t.title, '')) AS title_zh, t.source AS source, nullif(t.quote, '') AS quote, coalesce(nullif(t.quote_zh, ''), nullif(t.quote, '')) AS quote_zh, nullif(t.quoted_on, '') AS quoted_on, CASE WHEN t.official THEN 'yes' ELSE 'no' END AS official, (SELECT sort FROM vendor_replies AS r WHERE r.reference = t.id ORDER BY said_on DESC, at DESC LIMIT 1) AS vendor_reply FROM pitfall_references AS t LEFT JOIN pitfalls AS p ON p.id = t.pitfall;
CREATE VIEW history_view AS SELECT t.id AS event_id, t.pitfall AS pitfall_id, p.title AS pitfall_title, strftime('%Y-%m-%dT%H:%M:%SZ', t.at / 1000, 'unixepoch') AS at, t.who AS who, replace(t.kind, '_', ' ') AS what, t.actor AS store_id, t.step AS step, CASE WHEN EXISTS (SELECT 1 FROM voided WHERE voided.event = t.id) THEN 'yes' ELSE 'no' END AS undone, t.line AS event FROM events AS t LEFT JOIN pitfalls AS p ON p.id = t.pitfall;
CREATE VIEW weekly_view AS SELECT t.pitfall AS pitfall_id, p.title AS pitfall_title, date(t.week * 604800 - 259200, 'unixepoch') AS week_begins, t.count AS occurrence_count FROM weekly_occurrences AS t LEFT JOIN pitfalls AS p ON p.id = t.pitfall;
PRAGMA writable_schema=OFF;
COMMIT;
