-- A board that commit ddfe22a wrote, as “sqlite3 FILE .dump” gives it.
PRAGMA application_id = 1349088354;
PRAGMA user_version = 7;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO _sqlite_migrations VALUES(1,'pitboard','baseline','2026-11-29 20:36:30.901497+00:00');
CREATE TABLE IF NOT EXISTS "store" (
   "actor" TEXT NOT NULL,
   "seen" INTEGER NOT NULL,
   "doubted_since" INTEGER
);
INSERT INTO store VALUES('a2d7c8e0122c1759730b82028f698392',114610824806400002,NULL);
CREATE TABLE IF NOT EXISTS "generation" (
   "name" TEXT NOT NULL,
   "previous" TEXT NOT NULL
);
INSERT INTO generation VALUES('c68515a3c0da6bc0','ad08198baa6acb9c');
CREATE TABLE IF NOT EXISTS "catalogues" (
   "name" TEXT PRIMARY KEY,
   "edition" INTEGER
);
INSERT INTO catalogues VALUES('wecom',3);
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
   "arrived_at" INTEGER
);
INSERT INTO events VALUES(1,'b8b39b464f9cdc3c9de8911102aa83d6','a2d7c8e0122c1759730b82028f698392',1,1,114610824806400000,1748822400000,'Ann','af92214a82a07076','reported','{"actor":"a2d7c8e0122c1759730b82028f698392","at":1748822400000,"body":{"inbox":"new","title":"White picture"},"hlc":114610824806400000,"kind":"reported","pitfall":"af92214a82a07076","prev":null,"seq":1,"step":1,"v":1,"who":"Ann"}',NULL);
INSERT INTO events VALUES(2,'b645d05f0d3d0e3c06354ab9764f27da','a2d7c8e0122c1759730b82028f698392',2,2,114610824806400001,1748822400000,'Ann','c64a7eedb081cf18','reported','{"actor":"a2d7c8e0122c1759730b82028f698392","at":1748822400000,"body":{"inbox":"new","title":"Black picture"},"hlc":114610824806400001,"kind":"reported","pitfall":"c64a7eedb081cf18","prev":"b8b39b464f9cdc3c9de8911102aa83d6","seq":2,"step":2,"v":1,"who":"Ann"}',NULL);
INSERT INTO events VALUES(3,'ed638c1e88dd5681223cc4e3b85a2ef5','a2d7c8e0122c1759730b82028f698392',3,3,114610824806400002,1748822400000,'Ann','af92214a82a07076','occurrence_logged','{"actor":"a2d7c8e0122c1759730b82028f698392","at":1748822400000,"body":{"message":"saveImage:fail","platform":"ios"},"hlc":114610824806400002,"kind":"occurrence_logged","pitfall":"af92214a82a07076","prev":"b645d05f0d3d0e3c06354ab9764f27da","seq":3,"step":3,"v":1,"who":"Ann"}',NULL);
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
   "received" INTEGER NOT NULL
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
CREATE TABLE pitfalls (n INTEGER PRIMARY KEY, id TEXT NOT NULL, title TEXT NOT NULL, title_zh TEXT NOT NULL DEFAULT '', kind TEXT NOT NULL, component TEXT NOT NULL DEFAULT '', component_zh TEXT NOT NULL DEFAULT '', severity TEXT NOT NULL, status TEXT NOT NULL, status_order INTEGER NOT NULL, workaround TEXT, workaround_zh TEXT, reproduction TEXT, reproduction_zh TEXT, reported_at INTEGER NOT NULL DEFAULT 0, reported_by TEXT NOT NULL DEFAULT '', changed_at INTEGER, occurrence_count INTEGER, first_seen INTEGER, last_seen INTEGER, triage TEXT NOT NULL DEFAULT 'settled', decided_at INTEGER NOT NULL DEFAULT 0, inbox_reason TEXT NOT NULL DEFAULT '', decline_reason TEXT NOT NULL DEFAULT '', duplicate_of TEXT NOT NULL DEFAULT '', original TEXT, wakes_on INTEGER, wakes_at_count INTEGER, wakes_axis TEXT NOT NULL DEFAULT '', wakes_version TEXT NOT NULL DEFAULT '', wakes_at_version TEXT, regressed_at INTEGER, unclear_at INTEGER, upstream TEXT NOT NULL DEFAULT 'unreported', workaround_at INTEGER, fix_at INTEGER, in_view INTEGER GENERATED ALWAYS AS (triage <> 'declined' AND original IS NULL) VIRTUAL, waiting_since INTEGER GENERATED ALWAYS AS (CASE triage WHEN 'settled' THEN max(decided_at, ifnull(regressed_at, 0), ifnull(unclear_at, 0)) ELSE ifnull(wakes_on, decided_at) END) VIRTUAL);
INSERT INTO pitfalls VALUES(1,'af92214a82a07076','White picture','White picture','bug','','','S3','open',0,'','','','',1748822400000,'Ann',1748822400000,1,1748822400000,1748822400000,'inbox',1748822400000,'new','','',NULL,NULL,NULL,'','',NULL,NULL,NULL,'unreported',NULL,NULL);
INSERT INTO pitfalls VALUES(2,'c64a7eedb081cf18','Black picture','Black picture','bug','','','S3','open',0,'','','','',1748822400000,'Ann',1748822400000,0,NULL,NULL,'inbox',1748822400000,'new','','',NULL,NULL,NULL,'','',NULL,NULL,NULL,'unreported',NULL,NULL);
CREATE TABLE tags (pitfall TEXT, tag TEXT, PRIMARY KEY (pitfall, tag));
CREATE TABLE comments (id TEXT PRIMARY KEY, pitfall TEXT, place INTEGER, at INTEGER, who TEXT, text TEXT, text_zh TEXT);
CREATE TABLE pitfall_references (id TEXT PRIMARY KEY, pitfall TEXT, place INTEGER, at INTEGER, who TEXT, url TEXT, title TEXT, title_zh TEXT, source TEXT, quote TEXT, quote_zh TEXT, quoted_on TEXT, official INTEGER, recorded_on TEXT NOT NULL DEFAULT '');
CREATE TABLE signatures (id TEXT PRIMARY KEY, pitfall TEXT, place INTEGER, text TEXT, form TEXT, platform TEXT, channel TEXT, recorded_on TEXT NOT NULL DEFAULT '');
CREATE TABLE vendor_replies (id TEXT PRIMARY KEY, pitfall TEXT NOT NULL, recorded_on TEXT NOT NULL, at INTEGER, who TEXT, reference TEXT NOT NULL, said_on TEXT, author TEXT, official INTEGER, sort TEXT NOT NULL, version TEXT, quote TEXT, quote_zh TEXT);
CREATE TABLE attachments (id TEXT PRIMARY KEY, pitfall TEXT NOT NULL, recorded_on TEXT NOT NULL, at INTEGER, who TEXT, digest TEXT NOT NULL, size INTEGER NOT NULL, label TEXT NOT NULL, media TEXT NOT NULL, occurrence TEXT NOT NULL, note TEXT, note_zh TEXT);
CREATE TABLE not_duplicates (pitfall TEXT, other TEXT, recorded_on TEXT, PRIMARY KEY (pitfall, other, recorded_on)) WITHOUT ROWID;
CREATE TABLE fixes (id TEXT PRIMARY KEY, pitfall TEXT, place INTEGER, at INTEGER, who TEXT, axis TEXT, from_version TEXT, from_date TEXT, quote TEXT, quote_zh TEXT, reference TEXT, official INTEGER NOT NULL DEFAULT 0, platform TEXT, host TEXT, affected_since TEXT NOT NULL DEFAULT '', last_affected TEXT NOT NULL DEFAULT '', grace_days INTEGER NOT NULL DEFAULT 30, state TEXT NOT NULL DEFAULT 'claimed', evidence TEXT NOT NULL DEFAULT '', evidence_at INTEGER);
CREATE TABLE occurrences (n INTEGER PRIMARY KEY, id TEXT NOT NULL, pitfall TEXT NOT NULL, seen_at INTEGER NOT NULL, who TEXT, outcome TEXT NOT NULL, host TEXT, client_version TEXT, base_library TEXT, platform TEXT, os_version TEXT, device TEXT, channel TEXT, network_type TEXT, permission TEXT, devtools_version TEXT, company TEXT, message TEXT, count INTEGER NOT NULL, note TEXT, note_zh TEXT, recorded_on TEXT NOT NULL DEFAULT '', logged_at INTEGER NOT NULL DEFAULT 0, fix TEXT NOT NULL DEFAULT '', verdict TEXT NOT NULL DEFAULT '');
INSERT INTO occurrences VALUES(1,'ed638c1e88dd5681223cc4e3b85a2ef5','af92214a82a07076',1748822400000,'Ann','reproduced',NULL,NULL,NULL,'ios',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'saveImage:fail',1,'','','af92214a82a07076',1748822400000,'','');
CREATE TABLE weekly_occurrences (pitfall TEXT, week INTEGER, count INTEGER NOT NULL, PRIMARY KEY (pitfall, week)) WITHOUT ROWID;
INSERT INTO weekly_occurrences VALUES('af92214a82a07076',2892,1);
CREATE TABLE seen_versions (pitfall TEXT, axis TEXT, version TEXT, key TEXT, PRIMARY KEY (pitfall, axis, version)) WITHOUT ROWID;
CREATE TABLE messages (n INTEGER PRIMARY KEY, pitfall TEXT, digest TEXT NOT NULL, message TEXT);
INSERT INTO messages VALUES(1,'af92214a82a07076','1baa2a9514c02378','saveImage:fail');
CREATE TABLE states (n INTEGER PRIMARY KEY, pitfall TEXT NOT NULL, clock TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, title TEXT NOT NULL, title_zh TEXT NOT NULL DEFAULT '', kind TEXT NOT NULL, component TEXT NOT NULL DEFAULT '', component_zh TEXT NOT NULL DEFAULT '', severity TEXT NOT NULL, status TEXT NOT NULL, status_order INTEGER NOT NULL, reported_at INTEGER NOT NULL DEFAULT 0, reported_by TEXT NOT NULL DEFAULT '', triage TEXT NOT NULL DEFAULT 'settled', decided_at INTEGER NOT NULL DEFAULT 0, inbox_reason TEXT NOT NULL DEFAULT '', decline_reason TEXT NOT NULL DEFAULT '', duplicate_of TEXT NOT NULL DEFAULT '', wakes_on INTEGER, wakes_at_count INTEGER, wakes_axis TEXT NOT NULL DEFAULT '', wakes_version TEXT NOT NULL DEFAULT '', wakes_at_version TEXT, upstream TEXT NOT NULL DEFAULT 'unreported', workaround_at INTEGER, fixes TEXT NOT NULL);
INSERT INTO states VALUES(1,'af92214a82a07076','both',1748822400000,4611686018427387904,'White picture','White picture','bug','','','S3','open',0,1748822400000,'Ann','inbox',1748822400000,'new','','',NULL,NULL,'','',NULL,'unreported',NULL,'');
INSERT INTO states VALUES(2,'c64a7eedb081cf18','both',1748822400000,4611686018427387904,'Black picture','Black picture','bug','','','S3','open',0,1748822400000,'Ann','inbox',1748822400000,'new','','',NULL,NULL,'','',NULL,'unreported',NULL,'');
CREATE TABLE changes (pitfall TEXT, place INTEGER, event TEXT NOT NULL, field TEXT NOT NULL, at INTEGER NOT NULL, until INTEGER NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL, PRIMARY KEY (pitfall, place)) WITHOUT ROWID;
INSERT INTO changes VALUES('af92214a82a07076',0,'b8b39b464f9cdc3c9de8911102aa83d6','status',1748822400000,4611686018427387904,'','open');
INSERT INTO changes VALUES('c64a7eedb081cf18',0,'b645d05f0d3d0e3c06354ab9764f27da','status',1748822400000,4611686018427387904,'','open');
CREATE TABLE retro_notes (id TEXT PRIMARY KEY, pitfall TEXT NOT NULL, at INTEGER NOT NULL, who TEXT, sort TEXT NOT NULL, text TEXT NOT NULL, text_zh TEXT, owner TEXT, due TEXT, done_on TEXT);
CREATE TABLE conflicts (pitfall TEXT, name TEXT, place INTEGER, field TEXT NOT NULL, part TEXT NOT NULL, about TEXT NOT NULL, about_zh TEXT NOT NULL, event TEXT NOT NULL, at INTEGER NOT NULL, who TEXT NOT NULL, value TEXT NOT NULL, value_zh TEXT NOT NULL, decision TEXT NOT NULL, PRIMARY KEY (pitfall, name, place)) WITHOUT ROWID;
PRAGMA writable_schema=ON;
INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table','search','search',0,'CREATE VIRTUAL TABLE search USING fts5 (title, names, body, prefix=''1 2 3'')');
CREATE TABLE IF NOT EXISTS 'search_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO search_data VALUES(1,X'02040000');
INSERT INTO search_data VALUES(10,X'000000000102020002010101020101');
INSERT INTO search_data VALUES(137438953473,X'0000004708307069637475726501020301057768697465010202000231700102030101770102020003327069010203010277680102020004337069630102030103776869010202040c0a0706080709');
INSERT INTO search_data VALUES(274877906945,X'000000470630626c61636b02020201077069637475726502020300023162020202010170020203000332626c02020201027069020203000433626c610202020103706963020203040a0c0706080709');
CREATE TABLE IF NOT EXISTS 'search_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
INSERT INTO search_idx VALUES(1,X'',2);
INSERT INTO search_idx VALUES(2,X'',2);
CREATE TABLE IF NOT EXISTS 'search_content'(id INTEGER PRIMARY KEY, c0, c1, c2);
INSERT INTO search_content VALUES(1,replace('white picture\n','\n',char(10)),replace('\n ','\n',char(10)),replace('\n\n\n','\n',char(10)));
INSERT INTO search_content VALUES(2,replace('black picture\n','\n',char(10)),replace('\n ','\n',char(10)),replace('\n\n\n','\n',char(10)));
CREATE TABLE IF NOT EXISTS 'search_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
INSERT INTO search_docsize VALUES(1,X'020000');
INSERT INTO search_docsize VALUES(2,X'020000');
CREATE TABLE IF NOT EXISTS 'search_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO search_config VALUES('version',4);
INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table','message_search','message_search',0,'CREATE VIRTUAL TABLE message_search USING fts5 (message, prefix=''1 2 3'')');
CREATE TABLE IF NOT EXISTS 'message_search_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO message_search_data VALUES(1,X'0104');
INSERT INTO message_search_data VALUES(10,X'000000000101010001010101');
INSERT INTO message_search_data VALUES(137438953473,X'0000006f05306661696c0102030105696d6167650102050104736176650102040505696d616765010202000231660102030101690102050101730104020400033266610102030102696d01020501027361010402040004336661690102030103696d6101020501037361760104020404090a090a0706070807080908');
CREATE TABLE IF NOT EXISTS 'message_search_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
INSERT INTO message_search_idx VALUES(1,X'',2);
CREATE TABLE IF NOT EXISTS 'message_search_content'(id INTEGER PRIMARY KEY, c0);
INSERT INTO message_search_content VALUES(1,'saveimage:fail save image');
CREATE TABLE IF NOT EXISTS 'message_search_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
INSERT INTO message_search_docsize VALUES(1,X'04');
CREATE TABLE IF NOT EXISTS 'message_search_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO message_search_config VALUES('version',4);
CREATE TABLE projection (version TEXT NOT NULL);
INSERT INTO projection VALUES('2-f9dc171a');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE UNIQUE INDEX "idx_events_id"
    ON "events" ("id");
