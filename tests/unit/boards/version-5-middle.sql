-- A board that commit d32ef19 wrote, as “sqlite3 FILE .dump” gives it.
PRAGMA application_id = 1349088354;
PRAGMA user_version = 5;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO _sqlite_migrations VALUES(1,'pitboard','the_record','2026-11-29 14:59:13.456639+00:00');
INSERT INTO _sqlite_migrations VALUES(2,'pitboard','the_board','2026-11-29 14:59:13.468779+00:00');
INSERT INTO _sqlite_migrations VALUES(3,'pitboard','what_belongs_to_a_pitfall','2026-11-29 14:59:13.470754+00:00');
INSERT INTO _sqlite_migrations VALUES(4,'pitboard','the_search','2026-11-29 14:59:13.480795+00:00');
INSERT INTO _sqlite_migrations VALUES(5,'pitboard','what_triage_decides','2026-11-29 14:59:13.496284+00:00');
INSERT INTO _sqlite_migrations VALUES(6,'pitboard','what_files_gave','2026-11-29 14:59:13.499933+00:00');
INSERT INTO _sqlite_migrations VALUES(7,'pitboard','what_fixes_are_worth','2026-11-29 14:59:13.507643+00:00');
INSERT INTO _sqlite_migrations VALUES(8,'pitboard','what_the_vendor_said','2026-11-29 14:59:13.524693+00:00');
INSERT INTO _sqlite_migrations VALUES(9,'pitboard','what_runs_where_and_what_is_to_be_reviewed','2026-11-29 14:59:13.531230+00:00');
INSERT INTO _sqlite_migrations VALUES(10,'pitboard','since_when_it_waits','2026-11-29 14:59:13.540531+00:00');
INSERT INTO _sqlite_migrations VALUES(11,'pitboard','what_it_was_like','2026-11-29 14:59:13.552603+00:00');
INSERT INTO _sqlite_migrations VALUES(12,'pitboard','what_a_team_notes','2026-11-29 14:59:13.560336+00:00');
INSERT INTO _sqlite_migrations VALUES(13,'pitboard','what_changed_when','2026-11-29 14:59:13.564287+00:00');
INSERT INTO _sqlite_migrations VALUES(14,'pitboard','what_is_shared','2026-11-29 14:59:13.576323+00:00');
INSERT INTO _sqlite_migrations VALUES(15,'pitboard','what_is_attached','2026-11-29 14:59:13.584448+00:00');
INSERT INTO _sqlite_migrations VALUES(16,'pitboard','what_is_contested','2026-11-29 14:59:13.591978+00:00');
CREATE TABLE IF NOT EXISTS "store" (
   "actor" TEXT NOT NULL,
   "seen" INTEGER NOT NULL,
   "doubted_since" INTEGER
);
INSERT INTO store VALUES('f98fc9d6b3ddf88adf5baf2c334cd06d',114610871992320000,NULL);
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
INSERT INTO events VALUES(1,'8ebc5cb4a631f5fce01412781853b276','f98fc9d6b3ddf88adf5baf2c334cd06d',1,1,114610828738560000,1748822460000,'Lin','0e32d180e06c1be7','reported','{"actor":"f98fc9d6b3ddf88adf5baf2c334cd06d","at":1748822460000,"body":{"component":"wx.previewImage","inbox":"new","severity":"S1","title":"White picture"},"hlc":114610828738560000,"kind":"reported","pitfall":"0e32d180e06c1be7","prev":null,"seq":1,"step":1,"v":1,"who":"Lin"}',NULL);
INSERT INTO events VALUES(2,'867170959e7b391545809c1b0306cc1a','f98fc9d6b3ddf88adf5baf2c334cd06d',2,1,114610828738560001,1748822460000,'Lin','0e32d180e06c1be7','tag_added','{"actor":"f98fc9d6b3ddf88adf5baf2c334cd06d","at":1748822460000,"body":{"tag":"album"},"hlc":114610828738560001,"kind":"tag_added","pitfall":"0e32d180e06c1be7","prev":"8ebc5cb4a631f5fce01412781853b276","seq":2,"step":1,"v":1,"who":"Lin"}',NULL);
INSERT INTO events VALUES(3,'a20c9f42b468817cad6321ba1a4bba00','f98fc9d6b3ddf88adf5baf2c334cd06d',3,1,114610828738560002,1748822460000,'Lin','0e32d180e06c1be7','reference_added','{"actor":"f98fc9d6b3ddf88adf5baf2c334cd06d","at":1748822460000,"body":{"url":"https://a.b/c"},"hlc":114610828738560002,"kind":"reference_added","pitfall":"0e32d180e06c1be7","prev":"867170959e7b391545809c1b0306cc1a","seq":3,"step":1,"v":1,"who":"Lin"}',NULL);
INSERT INTO events VALUES(4,'ac4d0ecebe18b19b5f23f2c0d10b1181','f98fc9d6b3ddf88adf5baf2c334cd06d',4,1,114610828738560003,1748822460000,'Lin','0e32d180e06c1be7','signature_added','{"actor":"f98fc9d6b3ddf88adf5baf2c334cd06d","at":1748822460000,"body":{"text":"previewImage:fail"},"hlc":114610828738560003,"kind":"signature_added","pitfall":"0e32d180e06c1be7","prev":"a20c9f42b468817cad6321ba1a4bba00","seq":4,"step":1,"v":1,"who":"Lin"}',NULL);
INSERT INTO events VALUES(5,'2bfe076581c224eee7710b3d11d18bba','f98fc9d6b3ddf88adf5baf2c334cd06d',5,5,114610832670720000,1748822520000,'Lin','0e32d180e06c1be7','comment_added','{"actor":"f98fc9d6b3ddf88adf5baf2c334cd06d","at":1748822520000,"body":{"text":"图片是白的 here too"},"hlc":114610832670720000,"kind":"comment_added","pitfall":"0e32d180e06c1be7","prev":"ac4d0ecebe18b19b5f23f2c0d10b1181","seq":5,"step":5,"v":1,"who":"Lin"}',NULL);
INSERT INTO events VALUES(6,'72af01c0d22db35bd9f363db44d4fcb5','f98fc9d6b3ddf88adf5baf2c334cd06d',6,6,114610836602880000,1748822580000,'Lin','0e32d180e06c1be7','occurrence_logged','{"actor":"f98fc9d6b3ddf88adf5baf2c334cd06d","at":1748822580000,"body":{"client_version":"4.1.6","message":"previewImage:fail","platform":"ios"},"hlc":114610836602880000,"kind":"occurrence_logged","pitfall":"0e32d180e06c1be7","prev":"2bfe076581c224eee7710b3d11d18bba","seq":6,"step":6,"v":1,"who":"Lin"}',NULL);
INSERT INTO events VALUES(7,'e8cd5b1393864565f627b5e2bcc56cba','f98fc9d6b3ddf88adf5baf2c334cd06d',7,7,114610840535040000,1748822640000,'Lin','0e32d180e06c1be7','occurrence_logged','{"actor":"f98fc9d6b3ddf88adf5baf2c334cd06d","at":1748822640000,"body":{"count":2,"message":"previewImage:fail timeout"},"hlc":114610840535040000,"kind":"occurrence_logged","pitfall":"0e32d180e06c1be7","prev":"72af01c0d22db35bd9f363db44d4fcb5","seq":7,"step":7,"v":1,"who":"Lin"}',NULL);
INSERT INTO events VALUES(8,'37cb8429f094bc4de9d43e7d5f956331','f98fc9d6b3ddf88adf5baf2c334cd06d',8,8,114610844467200000,1748822700000,'Lin','0e32d180e06c1be7','item_amended','{"actor":"f98fc9d6b3ddf88adf5baf2c334cd06d","at":1748822700000,"body":{"changes":{"count":7},"item":"e8cd5b1393864565f627b5e2bcc56cba"},"hlc":114610844467200000,"kind":"item_amended","pitfall":"0e32d180e06c1be7","prev":"e8cd5b1393864565f627b5e2bcc56cba","seq":8,"step":8,"v":1,"who":"Lin"}',NULL);
INSERT INTO events VALUES(9,'1ac799ee412bc0270cf361b13ef53629','f98fc9d6b3ddf88adf5baf2c334cd06d',9,9,114610848399360000,1748822760000,'Lin','0e32d180e06c1be7','field_set','{"actor":"f98fc9d6b3ddf88adf5baf2c334cd06d","at":1748822760000,"body":{"field":"workaround","replaces":"8ebc5cb4a631f5fce01412781853b276","value":"Ask twice."},"hlc":114610848399360000,"kind":"field_set","pitfall":"0e32d180e06c1be7","prev":"37cb8429f094bc4de9d43e7d5f956331","seq":9,"step":9,"v":1,"who":"Lin"}',NULL);
INSERT INTO events VALUES(10,'6d410db4ec26a0aff5bc5c02474713ca','f98fc9d6b3ddf88adf5baf2c334cd06d',10,9,114610848399360001,1748822760000,'Lin','0e32d180e06c1be7','status_set','{"actor":"f98fc9d6b3ddf88adf5baf2c334cd06d","at":1748822760000,"body":{"replaces":"8ebc5cb4a631f5fce01412781853b276","status":"workaround"},"hlc":114610848399360001,"kind":"status_set","pitfall":"0e32d180e06c1be7","prev":"1ac799ee412bc0270cf361b13ef53629","seq":10,"step":9,"v":1,"who":"Lin"}',NULL);
INSERT INTO events VALUES(11,'cbf43a46f405bd3c9cd8954c347b8615','f98fc9d6b3ddf88adf5baf2c334cd06d',11,11,114610852331520000,1748822820000,'Lin','0e32d180e06c1be7','status_set','{"actor":"f98fc9d6b3ddf88adf5baf2c334cd06d","at":1748822820000,"body":{"replaces":"6d410db4ec26a0aff5bc5c02474713ca","status":"open"},"hlc":114610852331520000,"kind":"status_set","pitfall":"0e32d180e06c1be7","prev":"6d410db4ec26a0aff5bc5c02474713ca","seq":11,"step":11,"v":1,"who":"Lin"}',NULL);
INSERT INTO events VALUES(12,'29e3cb1f62894ac3b8efe7f1bb79000d','f98fc9d6b3ddf88adf5baf2c334cd06d',12,12,114610856263680000,1748822880000,'Lin','0e32d180e06c1be7','undone','{"actor":"f98fc9d6b3ddf88adf5baf2c334cd06d","at":1748822880000,"body":{"events":["cbf43a46f405bd3c9cd8954c347b8615"]},"hlc":114610856263680000,"kind":"undone","pitfall":"0e32d180e06c1be7","prev":"cbf43a46f405bd3c9cd8954c347b8615","seq":12,"step":12,"v":1,"who":"Lin"}',NULL);
INSERT INTO events VALUES(13,'803a09865006682bf67ec5bf84028b40','f98fc9d6b3ddf88adf5baf2c334cd06d',13,13,114610860195840000,1748822940000,'Lin','11f4a196db2de12f','reported','{"actor":"f98fc9d6b3ddf88adf5baf2c334cd06d","at":1748822940000,"body":{"inbox":"new","title":"Black picture"},"hlc":114610860195840000,"kind":"reported","pitfall":"11f4a196db2de12f","prev":"29e3cb1f62894ac3b8efe7f1bb79000d","seq":13,"step":13,"v":1,"who":"Lin"}',NULL);
INSERT INTO events VALUES(14,'33314a893f763a4edf8c17cf61aaca07','f98fc9d6b3ddf88adf5baf2c334cd06d',14,14,114610864128000000,1748823000000,'Lin','11f4a196db2de12f','fix_recorded','{"actor":"f98fc9d6b3ddf88adf5baf2c334cd06d","at":1748823000000,"body":{"axis":"client","from_version":"4.1.8"},"hlc":114610864128000000,"kind":"fix_recorded","pitfall":"11f4a196db2de12f","prev":"803a09865006682bf67ec5bf84028b40","seq":14,"step":14,"v":1,"who":"Lin"}',NULL);
INSERT INTO events VALUES(15,'b445418245bd2da0bb70dd00fa2fc159','f98fc9d6b3ddf88adf5baf2c334cd06d',15,14,114610864128000001,1748823000000,'Lin','11f4a196db2de12f','status_set','{"actor":"f98fc9d6b3ddf88adf5baf2c334cd06d","at":1748823000000,"body":{"fix":"33314a893f763a4edf8c17cf61aaca07","replaces":"803a09865006682bf67ec5bf84028b40","status":"fixed upstream"},"hlc":114610864128000001,"kind":"status_set","pitfall":"11f4a196db2de12f","prev":"33314a893f763a4edf8c17cf61aaca07","seq":15,"step":14,"v":1,"who":"Lin"}',NULL);
INSERT INTO events VALUES(16,'5d23d1bb4e1ec9d048505d6ace9eff4b','f98fc9d6b3ddf88adf5baf2c334cd06d',16,16,114610868060160000,1748823060000,'Lin','11f4a196db2de12f','occurrence_logged','{"actor":"f98fc9d6b3ddf88adf5baf2c334cd06d","at":1748823060000,"body":{"client_version":"4.1.9","message":"again"},"hlc":114610868060160000,"kind":"occurrence_logged","pitfall":"11f4a196db2de12f","prev":"b445418245bd2da0bb70dd00fa2fc159","seq":16,"step":16,"v":1,"who":"Lin"}',NULL);
INSERT INTO events VALUES(17,'66fe0893d3550c204bc12ad719a1feea','f98fc9d6b3ddf88adf5baf2c334cd06d',17,17,114610871992320000,1748823120000,'Lin','0e32d180e06c1be7','attachment_added','{"actor":"f98fc9d6b3ddf88adf5baf2c334cd06d","at":1748823120000,"body":{"digest":"8e722e34af271ba626bdbdf618ebf1386eaad27b073b6421d329bf5ffca22637","label":"console.log","media":"text/plain","size":9},"hlc":114610871992320000,"kind":"attachment_added","pitfall":"0e32d180e06c1be7","prev":"5d23d1bb4e1ec9d048505d6ace9eff4b","seq":17,"step":17,"v":1,"who":"Lin"}',NULL);
CREATE TABLE IF NOT EXISTS "mentions" (
   "target" TEXT,
   "event" TEXT,
   "pitfall" TEXT,
   PRIMARY KEY ("target", "event")
);
INSERT INTO mentions VALUES('e8cd5b1393864565f627b5e2bcc56cba','37cb8429f094bc4de9d43e7d5f956331','0e32d180e06c1be7');
INSERT INTO mentions VALUES('cbf43a46f405bd3c9cd8954c347b8615','29e3cb1f62894ac3b8efe7f1bb79000d','0e32d180e06c1be7');
CREATE TABLE IF NOT EXISTS "voided" (
   "event" TEXT PRIMARY KEY,
   "pitfall" TEXT
);
INSERT INTO voided VALUES('cbf43a46f405bd3c9cd8954c347b8615','0e32d180e06c1be7');
CREATE TABLE IF NOT EXISTS "pitfalls" (
   "n" INTEGER PRIMARY KEY,
   "id" TEXT NOT NULL,
   "title" TEXT NOT NULL,
   "title_zh" TEXT,
   "kind" TEXT NOT NULL,
   "component" TEXT,
   "component_zh" TEXT,
   "severity" TEXT NOT NULL,
   "status" TEXT NOT NULL,
   "status_order" INTEGER NOT NULL,
   "workaround" TEXT,
   "workaround_zh" TEXT,
   "reproduction" TEXT,
   "reproduction_zh" TEXT,
   "reported_at" INTEGER,
   "reported_by" TEXT,
   "changed_at" INTEGER,
   "occurrence_count" INTEGER,
   "first_seen" INTEGER,
   "last_seen" INTEGER
, triage TEXT NOT NULL DEFAULT 'settled', decided_at INTEGER NOT NULL DEFAULT 0, inbox_reason TEXT NOT NULL DEFAULT '', decline_reason TEXT NOT NULL DEFAULT '', duplicate_of TEXT NOT NULL DEFAULT '', original TEXT, wakes_on INTEGER, wakes_at_count INTEGER, wakes_axis TEXT NOT NULL DEFAULT '', wakes_version TEXT NOT NULL DEFAULT '', wakes_at_version TEXT, in_view INTEGER GENERATED ALWAYS AS (triage <> 'declined' AND original IS NULL) VIRTUAL, regressed_at INTEGER, unclear_at INTEGER, upstream TEXT NOT NULL DEFAULT 'unreported', workaround_at INTEGER, fix_at INTEGER, waiting_since INTEGER GENERATED ALWAYS AS (CASE triage WHEN 'settled' THEN max(decided_at, ifnull(regressed_at, 0), ifnull(unclear_at, 0)) ELSE ifnull(wakes_on, decided_at) END) VIRTUAL);
INSERT INTO pitfalls VALUES(1,'0e32d180e06c1be7','White picture','White picture','bug','wx.previewImage','wx.previewImage','S1','workaround',1,'Ask twice.','','','',1748822460000,'Lin',1748823120000,8,1748822580000,1748822640000,'inbox',1748822460000,'new','','',NULL,NULL,NULL,'','',NULL,NULL,NULL,'unreported',1748822760000,NULL);
INSERT INTO pitfalls VALUES(2,'11f4a196db2de12f','Black picture','Black picture','bug','','','S3','fixed upstream',2,'','','','',1748822940000,'Lin',1748823000000,1,1748823060000,1748823060000,'inbox',1748822940000,'new','','',NULL,NULL,NULL,'','',NULL,1748823060000,NULL,'unreported',NULL,NULL);
CREATE TABLE IF NOT EXISTS "tags" (
   "pitfall" TEXT,
   "tag" TEXT,
   PRIMARY KEY ("pitfall", "tag")
);
INSERT INTO tags VALUES('0e32d180e06c1be7','album');
CREATE TABLE IF NOT EXISTS "comments" (
   "id" TEXT PRIMARY KEY,
   "pitfall" TEXT,
   "place" INTEGER,
   "at" INTEGER,
   "who" TEXT,
   "text" TEXT,
   "text_zh" TEXT
);
INSERT INTO comments VALUES('2bfe076581c224eee7710b3d11d18bba','0e32d180e06c1be7',0,1748822520000,'Lin','图片是白的 here too','');
CREATE TABLE IF NOT EXISTS "pitfall_references" (
   "id" TEXT PRIMARY KEY,
   "pitfall" TEXT,
   "place" INTEGER,
   "at" INTEGER,
   "who" TEXT,
   "url" TEXT,
   "title" TEXT,
   "title_zh" TEXT,
   "source" TEXT,
   "quote" TEXT,
   "quote_zh" TEXT,
   "quoted_on" TEXT,
   "official" INTEGER
, recorded_on TEXT NOT NULL DEFAULT '');
INSERT INTO pitfall_references VALUES('a20c9f42b468817cad6321ba1a4bba00','0e32d180e06c1be7',0,1748822460000,'Lin','https://a.b/c','','','other','','','',0,'0e32d180e06c1be7');
CREATE TABLE IF NOT EXISTS "signatures" (
   "id" TEXT PRIMARY KEY,
   "pitfall" TEXT,
   "place" INTEGER,
   "text" TEXT,
   "form" TEXT,
   "platform" TEXT,
   "channel" TEXT
, recorded_on TEXT NOT NULL DEFAULT '');
INSERT INTO signatures VALUES('ac4d0ecebe18b19b5f23f2c0d10b1181','0e32d180e06c1be7',0,'previewImage:fail','literal',NULL,NULL,'0e32d180e06c1be7');
CREATE TABLE IF NOT EXISTS "fixes" (
   "id" TEXT PRIMARY KEY,
   "pitfall" TEXT,
   "place" INTEGER,
   "at" INTEGER,
   "who" TEXT,
   "axis" TEXT,
   "from_version" TEXT,
   "from_date" TEXT,
   "quote" TEXT,
   "quote_zh" TEXT,
   "reference" TEXT
, official INTEGER NOT NULL DEFAULT 0, platform TEXT, host TEXT, affected_since TEXT NOT NULL DEFAULT '', last_affected TEXT NOT NULL DEFAULT '', grace_days INTEGER NOT NULL DEFAULT 30, state TEXT NOT NULL DEFAULT 'claimed', evidence TEXT NOT NULL DEFAULT '', evidence_at INTEGER);
INSERT INTO fixes VALUES('33314a893f763a4edf8c17cf61aaca07','11f4a196db2de12f',0,1748823000000,'Lin','client','4.1.8','','','','',0,NULL,NULL,'','',30,'disputed','5d23d1bb4e1ec9d048505d6ace9eff4b',1748823060000);
CREATE TABLE IF NOT EXISTS "occurrences" (
   "n" INTEGER PRIMARY KEY,
   "id" TEXT NOT NULL,
   "pitfall" TEXT NOT NULL,
   "seen_at" INTEGER NOT NULL,
   "who" TEXT,
   "outcome" TEXT NOT NULL,
   "host" TEXT,
   "client_version" TEXT,
   "base_library" TEXT,
   "platform" TEXT,
   "os_version" TEXT,
   "device" TEXT,
   "channel" TEXT,
   "permission" TEXT,
   "devtools_version" TEXT,
   "company" TEXT,
   "message" TEXT,
   "count" INTEGER NOT NULL,
   "note" TEXT,
   "note_zh" TEXT
, recorded_on TEXT NOT NULL DEFAULT '', logged_at INTEGER NOT NULL DEFAULT 0, fix TEXT NOT NULL DEFAULT '', verdict TEXT NOT NULL DEFAULT '');
INSERT INTO occurrences VALUES(1,'72af01c0d22db35bd9f363db44d4fcb5','0e32d180e06c1be7',1748822580000,'Lin','reproduced',NULL,'4.1.6',NULL,'ios',NULL,NULL,NULL,NULL,NULL,NULL,'previewImage:fail',1,'','','0e32d180e06c1be7',1748822580000,'','');
INSERT INTO occurrences VALUES(3,'5d23d1bb4e1ec9d048505d6ace9eff4b','11f4a196db2de12f',1748823060000,'Lin','reproduced',NULL,'4.1.9',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'again',1,'','','11f4a196db2de12f',1748823060000,'','regression');
INSERT INTO occurrences VALUES(4,'e8cd5b1393864565f627b5e2bcc56cba','0e32d180e06c1be7',1748822640000,'Lin','reproduced',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'previewImage:fail timeout',7,'','','0e32d180e06c1be7',1748822640000,'','');
CREATE TABLE weekly_sightings (pitfall TEXT, week INTEGER, count INTEGER NOT NULL, PRIMARY KEY (pitfall, week)) WITHOUT ROWID;
INSERT INTO weekly_sightings VALUES('0e32d180e06c1be7',2892,8);
INSERT INTO weekly_sightings VALUES('11f4a196db2de12f',2892,1);
CREATE TABLE IF NOT EXISTS "messages" (
   "n" INTEGER PRIMARY KEY,
   "pitfall" TEXT,
   "digest" TEXT NOT NULL,
   "message" TEXT
);
INSERT INTO messages VALUES(1,'0e32d180e06c1be7','fd4d93e209643278','previewImage:fail');
INSERT INTO messages VALUES(2,'0e32d180e06c1be7','169a41d4bf24062f','previewImage:fail timeout');
INSERT INTO messages VALUES(3,'11f4a196db2de12f','b4c9e14061c2fd45','again');
PRAGMA writable_schema=ON;
INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table','search','search',0,'CREATE VIRTUAL TABLE search USING fts5 (title, names, body, prefix=''1 2 3'')');
CREATE TABLE IF NOT EXISTS 'search_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO search_data VALUES(1,X'0204090e');
INSERT INTO search_data VALUES(10,X'000000000106060006010101020101030101040101050101060101');
INSERT INTO search_data VALUES(137438953473,X'0000010a0630616c62756d010601010401046661696c01060101060105696d61676501080101080401077069637475726501020302067265766965770108010107040805696d6167650108010103040105776869746501020202017801060101020002316101060101040101660106010106010169010801010804010170010e03010103040404010177010802010102000332616c01060101040102666101060101060102696d01080101080401027069010203020172010c010103040404010277680102020201780106010102000433616c620106010104010366616901060101060103696d61010801010804010370696301020302027265010c0101030404040103776869010202040c0b0d0c0e0d0a080908090c090a090a070b07080b0a0b080c');
INSERT INTO search_data VALUES(274877906945,X'000001b50630616c62756d010701010401046661696c010701010601046865726501060102070105696d61676501090101080401077069637475726501030302067265766965770109010107040805696d6167650109010103040103746f6f01060102080105776869746501030202017801070101020103e59bbe01060102020103e698af01060102040103e789870106010203020299bd010601020502029a84010601020600023161010701010401016601070101060101680106010207010169010901010804010170010f0301010304040401017401060102080101770109020101020103e59bbe01060102020103e698af01060102040103e789870106010203020299bd010601020502029a840106010206000332616c01070101040102666101070101060102686501060102070102696d01090101080401027069010303020172010d0101030404040102746f0106010208010277680103020201780107010102000433616c62010701010401036661690107010106010368657201060102070103696d61010901010804010370696301030302027265010d0101030404040103746f6f01060102080103776869010302040c0b0b0d0c0e0d0a0a080a0a0a0909090808090c08090a0a0a09090a09090a070b0907080b0a0a0b080c0a');
INSERT INTO search_data VALUES(412316860417,X'000001ef0630616c62756d01070101040202736b010601020201046661696c010701010601046865726501070102090105696d61676501090101080401077069637475726501030302067265766965770109010107040805696d6167650109010103040103746f6f010701020a02047769636501060102030105776869746501030202017801070101020103e59bbe01070102040103e698af01070102060103e789870107010205020299bd010701020702029a84010701020800023161010d01010401020201016601070101060101680107010209010169010901010804010170010f030101030404040101740109010203090101770109020101020103e59bbe01070102040103e698af01070102060103e789870107010205020299bd010701020702029a840107010208000332616c010701010402017301060102020102666101070101060102686501070102090102696d01090101080401027069010303020172010d0101030404040102746f010701020a0201770106010203010277680103020201780107010102000433616c6201070101040202736b010601020201036661690107010106010368657201070102090103696d61010901010804010370696301030302027265010d0101030404040103746f6f010701020a0202776901060102030103776869010302040c090b0b0d0c0e0d0a0b0a080a0a0a09090c0808090c09090a0a0a09090a0809090a070b090807080b090a0a0b080c0a09');
INSERT INTO search_data VALUES(549755813889,X'000000470630626c61636b02020201077069637475726502020300023162020202010170020203000332626c02020201027069020203000433626c610202020103706963020203040a0c0706080709');
INSERT INTO search_data VALUES(687194767361,X'000000770230310206010203010134020601020201013802060102040105626c61636b02030201077069637475726502030300023131020601020301013402060102020101380206010204010162020302010170020303000332626c02030201027069020303000433626c610203020103706963020303040808080a0c0908080606080709');
INSERT INTO search_data VALUES(824633720833,X'0000023d0630616c62756d01070101040202736b01070102020107636f6e736f6c65010601020b01046661696c010701010601046865726501070102090105696d61676501090101080401036c6f67010601020c01077069637475726501030302067265766965770109010107040805696d6167650109010103040103746f6f010701020a02047769636501070102030105776869746501030202017801070101020103e59bbe01070102040103e698af01070102060103e789870107010205020299bd010701020702029a84010701020800023161010d010104010202010163010601020b0101660107010106010168010701020901016901090101080401016c010601020c010170010f030101030404040101740109010203090101770109020101020103e59bbe01070102040103e698af01070102060103e789870107010205020299bd010701020702029a840107010208000332616c010701010402017301070102020102636f010601020b0102666101070101060102686501070102090102696d01090101080401026c6f010601020c01027069010303020172010d0101030404040102746f010701020a0201770107010203010277680103020201780107010102000433616c6201070101040202736b01070102020103636f6e010601020b01036661690107010106010368657201070102090103696d6101090101080401036c6f67010601020c010370696301030302027265010d0101030404040103746f6f010701020a0202776901070102030103776869010302040c090e0b0b0d0a0c0e0d0a0b0a080a0a0a09090c08080809080c09090a0a0a09090a080909090a09070b090807080b090a0a0a0b0a080c0a09');
CREATE TABLE IF NOT EXISTS 'search_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
INSERT INTO search_idx VALUES(1,X'',2);
INSERT INTO search_idx VALUES(2,X'',2);
INSERT INTO search_idx VALUES(3,X'',2);
INSERT INTO search_idx VALUES(4,X'',2);
INSERT INTO search_idx VALUES(5,X'',2);
INSERT INTO search_idx VALUES(6,X'',2);
CREATE TABLE IF NOT EXISTS 'search_content'(id INTEGER PRIMARY KEY, c0, c1, c2);
INSERT INTO search_content VALUES(1,replace('white picture\n','\n',char(10)),replace('wx.previewimage\n\nalbum\npreviewimage:fail preview image preview image','\n',char(10)),replace('ask twice.\n\n\n\n 图  片  是  白  的  here too\n\n\n\n\n\nconsole.log\n\n','\n',char(10)));
INSERT INTO search_content VALUES(2,replace('black picture\n','\n',char(10)),replace('\n ','\n',char(10)),replace('\n\n\n\n4.1.8\n\n','\n',char(10)));
CREATE TABLE IF NOT EXISTS 'search_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
INSERT INTO search_docsize VALUES(1,X'02090b');
INSERT INTO search_docsize VALUES(2,X'020003');
CREATE TABLE IF NOT EXISTS 'search_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO search_config VALUES('version',4);
INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table','message_search','message_search',0,'CREATE VIRTUAL TABLE message_search USING fts5 (message, prefix=''1 2 3'')');
CREATE TABLE IF NOT EXISTS 'message_search_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO message_search_data VALUES(1,X'030a');
INSERT INTO message_search_data VALUES(10,X'000000000103030003010101020101030101');
INSERT INTO message_search_data VALUES(137438953473,X'0000007205306661696c0102030105696d6167650102050107707265766965770102040805696d616765010202000231660102030101690102050101700104020400033266610102030102696d01020501027072010402040004336661690102030103696d6101020501037072650104020404090a0c0a0706070807080908');
INSERT INTO message_search_data VALUES(274877906945,X'0000009305306661696c0202030105696d6167650202060107707265766965770202050805696d616765020202010774696d656f7574020204000231660202030101690202060101700204020501017402020400033266610202030102696d0202060102707202040205010274690202040004336661690202030103696d61020206010370726502040205010374696d02020404090a0c0a0c0706070608070807090809');
INSERT INTO message_search_data VALUES(412316860417,X'000000260630616761696e030202000231610302020003326167030202000433616761030202040a0708');
CREATE TABLE IF NOT EXISTS 'message_search_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
INSERT INTO message_search_idx VALUES(1,X'',2);
INSERT INTO message_search_idx VALUES(2,X'',2);
INSERT INTO message_search_idx VALUES(3,X'',2);
CREATE TABLE IF NOT EXISTS 'message_search_content'(id INTEGER PRIMARY KEY, c0);
INSERT INTO message_search_content VALUES(1,'previewimage:fail preview image');
INSERT INTO message_search_content VALUES(2,'previewimage:fail timeout preview image');
INSERT INTO message_search_content VALUES(3,'again ');
CREATE TABLE IF NOT EXISTS 'message_search_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
INSERT INTO message_search_docsize VALUES(1,X'04');
INSERT INTO message_search_docsize VALUES(2,X'05');
INSERT INTO message_search_docsize VALUES(3,X'01');
CREATE TABLE IF NOT EXISTS 'message_search_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO message_search_config VALUES('version',4);
CREATE TABLE told_apart (pitfall TEXT, other TEXT, recorded_on TEXT, PRIMARY KEY (pitfall, other, recorded_on)) WITHOUT ROWID;
CREATE TABLE seen_versions (pitfall TEXT, axis TEXT, version TEXT, key TEXT, PRIMARY KEY (pitfall, axis, version)) WITHOUT ROWID;
INSERT INTO seen_versions VALUES('0e32d180e06c1be7','client','4.1.6','0000000004.0000000001.0000000006');
INSERT INTO seen_versions VALUES('11f4a196db2de12f','client','4.1.9','0000000004.0000000001.0000000009');
CREATE TABLE IF NOT EXISTS "statements" (
   "id" TEXT PRIMARY KEY,
   "pitfall" TEXT NOT NULL,
   "recorded_on" TEXT NOT NULL,
   "at" INTEGER,
   "who" TEXT,
   "reference" TEXT NOT NULL,
   "said_on" TEXT,
   "author" TEXT,
   "official" INTEGER,
   "sort" TEXT NOT NULL,
   "version" TEXT,
   "quote" TEXT,
   "quote_zh" TEXT
);
CREATE TABLE states (n INTEGER PRIMARY KEY, pitfall TEXT NOT NULL, clock TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, title TEXT NOT NULL, title_zh TEXT NOT NULL, kind TEXT NOT NULL, component TEXT NOT NULL, component_zh TEXT NOT NULL, severity TEXT NOT NULL, status TEXT NOT NULL, status_order INTEGER NOT NULL, reported_at INTEGER NOT NULL, reported_by TEXT NOT NULL, triage TEXT NOT NULL, decided_at INTEGER NOT NULL, inbox_reason TEXT NOT NULL, decline_reason TEXT NOT NULL, duplicate_of TEXT NOT NULL, wakes_on INTEGER, wakes_at_count INTEGER, wakes_axis TEXT NOT NULL, wakes_version TEXT NOT NULL, wakes_at_version TEXT, upstream TEXT NOT NULL, workaround_at INTEGER, fixes TEXT NOT NULL);
INSERT INTO states VALUES(1,'0e32d180e06c1be7','both',1748822460000,1748822760000,'White picture','White picture','bug','wx.previewImage','wx.previewImage','S1','open',0,1748822460000,'Lin','inbox',1748822460000,'new','','',NULL,NULL,'','',NULL,'unreported',NULL,'');
INSERT INTO states VALUES(2,'0e32d180e06c1be7','both',1748822760000,1748822820000,'White picture','White picture','bug','wx.previewImage','wx.previewImage','S1','workaround',1,1748822460000,'Lin','inbox',1748822460000,'new','','',NULL,NULL,'','',NULL,'unreported',1748822760000,'');
INSERT INTO states VALUES(3,'0e32d180e06c1be7','both',1748822820000,1748822880000,'White picture','White picture','bug','wx.previewImage','wx.previewImage','S1','open',0,1748822460000,'Lin','inbox',1748822460000,'new','','',NULL,NULL,'','',NULL,'unreported',1748822760000,'');
INSERT INTO states VALUES(4,'0e32d180e06c1be7','both',1748822880000,4611686018427387904,'White picture','White picture','bug','wx.previewImage','wx.previewImage','S1','workaround',1,1748822460000,'Lin','inbox',1748822460000,'new','','',NULL,NULL,'','',NULL,'unreported',1748822760000,'');
INSERT INTO states VALUES(5,'11f4a196db2de12f','both',1748822940000,1748823000000,'Black picture','Black picture','bug','','','S3','open',0,1748822940000,'Lin','inbox',1748822940000,'new','','',NULL,NULL,'','',NULL,'unreported',NULL,'');
INSERT INTO states VALUES(6,'11f4a196db2de12f','both',1748823000000,4611686018427387904,'Black picture','Black picture','bug','','','S3','fixed upstream',2,1748822940000,'Lin','inbox',1748822940000,'new','','',NULL,NULL,'','',NULL,'unreported',NULL,'966c4687df41f386');
CREATE TABLE IF NOT EXISTS "retro_notes" (
   "id" TEXT PRIMARY KEY,
   "pitfall" TEXT NOT NULL,
   "at" INTEGER NOT NULL,
   "who" TEXT,
   "sort" TEXT NOT NULL,
   "text" TEXT NOT NULL,
   "text_zh" TEXT,
   "owner" TEXT,
   "due" TEXT,
   "done_on" TEXT
);
CREATE TABLE changes (pitfall TEXT, place INTEGER, event TEXT NOT NULL, field TEXT NOT NULL, at INTEGER NOT NULL, until INTEGER NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL, PRIMARY KEY (pitfall, place)) WITHOUT ROWID;
INSERT INTO changes VALUES('0e32d180e06c1be7',0,'8ebc5cb4a631f5fce01412781853b276','status',1748822460000,1748822760000,'','open');
INSERT INTO changes VALUES('0e32d180e06c1be7',1,'6d410db4ec26a0aff5bc5c02474713ca','status',1748822760000,4611686018427387904,'open','workaround');
INSERT INTO changes VALUES('0e32d180e06c1be7',2,'1ac799ee412bc0270cf361b13ef53629','workaround',1748822760000,4611686018427387904,'','written');
INSERT INTO changes VALUES('11f4a196db2de12f',0,'803a09865006682bf67ec5bf84028b40','status',1748822940000,1748823000000,'','open');
INSERT INTO changes VALUES('11f4a196db2de12f',1,'b445418245bd2da0bb70dd00fa2fc159','status',1748823000000,4611686018427387904,'open','fixed upstream');
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
CREATE TABLE IF NOT EXISTS "attachments" (
   "id" TEXT PRIMARY KEY,
   "pitfall" TEXT NOT NULL,
   "recorded_on" TEXT NOT NULL,
   "at" INTEGER,
   "who" TEXT,
   "digest" TEXT NOT NULL,
   "size" INTEGER NOT NULL,
   "label" TEXT NOT NULL,
   "media" TEXT NOT NULL,
   "occurrence" TEXT NOT NULL,
   "note" TEXT,
   "note_zh" TEXT
);
INSERT INTO attachments VALUES('66fe0893d3550c204bc12ad719a1feea','0e32d180e06c1be7','0e32d180e06c1be7',1748823120000,'Lin','8e722e34af271ba626bdbdf618ebf1386eaad27b073b6421d329bf5ffca22637',9,'console.log','text/plain','','','');
CREATE TABLE contested (pitfall TEXT, field TEXT, place INTEGER, event TEXT NOT NULL, at INTEGER NOT NULL, who TEXT NOT NULL, value TEXT NOT NULL, value_zh TEXT NOT NULL, decision TEXT NOT NULL, PRIMARY KEY (pitfall, field, place)) WITHOUT ROWID;
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE UNIQUE INDEX "idx_events_id"
    ON "events" ("id");
