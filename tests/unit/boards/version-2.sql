-- A board that commit eb2ecb9 wrote, as “sqlite3 FILE .dump” gives it.
PRAGMA application_id = 1349088354;
PRAGMA user_version = 2;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO _sqlite_migrations VALUES(1,'pitboard','the_record','2026-11-29 14:59:06.868342+00:00');
INSERT INTO _sqlite_migrations VALUES(2,'pitboard','the_board','2026-11-29 14:59:06.876704+00:00');
INSERT INTO _sqlite_migrations VALUES(3,'pitboard','what_belongs_to_a_pitfall','2026-11-29 14:59:06.881395+00:00');
INSERT INTO _sqlite_migrations VALUES(4,'pitboard','the_search','2026-11-29 14:59:06.885949+00:00');
INSERT INTO _sqlite_migrations VALUES(5,'pitboard','what_triage_decides','2026-11-29 14:59:06.900119+00:00');
INSERT INTO _sqlite_migrations VALUES(6,'pitboard','what_files_gave','2026-11-29 14:59:06.907433+00:00');
CREATE TABLE IF NOT EXISTS "store" (
   "actor" TEXT NOT NULL,
   "seen" INTEGER NOT NULL,
   "doubted_since" INTEGER
);
INSERT INTO store VALUES('9bae2736dd2858b92a24b01cbbc588dc',114610868060160000,NULL);
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
INSERT INTO events VALUES(1,'c1b8834173f75cfc8314eef03354c013','9bae2736dd2858b92a24b01cbbc588dc',1,1,114610828738560000,1748822460000,'Lin','4af64f8ca24cb31e','reported','{"actor":"9bae2736dd2858b92a24b01cbbc588dc","at":1748822460000,"body":{"component":"wx.previewImage","inbox":"new","severity":"S1","title":"White picture"},"hlc":114610828738560000,"kind":"reported","pitfall":"4af64f8ca24cb31e","prev":null,"seq":1,"step":1,"v":1,"who":"Lin"}');
INSERT INTO events VALUES(2,'88fa8d3b7929b2b900d90f56a1a69774','9bae2736dd2858b92a24b01cbbc588dc',2,1,114610828738560001,1748822460000,'Lin','4af64f8ca24cb31e','tag_added','{"actor":"9bae2736dd2858b92a24b01cbbc588dc","at":1748822460000,"body":{"tag":"album"},"hlc":114610828738560001,"kind":"tag_added","pitfall":"4af64f8ca24cb31e","prev":"c1b8834173f75cfc8314eef03354c013","seq":2,"step":1,"v":1,"who":"Lin"}');
INSERT INTO events VALUES(3,'51ccb38cc568938163280e36d88d75fc','9bae2736dd2858b92a24b01cbbc588dc',3,1,114610828738560002,1748822460000,'Lin','4af64f8ca24cb31e','reference_added','{"actor":"9bae2736dd2858b92a24b01cbbc588dc","at":1748822460000,"body":{"url":"https://a.b/c"},"hlc":114610828738560002,"kind":"reference_added","pitfall":"4af64f8ca24cb31e","prev":"88fa8d3b7929b2b900d90f56a1a69774","seq":3,"step":1,"v":1,"who":"Lin"}');
INSERT INTO events VALUES(4,'ed04c2564da1bc774b73e4e5b17c6319','9bae2736dd2858b92a24b01cbbc588dc',4,1,114610828738560003,1748822460000,'Lin','4af64f8ca24cb31e','signature_added','{"actor":"9bae2736dd2858b92a24b01cbbc588dc","at":1748822460000,"body":{"text":"previewImage:fail"},"hlc":114610828738560003,"kind":"signature_added","pitfall":"4af64f8ca24cb31e","prev":"51ccb38cc568938163280e36d88d75fc","seq":4,"step":1,"v":1,"who":"Lin"}');
INSERT INTO events VALUES(5,'ff9cf1d06b44ec608f414efe96c76b61','9bae2736dd2858b92a24b01cbbc588dc',5,5,114610832670720000,1748822520000,'Lin','4af64f8ca24cb31e','comment_added','{"actor":"9bae2736dd2858b92a24b01cbbc588dc","at":1748822520000,"body":{"text":"图片是白的 here too"},"hlc":114610832670720000,"kind":"comment_added","pitfall":"4af64f8ca24cb31e","prev":"ed04c2564da1bc774b73e4e5b17c6319","seq":5,"step":5,"v":1,"who":"Lin"}');
INSERT INTO events VALUES(6,'bb868624a31223741e926f386ddf1fb7','9bae2736dd2858b92a24b01cbbc588dc',6,6,114610836602880000,1748822580000,'Lin','4af64f8ca24cb31e','occurrence_logged','{"actor":"9bae2736dd2858b92a24b01cbbc588dc","at":1748822580000,"body":{"client_version":"4.1.6","message":"previewImage:fail","platform":"ios"},"hlc":114610836602880000,"kind":"occurrence_logged","pitfall":"4af64f8ca24cb31e","prev":"ff9cf1d06b44ec608f414efe96c76b61","seq":6,"step":6,"v":1,"who":"Lin"}');
INSERT INTO events VALUES(7,'7aed2abf9840760a97e3d531c6e81f79','9bae2736dd2858b92a24b01cbbc588dc',7,7,114610840535040000,1748822640000,'Lin','4af64f8ca24cb31e','occurrence_logged','{"actor":"9bae2736dd2858b92a24b01cbbc588dc","at":1748822640000,"body":{"count":2,"message":"previewImage:fail timeout"},"hlc":114610840535040000,"kind":"occurrence_logged","pitfall":"4af64f8ca24cb31e","prev":"bb868624a31223741e926f386ddf1fb7","seq":7,"step":7,"v":1,"who":"Lin"}');
INSERT INTO events VALUES(8,'e954bdb7e2c4039e07df4bb3298582e3','9bae2736dd2858b92a24b01cbbc588dc',8,8,114610844467200000,1748822700000,'Lin','4af64f8ca24cb31e','item_amended','{"actor":"9bae2736dd2858b92a24b01cbbc588dc","at":1748822700000,"body":{"changes":{"count":7},"item":"7aed2abf9840760a97e3d531c6e81f79"},"hlc":114610844467200000,"kind":"item_amended","pitfall":"4af64f8ca24cb31e","prev":"7aed2abf9840760a97e3d531c6e81f79","seq":8,"step":8,"v":1,"who":"Lin"}');
INSERT INTO events VALUES(9,'932a41dfe9eb07366ede88fbe7406078','9bae2736dd2858b92a24b01cbbc588dc',9,9,114610848399360000,1748822760000,'Lin','4af64f8ca24cb31e','field_set','{"actor":"9bae2736dd2858b92a24b01cbbc588dc","at":1748822760000,"body":{"field":"workaround","replaces":"c1b8834173f75cfc8314eef03354c013","value":"Ask twice."},"hlc":114610848399360000,"kind":"field_set","pitfall":"4af64f8ca24cb31e","prev":"e954bdb7e2c4039e07df4bb3298582e3","seq":9,"step":9,"v":1,"who":"Lin"}');
INSERT INTO events VALUES(10,'c7dfbf40a5c36a07e22017661d52cc25','9bae2736dd2858b92a24b01cbbc588dc',10,9,114610848399360001,1748822760000,'Lin','4af64f8ca24cb31e','status_set','{"actor":"9bae2736dd2858b92a24b01cbbc588dc","at":1748822760000,"body":{"replaces":"c1b8834173f75cfc8314eef03354c013","status":"workaround"},"hlc":114610848399360001,"kind":"status_set","pitfall":"4af64f8ca24cb31e","prev":"932a41dfe9eb07366ede88fbe7406078","seq":10,"step":9,"v":1,"who":"Lin"}');
INSERT INTO events VALUES(11,'3fe87c6c81d8faa959aa824e435eddff','9bae2736dd2858b92a24b01cbbc588dc',11,11,114610852331520000,1748822820000,'Lin','4af64f8ca24cb31e','status_set','{"actor":"9bae2736dd2858b92a24b01cbbc588dc","at":1748822820000,"body":{"replaces":"c7dfbf40a5c36a07e22017661d52cc25","status":"open"},"hlc":114610852331520000,"kind":"status_set","pitfall":"4af64f8ca24cb31e","prev":"c7dfbf40a5c36a07e22017661d52cc25","seq":11,"step":11,"v":1,"who":"Lin"}');
INSERT INTO events VALUES(12,'39523fcb64f3ae757e1a4a1deb6d98a7','9bae2736dd2858b92a24b01cbbc588dc',12,12,114610856263680000,1748822880000,'Lin','4af64f8ca24cb31e','undone','{"actor":"9bae2736dd2858b92a24b01cbbc588dc","at":1748822880000,"body":{"events":["3fe87c6c81d8faa959aa824e435eddff"]},"hlc":114610856263680000,"kind":"undone","pitfall":"4af64f8ca24cb31e","prev":"3fe87c6c81d8faa959aa824e435eddff","seq":12,"step":12,"v":1,"who":"Lin"}');
INSERT INTO events VALUES(13,'2879925b98ecc4592003447d88e81e7f','9bae2736dd2858b92a24b01cbbc588dc',13,13,114610860195840000,1748822940000,'Lin','b0fbd8f8cbda7131','reported','{"actor":"9bae2736dd2858b92a24b01cbbc588dc","at":1748822940000,"body":{"inbox":"new","title":"Black picture"},"hlc":114610860195840000,"kind":"reported","pitfall":"b0fbd8f8cbda7131","prev":"39523fcb64f3ae757e1a4a1deb6d98a7","seq":13,"step":13,"v":1,"who":"Lin"}');
INSERT INTO events VALUES(14,'f5b7bdbefacea6f5a045e56249fff76b','9bae2736dd2858b92a24b01cbbc588dc',14,14,114610864128000000,1748823000000,'Lin','b0fbd8f8cbda7131','fix_recorded','{"actor":"9bae2736dd2858b92a24b01cbbc588dc","at":1748823000000,"body":{"axis":"client","from_version":"4.1.8"},"hlc":114610864128000000,"kind":"fix_recorded","pitfall":"b0fbd8f8cbda7131","prev":"2879925b98ecc4592003447d88e81e7f","seq":14,"step":14,"v":1,"who":"Lin"}');
INSERT INTO events VALUES(15,'67a4750c07de933855ced2b441184568','9bae2736dd2858b92a24b01cbbc588dc',15,14,114610864128000001,1748823000000,'Lin','b0fbd8f8cbda7131','status_set','{"actor":"9bae2736dd2858b92a24b01cbbc588dc","at":1748823000000,"body":{"fix":"f5b7bdbefacea6f5a045e56249fff76b","replaces":"2879925b98ecc4592003447d88e81e7f","status":"fixed upstream"},"hlc":114610864128000001,"kind":"status_set","pitfall":"b0fbd8f8cbda7131","prev":"f5b7bdbefacea6f5a045e56249fff76b","seq":15,"step":14,"v":1,"who":"Lin"}');
INSERT INTO events VALUES(16,'7d3d3828699a7c06c1075e4f01157654','9bae2736dd2858b92a24b01cbbc588dc',16,16,114610868060160000,1748823060000,'Lin','b0fbd8f8cbda7131','occurrence_logged','{"actor":"9bae2736dd2858b92a24b01cbbc588dc","at":1748823060000,"body":{"client_version":"4.1.9","message":"again"},"hlc":114610868060160000,"kind":"occurrence_logged","pitfall":"b0fbd8f8cbda7131","prev":"67a4750c07de933855ced2b441184568","seq":16,"step":16,"v":1,"who":"Lin"}');
CREATE TABLE IF NOT EXISTS "mentions" (
   "target" TEXT,
   "event" TEXT,
   "pitfall" TEXT,
   PRIMARY KEY ("target", "event")
);
INSERT INTO mentions VALUES('7aed2abf9840760a97e3d531c6e81f79','e954bdb7e2c4039e07df4bb3298582e3','4af64f8ca24cb31e');
INSERT INTO mentions VALUES('3fe87c6c81d8faa959aa824e435eddff','39523fcb64f3ae757e1a4a1deb6d98a7','4af64f8ca24cb31e');
CREATE TABLE IF NOT EXISTS "voided" (
   "event" TEXT PRIMARY KEY,
   "pitfall" TEXT
);
INSERT INTO voided VALUES('3fe87c6c81d8faa959aa824e435eddff','4af64f8ca24cb31e');
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
, triage TEXT NOT NULL DEFAULT 'settled', decided_at INTEGER NOT NULL DEFAULT 0, inbox_reason TEXT NOT NULL DEFAULT '', decline_reason TEXT NOT NULL DEFAULT '', duplicate_of TEXT NOT NULL DEFAULT '', original TEXT, wakes_on INTEGER, wakes_at_count INTEGER, wakes_axis TEXT NOT NULL DEFAULT '', wakes_version TEXT NOT NULL DEFAULT '', wakes_at_version TEXT, in_view INTEGER GENERATED ALWAYS AS (triage <> 'declined' AND original IS NULL) VIRTUAL);
INSERT INTO pitfalls VALUES(1,'4af64f8ca24cb31e','White picture','White picture','bug','wx.previewImage','wx.previewImage','S1','workaround',1,'Ask twice.','','','',1748822460000,'Lin',1748822760000,8,1748822580000,1748822640000,'inbox',1748822460000,'new','','',NULL,NULL,NULL,'','',NULL);
INSERT INTO pitfalls VALUES(2,'b0fbd8f8cbda7131','Black picture','Black picture','bug','','','S3','fixed upstream',2,'','','','',1748822940000,'Lin',1748823000000,1,1748823060000,1748823060000,'inbox',1748822940000,'new','','',NULL,NULL,NULL,'','',NULL);
CREATE TABLE IF NOT EXISTS "tags" (
   "pitfall" TEXT,
   "tag" TEXT,
   PRIMARY KEY ("pitfall", "tag")
);
INSERT INTO tags VALUES('4af64f8ca24cb31e','album');
CREATE TABLE IF NOT EXISTS "comments" (
   "id" TEXT PRIMARY KEY,
   "pitfall" TEXT,
   "place" INTEGER,
   "at" INTEGER,
   "who" TEXT,
   "text" TEXT,
   "text_zh" TEXT
);
INSERT INTO comments VALUES('ff9cf1d06b44ec608f414efe96c76b61','4af64f8ca24cb31e',0,1748822520000,'Lin','图片是白的 here too','');
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
INSERT INTO pitfall_references VALUES('51ccb38cc568938163280e36d88d75fc','4af64f8ca24cb31e',0,1748822460000,'Lin','https://a.b/c','','','other','','','',0,'4af64f8ca24cb31e');
CREATE TABLE IF NOT EXISTS "signatures" (
   "id" TEXT PRIMARY KEY,
   "pitfall" TEXT,
   "place" INTEGER,
   "text" TEXT,
   "form" TEXT,
   "platform" TEXT,
   "channel" TEXT
, recorded_on TEXT NOT NULL DEFAULT '');
INSERT INTO signatures VALUES('ed04c2564da1bc774b73e4e5b17c6319','4af64f8ca24cb31e',0,'previewImage:fail','literal',NULL,NULL,'4af64f8ca24cb31e');
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
INSERT INTO fixes VALUES('f5b7bdbefacea6f5a045e56249fff76b','b0fbd8f8cbda7131',0,1748823000000,'Lin','client','4.1.8','','','','');
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
, recorded_on TEXT NOT NULL DEFAULT '');
INSERT INTO occurrences VALUES(1,'bb868624a31223741e926f386ddf1fb7','4af64f8ca24cb31e',1748822580000,'Lin','reproduced',NULL,'4.1.6',NULL,'ios',NULL,NULL,NULL,NULL,NULL,NULL,'previewImage:fail',1,'','','4af64f8ca24cb31e');
INSERT INTO occurrences VALUES(2,'7aed2abf9840760a97e3d531c6e81f79','4af64f8ca24cb31e',1748822640000,'Lin','reproduced',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'previewImage:fail timeout',7,'','','4af64f8ca24cb31e');
INSERT INTO occurrences VALUES(3,'7d3d3828699a7c06c1075e4f01157654','b0fbd8f8cbda7131',1748823060000,'Lin','reproduced',NULL,'4.1.9',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'again',1,'','','b0fbd8f8cbda7131');
CREATE TABLE weekly_sightings (pitfall TEXT, week INTEGER, count INTEGER NOT NULL, PRIMARY KEY (pitfall, week)) WITHOUT ROWID;
INSERT INTO weekly_sightings VALUES('4af64f8ca24cb31e',2892,8);
INSERT INTO weekly_sightings VALUES('b0fbd8f8cbda7131',2892,1);
CREATE TABLE IF NOT EXISTS "messages" (
   "n" INTEGER PRIMARY KEY,
   "pitfall" TEXT,
   "digest" TEXT NOT NULL,
   "message" TEXT
);
INSERT INTO messages VALUES(1,'4af64f8ca24cb31e','fd4d93e209643278','previewImage:fail');
INSERT INTO messages VALUES(2,'4af64f8ca24cb31e','169a41d4bf24062f','previewImage:fail timeout');
INSERT INTO messages VALUES(3,'b0fbd8f8cbda7131','b4c9e14061c2fd45','again');
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
CREATE TABLE told_apart (pitfall TEXT, other TEXT, recorded_on TEXT, PRIMARY KEY (pitfall, other, recorded_on)) WITHOUT ROWID;
CREATE TABLE seen_versions (pitfall TEXT, axis TEXT, version TEXT, key TEXT, PRIMARY KEY (pitfall, axis, version)) WITHOUT ROWID;
INSERT INTO seen_versions VALUES('4af64f8ca24cb31e','client','4.1.6','0000000004.0000000001.0000000006');
INSERT INTO seen_versions VALUES('b0fbd8f8cbda7131','client','4.1.9','0000000004.0000000001.0000000009');
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
CREATE INDEX idx_pitfalls_by_waiting ON pitfalls (decided_at, n, in_view, status, kind, severity);
CREATE INDEX idx_pitfalls_counts ON pitfalls (in_view, status, kind, severity, component, component_zh);
CREATE INDEX idx_pitfalls_waiting ON pitfalls (triage, decided_at) WHERE triage IN ('inbox', 'snoozed');
CREATE INDEX idx_pitfalls_duplicates ON pitfalls (duplicate_of) WHERE duplicate_of <> '';
CREATE INDEX idx_pitfalls_originals ON pitfalls (original) WHERE original IS NOT NULL;
CREATE INDEX "idx_pitfall_references_recorded_on"
    ON "pitfall_references" ("recorded_on");
CREATE INDEX "idx_signatures_recorded_on"
    ON "signatures" ("recorded_on");
CREATE INDEX idx_occurrences_of_pitfall ON occurrences (pitfall, seen_at DESC, id DESC, outcome, count, host, platform, channel);
CREATE INDEX "idx_told_apart_recorded_on"
    ON "told_apart" ("recorded_on");
CREATE INDEX "idx_seen_versions_axis_key_pitfall"
    ON "seen_versions" ("axis", "key", "pitfall");
CREATE INDEX idx_events_imported ON events (pitfall) WHERE kind = 'imported';
PRAGMA writable_schema=OFF;
COMMIT;
