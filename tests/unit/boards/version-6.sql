-- A board that commit 5a5741b wrote, as “sqlite3 FILE .dump” gives it.
PRAGMA application_id = 1349088354;
PRAGMA user_version = 6;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "store" (
   "actor" TEXT NOT NULL,
   "seen" INTEGER NOT NULL,
   "doubted_since" INTEGER
);
INSERT INTO store VALUES('d02a155d662baed54f0fa43693eab851',114610871992320000,NULL);
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
   "line" TEXT NOT NULL
, arrived_at INTEGER);
INSERT INTO events VALUES(1,'8213dbd86b595c64f6f7eb584195adfa','d02a155d662baed54f0fa43693eab851',1,1,114610828738560000,1748822460000,'Lin','89b38fba7b49ce72','reported','{"actor":"d02a155d662baed54f0fa43693eab851","at":1748822460000,"body":{"component":"wx.previewImage","inbox":"new","severity":"S1","title":"White picture"},"hlc":114610828738560000,"kind":"reported","pitfall":"89b38fba7b49ce72","prev":null,"seq":1,"step":1,"v":1,"who":"Lin"}',NULL);
INSERT INTO events VALUES(2,'a2fc2fd11f3726760f96dbdf0cb4da07','d02a155d662baed54f0fa43693eab851',2,1,114610828738560001,1748822460000,'Lin','89b38fba7b49ce72','tag_added','{"actor":"d02a155d662baed54f0fa43693eab851","at":1748822460000,"body":{"tag":"album"},"hlc":114610828738560001,"kind":"tag_added","pitfall":"89b38fba7b49ce72","prev":"8213dbd86b595c64f6f7eb584195adfa","seq":2,"step":1,"v":1,"who":"Lin"}',NULL);
INSERT INTO events VALUES(3,'86b3a0c2f086b286c44b54bf3b5487a7','d02a155d662baed54f0fa43693eab851',3,1,114610828738560002,1748822460000,'Lin','89b38fba7b49ce72','reference_added','{"actor":"d02a155d662baed54f0fa43693eab851","at":1748822460000,"body":{"url":"https://a.b/c"},"hlc":114610828738560002,"kind":"reference_added","pitfall":"89b38fba7b49ce72","prev":"a2fc2fd11f3726760f96dbdf0cb4da07","seq":3,"step":1,"v":1,"who":"Lin"}',NULL);
INSERT INTO events VALUES(4,'e846d4c3e47c99b804430d9f6aaf248e','d02a155d662baed54f0fa43693eab851',4,1,114610828738560003,1748822460000,'Lin','89b38fba7b49ce72','signature_added','{"actor":"d02a155d662baed54f0fa43693eab851","at":1748822460000,"body":{"text":"previewImage:fail"},"hlc":114610828738560003,"kind":"signature_added","pitfall":"89b38fba7b49ce72","prev":"86b3a0c2f086b286c44b54bf3b5487a7","seq":4,"step":1,"v":1,"who":"Lin"}',NULL);
INSERT INTO events VALUES(5,'c42809458b68383ba16695592883daf5','d02a155d662baed54f0fa43693eab851',5,5,114610832670720000,1748822520000,'Lin','89b38fba7b49ce72','comment_added','{"actor":"d02a155d662baed54f0fa43693eab851","at":1748822520000,"body":{"text":"图片是白的 here too"},"hlc":114610832670720000,"kind":"comment_added","pitfall":"89b38fba7b49ce72","prev":"e846d4c3e47c99b804430d9f6aaf248e","seq":5,"step":5,"v":1,"who":"Lin"}',NULL);
INSERT INTO events VALUES(6,'d8984a8fc74b112644ef74d180a06183','d02a155d662baed54f0fa43693eab851',6,6,114610836602880000,1748822580000,'Lin','89b38fba7b49ce72','occurrence_logged','{"actor":"d02a155d662baed54f0fa43693eab851","at":1748822580000,"body":{"client_version":"4.1.6","message":"previewImage:fail","platform":"ios"},"hlc":114610836602880000,"kind":"occurrence_logged","pitfall":"89b38fba7b49ce72","prev":"c42809458b68383ba16695592883daf5","seq":6,"step":6,"v":1,"who":"Lin"}',NULL);
INSERT INTO events VALUES(7,'6e24973bad2134aa2d647e736509632f','d02a155d662baed54f0fa43693eab851',7,7,114610840535040000,1748822640000,'Lin','89b38fba7b49ce72','occurrence_logged','{"actor":"d02a155d662baed54f0fa43693eab851","at":1748822640000,"body":{"count":2,"message":"previewImage:fail timeout"},"hlc":114610840535040000,"kind":"occurrence_logged","pitfall":"89b38fba7b49ce72","prev":"d8984a8fc74b112644ef74d180a06183","seq":7,"step":7,"v":1,"who":"Lin"}',NULL);
INSERT INTO events VALUES(8,'02e32421bb4a88b858269969c15dfaea','d02a155d662baed54f0fa43693eab851',8,8,114610844467200000,1748822700000,'Lin','89b38fba7b49ce72','item_amended','{"actor":"d02a155d662baed54f0fa43693eab851","at":1748822700000,"body":{"changes":{"count":7},"item":"6e24973bad2134aa2d647e736509632f","replaces":"6e24973bad2134aa2d647e736509632f"},"hlc":114610844467200000,"kind":"item_amended","pitfall":"89b38fba7b49ce72","prev":"6e24973bad2134aa2d647e736509632f","seq":8,"step":8,"v":1,"who":"Lin"}',NULL);
INSERT INTO events VALUES(9,'676c386701fa8b5de952e92a883bb54d','d02a155d662baed54f0fa43693eab851',9,9,114610848399360000,1748822760000,'Lin','89b38fba7b49ce72','field_set','{"actor":"d02a155d662baed54f0fa43693eab851","at":1748822760000,"body":{"field":"workaround","replaces":"8213dbd86b595c64f6f7eb584195adfa","value":"Ask twice."},"hlc":114610848399360000,"kind":"field_set","pitfall":"89b38fba7b49ce72","prev":"02e32421bb4a88b858269969c15dfaea","seq":9,"step":9,"v":1,"who":"Lin"}',NULL);
INSERT INTO events VALUES(10,'352039c8539911182e82125cde29dfe4','d02a155d662baed54f0fa43693eab851',10,9,114610848399360001,1748822760000,'Lin','89b38fba7b49ce72','status_set','{"actor":"d02a155d662baed54f0fa43693eab851","at":1748822760000,"body":{"replaces":"8213dbd86b595c64f6f7eb584195adfa","status":"workaround"},"hlc":114610848399360001,"kind":"status_set","pitfall":"89b38fba7b49ce72","prev":"676c386701fa8b5de952e92a883bb54d","seq":10,"step":9,"v":1,"who":"Lin"}',NULL);
INSERT INTO events VALUES(11,'0e14c5820e8fc1cd04f657bd674c8873','d02a155d662baed54f0fa43693eab851',11,11,114610852331520000,1748822820000,'Lin','89b38fba7b49ce72','status_set','{"actor":"d02a155d662baed54f0fa43693eab851","at":1748822820000,"body":{"replaces":"352039c8539911182e82125cde29dfe4","status":"open"},"hlc":114610852331520000,"kind":"status_set","pitfall":"89b38fba7b49ce72","prev":"352039c8539911182e82125cde29dfe4","seq":11,"step":11,"v":1,"who":"Lin"}',NULL);
INSERT INTO events VALUES(12,'c4ce8d7f3cc3afce394eebd7da5ba527','d02a155d662baed54f0fa43693eab851',12,12,114610856263680000,1748822880000,'Lin','89b38fba7b49ce72','undone','{"actor":"d02a155d662baed54f0fa43693eab851","at":1748822880000,"body":{"events":["0e14c5820e8fc1cd04f657bd674c8873"]},"hlc":114610856263680000,"kind":"undone","pitfall":"89b38fba7b49ce72","prev":"0e14c5820e8fc1cd04f657bd674c8873","seq":12,"step":12,"v":1,"who":"Lin"}',NULL);
INSERT INTO events VALUES(13,'6c66a30b52212ea711f5d24311b8c049','d02a155d662baed54f0fa43693eab851',13,13,114610860195840000,1748822940000,'Lin','499011cf71f03756','reported','{"actor":"d02a155d662baed54f0fa43693eab851","at":1748822940000,"body":{"inbox":"new","title":"Black picture"},"hlc":114610860195840000,"kind":"reported","pitfall":"499011cf71f03756","prev":"c4ce8d7f3cc3afce394eebd7da5ba527","seq":13,"step":13,"v":1,"who":"Lin"}',NULL);
INSERT INTO events VALUES(14,'6004d0d4109c8a7e922339206eed1640','d02a155d662baed54f0fa43693eab851',14,14,114610864128000000,1748823000000,'Lin','499011cf71f03756','fix_recorded','{"actor":"d02a155d662baed54f0fa43693eab851","at":1748823000000,"body":{"axis":"client","from_version":"4.1.8"},"hlc":114610864128000000,"kind":"fix_recorded","pitfall":"499011cf71f03756","prev":"6c66a30b52212ea711f5d24311b8c049","seq":14,"step":14,"v":1,"who":"Lin"}',NULL);
INSERT INTO events VALUES(15,'e4b75b193f830150f2d061432be28750','d02a155d662baed54f0fa43693eab851',15,14,114610864128000001,1748823000000,'Lin','499011cf71f03756','status_set','{"actor":"d02a155d662baed54f0fa43693eab851","at":1748823000000,"body":{"fix":"6004d0d4109c8a7e922339206eed1640","replaces":"6c66a30b52212ea711f5d24311b8c049","status":"fixed upstream"},"hlc":114610864128000001,"kind":"status_set","pitfall":"499011cf71f03756","prev":"6004d0d4109c8a7e922339206eed1640","seq":15,"step":14,"v":1,"who":"Lin"}',NULL);
INSERT INTO events VALUES(16,'899cbaa674dbf4bcbb8cd3b5cc9029e8','d02a155d662baed54f0fa43693eab851',16,16,114610868060160000,1748823060000,'Lin','499011cf71f03756','occurrence_logged','{"actor":"d02a155d662baed54f0fa43693eab851","at":1748823060000,"body":{"client_version":"4.1.9","message":"again"},"hlc":114610868060160000,"kind":"occurrence_logged","pitfall":"499011cf71f03756","prev":"e4b75b193f830150f2d061432be28750","seq":16,"step":16,"v":1,"who":"Lin"}',NULL);
INSERT INTO events VALUES(17,'9c6a04b43dd9b7aea025f6d37af721cc','d02a155d662baed54f0fa43693eab851',17,17,114610871992320000,1748823120000,'Lin','89b38fba7b49ce72','attachment_added','{"actor":"d02a155d662baed54f0fa43693eab851","at":1748823120000,"body":{"digest":"8e722e34af271ba626bdbdf618ebf1386eaad27b073b6421d329bf5ffca22637","label":"console.log","media":"text/plain","size":9},"hlc":114610871992320000,"kind":"attachment_added","pitfall":"89b38fba7b49ce72","prev":"899cbaa674dbf4bcbb8cd3b5cc9029e8","seq":17,"step":17,"v":1,"who":"Lin"}',NULL);
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
INSERT INTO sharing VALUES('https://git.example.com/team/pitfalls.git','refs',1748822400000,1748822500000,1748822500000,'','',3,0);
CREATE TABLE journals (layout TEXT, actor TEXT, taken TEXT NOT NULL, PRIMARY KEY (layout, actor)) WITHOUT ROWID;
INSERT INTO journals VALUES('refs','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','cccccccccccccccccccccccccccccccccccccccc');
CREATE TABLE journalled (first INTEGER PRIMARY KEY, last INTEGER NOT NULL);
INSERT INTO journalled VALUES(1,3);
CREATE TABLE IF NOT EXISTS "sharing_notes" (
   "place" TEXT PRIMARY KEY,
   "at" INTEGER NOT NULL,
   "message" TEXT NOT NULL,
   "advice" TEXT NOT NULL,
   "told" TEXT NOT NULL
);
INSERT INTO sharing_notes VALUES('x',1748822400000,'A journal was left out.','','{}');
CREATE TABLE contents (digest TEXT PRIMARY KEY, size INTEGER NOT NULL, journalled INTEGER NOT NULL DEFAULT 0, data BLOB NOT NULL);
INSERT INTO contents VALUES('8e722e34af271ba626bdbdf618ebf1386eaad27b073b6421d329bf5ffca22637',9,0,X'6c6f67206c696e650a');
CREATE TABLE IF NOT EXISTS "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO _sqlite_migrations VALUES(1,'pitboard','baseline','2026-11-29 18:31:46.776131+00:00');
CREATE TABLE mentions (target TEXT, event TEXT, pitfall TEXT, PRIMARY KEY (target, event));
INSERT INTO mentions VALUES('6e24973bad2134aa2d647e736509632f','02e32421bb4a88b858269969c15dfaea','89b38fba7b49ce72');
INSERT INTO mentions VALUES('0e14c5820e8fc1cd04f657bd674c8873','c4ce8d7f3cc3afce394eebd7da5ba527','89b38fba7b49ce72');
CREATE TABLE voided (event TEXT PRIMARY KEY, pitfall TEXT);
INSERT INTO voided VALUES('0e14c5820e8fc1cd04f657bd674c8873','89b38fba7b49ce72');
CREATE TABLE pitfalls (n INTEGER PRIMARY KEY, id TEXT NOT NULL, title TEXT NOT NULL, title_zh TEXT NOT NULL DEFAULT '', kind TEXT NOT NULL, component TEXT NOT NULL DEFAULT '', component_zh TEXT NOT NULL DEFAULT '', severity TEXT NOT NULL, status TEXT NOT NULL, status_order INTEGER NOT NULL, workaround TEXT, workaround_zh TEXT, reproduction TEXT, reproduction_zh TEXT, reported_at INTEGER NOT NULL DEFAULT 0, reported_by TEXT NOT NULL DEFAULT '', changed_at INTEGER, occurrence_count INTEGER, first_seen INTEGER, last_seen INTEGER, triage TEXT NOT NULL DEFAULT 'settled', decided_at INTEGER NOT NULL DEFAULT 0, inbox_reason TEXT NOT NULL DEFAULT '', decline_reason TEXT NOT NULL DEFAULT '', duplicate_of TEXT NOT NULL DEFAULT '', original TEXT, wakes_on INTEGER, wakes_at_count INTEGER, wakes_axis TEXT NOT NULL DEFAULT '', wakes_version TEXT NOT NULL DEFAULT '', wakes_at_version TEXT, regressed_at INTEGER, unclear_at INTEGER, upstream TEXT NOT NULL DEFAULT 'unreported', workaround_at INTEGER, fix_at INTEGER, in_view INTEGER GENERATED ALWAYS AS (triage <> 'declined' AND original IS NULL) VIRTUAL, waiting_since INTEGER GENERATED ALWAYS AS (CASE triage WHEN 'settled' THEN max(decided_at, ifnull(regressed_at, 0), ifnull(unclear_at, 0)) ELSE ifnull(wakes_on, decided_at) END) VIRTUAL);
INSERT INTO pitfalls VALUES(1,'89b38fba7b49ce72','White picture','White picture','bug','wx.previewImage','wx.previewImage','S1','workaround',1,'Ask twice.','','','',1748822460000,'Lin',1748823120000,8,1748822580000,1748822640000,'inbox',1748822460000,'new','','',NULL,NULL,NULL,'','',NULL,NULL,NULL,'unreported',1748822760000,NULL);
INSERT INTO pitfalls VALUES(2,'499011cf71f03756','Black picture','Black picture','bug','','','S3','fixed upstream',2,'','','','',1748822940000,'Lin',1748823000000,1,1748823060000,1748823060000,'inbox',1748822940000,'new','','',NULL,NULL,NULL,'','',NULL,1748823060000,NULL,'unreported',NULL,NULL);
CREATE TABLE tags (pitfall TEXT, tag TEXT, PRIMARY KEY (pitfall, tag));
INSERT INTO tags VALUES('89b38fba7b49ce72','album');
CREATE TABLE comments (id TEXT PRIMARY KEY, pitfall TEXT, place INTEGER, at INTEGER, who TEXT, text TEXT, text_zh TEXT);
INSERT INTO comments VALUES('c42809458b68383ba16695592883daf5','89b38fba7b49ce72',0,1748822520000,'Lin','图片是白的 here too','');
CREATE TABLE pitfall_references (id TEXT PRIMARY KEY, pitfall TEXT, place INTEGER, at INTEGER, who TEXT, url TEXT, title TEXT, title_zh TEXT, source TEXT, quote TEXT, quote_zh TEXT, quoted_on TEXT, official INTEGER, recorded_on TEXT NOT NULL DEFAULT '');
INSERT INTO pitfall_references VALUES('86b3a0c2f086b286c44b54bf3b5487a7','89b38fba7b49ce72',0,1748822460000,'Lin','https://a.b/c','','','other','','','',0,'89b38fba7b49ce72');
CREATE TABLE signatures (id TEXT PRIMARY KEY, pitfall TEXT, place INTEGER, text TEXT, form TEXT, platform TEXT, channel TEXT, recorded_on TEXT NOT NULL DEFAULT '');
INSERT INTO signatures VALUES('e846d4c3e47c99b804430d9f6aaf248e','89b38fba7b49ce72',0,'previewImage:fail','literal',NULL,NULL,'89b38fba7b49ce72');
CREATE TABLE statements (id TEXT PRIMARY KEY, pitfall TEXT NOT NULL, recorded_on TEXT NOT NULL, at INTEGER, who TEXT, reference TEXT NOT NULL, said_on TEXT, author TEXT, official INTEGER, sort TEXT NOT NULL, version TEXT, quote TEXT, quote_zh TEXT);
CREATE TABLE attachments (id TEXT PRIMARY KEY, pitfall TEXT NOT NULL, recorded_on TEXT NOT NULL, at INTEGER, who TEXT, digest TEXT NOT NULL, size INTEGER NOT NULL, label TEXT NOT NULL, media TEXT NOT NULL, occurrence TEXT NOT NULL, note TEXT, note_zh TEXT);
INSERT INTO attachments VALUES('9c6a04b43dd9b7aea025f6d37af721cc','89b38fba7b49ce72','89b38fba7b49ce72',1748823120000,'Lin','8e722e34af271ba626bdbdf618ebf1386eaad27b073b6421d329bf5ffca22637',9,'console.log','text/plain','','','');
CREATE TABLE told_apart (pitfall TEXT, other TEXT, recorded_on TEXT, PRIMARY KEY (pitfall, other, recorded_on)) WITHOUT ROWID;
CREATE TABLE fixes (id TEXT PRIMARY KEY, pitfall TEXT, place INTEGER, at INTEGER, who TEXT, axis TEXT, from_version TEXT, from_date TEXT, quote TEXT, quote_zh TEXT, reference TEXT, official INTEGER NOT NULL DEFAULT 0, platform TEXT, host TEXT, affected_since TEXT NOT NULL DEFAULT '', last_affected TEXT NOT NULL DEFAULT '', grace_days INTEGER NOT NULL DEFAULT 30, state TEXT NOT NULL DEFAULT 'claimed', evidence TEXT NOT NULL DEFAULT '', evidence_at INTEGER);
INSERT INTO fixes VALUES('6004d0d4109c8a7e922339206eed1640','499011cf71f03756',0,1748823000000,'Lin','client','4.1.8','','','','',0,NULL,NULL,'','',30,'disputed','899cbaa674dbf4bcbb8cd3b5cc9029e8',1748823060000);
CREATE TABLE occurrences (n INTEGER PRIMARY KEY, id TEXT NOT NULL, pitfall TEXT NOT NULL, seen_at INTEGER NOT NULL, who TEXT, outcome TEXT NOT NULL, host TEXT, client_version TEXT, base_library TEXT, platform TEXT, os_version TEXT, device TEXT, channel TEXT, network_type TEXT, permission TEXT, devtools_version TEXT, company TEXT, message TEXT, count INTEGER NOT NULL, note TEXT, note_zh TEXT, recorded_on TEXT NOT NULL DEFAULT '', logged_at INTEGER NOT NULL DEFAULT 0, fix TEXT NOT NULL DEFAULT '', verdict TEXT NOT NULL DEFAULT '');
INSERT INTO occurrences VALUES(1,'d8984a8fc74b112644ef74d180a06183','89b38fba7b49ce72',1748822580000,'Lin','reproduced',NULL,'4.1.6',NULL,'ios',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'previewImage:fail',1,'','','89b38fba7b49ce72',1748822580000,'','');
INSERT INTO occurrences VALUES(2,'899cbaa674dbf4bcbb8cd3b5cc9029e8','499011cf71f03756',1748823060000,'Lin','reproduced',NULL,'4.1.9',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'again',1,'','','499011cf71f03756',1748823060000,'','regression');
INSERT INTO occurrences VALUES(3,'6e24973bad2134aa2d647e736509632f','89b38fba7b49ce72',1748822640000,'Lin','reproduced',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'previewImage:fail timeout',7,'','','89b38fba7b49ce72',1748822640000,'','');
CREATE TABLE weekly_sightings (pitfall TEXT, week INTEGER, count INTEGER NOT NULL, PRIMARY KEY (pitfall, week)) WITHOUT ROWID;
INSERT INTO weekly_sightings VALUES('499011cf71f03756',2892,1);
INSERT INTO weekly_sightings VALUES('89b38fba7b49ce72',2892,8);
CREATE TABLE seen_versions (pitfall TEXT, axis TEXT, version TEXT, key TEXT, PRIMARY KEY (pitfall, axis, version)) WITHOUT ROWID;
INSERT INTO seen_versions VALUES('89b38fba7b49ce72','client','4.1.6','0000000004.0000000001.0000000006');
INSERT INTO seen_versions VALUES('499011cf71f03756','client','4.1.9','0000000004.0000000001.0000000009');
CREATE TABLE messages (n INTEGER PRIMARY KEY, pitfall TEXT, digest TEXT NOT NULL, message TEXT);
INSERT INTO messages VALUES(1,'499011cf71f03756','b4c9e14061c2fd45','again');
INSERT INTO messages VALUES(2,'89b38fba7b49ce72','fd4d93e209643278','previewImage:fail');
INSERT INTO messages VALUES(3,'89b38fba7b49ce72','169a41d4bf24062f','previewImage:fail timeout');
CREATE TABLE states (n INTEGER PRIMARY KEY, pitfall TEXT NOT NULL, clock TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, title TEXT NOT NULL, title_zh TEXT NOT NULL DEFAULT '', kind TEXT NOT NULL, component TEXT NOT NULL DEFAULT '', component_zh TEXT NOT NULL DEFAULT '', severity TEXT NOT NULL, status TEXT NOT NULL, status_order INTEGER NOT NULL, reported_at INTEGER NOT NULL DEFAULT 0, reported_by TEXT NOT NULL DEFAULT '', triage TEXT NOT NULL DEFAULT 'settled', decided_at INTEGER NOT NULL DEFAULT 0, inbox_reason TEXT NOT NULL DEFAULT '', decline_reason TEXT NOT NULL DEFAULT '', duplicate_of TEXT NOT NULL DEFAULT '', wakes_on INTEGER, wakes_at_count INTEGER, wakes_axis TEXT NOT NULL DEFAULT '', wakes_version TEXT NOT NULL DEFAULT '', wakes_at_version TEXT, upstream TEXT NOT NULL DEFAULT 'unreported', workaround_at INTEGER, fixes TEXT NOT NULL);
INSERT INTO states VALUES(1,'89b38fba7b49ce72','both',1748822460000,1748822760000,'White picture','White picture','bug','wx.previewImage','wx.previewImage','S1','open',0,1748822460000,'Lin','inbox',1748822460000,'new','','',NULL,NULL,'','',NULL,'unreported',NULL,'');
INSERT INTO states VALUES(2,'89b38fba7b49ce72','both',1748822760000,1748822820000,'White picture','White picture','bug','wx.previewImage','wx.previewImage','S1','workaround',1,1748822460000,'Lin','inbox',1748822460000,'new','','',NULL,NULL,'','',NULL,'unreported',1748822760000,'');
INSERT INTO states VALUES(3,'89b38fba7b49ce72','both',1748822820000,1748822880000,'White picture','White picture','bug','wx.previewImage','wx.previewImage','S1','open',0,1748822460000,'Lin','inbox',1748822460000,'new','','',NULL,NULL,'','',NULL,'unreported',1748822760000,'');
INSERT INTO states VALUES(4,'89b38fba7b49ce72','both',1748822880000,4611686018427387904,'White picture','White picture','bug','wx.previewImage','wx.previewImage','S1','workaround',1,1748822460000,'Lin','inbox',1748822460000,'new','','',NULL,NULL,'','',NULL,'unreported',1748822760000,'');
INSERT INTO states VALUES(5,'499011cf71f03756','both',1748822940000,1748823000000,'Black picture','Black picture','bug','','','S3','open',0,1748822940000,'Lin','inbox',1748822940000,'new','','',NULL,NULL,'','',NULL,'unreported',NULL,'');
INSERT INTO states VALUES(6,'499011cf71f03756','both',1748823000000,4611686018427387904,'Black picture','Black picture','bug','','','S3','fixed upstream',2,1748822940000,'Lin','inbox',1748822940000,'new','','',NULL,NULL,'','',NULL,'unreported',NULL,'9b2ef131580560f1');
CREATE TABLE changes (pitfall TEXT, place INTEGER, event TEXT NOT NULL, field TEXT NOT NULL, at INTEGER NOT NULL, until INTEGER NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL, PRIMARY KEY (pitfall, place)) WITHOUT ROWID;
INSERT INTO changes VALUES('499011cf71f03756',0,'6c66a30b52212ea711f5d24311b8c049','status',1748822940000,1748823000000,'','open');
INSERT INTO changes VALUES('499011cf71f03756',1,'e4b75b193f830150f2d061432be28750','status',1748823000000,4611686018427387904,'open','fixed upstream');
INSERT INTO changes VALUES('89b38fba7b49ce72',0,'8213dbd86b595c64f6f7eb584195adfa','status',1748822460000,1748822760000,'','open');
INSERT INTO changes VALUES('89b38fba7b49ce72',1,'352039c8539911182e82125cde29dfe4','status',1748822760000,4611686018427387904,'open','workaround');
INSERT INTO changes VALUES('89b38fba7b49ce72',2,'676c386701fa8b5de952e92a883bb54d','workaround',1748822760000,4611686018427387904,'','written');
CREATE TABLE retro_notes (id TEXT PRIMARY KEY, pitfall TEXT NOT NULL, at INTEGER NOT NULL, who TEXT, sort TEXT NOT NULL, text TEXT NOT NULL, text_zh TEXT, owner TEXT, due TEXT, done_on TEXT);
CREATE TABLE contested (pitfall TEXT, name TEXT, place INTEGER, field TEXT NOT NULL, part TEXT NOT NULL, about TEXT NOT NULL, about_zh TEXT NOT NULL, event TEXT NOT NULL, at INTEGER NOT NULL, who TEXT NOT NULL, value TEXT NOT NULL, value_zh TEXT NOT NULL, decision TEXT NOT NULL, PRIMARY KEY (pitfall, name, place)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS 'search_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO search_data VALUES(1,X'0204090e');
INSERT INTO search_data VALUES(10,X'000000000101010001010101');
INSERT INTO search_data VALUES(137438953473,X'000002980230310206010203010134020601020201013802060102040105616c62756d01060101040202736b01060102020105626c61636b0202020107636f6e736f6c65010601020b01046661696c010601010601046865726501060102090105696d61676501080101080401036c6f67010601020c01077069637475726501020301020302067265766965770108010107040805696d6167650108010103040103746f6f010601020a02047769636501060102030105776869746501020202017801060101020103e59bbe01060102040103e698af01060102060103e789870106010205020299bd010601020702029a84010601020800023131020601020301013402060102020101380206010204010161010c010104010202010162020202010163010601020b0101660106010106010168010601020901016901080101080401016c010601020c010170010e030101030404040102030101740108010203090101770108020101020103e59bbe01060102040103e698af01060102060103e789870106010205020299bd010601020702029a840106010208000332616c010601010402017301060102020102626c0202020102636f010601020b0102666101060101060102686501060102090102696d01080101080401026c6f010601020c01027069010203010203020172010c0101030404040102746f010601020a0201770106010203010277680102020201780106010102000433616c6201060101040202736b01060102020103626c610202020103636f6e010601020b01036661690106010106010368657201060102090103696d6101080101080401036c6f67010601020c010370696301020301020302027265010c0101030404040103746f6f010601020a0202776901060102030103776869010202040808080c090a0e0b0b0d0a0f0e0d0a0b0a080a0a0a09090908080b0608080809080f09090a0a0a09090a08070909090a090a0b090807080b09080a0a0a0b0a0b0c0a09');
CREATE TABLE IF NOT EXISTS 'search_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
INSERT INTO search_idx VALUES(1,X'',2);
CREATE TABLE IF NOT EXISTS 'search_content'(id INTEGER PRIMARY KEY, c0, c1, c2);
INSERT INTO search_content VALUES(1,replace('white picture\n','\n',char(10)),replace('wx.previewimage\n\nalbum\npreviewimage:fail preview image preview image','\n',char(10)),replace('ask twice.\n\n\n\n 图  片  是  白  的  here too\n\n\n\n\n\nconsole.log\n\n','\n',char(10)));
INSERT INTO search_content VALUES(2,replace('black picture\n','\n',char(10)),replace('\n ','\n',char(10)),replace('\n\n\n\n4.1.8\n\n','\n',char(10)));
CREATE TABLE IF NOT EXISTS 'search_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
INSERT INTO search_docsize VALUES(1,X'02090b');
INSERT INTO search_docsize VALUES(2,X'020003');
CREATE TABLE IF NOT EXISTS 'search_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO search_config VALUES('version',4);
CREATE TABLE IF NOT EXISTS 'message_search_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO message_search_data VALUES(1,X'030a');
INSERT INTO message_search_data VALUES(10,X'000000000102020002010101020101');
INSERT INTO message_search_data VALUES(137438953473,X'000000910630616761696e01020201046661696c0202030105696d6167650202050107707265766965770202040805696d61676502020200023161010202010166020203010169020205010170020402040003326167010202010266610202030102696d020205010270720204020400043361676101020201036661690202030103696d61020205010370726502040204040a090a0c0a0706060708070708090808');
INSERT INTO message_search_data VALUES(274877906945,X'0000009305306661696c0302030105696d6167650302060107707265766965770302050805696d616765030202010774696d656f7574030204000231660302030101690302060101700304020501017403020400033266610302030102696d0302060102707203040205010274690302040004336661690302030103696d61030206010370726503040205010374696d03020404090a0c0a0c0706070608070807090809');
CREATE TABLE IF NOT EXISTS 'message_search_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
INSERT INTO message_search_idx VALUES(1,X'',2);
INSERT INTO message_search_idx VALUES(2,X'',2);
CREATE TABLE IF NOT EXISTS 'message_search_content'(id INTEGER PRIMARY KEY, c0);
INSERT INTO message_search_content VALUES(1,'again ');
INSERT INTO message_search_content VALUES(2,'previewimage:fail preview image');
INSERT INTO message_search_content VALUES(3,'previewimage:fail timeout preview image');
CREATE TABLE IF NOT EXISTS 'message_search_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
INSERT INTO message_search_docsize VALUES(1,X'01');
INSERT INTO message_search_docsize VALUES(2,X'04');
INSERT INTO message_search_docsize VALUES(3,X'05');
CREATE TABLE IF NOT EXISTS 'message_search_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO message_search_config VALUES('version',4);
CREATE TABLE projection (version TEXT NOT NULL);
INSERT INTO projection VALUES('1-44b21972');
PRAGMA writable_schema=ON;
INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table','search','search',0,'CREATE VIRTUAL TABLE search USING fts5 (title, names, body, prefix=''1 2 3'')');
INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table','message_search','message_search',0,'CREATE VIRTUAL TABLE message_search USING fts5 (message, prefix=''1 2 3'')');
CREATE UNIQUE INDEX "idx_events_id"
    ON "events" ("id");
CREATE INDEX "idx_events_actor_seq"
    ON "events" ("actor", "seq");
CREATE INDEX idx_events_of_pitfall ON events (pitfall) WHERE kind <> 'occurrence_logged';
CREATE INDEX idx_events_imported ON events (pitfall) WHERE kind = 'imported';
CREATE INDEX idx_events_arrived ON events (arrived_at) WHERE arrived_at NOT NULL;
CREATE INDEX idx_events_done ON events (at) WHERE kind <> 'occurrence_logged';
CREATE INDEX idx_contents_waiting ON contents (size) WHERE NOT journalled;
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE UNIQUE INDEX idx_pitfalls_id ON pitfalls (id);
CREATE UNIQUE INDEX idx_occurrences_id ON occurrences (id);
CREATE UNIQUE INDEX idx_messages_pitfall_digest ON messages (pitfall, digest);
CREATE INDEX idx_mentions_pitfall ON mentions (pitfall);
CREATE INDEX idx_voided_pitfall ON voided (pitfall);
CREATE INDEX idx_tags_tag_pitfall ON tags (tag, pitfall);
CREATE INDEX idx_comments_pitfall_place ON comments (pitfall, place);
CREATE INDEX idx_pitfall_references_pitfall_place ON pitfall_references (pitfall, place);
CREATE INDEX idx_signatures_pitfall_place ON signatures (pitfall, place);
CREATE INDEX idx_fixes_pitfall_place ON fixes (pitfall, place);
CREATE INDEX idx_statements_pitfall ON statements (pitfall);
CREATE INDEX idx_attachments_pitfall ON attachments (pitfall);
CREATE INDEX idx_retro_notes_pitfall ON retro_notes (pitfall);
CREATE INDEX idx_pitfall_references_recorded_on ON pitfall_references (recorded_on);
CREATE INDEX idx_signatures_recorded_on ON signatures (recorded_on);
CREATE INDEX idx_statements_recorded_on ON statements (recorded_on);
CREATE INDEX idx_attachments_recorded_on ON attachments (recorded_on);
CREATE INDEX idx_told_apart_recorded_on ON told_apart (recorded_on);
CREATE INDEX idx_attachments_digest ON attachments (digest);
CREATE INDEX idx_seen_versions_axis_key_pitfall ON seen_versions (axis, key, pitfall);
CREATE INDEX idx_states_of_pitfall ON states (pitfall, clock, since);
CREATE INDEX idx_retro_notes_at ON retro_notes (at);
CREATE INDEX idx_retro_notes_due ON retro_notes (due) WHERE sort = 'follow-up';
CREATE INDEX idx_occurrences_of_pitfall ON occurrences (pitfall, seen_at DESC, id DESC, outcome, count, host, platform, channel, logged_at);
CREATE INDEX idx_occurrences_judged ON occurrences (pitfall, verdict, logged_at) WHERE verdict <> '';
CREATE INDEX idx_occurrences_runs ON occurrences (host, platform, client_version, base_library, count, seen_at) WHERE client_version <> '' AND base_library <> '';
CREATE INDEX idx_occurrences_when ON occurrences (seen_at, outcome, pitfall, count, platform, channel, client_version, base_library, host);
CREATE INDEX idx_occurrences_told ON occurrences (verdict, seen_at, pitfall, count) WHERE verdict <> '';
CREATE INDEX idx_changes_when ON changes (field, at, until, after, before, pitfall);
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
PRAGMA writable_schema=OFF;
COMMIT;