CREATE INDEX "idx_events_actor_seq"
    ON "events" ("actor", "seq");
CREATE INDEX idx_events_of_pitfall ON events (pitfall) WHERE kind <> 'occurrence_logged';
CREATE INDEX "idx_mentions_pitfall"
    ON "mentions" ("pitfall");
CREATE INDEX "idx_voided_pitfall"
    ON "voided" ("pitfall");
CREATE UNIQUE INDEX "idx_pitfalls_id"
    ON "pitfalls" ("id");
CREATE INDEX "idx_tags_tag_pitfall"
    ON "tags" ("tag", "pitfall");
CREATE INDEX "idx_comments_pitfall_place"
    ON "comments" ("pitfall", "place");
CREATE INDEX "idx_pitfall_references_pitfall_place"
    ON "pitfall_references" ("pitfall", "place");
CREATE INDEX "idx_signatures_pitfall_place"
    ON "signatures" ("pitfall", "place");
CREATE INDEX "idx_fixes_pitfall_place"
    ON "fixes" ("pitfall", "place");
CREATE UNIQUE INDEX "idx_occurrences_id"
    ON "occurrences" ("id");
CREATE UNIQUE INDEX "idx_messages_pitfall_digest"
    ON "messages" ("pitfall", "digest");
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
CREATE INDEX idx_pitfalls_counts ON pitfalls (in_view, status, kind, severity, component, component_zh);
CREATE INDEX idx_pitfalls_waiting ON pitfalls (triage, decided_at) WHERE triage IN ('inbox', 'snoozed');
CREATE INDEX idx_pitfalls_duplicates ON pitfalls (duplicate_of) WHERE duplicate_of <> '';
CREATE INDEX idx_pitfalls_originals ON pitfalls (original) WHERE original IS NOT NULL;
CREATE INDEX "idx_pitfall_references_recorded_on"
    ON "pitfall_references" ("recorded_on");
