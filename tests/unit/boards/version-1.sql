-- A board that commit c6edeb9 wrote, as “sqlite3 FILE .dump” gives it.
PRAGMA application_id = 1349088354;
PRAGMA user_version = 1;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO _sqlite_migrations VALUES(1,'pitboard','the_record','2026-11-29 14:59:05.237727+00:00');
INSERT INTO _sqlite_migrations VALUES(2,'pitboard','the_board','2026-11-29 14:59:05.240940+00:00');
INSERT INTO _sqlite_migrations VALUES(3,'pitboard','what_belongs_to_a_pitfall','2026-11-29 14:59:05.249318+00:00');
INSERT INTO _sqlite_migrations VALUES(4,'pitboard','the_search','2026-11-29 14:59:05.253103+00:00');
CREATE TABLE IF NOT EXISTS "store" (
   "actor" TEXT NOT NULL,
   "seen" INTEGER NOT NULL,
   "doubted_since" INTEGER
);
INSERT INTO store VALUES('75c8f21a48713336ab279d5c1bdb4eee',114610868060160000,NULL);
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
);
INSERT INTO events VALUES(1,'dd34dae7bedcb50506aa93ceba598bd1','75c8f21a48713336ab279d5c1bdb4eee',1,1,114610828738560000,1748822460000,'Lin','a0b73e1690f01116','reported','{"actor":"75c8f21a48713336ab279d5c1bdb4eee","at":1748822460000,"body":{"component":"wx.previewImage","severity":"S1","title":"White picture"},"hlc":114610828738560000,"kind":"reported","pitfall":"a0b73e1690f01116","prev":null,"seq":1,"step":1,"v":1,"who":"Lin"}');
INSERT INTO events VALUES(2,'f61576f4964e964a8d1e632bf729da33','75c8f21a48713336ab279d5c1bdb4eee',2,1,114610828738560001,1748822460000,'Lin','a0b73e1690f01116','tag_added','{"actor":"75c8f21a48713336ab279d5c1bdb4eee","at":1748822460000,"body":{"tag":"album"},"hlc":114610828738560001,"kind":"tag_added","pitfall":"a0b73e1690f01116","prev":"dd34dae7bedcb50506aa93ceba598bd1","seq":2,"step":1,"v":1,"who":"Lin"}');
INSERT INTO events VALUES(3,'c08440f19e3a53d4ff8c358754c258e8','75c8f21a48713336ab279d5c1bdb4eee',3,1,114610828738560002,1748822460000,'Lin','a0b73e1690f01116','reference_added','{"actor":"75c8f21a48713336ab279d5c1bdb4eee","at":1748822460000,"body":{"url":"https://a.b/c"},"hlc":114610828738560002,"kind":"reference_added","pitfall":"a0b73e1690f01116","prev":"f61576f4964e964a8d1e632bf729da33","seq":3,"step":1,"v":1,"who":"Lin"}');
INSERT INTO events VALUES(4,'9502970714b23113fe8b4bc0f2a853e4','75c8f21a48713336ab279d5c1bdb4eee',4,1,114610828738560003,1748822460000,'Lin','a0b73e1690f01116','signature_added','{"actor":"75c8f21a48713336ab279d5c1bdb4eee","at":1748822460000,"body":{"text":"previewImage:fail"},"hlc":114610828738560003,"kind":"signature_added","pitfall":"a0b73e1690f01116","prev":"c08440f19e3a53d4ff8c358754c258e8","seq":4,"step":1,"v":1,"who":"Lin"}');
INSERT INTO events VALUES(5,'db44c0759585479ca8dfc51f06887d70','75c8f21a48713336ab279d5c1bdb4eee',5,5,114610832670720000,1748822520000,'Lin','a0b73e1690f01116','comment_added','{"actor":"75c8f21a48713336ab279d5c1bdb4eee","at":1748822520000,"body":{"text":"图片是白的 here too"},"hlc":114610832670720000,"kind":"comment_added","pitfall":"a0b73e1690f01116","prev":"9502970714b23113fe8b4bc0f2a853e4","seq":5,"step":5,"v":1,"who":"Lin"}');
INSERT INTO events VALUES(6,'95d9b96931ee37d6b9ae20413be77bd9','75c8f21a48713336ab279d5c1bdb4eee',6,6,114610836602880000,1748822580000,'Lin','a0b73e1690f01116','occurrence_logged','{"actor":"75c8f21a48713336ab279d5c1bdb4eee","at":1748822580000,"body":{"client_version":"4.1.6","message":"previewImage:fail","platform":"ios"},"hlc":114610836602880000,"kind":"occurrence_logged","pitfall":"a0b73e1690f01116","prev":"db44c0759585479ca8dfc51f06887d70","seq":6,"step":6,"v":1,"who":"Lin"}');
INSERT INTO events VALUES(7,'bfbec5c267ccdf240992592841888914','75c8f21a48713336ab279d5c1bdb4eee',7,7,114610840535040000,1748822640000,'Lin','a0b73e1690f01116','occurrence_logged','{"actor":"75c8f21a48713336ab279d5c1bdb4eee","at":1748822640000,"body":{"count":2,"message":"previewImage:fail timeout"},"hlc":114610840535040000,"kind":"occurrence_logged","pitfall":"a0b73e1690f01116","prev":"95d9b96931ee37d6b9ae20413be77bd9","seq":7,"step":7,"v":1,"who":"Lin"}');
INSERT INTO events VALUES(8,'592157835de9120c574a4e95b48da84a','75c8f21a48713336ab279d5c1bdb4eee',8,8,114610844467200000,1748822700000,'Lin','a0b73e1690f01116','item_amended','{"actor":"75c8f21a48713336ab279d5c1bdb4eee","at":1748822700000,"body":{"changes":{"count":7},"item":"bfbec5c267ccdf240992592841888914"},"hlc":114610844467200000,"kind":"item_amended","pitfall":"a0b73e1690f01116","prev":"bfbec5c267ccdf240992592841888914","seq":8,"step":8,"v":1,"who":"Lin"}');
INSERT INTO events VALUES(9,'accda8007a84b52510f8927d34a2e61f','75c8f21a48713336ab279d5c1bdb4eee',9,9,114610848399360000,1748822760000,'Lin','a0b73e1690f01116','field_set','{"actor":"75c8f21a48713336ab279d5c1bdb4eee","at":1748822760000,"body":{"field":"workaround","replaces":"dd34dae7bedcb50506aa93ceba598bd1","value":"Ask twice."},"hlc":114610848399360000,"kind":"field_set","pitfall":"a0b73e1690f01116","prev":"592157835de9120c574a4e95b48da84a","seq":9,"step":9,"v":1,"who":"Lin"}');
INSERT INTO events VALUES(10,'577801c221087c6a69e760de6abc991d','75c8f21a48713336ab279d5c1bdb4eee',10,9,114610848399360001,1748822760000,'Lin','a0b73e1690f01116','status_set','{"actor":"75c8f21a48713336ab279d5c1bdb4eee","at":1748822760000,"body":{"replaces":"dd34dae7bedcb50506aa93ceba598bd1","status":"workaround"},"hlc":114610848399360001,"kind":"status_set","pitfall":"a0b73e1690f01116","prev":"accda8007a84b52510f8927d34a2e61f","seq":10,"step":9,"v":1,"who":"Lin"}');
INSERT INTO events VALUES(11,'48b05e9795c6ba771e9fdf492382dd54','75c8f21a48713336ab279d5c1bdb4eee',11,11,114610852331520000,1748822820000,'Lin','a0b73e1690f01116','status_set','{"actor":"75c8f21a48713336ab279d5c1bdb4eee","at":1748822820000,"body":{"replaces":"577801c221087c6a69e760de6abc991d","status":"open"},"hlc":114610852331520000,"kind":"status_set","pitfall":"a0b73e1690f01116","prev":"577801c221087c6a69e760de6abc991d","seq":11,"step":11,"v":1,"who":"Lin"}');
INSERT INTO events VALUES(12,'610bb4a8f61298e4f12b36d27814330d','75c8f21a48713336ab279d5c1bdb4eee',12,12,114610856263680000,1748822880000,'Lin','a0b73e1690f01116','undone','{"actor":"75c8f21a48713336ab279d5c1bdb4eee","at":1748822880000,"body":{"events":["48b05e9795c6ba771e9fdf492382dd54"]},"hlc":114610856263680000,"kind":"undone","pitfall":"a0b73e1690f01116","prev":"48b05e9795c6ba771e9fdf492382dd54","seq":12,"step":12,"v":1,"who":"Lin"}');
INSERT INTO events VALUES(13,'ae9594c558cd575e521b0543953250ec','75c8f21a48713336ab279d5c1bdb4eee',13,13,114610860195840000,1748822940000,'Lin','2cfcc64c5cd7375b','reported','{"actor":"75c8f21a48713336ab279d5c1bdb4eee","at":1748822940000,"body":{"title":"Black picture"},"hlc":114610860195840000,"kind":"reported","pitfall":"2cfcc64c5cd7375b","prev":"610bb4a8f61298e4f12b36d27814330d","seq":13,"step":13,"v":1,"who":"Lin"}');
INSERT INTO events VALUES(14,'a91ab6223a728d1d5f487fad98a52405','75c8f21a48713336ab279d5c1bdb4eee',14,14,114610864128000000,1748823000000,'Lin','2cfcc64c5cd7375b','fix_recorded','{"actor":"75c8f21a48713336ab279d5c1bdb4eee","at":1748823000000,"body":{"axis":"client","from_version":"4.1.8"},"hlc":114610864128000000,"kind":"fix_recorded","pitfall":"2cfcc64c5cd7375b","prev":"ae9594c558cd575e521b0543953250ec","seq":14,"step":14,"v":1,"who":"Lin"}');
INSERT INTO events VALUES(15,'051f70b2a4963b46ee695881603275be','75c8f21a48713336ab279d5c1bdb4eee',15,14,114610864128000001,1748823000000,'Lin','2cfcc64c5cd7375b','status_set','{"actor":"75c8f21a48713336ab279d5c1bdb4eee","at":1748823000000,"body":{"fix":"a91ab6223a728d1d5f487fad98a52405","replaces":"ae9594c558cd575e521b0543953250ec","status":"fixed upstream"},"hlc":114610864128000001,"kind":"status_set","pitfall":"2cfcc64c5cd7375b","prev":"a91ab6223a728d1d5f487fad98a52405","seq":15,"step":14,"v":1,"who":"Lin"}');
INSERT INTO events VALUES(16,'c37b4832812dbcdf23a4422b3563bf1c','75c8f21a48713336ab279d5c1bdb4eee',16,16,114610868060160000,1748823060000,'Lin','2cfcc64c5cd7375b','occurrence_logged','{"actor":"75c8f21a48713336ab279d5c1bdb4eee","at":1748823060000,"body":{"client_version":"4.1.9","message":"again"},"hlc":114610868060160000,"kind":"occurrence_logged","pitfall":"2cfcc64c5cd7375b","prev":"051f70b2a4963b46ee695881603275be","seq":16,"step":16,"v":1,"who":"Lin"}');
CREATE TABLE IF NOT EXISTS "mentions" (
   "target" TEXT,
   "event" TEXT,
   "pitfall" TEXT,
   PRIMARY KEY ("target", "event")
);
INSERT INTO mentions VALUES('bfbec5c267ccdf240992592841888914','592157835de9120c574a4e95b48da84a','a0b73e1690f01116');
INSERT INTO mentions VALUES('48b05e9795c6ba771e9fdf492382dd54','610bb4a8f61298e4f12b36d27814330d','a0b73e1690f01116');
CREATE TABLE IF NOT EXISTS "voided" (
   "event" TEXT PRIMARY KEY,
   "pitfall" TEXT
);
INSERT INTO voided VALUES('48b05e9795c6ba771e9fdf492382dd54','a0b73e1690f01116');
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
);
INSERT INTO pitfalls VALUES(1,'a0b73e1690f01116','White picture','White picture','bug','wx.previewImage','wx.previewImage','S1','workaround',1,'Ask twice.','','','',1748822460000,'Lin',1748822760000,8,1748822580000,1748822640000);
INSERT INTO pitfalls VALUES(2,'2cfcc64c5cd7375b','Black picture','Black picture','bug','','','S3','fixed upstream',2,'','','','',1748822940000,'Lin',1748823000000,1,1748823060000,1748823060000);
CREATE TABLE IF NOT EXISTS "tags" (
   "pitfall" TEXT,
   "tag" TEXT,
   PRIMARY KEY ("pitfall", "tag")
);
INSERT INTO tags VALUES('a0b73e1690f01116','album');
CREATE TABLE IF NOT EXISTS "comments" (
   "id" TEXT PRIMARY KEY,
   "pitfall" TEXT,
   "place" INTEGER,
   "at" INTEGER,
   "who" TEXT,
   "text" TEXT,
   "text_zh" TEXT
);
INSERT INTO comments VALUES('db44c0759585479ca8dfc51f06887d70','a0b73e1690f01116',0,1748822520000,'Lin','图片是白的 here too','');
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
);
INSERT INTO pitfall_references VALUES('c08440f19e3a53d4ff8c358754c258e8','a0b73e1690f01116',0,1748822460000,'Lin','https://a.b/c','','','other','','','',0);
CREATE TABLE IF NOT EXISTS "signatures" (
   "id" TEXT PRIMARY KEY,
   "pitfall" TEXT,
   "place" INTEGER,
   "text" TEXT,
   "form" TEXT,
   "platform" TEXT,
   "channel" TEXT
);
INSERT INTO signatures VALUES('9502970714b23113fe8b4bc0f2a853e4','a0b73e1690f01116',0,'previewImage:fail','literal',NULL,NULL);
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
);
INSERT INTO fixes VALUES('a91ab6223a728d1d5f487fad98a52405','2cfcc64c5cd7375b',0,1748823000000,'Lin','client','4.1.8','','','','');
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
);
INSERT INTO occurrences VALUES(1,'95d9b96931ee37d6b9ae20413be77bd9','a0b73e1690f01116',1748822580000,'Lin','reproduced',NULL,'4.1.6',NULL,'ios',NULL,NULL,NULL,NULL,NULL,NULL,'previewImage:fail',1,'','');
INSERT INTO occurrences VALUES(2,'bfbec5c267ccdf240992592841888914','a0b73e1690f01116',1748822640000,'Lin','reproduced',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'previewImage:fail timeout',7,'','');
INSERT INTO occurrences VALUES(3,'c37b4832812dbcdf23a4422b3563bf1c','2cfcc64c5cd7375b',1748823060000,'Lin','reproduced',NULL,'4.1.9',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'again',1,'','');
CREATE TABLE weekly_sightings (pitfall TEXT, week INTEGER, count INTEGER NOT NULL, PRIMARY KEY (pitfall, week)) WITHOUT ROWID;
INSERT INTO weekly_sightings VALUES('2cfcc64c5cd7375b',2892,1);
INSERT INTO weekly_sightings VALUES('a0b73e1690f01116',2892,8);
CREATE TABLE IF NOT EXISTS "messages" (
   "n" INTEGER PRIMARY KEY,
   "pitfall" TEXT,
   "digest" TEXT NOT NULL,
   "message" TEXT
);
INSERT INTO messages VALUES(1,'a0b73e1690f01116','fd4d93e209643278','previewImage:fail');
INSERT INTO messages VALUES(2,'a0b73e1690f01116','169a41d4bf24062f','previewImage:fail timeout');
INSERT INTO messages VALUES(3,'2cfcc64c5cd7375b','b4c9e14061c2fd45','again');
PRAGMA writable_schema=ON;
INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table','search','search',0,'CREATE VIRTUAL TABLE search USING fts5 (title, names, body, prefix=''1 2 3'')');
CREATE TABLE IF NOT EXISTS 'search_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO search_data VALUES(1,X'0204090c');
INSERT INTO search_data VALUES(10,X'000000000105050005010101020101030101040101050101');
INSERT INTO search_data VALUES(137438953473,X'0000010a0630616c62756d010601010401046661696c01060101060105696d61676501080101080401077069637475726501020302067265766965770108010107040805696d6167650108010103040105776869746501020202017801060101020002316101060101040101660106010106010169010801010804010170010e03010103040404010177010802010102000332616c01060101040102666101060101060102696d01080101080401027069010203020172010c010103040404010277680102020201780106010102000433616c620106010104010366616901060101060103696d61010801010804010370696301020302027265010c0101030404040103776869010202040c0b0d0c0e0d0a080908090c090a090a070b07080b0a0b080c');
INSERT INTO search_data VALUES(274877906945,X'000001b50630616c62756d010701010401046661696c010701010601046865726501060102070105696d61676501090101080401077069637475726501030302067265766965770109010107040805696d6167650109010103040103746f6f01060102080105776869746501030202017801070101020103e59bbe01060102020103e698af01060102040103e789870106010203020299bd010601020502029a84010601020600023161010701010401016601070101060101680106010207010169010901010804010170010f0301010304040401017401060102080101770109020101020103e59bbe01060102020103e698af01060102040103e789870106010203020299bd010601020502029a840106010206000332616c01070101040102666101070101060102686501060102070102696d01090101080401027069010303020172010d0101030404040102746f0106010208010277680103020201780107010102000433616c62010701010401036661690107010106010368657201060102070103696d61010901010804010370696301030302027265010d0101030404040103746f6f01060102080103776869010302040c0b0b0d0c0e0d0a0a080a0a0a0909090808090c08090a0a0a09090a09090a070b0907080b0a0a0b080c0a');
INSERT INTO search_data VALUES(412316860417,X'000001ef0630616c62756d01070101040202736b010601020201046661696c010701010601046865726501070102090105696d61676501090101080401077069637475726501030302067265766965770109010107040805696d6167650109010103040103746f6f010701020a02047769636501060102030105776869746501030202017801070101020103e59bbe01070102040103e698af01070102060103e789870107010205020299bd010701020702029a84010701020800023161010d01010401020201016601070101060101680107010209010169010901010804010170010f030101030404040101740109010203090101770109020101020103e59bbe01070102040103e698af01070102060103e789870107010205020299bd010701020702029a840107010208000332616c010701010402017301060102020102666101070101060102686501070102090102696d01090101080401027069010303020172010d0101030404040102746f010701020a0201770106010203010277680103020201780107010102000433616c6201070101040202736b010601020201036661690107010106010368657201070102090103696d61010901010804010370696301030302027265010d0101030404040103746f6f010701020a0202776901060102030103776869010302040c090b0b0d0c0e0d0a0b0a080a0a0a09090c0808090c09090a0a0a09090a0809090a070b090807080b090a0a0b080c0a09');
INSERT INTO search_data VALUES(549755813889,X'000000470630626c61636b02020201077069637475726502020300023162020202010170020203000332626c02020201027069020203000433626c610202020103706963020203040a0c0706080709');
INSERT INTO search_data VALUES(687194767361,X'000000770230310206010203010134020601020201013802060102040105626c61636b02030201077069637475726502030300023131020601020301013402060102020101380206010204010162020302010170020303000332626c02030201027069020303000433626c610203020103706963020303040808080a0c0908080606080709');
CREATE TABLE IF NOT EXISTS 'search_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
INSERT INTO search_idx VALUES(1,X'',2);
INSERT INTO search_idx VALUES(2,X'',2);
INSERT INTO search_idx VALUES(3,X'',2);
INSERT INTO search_idx VALUES(4,X'',2);
INSERT INTO search_idx VALUES(5,X'',2);
CREATE TABLE IF NOT EXISTS 'search_content'(id INTEGER PRIMARY KEY, c0, c1, c2);
INSERT INTO search_content VALUES(1,replace('white picture\n','\n',char(10)),replace('wx.previewimage\n\nalbum\npreviewimage:fail preview image preview image','\n',char(10)),replace('ask twice.\n\n\n\n 图  片  是  白  的  here too\n\n\n\n\n','\n',char(10)));
INSERT INTO search_content VALUES(2,replace('black picture\n','\n',char(10)),replace('\n ','\n',char(10)),replace('\n\n\n\n4.1.8\n\n','\n',char(10)));
CREATE TABLE IF NOT EXISTS 'search_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
INSERT INTO search_docsize VALUES(1,X'020909');
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
CREATE INDEX idx_pitfalls_by_seen ON pitfalls (last_seen DESC, n DESC, status, kind, severity);
CREATE INDEX idx_pitfalls_by_status ON pitfalls (status_order, last_seen DESC, n DESC, status, kind, severity);
CREATE INDEX idx_pitfalls_by_severity ON pitfalls (severity, last_seen DESC, n DESC, status, kind, severity);
CREATE INDEX idx_pitfalls_by_component ON pitfalls (component, last_seen DESC, n DESC, status, kind, severity);
CREATE INDEX idx_pitfalls_by_component_zh ON pitfalls (component_zh, last_seen DESC, n DESC, status, kind, severity);
CREATE INDEX idx_pitfalls_by_title ON pitfalls (title COLLATE NOCASE, n DESC, status, kind, severity);
CREATE INDEX idx_pitfalls_by_title_zh ON pitfalls (title_zh COLLATE NOCASE, n DESC, status, kind, severity);
CREATE INDEX idx_pitfalls_counts ON pitfalls (status, kind, severity);
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
CREATE INDEX idx_occurrences_of_pitfall ON occurrences (pitfall, seen_at DESC, id DESC, outcome, count);
CREATE UNIQUE INDEX "idx_messages_pitfall_digest"
    ON "messages" ("pitfall", "digest");
PRAGMA writable_schema=OFF;
COMMIT;
