BEGIN TRANSACTION;
CREATE TABLE account (
	id VARCHAR(36) NOT NULL, 
	name VARCHAR(64) NOT NULL, 
	password_hash TEXT NOT NULL, 
	party VARCHAR(36) NOT NULL, 
	role VARCHAR(20) NOT NULL, 
	region VARCHAR(6), 
	display_name VARCHAR(100) NOT NULL, 
	language VARCHAR(2) NOT NULL, 
	active BOOLEAN NOT NULL, 
	created_at VARCHAR(24) NOT NULL, 
	administers BOOLEAN DEFAULT 0 NOT NULL, 
	last_seen VARCHAR(24), 
	password_changed_at VARCHAR(24), 
	PRIMARY KEY (id), 
	UNIQUE (name)
);
INSERT INTO "account" VALUES('41df36d9-3a51-4bf7-9cc1-b008c68251be','wang','$argon2id$v=19$m=8,t=1,p=1$6GwDaYE/m5CUQ3lZDf32bQ$pFsiXjgxjPxrHF0LxBsIh6oDkXP/x/K0FSiM3R2pMVk','fe0a60fd-cb9a-5dd2-90d5-4a6b74392c9c','manufacturer',NULL,'王工','zh',1,'2026-11-28T13:29:19.906Z',1,'2026-11-28T13:29:19.906Z',NULL);
CREATE TABLE api_key (
	id VARCHAR(36) NOT NULL, 
	account VARCHAR(36) NOT NULL, 
	prefix VARCHAR(8) NOT NULL, 
	secret_hash VARCHAR(64) NOT NULL, 
	label VARCHAR(100) NOT NULL, 
	actions JSON NOT NULL, 
	created_at VARCHAR(24) NOT NULL, 
	expires_at VARCHAR(24) NOT NULL, 
	revoked_at VARCHAR(24), 
	last_used VARCHAR(24), 
	PRIMARY KEY (id), 
	FOREIGN KEY(account) REFERENCES account (id), 
	UNIQUE (prefix)
);
INSERT INTO "api_key" VALUES('554704ca-b537-40d8-b385-4eaa6c436309','41df36d9-3a51-4bf7-9cc1-b008c68251be','944864a2','c894034b1c33c4d5ef7e0a6226e3a10257c79cacaee5919b5e2756f8b8d1e698','ERP','["record:product"]','2026-11-28T13:29:19.906Z','2027-09-24T13:29:19.906Z',NULL,NULL);
CREATE TABLE column_mapping (
	party VARCHAR(36) NOT NULL, 
	"key" VARCHAR(64) NOT NULL, 
	headings JSON NOT NULL, 
	kind VARCHAR NOT NULL, 
	columns JSON NOT NULL, 
	said_by VARCHAR NOT NULL, 
	said_at VARCHAR(24) NOT NULL, 
	PRIMARY KEY (party, "key")
);
CREATE TABLE cosignature (
	verifier_key VARCHAR NOT NULL, 
	hour INTEGER NOT NULL, 
	size INTEGER NOT NULL, 
	made_at INTEGER NOT NULL, 
	checkpoint BLOB NOT NULL, 
	line VARCHAR NOT NULL, 
	PRIMARY KEY (verifier_key, hour)
);
CREATE TABLE import_history (
	number INTEGER NOT NULL, 
	job VARCHAR(36) NOT NULL, 
	party VARCHAR(36) NOT NULL, 
	account VARCHAR(36) NOT NULL, 
	"by" VARCHAR NOT NULL, 
	file VARCHAR NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	size_bytes INTEGER NOT NULL, 
	reading VARCHAR(64) NOT NULL, 
	good INTEGER, 
	marked INTEGER, 
	bad INTEGER, 
	known INTEGER, 
	repeated INTEGER, 
	added JSON, 
	created_at VARCHAR(24) NOT NULL, 
	PRIMARY KEY (number), 
	UNIQUE (job)
);
CREATE TABLE invitation (
	id VARCHAR(36) NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	party VARCHAR(36) NOT NULL, 
	role VARCHAR(20) NOT NULL, 
	region VARCHAR(6), 
	display_name VARCHAR(100) NOT NULL, 
	administers BOOLEAN NOT NULL, 
	account VARCHAR(36), 
	invited_by VARCHAR(36) NOT NULL, 
	created_at VARCHAR(24) NOT NULL, 
	expires_at VARCHAR(24) NOT NULL, 
	used_at VARCHAR(24), 
	withdrawn_at VARCHAR(24), 
	PRIMARY KEY (id), 
	UNIQUE (token_hash), 
	FOREIGN KEY(account) REFERENCES account (id)
);
INSERT INTO "invitation" VALUES('227a1369-5c33-483f-90c3-3a017c2da25e','dbbc675b9911c3c2660322496704e960eb756e0b40b0d9b365a03d80634c4f64','fe0a60fd-cb9a-5dd2-90d5-4a6b74392c9c','manufacturer',NULL,'李工',0,NULL,'41df36d9-3a51-4bf7-9cc1-b008c68251be','2026-11-28T13:29:19.906Z','2026-12-05T13:29:19.906Z',NULL,NULL);
CREATE TABLE job (
	number INTEGER NOT NULL, 
	id VARCHAR(36) NOT NULL, 
	kind VARCHAR NOT NULL, 
	account VARCHAR(36) NOT NULL, 
	wanted JSON NOT NULL, 
	state VARCHAR NOT NULL, 
	done INTEGER NOT NULL, 
	total INTEGER NOT NULL, 
	outcome JSON, 
	created_at VARCHAR(24) NOT NULL, 
	started_at VARCHAR(24), 
	finished_at VARCHAR(24), 
	PRIMARY KEY (number), 
	UNIQUE (id)
);
INSERT INTO "job" VALUES(1,'285f1456-78d2-43d5-92b1-667a93d5caa8','import','41df36d9-3a51-4bf7-9cc1-b008c68251be','{"file": "a.xlsx"}','waiting',0,0,NULL,'2026-11-28T13:29:19.906Z',NULL,NULL);
CREATE TABLE kept_checkpoint (
	id INTEGER NOT NULL CHECK (id = 1), 
	size INTEGER NOT NULL, 
	verifier_key VARCHAR NOT NULL, 
	checkpoint BLOB NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "kept_checkpoint" VALUES(1,13,'trace.example/ledger+94c6aa2c+AaVIC8HGTt+ECzOjHJ4dwXINAXkFys16tCfey1C506A1',X'74726163652E6578616D706C652F6C65646765720A31330A2B6C32634E6D6544797348755142784B4D4F4661635275444A6E58494A57612B642F4672563350377435593D0A0AE280942074726163652E6578616D706C652F6C6564676572206C4D61714C4A6133584D377737676A6F4B353432645931443336454634484C6B627857343855456853722B6B787A4D2F457933445A54426C554E455A6A5068554756507066657A7A6C363031686A772B59446776556346344167733D0A');
CREATE TABLE print_setting (
	account VARCHAR(36) NOT NULL, 
	sheet VARCHAR NOT NULL, 
	start INTEGER NOT NULL, 
	copies INTEGER NOT NULL, 
	right_cmm INTEGER NOT NULL, 
	down_cmm INTEGER NOT NULL, 
	PRIMARY KEY (account)
);
CREATE TABLE saved_search (
	id VARCHAR(36) NOT NULL, 
	account VARCHAR(36) NOT NULL, 
	name VARCHAR NOT NULL, 
	address VARCHAR NOT NULL, 
	saved_at VARCHAR(24) NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "saved_search" VALUES('621aea13-f1bb-45ad-b8fe-8222c32a43a4','41df36d9-3a51-4bf7-9cc1-b008c68251be','我的查询','q=YJV','2026-11-28T13:29:19.906Z');
CREATE TABLE session (
	token_hash VARCHAR(64) NOT NULL, 
	account VARCHAR(36) NOT NULL, 
	created_at VARCHAR(24) NOT NULL, 
	expires_at VARCHAR(24) NOT NULL, 
	last_seen VARCHAR(24) NOT NULL, 
	device VARCHAR(40) DEFAULT '' NOT NULL, 
	network VARCHAR(45) DEFAULT '' NOT NULL, 
	PRIMARY KEY (token_hash), 
	FOREIGN KEY(account) REFERENCES account (id)
);
INSERT INTO "session" VALUES('b79e11737ed9061a8164cbc8a216f7c7962a49f6acc0867c74af5d4034bf97f9','41df36d9-3a51-4bf7-9cc1-b008c68251be','2026-11-28T13:29:19.906Z','2026-11-29T01:29:19.906Z','2026-11-28T13:29:19.906Z','Firefox','10.1');
CREATE TABLE sign_in_attempt (
	id INTEGER NOT NULL, 
	name_hash VARCHAR(64) NOT NULL, 
	client VARCHAR(64) NOT NULL, 
	at VARCHAR(24) NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "sign_in_attempt" VALUES(1,'2ac81299578013795576682809a4a16d1ecca67118a797ea576c113c41786849','10.1.2.3','2054-04-15T13:29:19.906Z');
CREATE TABLE upload (
	sha256 VARCHAR(64) NOT NULL, 
	account VARCHAR(36) NOT NULL, 
	media_type VARCHAR(100) NOT NULL, 
	size INTEGER NOT NULL, 
	at VARCHAR(24) NOT NULL, 
	PRIMARY KEY (sha256, account)
);
INSERT INTO "upload" VALUES('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','41df36d9-3a51-4bf7-9cc1-b008c68251be','image/png',7,'2026-11-28T13:29:19.906Z');
CREATE TABLE witness (
	name VARCHAR NOT NULL, 
	verifier_key VARCHAR NOT NULL, 
	url VARCHAR NOT NULL, 
	added_at VARCHAR(24) NOT NULL, 
	asked_at VARCHAR(24), 
	trouble VARCHAR NOT NULL, 
	contradiction VARCHAR, 
	their_size INTEGER, 
	our_size INTEGER, 
	contradicted_at VARCHAR(24), 
	PRIMARY KEY (name)
);
INSERT INTO "witness" VALUES('witness.example/w','witness.example/w+cb1393dc+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU','https://witness.example','2026-11-28T13:29:19.906Z',NULL,'',NULL,NULL,NULL,NULL);
CREATE INDEX ix_sign_in_attempt_at ON sign_in_attempt (at);
CREATE INDEX sign_in_attempt_by_name ON sign_in_attempt (name_hash, at);
CREATE INDEX sign_in_attempt_by_client ON sign_in_attempt (client, at);
CREATE INDEX ix_session_account ON session (account);
CREATE INDEX ix_session_expires_at ON session (expires_at);
CREATE INDEX ix_api_key_account ON api_key (account);
CREATE INDEX job_by_state ON job (state, number);
CREATE INDEX job_by_account ON job (account, number);
CREATE INDEX ix_upload_at ON upload (at);
CREATE INDEX ix_cosignature_size ON cosignature (size);
CREATE INDEX import_history_by_file ON import_history (party, sha256);
CREATE INDEX import_history_by_party ON import_history (party, number);
CREATE INDEX ix_saved_search_account ON saved_search (account);
COMMIT;