CREATE INDEX "idx_signatures_recorded_on"
    ON "signatures" ("recorded_on");
CREATE INDEX "idx_told_apart_recorded_on"
    ON "told_apart" ("recorded_on");
CREATE INDEX "idx_seen_versions_axis_key_pitfall"
    ON "seen_versions" ("axis", "key", "pitfall");
CREATE INDEX idx_events_imported ON events (pitfall) WHERE kind = 'imported';
CREATE INDEX idx_pitfalls_regressed_at ON pitfalls (regressed_at, decided_at) WHERE regressed_at IS NOT NULL;
CREATE INDEX idx_pitfalls_unclear_at ON pitfalls (unclear_at, decided_at) WHERE unclear_at IS NOT NULL;
CREATE INDEX "idx_statements_pitfall"
    ON "statements" ("pitfall");
CREATE INDEX "idx_statements_recorded_on"
    ON "statements" ("recorded_on");
CREATE INDEX idx_pitfalls_upstream ON pitfalls (upstream, n);
CREATE INDEX idx_occurrences_runs ON occurrences (host, platform, client_version, base_library, count, seen_at) WHERE client_version <> '' AND base_library <> '';
CREATE INDEX idx_pitfalls_by_claimed ON pitfalls (ifnull(fix_at, 4611686018427387904), n, in_view, status, kind, severity);
CREATE INDEX idx_pitfalls_by_verified ON pitfalls (ifnull(workaround_at, 4611686018427387904), n, in_view, status, kind, severity);
CREATE INDEX idx_pitfalls_by_waiting ON pitfalls (waiting_since, n, in_view, status, kind, severity);
CREATE INDEX idx_events_arrived ON events (arrived_at) WHERE arrived_at NOT NULL;
CREATE INDEX idx_events_done ON events (at) WHERE kind <> 'occurrence_logged';
CREATE INDEX idx_states_of_pitfall ON states (pitfall, clock, since);
CREATE INDEX idx_occurrences_of_pitfall ON occurrences (pitfall, seen_at DESC, id DESC, outcome, count, host, platform, channel, logged_at);
CREATE INDEX idx_occurrences_judged ON occurrences (pitfall, verdict, logged_at) WHERE verdict <> '';
CREATE INDEX "idx_retro_notes_pitfall"
    ON "retro_notes" ("pitfall");
CREATE INDEX "idx_retro_notes_at"
    ON "retro_notes" ("at");
CREATE INDEX idx_retro_notes_due ON retro_notes (due) WHERE sort = 'follow-up';
CREATE INDEX idx_changes_when ON changes (field, at, until, after, before, pitfall);
CREATE INDEX idx_pitfalls_looked_back ON pitfalls (in_view, reported_at, id, component, severity);
CREATE INDEX idx_occurrences_when ON occurrences (seen_at, outcome, pitfall, count, platform, channel, client_version, base_library, host);
CREATE INDEX idx_occurrences_told ON occurrences (verdict, seen_at, pitfall, count) WHERE verdict <> '';
CREATE INDEX idx_contents_waiting ON contents (size) WHERE NOT journalled;
CREATE INDEX "idx_attachments_pitfall"
    ON "attachments" ("pitfall");
CREATE INDEX "idx_attachments_recorded_on"
    ON "attachments" ("recorded_on");
CREATE INDEX "idx_attachments_digest"
    ON "attachments" ("digest");
PRAGMA writable_schema=OFF;
COMMIT;