CREATE INDEX "idx_events_actor_seq"
    ON "events" ("actor", "seq");
CREATE INDEX idx_events_of_pitfall ON events (pitfall) WHERE kind <> 'occurrence_logged';
CREATE INDEX idx_events_done ON events (at) WHERE kind <> 'occurrence_logged';
CREATE INDEX idx_events_imported ON events (pitfall) WHERE kind = 'imported';
CREATE INDEX idx_events_arrived ON events (arrived_at) WHERE arrived_at NOT NULL;
CREATE INDEX idx_contents_waiting ON contents (size) WHERE NOT journalled;
CREATE UNIQUE INDEX idx_pitfalls_id ON pitfalls (id);
CREATE UNIQUE INDEX idx_occurrences_id ON occurrences (id);
CREATE UNIQUE INDEX idx_messages_pitfall_digest ON messages (pitfall, digest);
CREATE INDEX idx_mentions_pitfall ON mentions (pitfall);
CREATE INDEX idx_voided_pitfall ON voided (pitfall);
CREATE INDEX idx_pitfalls_by_seen ON pitfalls (last_seen DESC, n DESC, in_view, status, kind, severity);
CREATE INDEX idx_pitfalls_by_first_seen ON pitfalls (first_seen DESC, n DESC, in_view, status, kind, severity);
CREATE INDEX idx_pitfalls_by_status ON pitfalls (status_order, last_seen DESC, n DESC, in_view, status, kind, severity);
CREATE INDEX idx_pitfalls_by_severity ON pitfalls (severity, last_seen DESC, n DESC, in_view, status, kind, severity);
CREATE INDEX idx_pitfalls_by_component ON pitfalls (component, last_seen DESC, n DESC, in_view, status, kind, severity);
CREATE INDEX idx_pitfalls_by_component_zh ON pitfalls (component_zh, last_seen DESC, n DESC, in_view, status, kind, severity);
CREATE INDEX idx_pitfalls_by_title ON pitfalls (title COLLATE NOCASE, n DESC, in_view, status, kind, severity);
CREATE INDEX idx_pitfalls_by_title_zh ON pitfalls (title_zh COLLATE NOCASE, n DESC, in_view, status, kind, severity);
CREATE INDEX idx_pitfalls_by_count ON pitfalls (occurrence_count DESC, n DESC, in_view, status, kind, severity);
CREATE INDEX idx_pitfalls_by_changed ON pitfalls (changed_at DESC, n DESC, in_view, status, kind, severity);
CREATE INDEX idx_pitfalls_by_reported ON pitfalls (reported_at DESC, n DESC, in_view, status, kind, severity);
CREATE INDEX idx_pitfalls_by_waiting ON pitfalls (waiting_since, n, in_view, status, kind, severity);
CREATE INDEX idx_pitfalls_by_claimed ON pitfalls (ifnull(fix_at, 4611686018427387904), n, in_view, status, kind, severity);
CREATE INDEX idx_pitfalls_by_verified ON pitfalls (ifnull(workaround_at, 4611686018427387904), n, in_view, status, kind, severity);
CREATE INDEX idx_pitfalls_counts ON pitfalls (in_view, status, kind, severity, component, component_zh);
CREATE INDEX idx_pitfalls_waiting ON pitfalls (triage, decided_at) WHERE triage IN ('inbox', 'snoozed');
CREATE INDEX idx_pitfalls_duplicates ON pitfalls (duplicate_of) WHERE duplicate_of <> '';
CREATE INDEX idx_pitfalls_originals ON pitfalls (original) WHERE original IS NOT NULL;
CREATE INDEX idx_pitfalls_upstream ON pitfalls (upstream, n);
CREATE INDEX idx_pitfalls_regressed_at ON pitfalls (regressed_at, decided_at, triage, in_view) WHERE regressed_at IS NOT NULL;
CREATE INDEX idx_pitfalls_unclear_at ON pitfalls (unclear_at, decided_at, triage, regressed_at) WHERE unclear_at IS NOT NULL;
CREATE INDEX idx_pitfalls_looked_back ON pitfalls (in_view, reported_at, id, component, severity);
CREATE INDEX idx_tags_tag_pitfall ON tags (tag, pitfall);
CREATE INDEX idx_comments_pitfall_place ON comments (pitfall, place);
CREATE INDEX idx_pitfall_references_pitfall_place ON pitfall_references (pitfall, place);
CREATE INDEX idx_signatures_pitfall_place ON signatures (pitfall, place);
CREATE INDEX idx_fixes_pitfall_place ON fixes (pitfall, place);
CREATE INDEX idx_vendor_replies_pitfall ON vendor_replies (pitfall);
CREATE INDEX idx_attachments_pitfall ON attachments (pitfall);
CREATE INDEX idx_retro_notes_pitfall ON retro_notes (pitfall);
CREATE INDEX idx_pitfall_references_recorded_on ON pitfall_references (recorded_on);
CREATE INDEX idx_signatures_recorded_on ON signatures (recorded_on);
CREATE INDEX idx_vendor_replies_recorded_on ON vendor_replies (recorded_on);
CREATE INDEX idx_attachments_recorded_on ON attachments (recorded_on);
CREATE INDEX idx_not_duplicates_recorded_on ON not_duplicates (recorded_on);
CREATE INDEX idx_attachments_digest ON attachments (digest);
CREATE INDEX idx_occurrences_of_pitfall ON occurrences (pitfall, seen_at DESC, id DESC, outcome, count, host, platform, channel, logged_at);
CREATE INDEX idx_occurrences_judged ON occurrences (pitfall, verdict, logged_at) WHERE verdict <> '';
CREATE INDEX idx_occurrences_runs ON occurrences (host, platform, client_version, base_library, count, seen_at) WHERE client_version <> '' AND base_library <> '';
CREATE INDEX idx_occurrences_when ON occurrences (seen_at, outcome, pitfall, count, platform, channel, client_version, base_library, host);
CREATE INDEX idx_occurrences_told ON occurrences (verdict, seen_at, pitfall, count) WHERE verdict <> '';
CREATE INDEX idx_changes_when ON changes (field, at, until, after, before, pitfall);
CREATE INDEX idx_seen_versions_axis_key_pitfall ON seen_versions (axis, key, pitfall);
CREATE INDEX idx_states_of_pitfall ON states (pitfall, clock, since);
CREATE INDEX idx_retro_notes_at ON retro_notes (at);
CREATE INDEX idx_retro_notes_due ON retro_notes (due) WHERE sort = 'follow-up';
PRAGMA writable_schema=OFF;
COMMIT;
