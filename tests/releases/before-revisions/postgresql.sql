


SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;


CREATE SCHEMA desk;



CREATE SCHEMA ledger;



CREATE SCHEMA scans;



CREATE FUNCTION ledger.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;


SET default_tablespace = '';

SET default_table_access_method = heap;


CREATE TABLE desk.account (
    id character varying(36) NOT NULL,
    name character varying(64) NOT NULL,
    password_hash text NOT NULL,
    party character varying(36) NOT NULL,
    role character varying(20) NOT NULL,
    region character varying(6),
    display_name character varying(100) NOT NULL,
    language character varying(2) NOT NULL,
    active boolean NOT NULL,
    created_at character varying(24) NOT NULL,
    administers boolean DEFAULT false NOT NULL,
    last_seen character varying(24),
    password_changed_at character varying(24)
);



COMMENT ON COLUMN desk.account.name IS 'for signing in; one spelling';



COMMENT ON COLUMN desk.account.party IS 'id of the organisation on the ledger';



COMMENT ON COLUMN desk.account.region IS 'a regulator''s jurisdiction, GB/T 2260; 000000 the nation';



COMMENT ON COLUMN desk.account.administers IS 'manages its colleagues';



COMMENT ON COLUMN desk.account.last_seen IS 'in a session, to about a minute';



COMMENT ON COLUMN desk.account.password_changed_at IS 'absent while the first one is in use';



CREATE TABLE desk.api_key (
    id character varying(36) NOT NULL,
    account character varying(36) NOT NULL,
    prefix character varying(8) NOT NULL,
    secret_hash character varying(64) NOT NULL,
    label character varying(100) NOT NULL,
    actions json NOT NULL,
    created_at character varying(24) NOT NULL,
    expires_at character varying(24) NOT NULL,
    revoked_at character varying(24),
    last_used character varying(24)
);



COMMENT ON COLUMN desk.api_key.prefix IS 'shown, to tell keys apart';



COMMENT ON COLUMN desk.api_key.actions IS 'sorted names of actions';



COMMENT ON COLUMN desk.api_key.last_used IS 'to about a minute';



CREATE TABLE desk.column_mapping (
    party character varying(36) NOT NULL,
    key character varying(64) NOT NULL,
    headings json NOT NULL,
    kind character varying NOT NULL,
    columns json NOT NULL,
    said_by character varying NOT NULL,
    said_at character varying(24) NOT NULL
);



COMMENT ON COLUMN desk.column_mapping.party IS 'the organisation that it holds for';



COMMENT ON COLUMN desk.column_mapping.key IS 'the set of headings, imports.mapping.key_of';



COMMENT ON COLUMN desk.column_mapping.kind IS 'kind of table; empty: to be left out';



COMMENT ON COLUMN desk.column_mapping.columns IS 'heading -> field, with the unit of its numbers';



COMMENT ON COLUMN desk.column_mapping.said_by IS 'name of the account';



CREATE TABLE desk.cosignature (
    verifier_key character varying NOT NULL,
    hour bigint NOT NULL,
    size bigint NOT NULL,
    made_at bigint NOT NULL,
    checkpoint bytea NOT NULL,
    line character varying NOT NULL
);



COMMENT ON COLUMN desk.cosignature.hour IS 'since 1970, of the answer';



COMMENT ON COLUMN desk.cosignature.made_at IS 'POSIX seconds, as the witness says';



COMMENT ON COLUMN desk.cosignature.checkpoint IS 'as we signed it';



COMMENT ON COLUMN desk.cosignature.line IS 'the witness''s signature line';



CREATE TABLE desk.import_history (
    number bigint NOT NULL,
    job character varying(36) NOT NULL,
    party character varying(36) NOT NULL,
    account character varying(36) NOT NULL,
    by character varying NOT NULL,
    file character varying NOT NULL,
    sha256 character varying(64) NOT NULL,
    size_bytes bigint NOT NULL,
    reading character varying(64) NOT NULL,
    good bigint,
    marked bigint,
    bad bigint,
    known bigint,
    repeated bigint,
    added json,
    created_at character varying(24) NOT NULL
);



COMMENT ON COLUMN desk.import_history.number IS 'order of arrival';



COMMENT ON COLUMN desk.import_history.party IS 'the organisation whose account imported';



COMMENT ON COLUMN desk.import_history.by IS 'name of the account then';



COMMENT ON COLUMN desk.import_history.reading IS 'hash of what was said of the file and its headings';



COMMENT ON COLUMN desk.import_history.good IS 'rows that are in, those known before included; null until it is done';



COMMENT ON COLUMN desk.import_history.repeated IS 'rows that say what a row above says; null before there was such a count';



COMMENT ON COLUMN desk.import_history.added IS 'events by kind';



CREATE SEQUENCE desk.import_history_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;



ALTER SEQUENCE desk.import_history_number_seq OWNED BY desk.import_history.number;



CREATE TABLE desk.invitation (
    id character varying(36) NOT NULL,
    token_hash character varying(64) NOT NULL,
    party character varying(36) NOT NULL,
    role character varying(20) NOT NULL,
    region character varying(6),
    display_name character varying(100) NOT NULL,
    administers boolean NOT NULL,
    account character varying(36),
    invited_by character varying(36) NOT NULL,
    created_at character varying(24) NOT NULL,
    expires_at character varying(24) NOT NULL,
    used_at character varying(24),
    withdrawn_at character varying(24)
);



COMMENT ON COLUMN desk.invitation.party IS 'whose account it makes';



COMMENT ON COLUMN desk.invitation.account IS 'whose password it renews; absent for a new account';



COMMENT ON COLUMN desk.invitation.invited_by IS 'account; that of the command line has no row';



CREATE TABLE desk.job (
    number bigint NOT NULL,
    id character varying(36) NOT NULL,
    kind character varying NOT NULL,
    account character varying(36) NOT NULL,
    wanted json NOT NULL,
    state character varying NOT NULL,
    done bigint NOT NULL,
    total bigint NOT NULL,
    outcome json,
    created_at character varying(24) NOT NULL,
    started_at character varying(24),
    finished_at character varying(24)
);



COMMENT ON COLUMN desk.job.number IS 'order of arrival';



COMMENT ON COLUMN desk.job.account IS 'who asked for it';



COMMENT ON COLUMN desk.job.wanted IS 'what exactly, in the words of its kind';



COMMENT ON COLUMN desk.job.total IS '0 while it is not known';



COMMENT ON COLUMN desk.job.outcome IS 'what came of it, once it is done or has failed';



CREATE SEQUENCE desk.job_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;



ALTER SEQUENCE desk.job_number_seq OWNED BY desk.job.number;



CREATE TABLE desk.kept_checkpoint (
    id bigint NOT NULL,
    size bigint NOT NULL,
    verifier_key character varying NOT NULL,
    checkpoint bytea NOT NULL,
    CONSTRAINT kept_checkpoint_id_check CHECK ((id = 1))
);



COMMENT ON COLUMN desk.kept_checkpoint.verifier_key IS 'of the ledger';



CREATE SEQUENCE desk.kept_checkpoint_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;



ALTER SEQUENCE desk.kept_checkpoint_id_seq OWNED BY desk.kept_checkpoint.id;



CREATE TABLE desk.print_setting (
    account character varying(36) NOT NULL,
    sheet character varying NOT NULL,
    start bigint NOT NULL,
    copies bigint NOT NULL,
    right_cmm bigint NOT NULL,
    down_cmm bigint NOT NULL
);



CREATE TABLE desk.saved_search (
    id character varying(36) NOT NULL,
    account character varying(36) NOT NULL,
    name character varying NOT NULL,
    address character varying NOT NULL,
    saved_at character varying(24) NOT NULL
);



COMMENT ON COLUMN desk.saved_search.address IS 'words, filters and order as the query of an address';



CREATE TABLE desk.session (
    token_hash character varying(64) NOT NULL,
    account character varying(36) NOT NULL,
    created_at character varying(24) NOT NULL,
    expires_at character varying(24) NOT NULL,
    last_seen character varying(24) NOT NULL,
    device character varying(40) DEFAULT ''::character varying NOT NULL,
    network character varying(45) DEFAULT ''::character varying NOT NULL
);



COMMENT ON COLUMN desk.session.device IS 'browser and system, coarsely';



COMMENT ON COLUMN desk.session.network IS 'first part of the address';



CREATE TABLE desk.sign_in_attempt (
    id bigint NOT NULL,
    name_hash character varying(64) NOT NULL,
    client character varying(64) NOT NULL,
    at character varying(24) NOT NULL
);



COMMENT ON COLUMN desk.sign_in_attempt.name_hash IS 'people type passwords into this field';



COMMENT ON COLUMN desk.sign_in_attempt.client IS 'network address; erased with the row';



CREATE SEQUENCE desk.sign_in_attempt_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;



ALTER SEQUENCE desk.sign_in_attempt_id_seq OWNED BY desk.sign_in_attempt.id;



CREATE TABLE desk.upload (
    sha256 character varying(64) NOT NULL,
    account character varying(36) NOT NULL,
    media_type character varying(100) NOT NULL,
    size bigint NOT NULL,
    at character varying(24) NOT NULL
);



COMMENT ON COLUMN desk.upload.account IS 'who brought it and may look at it';



COMMENT ON COLUMN desk.upload.media_type IS 'as its bytes say';



COMMENT ON COLUMN desk.upload.size IS 'bytes';



COMMENT ON COLUMN desk.upload.at IS 'when it was brought last';



CREATE TABLE desk.witness (
    name character varying NOT NULL,
    verifier_key character varying NOT NULL,
    url character varying NOT NULL,
    added_at character varying(24) NOT NULL,
    asked_at character varying(24),
    trouble character varying NOT NULL,
    contradiction character varying,
    their_size bigint,
    our_size bigint,
    contradicted_at character varying(24)
);



COMMENT ON COLUMN desk.witness.url IS 'submission prefix: add-checkpoint stands below it';



COMMENT ON COLUMN desk.witness.asked_at IS 'when it last answered, or should have';



COMMENT ON COLUMN desk.witness.trouble IS 'why the last question brought nothing; empty if it did';



COMMENT ON COLUMN desk.witness.contradiction IS 'set-back or forked, until it cosigns again';



COMMENT ON COLUMN desk.witness.their_size IS 'of the contradiction';



COMMENT ON COLUMN desk.witness.our_size IS 'of the contradiction';



CREATE TABLE ledger.admission (
    seq bigint NOT NULL,
    first bigint NOT NULL,
    last bigint NOT NULL,
    batch character varying(10) NOT NULL,
    project character varying(36) NOT NULL,
    opinion character varying NOT NULL,
    on_day date NOT NULL
);



CREATE TABLE ledger.alert (
    seq bigint NOT NULL,
    n bigint NOT NULL,
    rule character varying NOT NULL,
    severity character varying NOT NULL,
    batch character varying(10) NOT NULL,
    lot character varying NOT NULL,
    maker character varying(36) NOT NULL,
    unit bigint,
    report character varying,
    party character varying(36) NOT NULL,
    project character varying(36),
    detail_zh character varying NOT NULL,
    detail_en character varying NOT NULL,
    recorded_at character varying(24) NOT NULL,
    about bigint NOT NULL,
    withdrawn_by bigint
);



COMMENT ON COLUMN ledger.alert.seq IS 'index of the event';



COMMENT ON COLUMN ledger.alert.party IS 'whose statement it comes from';



COMMENT ON COLUMN ledger.alert.about IS 'index of the event that is stated, perhaps anew';



COMMENT ON COLUMN ledger.alert.withdrawn_by IS 'index of the correction that took it back';



CREATE TABLE ledger.alert_concern (
    seq bigint NOT NULL,
    who character varying(38) NOT NULL
);



COMMENT ON COLUMN ledger.alert_concern.seq IS 'index of the event';



COMMENT ON COLUMN ledger.alert_concern.who IS 'p:<party id>, r:<region> or s:<site id>';



CREATE TABLE ledger.alert_cursor (
    id bigint NOT NULL,
    last_seq bigint NOT NULL,
    last_entry_hash bytea NOT NULL,
    CONSTRAINT alert_cursor_id_check CHECK ((id = 1))
);



CREATE SEQUENCE ledger.alert_cursor_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;



ALTER SEQUENCE ledger.alert_cursor_id_seq OWNED BY ledger.alert_cursor.id;



CREATE TABLE ledger.alias (
    scheme character varying NOT NULL,
    code character varying NOT NULL,
    thing character varying NOT NULL,
    unit bigint,
    seq bigint NOT NULL
);



COMMENT ON COLUMN ledger.alias.thing IS 'batch:…, goods:… or party:…';



CREATE TABLE ledger.batch (
    code character varying(10) NOT NULL,
    maker character varying(36) NOT NULL,
    lot character varying NOT NULL,
    product character varying NOT NULL,
    designation character varying NOT NULL,
    certificate character varying,
    produced_on date NOT NULL,
    length_mm bigint NOT NULL,
    key_version bigint NOT NULL,
    seq bigint NOT NULL
);



COMMENT ON COLUMN ledger.batch.designation IS 'as printed when the batch was made';



CREATE TABLE ledger.batch_unit (
    batch character varying(10) NOT NULL,
    first bigint NOT NULL,
    last bigint NOT NULL,
    length_mm bigint NOT NULL
);



CREATE TABLE ledger.certificate (
    seq bigint NOT NULL,
    holder character varying(36) NOT NULL,
    number character varying NOT NULL,
    type character varying NOT NULL,
    status character varying NOT NULL,
    valid_from date NOT NULL,
    valid_to date NOT NULL,
    covers json NOT NULL,
    scope json,
    issued_by character varying(36),
    issuer character varying,
    said_by character varying(36) NOT NULL
);



COMMENT ON COLUMN ledger.certificate.scope IS 'which cables it covers';



COMMENT ON COLUMN ledger.certificate.issued_by IS 'whom this entry names as its issuer';



COMMENT ON COLUMN ledger.certificate.issuer IS 'the name of an issuer that is not registered';



COMMENT ON COLUMN ledger.certificate.said_by IS 'whose statement it is';



CREATE TABLE ledger.disclosure (
    event_id character varying(36) NOT NULL,
    pointer character varying NOT NULL,
    salt bytea NOT NULL,
    value character varying NOT NULL,
    look_up bytea
);



COMMENT ON COLUMN ledger.disclosure.pointer IS 'JSON pointer from the draft, such as /by/0/name';



COMMENT ON COLUMN ledger.disclosure.look_up IS 'keyed hash of a responsible person''s name';



CREATE TABLE ledger.entry (
    seq bigint NOT NULL,
    event_id character varying NOT NULL,
    payload bytea NOT NULL,
    entry bytea NOT NULL
);



CREATE TABLE ledger.erasure (
    event character varying(36) NOT NULL,
    pointer character varying NOT NULL,
    ground character varying NOT NULL,
    seq bigint NOT NULL
);



COMMENT ON COLUMN ledger.erasure.event IS 'whose personal data were erased';



COMMENT ON COLUMN ledger.erasure.pointer IS 'JSON pointer from the draft';



COMMENT ON COLUMN ledger.erasure.seq IS 'of the event that says so';



CREATE TABLE ledger.goods (
    id character varying(36) NOT NULL,
    marks character varying NOT NULL,
    nominal_maker character varying,
    designation character varying,
    quantity character varying,
    length_mm bigint,
    holder character varying(36),
    region character varying(6),
    batch character varying(10),
    party character varying(36),
    sites character varying NOT NULL,
    seq bigint NOT NULL
);



COMMENT ON COLUMN ledger.goods.batch IS 'what they turned out to be of';



COMMENT ON COLUMN ledger.goods.party IS 'who turned out to have made them';



COMMENT ON COLUMN ledger.goods.sites IS 'ids of the places and the project where they were found';



CREATE TABLE ledger.grant_ (
    seq bigint NOT NULL,
    grantor character varying(36) NOT NULL,
    grantee character varying(36) NOT NULL,
    kinds json NOT NULL,
    valid_from date NOT NULL,
    valid_to date NOT NULL,
    event character varying(36) NOT NULL,
    batches json NOT NULL,
    goods json NOT NULL,
    projects json NOT NULL,
    regions json NOT NULL,
    parties json NOT NULL,
    ground character varying NOT NULL,
    "case" character varying NOT NULL
);



COMMENT ON COLUMN ledger.grant_.seq IS 'index of the event on the ledger';



COMMENT ON COLUMN ledger.grant_.grantor IS 'who lets';



COMMENT ON COLUMN ledger.grant_.grantee IS 'who may enter';



COMMENT ON COLUMN ledger.grant_.kinds IS 'sorted names of kinds of event';



COMMENT ON COLUMN ledger.grant_.valid_to IS 'included';



COMMENT ON COLUMN ledger.grant_.batches IS 'codes of batches that may be read';



COMMENT ON COLUMN ledger.grant_.goods IS 'ids of uncoded goods that may be read';



COMMENT ON COLUMN ledger.grant_.projects IS 'ids of projects that may be read';



COMMENT ON COLUMN ledger.grant_.regions IS 'may be read, as far as the grantor reads them';



COMMENT ON COLUMN ledger.grant_.parties IS 'whose goods may be read';



CREATE TABLE ledger.head (
    id bigint NOT NULL,
    size bigint NOT NULL,
    at character varying NOT NULL,
    last_entry bytea NOT NULL,
    root bytea NOT NULL,
    checkpoint bytea NOT NULL,
    CONSTRAINT head_id_check CHECK ((id = 1))
);



CREATE SEQUENCE ledger.head_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;



ALTER SEQUENCE ledger.head_id_seq OWNED BY ledger.head.id;



CREATE TABLE ledger.hold (
    batch character varying(10) NOT NULL,
    n bigint NOT NULL,
    type character varying NOT NULL,
    number character varying NOT NULL,
    by character varying(36) NOT NULL,
    first bigint NOT NULL,
    last bigint NOT NULL,
    from_day date NOT NULL,
    seq bigint NOT NULL,
    origin json,
    length_mm bigint NOT NULL,
    more_days bigint NOT NULL,
    test_days bigint NOT NULL,
    ended_on date
);



COMMENT ON COLUMN ledger.hold.type IS 'register, seal, seize, confiscate, recall';



COMMENT ON COLUMN ledger.hold.origin IS 'the account that seized metres came from';



CREATE TABLE ledger.identity (
    id bigint NOT NULL,
    origin character varying NOT NULL,
    public_host character varying NOT NULL,
    verifier_key character varying NOT NULL,
    CONSTRAINT identity_id_check CHECK ((id = 1))
);



CREATE SEQUENCE ledger.identity_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;



ALTER SEQUENCE ledger.identity_id_seq OWNED BY ledger.identity.id;



CREATE TABLE ledger.involvement (
    who character varying(38) NOT NULL,
    batch character varying(10) NOT NULL,
    seq bigint NOT NULL
);



COMMENT ON COLUMN ledger.involvement.who IS 'p:<party id>, r:<region> or s:<site id>';



COMMENT ON COLUMN ledger.involvement.seq IS 'index of the first event that concerns them';



CREATE TABLE ledger.laid (
    batch character varying(10) NOT NULL,
    unit bigint NOT NULL,
    state character varying NOT NULL,
    party character varying(36) NOT NULL,
    region character varying(6) NOT NULL,
    project character varying(36) NOT NULL,
    length_mm bigint NOT NULL
);



COMMENT ON COLUMN ledger.laid.unit IS '0: of a loose length';



CREATE TABLE ledger.loose (
    batch character varying(10) NOT NULL,
    state character varying NOT NULL,
    party character varying(36) NOT NULL,
    region character varying(6) NOT NULL,
    project character varying(36) NOT NULL,
    length_mm bigint NOT NULL
);



CREATE TABLE ledger.named_blob (
    sha256 character varying(64) NOT NULL,
    seq bigint NOT NULL
);



COMMENT ON COLUMN ledger.named_blob.seq IS 'ledger index of an event that names it';



CREATE TABLE ledger.order_ (
    keeper character varying(36) NOT NULL,
    number character varying NOT NULL,
    supplier character varying(36) NOT NULL,
    buyer character varying(36) NOT NULL,
    project character varying(36),
    seq bigint NOT NULL
);



CREATE TABLE ledger.party (
    id character varying(36) NOT NULL,
    name character varying NOT NULL,
    roles json NOT NULL,
    uscc character varying(18),
    cma character varying(12),
    region character varying(6),
    address character varying,
    named_by character varying(36),
    parent character varying(36),
    unit json,
    seq bigint NOT NULL
);



COMMENT ON COLUMN ledger.party.parent IS 'the authority that it is a unit of';



COMMENT ON COLUMN ledger.party.unit IS 'what it was given to look after';



CREATE TABLE ledger.piece (
    batch character varying(10) NOT NULL,
    first bigint NOT NULL,
    last bigint NOT NULL,
    length_mm bigint NOT NULL
);



COMMENT ON COLUMN ledger.piece.first IS 'the number of the piece';



CREATE TABLE ledger.posting (
    batch character varying(10) NOT NULL,
    seq bigint NOT NULL,
    n bigint NOT NULL,
    first bigint NOT NULL,
    last bigint NOT NULL,
    from_state character varying NOT NULL,
    from_party character varying(36) NOT NULL,
    from_region character varying(6) NOT NULL,
    from_project character varying(36) NOT NULL,
    to_state character varying NOT NULL,
    to_party character varying(36) NOT NULL,
    to_region character varying(6) NOT NULL,
    to_project character varying(36) NOT NULL,
    length_mm bigint NOT NULL,
    undoes boolean NOT NULL
);



COMMENT ON COLUMN ledger.posting.undoes IS 'takes a posting the other way round back';



CREATE TABLE ledger.printed (
    code character varying(10) NOT NULL,
    first bigint NOT NULL,
    last bigint NOT NULL,
    times bigint NOT NULL,
    labels bigint NOT NULL,
    last_on date NOT NULL,
    seq bigint NOT NULL
);



COMMENT ON COLUMN ledger.printed.code IS 'of a batch, or reserved for one';



COMMENT ON COLUMN ledger.printed.labels IS 'of each unit, all times together';



COMMENT ON COLUMN ledger.printed.seq IS 'of the event that says so';



CREATE TABLE ledger.product (
    maker character varying(36) NOT NULL,
    number character varying NOT NULL,
    name character varying NOT NULL,
    designation character varying NOT NULL,
    standard character varying,
    certificate character varying,
    seq bigint NOT NULL
);



COMMENT ON COLUMN ledger.product.designation IS 'as printed';



CREATE TABLE ledger.project (
    id character varying(36) NOT NULL,
    keeper character varying(36) NOT NULL,
    number character varying NOT NULL,
    name character varying NOT NULL,
    region character varying(6) NOT NULL,
    owner character varying(36),
    contractor character varying(36),
    supervisor character varying(36),
    seq bigint NOT NULL
);



CREATE TABLE ledger.projections_made (
    version character varying NOT NULL
);



COMMENT ON COLUMN ledger.projections_made.version IS 'of the tables that follow from the ledger';



CREATE TABLE ledger.reading (
    seq bigint NOT NULL,
    thing character varying(60) NOT NULL,
    reader character varying(36) NOT NULL,
    grantor character varying(36) NOT NULL,
    "grant" character varying(36) NOT NULL,
    day date NOT NULL
);



COMMENT ON COLUMN ledger.reading.seq IS 'index of the event on the ledger';



COMMENT ON COLUMN ledger.reading.thing IS 'as its stream is called';



COMMENT ON COLUMN ledger.reading."grant" IS 'id of the event that granted it';



CREATE TABLE ledger.reserved_code (
    code character varying(10) NOT NULL,
    maker character varying(36) NOT NULL,
    units bigint NOT NULL,
    valid_to date NOT NULL,
    key_version bigint NOT NULL,
    used boolean NOT NULL,
    seq bigint NOT NULL
);



COMMENT ON COLUMN ledger.reserved_code.units IS 'blank labels are printed for units 1 to so many';



COMMENT ON COLUMN ledger.reserved_code.used IS 'a production has named it';



CREATE TABLE ledger.run (
    batch character varying(10) NOT NULL,
    first bigint NOT NULL,
    last bigint NOT NULL,
    state character varying NOT NULL,
    party character varying(36) NOT NULL,
    region character varying(6) NOT NULL,
    project character varying(36) NOT NULL,
    length_mm bigint NOT NULL,
    missing_legs character varying NOT NULL
);



COMMENT ON COLUMN ledger.run.missing_legs IS 'sender>receiver, one after the other';



CREATE TABLE ledger.seat (
    thing character varying(44) NOT NULL,
    seq bigint NOT NULL,
    region character varying(6) NOT NULL
);



COMMENT ON COLUMN ledger.seat.thing IS 'party:<id> or project:<id>';



COMMENT ON COLUMN ledger.seat.seq IS 'from which on it was there';



CREATE TABLE ledger.signing_key (
    id character varying(36) NOT NULL,
    owner character varying(36) NOT NULL,
    public_key character varying(44) NOT NULL,
    valid_from date NOT NULL,
    valid_to date NOT NULL,
    revoked boolean NOT NULL,
    seq bigint NOT NULL
);



COMMENT ON COLUMN ledger.signing_key.public_key IS 'base64 of an Ed25519 public key';



CREATE TABLE ledger.stream_event (
    stream character varying NOT NULL,
    n bigint NOT NULL,
    seq bigint NOT NULL,
    digest bytea NOT NULL
);



CREATE TABLE ledger.submission (
    event character varying(36) NOT NULL,
    number character varying(12) NOT NULL,
    kind character varying NOT NULL,
    region character varying(6),
    action character varying,
    answered_by character varying(36),
    sites character varying NOT NULL,
    seq bigint NOT NULL
);



COMMENT ON COLUMN ledger.submission.number IS 'receipt number';



COMMENT ON COLUMN ledger.submission.action IS 'the last thing that was done about it';



COMMENT ON COLUMN ledger.submission.sites IS 'ids of the places where it happened';



CREATE TABLE ledger.suspicion (
    event character varying(36) NOT NULL,
    batch character varying(10) NOT NULL,
    maker character varying(36) NOT NULL,
    unit bigint,
    rule character varying NOT NULL,
    raised_at character varying(24) NOT NULL,
    seq bigint NOT NULL,
    result character varying,
    finding character varying(36),
    found_by character varying(36),
    found_on date,
    found_region character varying(6)
);



COMMENT ON COLUMN ledger.suspicion.event IS 'an alert from checks of codes';



COMMENT ON COLUMN ledger.suspicion.result IS 'what an authority found: confirmed or dismissed';



COMMENT ON COLUMN ledger.suspicion.finding IS 'the event that says so';



CREATE TABLE ledger.tile (
    level bigint NOT NULL,
    idx bigint NOT NULL,
    hashes bytea NOT NULL,
    root bytea NOT NULL
);



CREATE TABLE ledger.version (
    event character varying(36) NOT NULL,
    newest character varying(36) NOT NULL,
    void boolean NOT NULL
);



COMMENT ON COLUMN ledger.version.event IS 'an event that was corrected';



COMMENT ON COLUMN ledger.version.newest IS 'its last correction';



CREATE TABLE scans.checked_code (
    code character varying(80) NOT NULL,
    times bigint NOT NULL,
    first_at character varying(24) NOT NULL,
    first_client character varying(16) NOT NULL,
    first_region character varying(6),
    written_in bigint NOT NULL
);



COMMENT ON COLUMN scans.checked_code.written_in IS 'number of the group that wrote it last';



CREATE TABLE scans.judged_up_to (
    id bigint NOT NULL,
    n bigint NOT NULL,
    turn bigint NOT NULL,
    CONSTRAINT judged_up_to_id_check CHECK ((id = 1))
);



COMMENT ON COLUMN scans.judged_up_to.n IS 'the last check that was looked at';



COMMENT ON COLUMN scans.judged_up_to.turn IS 'the last that was given';



CREATE SEQUENCE scans.judged_up_to_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;



ALTER SEQUENCE scans.judged_up_to_id_seq OWNED BY scans.judged_up_to.id;



CREATE TABLE scans.scan (
    n bigint NOT NULL,
    code character varying(80) NOT NULL,
    outcome character varying NOT NULL,
    at character varying(24) NOT NULL,
    region character varying(6),
    client character varying(16) NOT NULL
);



COMMENT ON COLUMN scans.scan.code IS 'canonical, or an alias as it is registered';



COMMENT ON COLUMN scans.scan.region IS 'prefecture, where somebody said it';



COMMENT ON COLUMN scans.scan.client IS 'salted hash, of no meaning after its day';



CREATE SEQUENCE scans.scan_n_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;



ALTER SEQUENCE scans.scan_n_seq OWNED BY scans.scan.n;



CREATE TABLE scans.to_judge (
    code character varying(80) NOT NULL,
    is_false boolean NOT NULL,
    turn bigint NOT NULL
);



COMMENT ON COLUMN scans.to_judge.code IS 'where a place was stated, or a batch named by false codes, or the region where such were stated';



ALTER TABLE ONLY desk.import_history ALTER COLUMN number SET DEFAULT nextval('desk.import_history_number_seq'::regclass);



ALTER TABLE ONLY desk.job ALTER COLUMN number SET DEFAULT nextval('desk.job_number_seq'::regclass);



ALTER TABLE ONLY desk.kept_checkpoint ALTER COLUMN id SET DEFAULT nextval('desk.kept_checkpoint_id_seq'::regclass);



ALTER TABLE ONLY desk.sign_in_attempt ALTER COLUMN id SET DEFAULT nextval('desk.sign_in_attempt_id_seq'::regclass);



ALTER TABLE ONLY ledger.alert_cursor ALTER COLUMN id SET DEFAULT nextval('ledger.alert_cursor_id_seq'::regclass);



ALTER TABLE ONLY ledger.head ALTER COLUMN id SET DEFAULT nextval('ledger.head_id_seq'::regclass);



ALTER TABLE ONLY ledger.identity ALTER COLUMN id SET DEFAULT nextval('ledger.identity_id_seq'::regclass);



ALTER TABLE ONLY scans.judged_up_to ALTER COLUMN id SET DEFAULT nextval('scans.judged_up_to_id_seq'::regclass);



ALTER TABLE ONLY scans.scan ALTER COLUMN n SET DEFAULT nextval('scans.scan_n_seq'::regclass);



INSERT INTO desk.account VALUES ('e2b72756-f47f-4133-a267-d62346cbb859', 'wang', '$argon2id$v=19$m=8,t=1,p=1$ciUuu5WWORNyiQ6WzNFGrg$Cqnk6yD+h1BYn3/HQp7ck3BB/wiVGCgLHKAJy3FlSCw', 'fe0a60fd-cb9a-5dd2-90d5-4a6b74392c9c', 'manufacturer', NULL, '王工', 'zh', true, '2026-11-28T13:29:22.025Z', true, '2026-11-28T13:29:22.025Z', NULL);



INSERT INTO desk.api_key VALUES ('51fa5569-d0d2-4806-af3f-bdfc7e83d262', 'e2b72756-f47f-4133-a267-d62346cbb859', '951cdd07', '83ef8fd81a63d4f5800b67788abc3fd107ba50cef1016ae67eb7134dc6c5c261', 'ERP', '["record:product"]', '2026-11-28T13:29:22.025Z', '2027-09-24T13:29:22.025Z', NULL, NULL);












INSERT INTO desk.invitation VALUES ('da03b5eb-799e-4454-baf9-77bf2e64b6df', '64b7d068962629d13b9b56343137fa8950b3f5b6a2ad14fe8bba708548b112e2', 'fe0a60fd-cb9a-5dd2-90d5-4a6b74392c9c', 'manufacturer', NULL, '李工', false, NULL, 'e2b72756-f47f-4133-a267-d62346cbb859', '2026-11-28T13:29:22.025Z', '2026-12-05T13:29:22.025Z', NULL, NULL);



INSERT INTO desk.job VALUES (1, '6326a0e4-4b61-4378-ae64-c88b72675cfc', 'import', 'e2b72756-f47f-4133-a267-d62346cbb859', '{"file": "a.xlsx"}', 'waiting', 0, 0, NULL, '2026-11-28T13:29:22.025Z', NULL, NULL);



INSERT INTO desk.kept_checkpoint VALUES (1, 13, 'trace.example/ledger+94c6aa2c+AaVIC8HGTt+ECzOjHJ4dwXINAXkFys16tCfey1C506A1', '\x74726163652e6578616d706c652f6c65646765720a31330a59435a712f736437684458716866566748485346385871614553796f433858634753536f332b48384974513d0a0ae280942074726163652e6578616d706c652f6c6564676572206c4d61714c4572576b33584f6d3042715351487541654c72424748714c36682b54444e562b6736517a2b6d75373565537647453262474f463962385a4f304951722f6f51423146334e305a79706768774171694c48434a6d5a67633d0a');






INSERT INTO desk.saved_search VALUES ('6dde3dc3-ee48-4024-b417-01ac6a8ba9cc', 'e2b72756-f47f-4133-a267-d62346cbb859', '我的查询', 'q=YJV', '2026-11-28T13:29:22.025Z');



INSERT INTO desk.session VALUES ('987c0e44474076cddc8df593d1289a649a412f8224664637cc2fa122e4c72a34', 'e2b72756-f47f-4133-a267-d62346cbb859', '2026-11-28T13:29:22.025Z', '2026-11-29T01:29:22.025Z', '2026-11-28T13:29:22.025Z', 'Firefox', '10.1');



INSERT INTO desk.sign_in_attempt VALUES (1, '2ac81299578013795576682809a4a16d1ecca67118a797ea576c113c41786849', '10.1.2.3', '2054-04-15T13:29:22.025Z');



INSERT INTO desk.upload VALUES ('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'e2b72756-f47f-4133-a267-d62346cbb859', 'image/png', 7, '2026-11-28T13:29:22.025Z');



INSERT INTO desk.witness VALUES ('witness.example/w', 'witness.example/w+cb1393dc+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU', 'https://witness.example', '2026-11-28T13:29:22.025Z', NULL, '', NULL, NULL, NULL, NULL);


















INSERT INTO ledger.batch VALUES ('BNERHSCMF7', 'fe0a60fd-cb9a-5dd2-90d5-4a6b74392c9c', 'L1', 'P01', 'YJV 0.6/1kV 3×95+1×50', '（豫）XK06-001-00917', '2026-04-01', 750000, 1, 11);



INSERT INTO ledger.batch_unit VALUES ('BNERHSCMF7', 1, 3, 250000);



INSERT INTO ledger.certificate VALUES (8, 'fe0a60fd-cb9a-5dd2-90d5-4a6b74392c9c', '（豫）XK06-001-00917', 'licence', 'valid', '2023-04-20', '2028-04-19', '[]', NULL, NULL, NULL, 'fe0a60fd-cb9a-5dd2-90d5-4a6b74392c9c');



INSERT INTO ledger.disclosure VALUES ('3b61920e-05fa-4fdd-9ee1-8fb3e5bd1dfd', '/by/0/name', '\xbf18dcf62b147e87413d9b5a1a9d16e4', '质检员甲', '\x5afa959d71575503fe54df57e5ddc6ff');



INSERT INTO ledger.entry VALUES (0, '673c5bab-a0a8-49d1-ab56-a5bfab5483bf', '\x7b226472616674223a7b22626f6479223a7b2261646472657373223a2274726163652e6578616d706c65222c226e616d65223a22e5b9b3e58fb0e8bf90e7bbb4222c22726f6c6573223a5b226f70657261746f72225d7d2c226964223a2236373363356261622d613061382d343964312d616235362d613562666162353438336266222c226b696e64223a227061727479222c227375626a656374223a7b227061727479223a2263663038303139332d313234372d343730382d613036622d333039623065633530366535227d7d2c227265636f726465645f6174223a22323032362d31312d32385431333a32393a32312e3236365a222c2273616c74223a224d575a4479334b7a385845797566304f415f57446d67222c22736572766572223a7b226163746f72223a7b226163636f756e74223a2231396638383032392d316262312d353239622d623866662d393136326461343864323664222c227061727479223a2263663038303139332d313234372d343730382d613036622d333039623065633530366535227d2c2261737369676e6564223a7b7d2c226d61726b73223a5b5d2c2273747265616d73223a5b7b226e223a302c226e616d65223a2270617274793a63663038303139332d313234372d343730382d613036622d333039623065633530366535227d5d7d2c2276223a317d', '\x7b226174223a22323032362d31312d32385431333a32393a32312e3236365a222c226576656e74223a2266363431373239666334376361366230303762386134346564666366353637366234636537383764386439306663656262353462386230393437626262373431222c2270726576223a2233626132646638643831643466306434313733386439346464343331313763653333373838386233323665383234393862386565336561396361663361623164222c22736571223a302c2276223a317d');
INSERT INTO ledger.entry VALUES (1, 'bad9636f-67e2-495d-be63-931b2851176f', '\x7b226472616674223a7b22626f6479223a7b226e616d65223a22e591a8e58fa3e5b882e7a4bae4be8be794b5e7bc86e69c89e99990e585ace58fb8222c22726567696f6e223a22343131363033222c22726f6c6573223a5b226d616e756661637475726572225d2c2275736363223a2239313431313630334d413154455854303652227d2c22656e74657265645f666f72223a2263663038303139332d313234372d343730382d613036622d333039623065633530366535222c226964223a2262616439363336662d363765322d343935642d626536332d393331623238353131373666222c226b696e64223a227061727479222c227375626a656374223a7b227061727479223a2239313431313630334d413154455854303652227d7d2c227265636f726465645f6174223a22323032362d31312d32385431333a32393a32312e3937335a222c2273616c74223a22725271313642686f654e544b59504b57415738633167222c22736572766572223a7b226163746f72223a7b226163636f756e74223a2231396638383032392d316262312d353239622d623866662d393136326461343864323664222c227061727479223a2263663038303139332d313234372d343730382d613036622d333039623065633530366535227d2c2261737369676e6564223a7b7d2c226d61726b73223a5b5d2c2273747265616d73223a5b7b226e223a312c226e616d65223a2270617274793a63663038303139332d313234372d343730382d613036622d333039623065633530366535222c2270726576223a2266363431373239666334376361366230303762386134346564666366353637366234636537383764386439306663656262353462386230393437626262373431227d2c7b226e223a302c226e616d65223a2270617274793a66653061363066642d636239612d356464322d393064352d346136623734333932633963227d5d7d2c2276223a317d', '\x7b226174223a22323032362d31312d32385431333a32393a32312e3937335a222c226576656e74223a2264613461396534386531666330323231316230396636393963366634656533356334333561343236663535623261653461343939356239356133383639613838222c2270726576223a2230373139353132326336313737303965383034663937356332366364323233306230313363326631666533383434383763653433326133313837363137636535222c22736571223a312c2276223a317d');
INSERT INTO ledger.entry VALUES (2, '733f2a90-3d97-481a-a455-2a3500744493', '\x7b226472616674223a7b22626f6479223a7b226e616d65223a22e6b58ee58d97e5b882e4be8be7a4bae7babfe7bc86e69c89e99990e585ace58fb8222c22726567696f6e223a22333730313132222c22726f6c6573223a5b226d616e756661637475726572225d2c2275736363223a2239313337303131324d413154455854313448227d2c22656e74657265645f666f72223a2263663038303139332d313234372d343730382d613036622d333039623065633530366535222c226964223a2237333366326139302d336439372d343831612d613435352d326133353030373434343933222c226b696e64223a227061727479222c227375626a656374223a7b227061727479223a2239313337303131324d413154455854313448227d7d2c227265636f726465645f6174223a22323032362d31312d32385431333a32393a32312e3937335a222c2273616c74223a22466765686f343968357977636932535a4a4c50426141222c22736572766572223a7b226163746f72223a7b226163636f756e74223a2231396638383032392d316262312d353239622d623866662d393136326461343864323664222c227061727479223a2263663038303139332d313234372d343730382d613036622d333039623065633530366535227d2c2261737369676e6564223a7b7d2c226d61726b73223a5b5d2c2273747265616d73223a5b7b226e223a302c226e616d65223a2270617274793a33616533316465632d346332612d353537642d613065312d656432366230623461386561227d2c7b226e223a322c226e616d65223a2270617274793a63663038303139332d313234372d343730382d613036622d333039623065633530366535222c2270726576223a2264613461396534386531666330323231316230396636393963366634656533356334333561343236663535623261653461343939356239356133383639613838227d5d7d2c2276223a317d', '\x7b226174223a22323032362d31312d32385431333a32393a32312e3937335a222c226576656e74223a2236393937663935373939363063386663633430303434303539373933316531653266626633663035633665373738656338393563396535666431303839613263222c2270726576223a2263646631313431396130613264323236366165366362623032383465663331313334646431383234306435336630343038626134333364623637386632656165222c22736571223a322c2276223a317d');
INSERT INTO ledger.entry VALUES (3, 'e080e68b-1bf5-4db6-9432-19355ca14f05', '\x7b226472616674223a7b22626f6479223a7b226e616d65223a22e591a8e58fa3e5b882e4be8be7a4bae4ba94e98791e7bb8fe890a5e983a8222c22726567696f6e223a22343131363032222c22726f6c6573223a5b226469737472696275746f72225d2c2275736363223a2239313431313630324d413154455854323231227d2c22656e74657265645f666f72223a2263663038303139332d313234372d343730382d613036622d333039623065633530366535222c226964223a2265303830653638622d316266352d346462362d393433322d313933353563613134663035222c226b696e64223a227061727479222c227375626a656374223a7b227061727479223a2239313431313630324d413154455854323231227d7d2c227265636f726465645f6174223a22323032362d31312d32385431333a32393a32312e3937335a222c2273616c74223a2245786a305f31496c4d754a35336e474b4a65662d4e41222c22736572766572223a7b226163746f72223a7b226163636f756e74223a2231396638383032392d316262312d353239622d623866662d393136326461343864323664222c227061727479223a2263663038303139332d313234372d343730382d613036622d333039623065633530366535227d2c2261737369676e6564223a7b7d2c226d61726b73223a5b5d2c2273747265616d73223a5b7b226e223a302c226e616d65223a2270617274793a33306362323639662d613336622d353466372d386533652d616534333934633262373234227d2c7b226e223a332c226e616d65223a2270617274793a63663038303139332d313234372d343730382d613036622d333039623065633530366535222c2270726576223a2236393937663935373939363063386663633430303434303539373933316531653266626633663035633665373738656338393563396535666431303839613263227d5d7d2c2276223a317d', '\x7b226174223a22323032362d31312d32385431333a32393a32312e3937335a222c226576656e74223a2266343761346339376466393737353431343939616535393962333833356436383132663664376662303337383037643765633165313437363638343261303339222c2270726576223a2266643866616434306138303932336331623136623030313336326131626264343838636335613866393562646463316634323962386336646361613736633365222c22736571223a332c2276223a317d');
INSERT INTO ledger.entry VALUES (4, 'b7c0a7da-1f18-49a3-b658-7d6efe9fa3f4', '\x7b226472616674223a7b22626f6479223a7b226e616d65223a22e5a4aae5bab7e58ebfe7a4bae4be8be5bbbae8aebee5b7a5e7a88be69c89e99990e585ace58fb8222c22726567696f6e223a22343131363237222c22726f6c6573223a5b22636f6e74726163746f72225d2c2275736363223a2239313431313632374d413154455854333033227d2c22656e74657265645f666f72223a2263663038303139332d313234372d343730382d613036622d333039623065633530366535222c226964223a2262376330613764612d316631382d343961332d623635382d376436656665396661336634222c226b696e64223a227061727479222c227375626a656374223a7b227061727479223a2239313431313632374d413154455854333033227d7d2c227265636f726465645f6174223a22323032362d31312d32385431333a32393a32312e3937335a222c2273616c74223a2241415a38505338756a4a4655644c71326b6537646741222c22736572766572223a7b226163746f72223a7b226163636f756e74223a2231396638383032392d316262312d353239622d623866662d393136326461343864323664222c227061727479223a2263663038303139332d313234372d343730382d613036622d333039623065633530366535227d2c2261737369676e6564223a7b7d2c226d61726b73223a5b5d2c2273747265616d73223a5b7b226e223a302c226e616d65223a2270617274793a36653161346532642d356564622d356236332d613935332d303463326334356534653430227d2c7b226e223a342c226e616d65223a2270617274793a63663038303139332d313234372d343730382d613036622d333039623065633530366535222c2270726576223a2266343761346339376466393737353431343939616535393962333833356436383132663664376662303337383037643765633165313437363638343261303339227d5d7d2c2276223a317d', '\x7b226174223a22323032362d31312d32385431333a32393a32312e3937335a222c226576656e74223a2235393233353032383865346336386366623436653061373263663330366133343031356566306562343166643966343635336264656135396430663433376663222c2270726576223a2239623161653036336165623761666262363837616463373935353039633162306132386266663232323462356230376165393333336565303236636462306666222c22736571223a342c2276223a317d');
INSERT INTO ledger.entry VALUES (5, '99ebee58-a794-4084-9218-5e79be93d19d', '\x7b226472616674223a7b22626f6479223a7b226e616d65223a22e591a8e58fa3e5b882e7a4bae4be8be79b91e79086e69c89e99990e585ace58fb8222c22726567696f6e223a22343131363032222c22726f6c6573223a5b2273757065727669736f72225d7d2c22656e74657265645f666f72223a2263663038303139332d313234372d343730382d613036622d333039623065633530366535222c226964223a2239396562656535382d613739342d343038342d393231382d356537396265393364313964222c226b696e64223a227061727479222c227375626a656374223a7b227061727479223a2230303030303030302d303030302d343030302d383030302d303030303030303030303062227d7d2c227265636f726465645f6174223a22323032362d31312d32385431333a32393a32312e3937335a222c2273616c74223a22737872366a545770753369426e464371777a504c4351222c22736572766572223a7b226163746f72223a7b226163636f756e74223a2231396638383032392d316262312d353239622d623866662d393136326461343864323664222c227061727479223a2263663038303139332d313234372d343730382d613036622d333039623065633530366535227d2c2261737369676e6564223a7b7d2c226d61726b73223a5b5d2c2273747265616d73223a5b7b226e223a302c226e616d65223a2270617274793a30303030303030302d303030302d343030302d383030302d303030303030303030303062227d2c7b226e223a352c226e616d65223a2270617274793a63663038303139332d313234372d343730382d613036622d333039623065633530366535222c2270726576223a2235393233353032383865346336386366623436653061373263663330366133343031356566306562343166643966343635336264656135396430663433376663227d5d7d2c2276223a317d', '\x7b226174223a22323032362d31312d32385431333a32393a32312e3937335a222c226576656e74223a2261363761303930386564386536333736613462613964343338373466653961383232346135643935633636636337643130336339316238326331326665366534222c2270726576223a2261396438323938636261656365666262383634343930656536656565313533663131623533303464663230386331353935633561353862323639396130326462222c22736571223a352c2276223a317d');
INSERT INTO ledger.entry VALUES (6, '40570bfe-ec6d-4dcc-8de1-1bc18dbce5a3', '\x7b226472616674223a7b22626f6479223a7b22636d61223a22323331363132313130303939222c226e616d65223a22e591a8e58fa3e5b882e7a4bae4be8be6a380e6b58be4b8ade5bf83222c22726567696f6e223a22343131363032222c22726f6c6573223a5b226c61626f7261746f7279225d7d2c22656e74657265645f666f72223a2263663038303139332d313234372d343730382d613036622d333039623065633530366535222c226964223a2234303537306266652d656336642d346463632d386465312d316263313864626365356133222c226b696e64223a227061727479222c227375626a656374223a7b227061727479223a2230303030303030302d303030302d343030302d383030302d303030303030303030303063227d7d2c227265636f726465645f6174223a22323032362d31312d32385431333a32393a32312e3937335a222c2273616c74223a224e5a7673564c335641473156534c5867624c47777341222c22736572766572223a7b226163746f72223a7b226163636f756e74223a2231396638383032392d316262312d353239622d623866662d393136326461343864323664222c227061727479223a2263663038303139332d313234372d343730382d613036622d333039623065633530366535227d2c2261737369676e6564223a7b7d2c226d61726b73223a5b5d2c2273747265616d73223a5b7b226e223a302c226e616d65223a2270617274793a30303030303030302d303030302d343030302d383030302d303030303030303030303063227d2c7b226e223a362c226e616d65223a2270617274793a63663038303139332d313234372d343730382d613036622d333039623065633530366535222c2270726576223a2261363761303930386564386536333736613462613964343338373466653961383232346135643935633636636337643130336339316238326331326665366534227d5d7d2c2276223a317d', '\x7b226174223a22323032362d31312d32385431333a32393a32312e3937335a222c226576656e74223a2236653262396439356431613561373034666431663862303862396163323465336535633334613932313464393436656365396335313663656333623162616535222c2270726576223a2261623433363139666363633434386433666261616334373434636634366332326433393035303031326137356330656231386264356533343731383934353336222c22736571223a362c2276223a317d');
INSERT INTO ledger.entry VALUES (7, '9c43dd02-81e6-4070-b40d-f637e553d9bf', '\x7b226472616674223a7b22626f6479223a7b226e616d65223a22e591a8e58fa3e5b882e7a4bae4be8be5b882e59cbae79b91e79da3e7aea1e79086e5b180222c22726567696f6e223a22343131363030222c22726f6c6573223a5b22726567756c61746f72225d7d2c22656e74657265645f666f72223a2263663038303139332d313234372d343730382d613036622d333039623065633530366535222c226964223a2239633433646430322d383165362d343037302d623430642d663633376535353364396266222c226b696e64223a227061727479222c227375626a656374223a7b227061727479223a2230303030303030302d303030302d343030302d383030302d303030303030303030303064227d7d2c227265636f726465645f6174223a22323032362d31312d32385431333a32393a32312e3937335a222c2273616c74223a224176686552627a666935355f346d63387a46455a7241222c22736572766572223a7b226163746f72223a7b226163636f756e74223a2231396638383032392d316262312d353239622d623866662d393136326461343864323664222c227061727479223a2263663038303139332d313234372d343730382d613036622d333039623065633530366535227d2c2261737369676e6564223a7b7d2c226d61726b73223a5b5d2c2273747265616d73223a5b7b226e223a302c226e616d65223a2270617274793a30303030303030302d303030302d343030302d383030302d303030303030303030303064227d2c7b226e223a372c226e616d65223a2270617274793a63663038303139332d313234372d343730382d613036622d333039623065633530366535222c2270726576223a2236653262396439356431613561373034666431663862303862396163323465336535633334613932313464393436656365396335313663656333623162616535227d5d7d2c2276223a317d', '\x7b226174223a22323032362d31312d32385431333a32393a32312e3937335a222c226576656e74223a2234316533393266363239643238356135616265646331373937316365343365326161373932643232363263633564663064356339363839353562323766333261222c2270726576223a2234366636313165666362393039666335646333623234663966613033346563626230613966643635623234383135333966636539356435386330666363356232222c22736571223a372c2276223a317d');
INSERT INTO ledger.entry VALUES (8, '1fa51dd4-42f9-4e03-96c0-fe4a59ab8b9e', '\x7b226472616674223a7b22626f6479223a7b2274797065223a226c6963656e6365222c2276616c6964697479223a7b2276616c69645f66726f6d223a22323032332d30342d3230222c2276616c69645f746f223a22323032382d30342d3139227d7d2c22656e74657265645f666f72223a2239313431313630334d413154455854303652222c226964223a2231666135316464342d343266392d346530332d393663302d666534613539616238623965222c226b696e64223a226365727469666963617465222c227375626a656374223a7b226365727469666963617465223a7b22686f6c646572223a2239313431313630334d413154455854303652222c226e756d626572223a22efbc88e8b1abefbc89584b30362d3030312d3030393137227d7d7d2c227265636f726465645f6174223a22323032362d31312d32385431333a32393a32312e3937335a222c2273616c74223a224c4a684f4678777044796d667168396a504e4d526f67222c22736572766572223a7b226163746f72223a7b226163636f756e74223a2231396638383032392d316262312d353239622d623866662d393136326461343864323664222c227061727479223a2263663038303139332d313234372d343730382d613036622d333039623065633530366535227d2c2261737369676e6564223a7b7d2c226d61726b73223a5b5d2c2273747265616d73223a5b7b226e223a302c226e616d65223a2263657274696669636174653a37373234393264652d636132352d353538342d383132352d333339316462633366646434227d2c7b226e223a312c226e616d65223a2270617274793a66653061363066642d636239612d356464322d393064352d346136623734333932633963222c2270726576223a2264613461396534386531666330323231316230396636393963366634656533356334333561343236663535623261653461343939356239356133383639613838227d5d7d2c2276223a317d', '\x7b226174223a22323032362d31312d32385431333a32393a32312e3937335a222c226576656e74223a2232643437666464616130326563383336393261633464356664613762366366303230636438343137326138396136343061333835313865303931323933356232222c2270726576223a2234633033396536326633343436333233353337303030646537636436333636383732333964323633643864303036313931333434346134333534613736303134222c22736571223a382c2276223a317d');
INSERT INTO ledger.entry VALUES (9, '309f951f-92e7-4ba3-a7ca-66ed519d3ba0', '\x7b226472616674223a7b22626f6479223a7b226365727469666963617465223a22efbc88e8b1abefbc89584b30362d3030312d3030393137222c2264657369676e6174696f6e223a22594a5620302e362f316b562033c39739352b31c3973530222c226e616d65223a22e794b5e58a9be794b5e7bc86227d2c22656e74657265645f666f72223a2239313431313630334d413154455854303652222c226964223a2233303966393531662d393265372d346261332d613763612d363665643531396433626130222c226b696e64223a2270726f64756374222c227375626a656374223a7b2270726f64756374223a7b226d616b6572223a2239313431313630334d413154455854303652222c226e756d626572223a22503031227d7d7d2c227265636f726465645f6174223a22323032362d31312d32385431333a32393a32312e3937335a222c2273616c74223a224855414e4b4461576e4c69764c7559594a5f46783241222c22736572766572223a7b226163746f72223a7b226163636f756e74223a2231396638383032392d316262312d353239622d623866662d393136326461343864323664222c227061727479223a2263663038303139332d313234372d343730382d613036622d333039623065633530366535227d2c2261737369676e6564223a7b7d2c226d61726b73223a5b5d2c2273747265616d73223a5b7b226e223a322c226e616d65223a2270617274793a66653061363066642d636239612d356464322d393064352d346136623734333932633963222c2270726576223a2232643437666464616130326563383336393261633464356664613762366366303230636438343137326138396136343061333835313865303931323933356232227d2c7b226e223a302c226e616d65223a2270726f647563743a35393162323063352d643863372d353161352d393063632d613235323963363338643865227d5d7d2c2276223a317d', '\x7b226174223a22323032362d31312d32385431333a32393a32312e3937335a222c226576656e74223a2236643134373935666436336536343832396239376361343166636236393731393061363930326538643032343032653430643463383064386464343936343139222c2270726576223a2236376531343238613535333232343935373432333261366631653031653438386234616437333335626638393461613735636630303365303365663831336233222c22736571223a392c2276223a317d');
INSERT INTO ledger.entry VALUES (10, 'c73c674b-6c8b-44f1-9dc5-d433cbe98f72', '\x7b226472616674223a7b22626f6479223a7b22636f6e74726163746f72223a2239313431313632374d413154455854333033222c226e616d65223a22e7a4bae88c83e5b08fe58cbae9858de794b5e5b7a5e7a88b222c22726567696f6e223a22343131363237222c2273757065727669736f72223a2230303030303030302d303030302d343030302d383030302d303030303030303030303062227d2c22656e74657265645f666f72223a2239313431313632374d413154455854333033222c226964223a2263373363363734622d366338622d343466312d396463352d643433336362653938663732222c226b696e64223a2270726f6a656374222c227375626a656374223a7b2270726f6a656374223a7b226b6565706572223a2239313431313632374d413154455854333033222c226e756d626572223a22584d2d31227d7d7d2c227265636f726465645f6174223a22323032362d31312d32385431333a32393a32312e3937335a222c2273616c74223a2265364d5137657733386b584a36787056782d62336f41222c22736572766572223a7b226163746f72223a7b226163636f756e74223a2231396638383032392d316262312d353239622d623866662d393136326461343864323664222c227061727479223a2263663038303139332d313234372d343730382d613036622d333039623065633530366535227d2c2261737369676e6564223a7b7d2c226d61726b73223a5b5d2c2273747265616d73223a5b7b226e223a312c226e616d65223a2270617274793a30303030303030302d303030302d343030302d383030302d303030303030303030303062222c2270726576223a2261363761303930386564386536333736613462613964343338373466653961383232346135643935633636636337643130336339316238326331326665366534227d2c7b226e223a312c226e616d65223a2270617274793a36653161346532642d356564622d356236332d613935332d303463326334356534653430222c2270726576223a2235393233353032383865346336386366623436653061373263663330366133343031356566306562343166643966343635336264656135396430663433376663227d2c7b226e223a302c226e616d65223a2270726f6a6563743a39336231666565382d656638662d353064392d383132622d383066353439613235323633227d5d7d2c2276223a317d', '\x7b226174223a22323032362d31312d32385431333a32393a32312e3937335a222c226576656e74223a2238616436623563353230313961383230373862306161353464343634303565383261363932663361373433366233353932313764346332636238303937613534222c2270726576223a2262626265313336616163366165353730646562316163306236376163373762376266643064613732643566666334356332616638376564613031323235336464222c22736571223a31302c2276223a317d');
INSERT INTO ledger.entry VALUES (11, '3b61920e-05fa-4fdd-9ee1-8fb3e5bd1dfd', '\x7b226472616674223a7b22626f6479223a7b226c656e6774685f6d6d223a3735303030302c2270726f64756374223a22503031222c22756e697473223a5b7b226669727374223a312c226c617374223a332c226c656e6774685f6d6d223a3235303030307d5d7d2c226279223a5b7b226e616d65223a2223623837586f51655a396d5072517a77786e6b495764685142306632716b786d6c5f4f54525f364c4a574d63222c22726f6c65223a22696e73706563746f72227d5d2c22656e74657265645f666f72223a2239313431313630334d413154455854303652222c226964223a2233623631393230652d303566612d346664642d396565312d386662336535626431646664222c226b696e64223a2270726f64756374696f6e222c226f636375727265645f6174223a22323032362d30342d30315430303a30303a30302b30383a3030222c22707265636973696f6e223a22646179222c227375626a656374223a7b226261746368223a7b226c6f74223a224c31222c226d616b6572223a2239313431313630334d413154455854303652227d7d7d2c227265636f726465645f6174223a22323032362d31312d32385431333a32393a32312e3937335a222c2273616c74223a225f58474d57744563654c64754a3350674c4639576c77222c22736572766572223a7b226163746f72223a7b226163636f756e74223a2231396638383032392d316262312d353239622d623866662d393136326461343864323664222c227061727479223a2263663038303139332d313234372d343730382d613036622d333039623065633530366535227d2c2261737369676e6564223a7b226261746368223a22424e45524853434d4637222c226b65795f76657273696f6e223a317d2c226d61726b73223a5b5d2c2273747265616d73223a5b7b226e223a302c226e616d65223a2262617463683a424e45524853434d4637227d2c7b226e223a332c226e616d65223a2270617274793a66653061363066642d636239612d356464322d393064352d346136623734333932633963222c2270726576223a2236643134373935666436336536343832396239376361343166636236393731393061363930326538643032343032653430643463383064386464343936343139227d5d7d2c2276223a317d', '\x7b226174223a22323032362d31312d32385431333a32393a32312e3937335a222c226576656e74223a2266613935346465386664396239653439383265663432323765396532646330386235613939623265663761643630306431356364336366306532303239333934222c2270726576223a2261656134663938633032303934613863396335666264636239666564653433346639643635316362333236333938343330336636626266383464363165313761222c22736571223a31312c2276223a317d');
INSERT INTO ledger.entry VALUES (12, 'a499d67d-db06-430e-aebe-1ba881dd4ca3', '\x7b226472616674223a7b22626f6479223a7b2264656c69766572795f6e6f7465223a2246482d31222c22726567696f6e223a22343131363032222c22746f223a2239313431313630324d413154455854323231222c22756e697473223a5b5b312c315d5d7d2c22656e74657265645f666f72223a2239313431313630334d413154455854303652222c226964223a2261343939643637642d646230362d343330652d616562652d316261383831646434636133222c226b696e64223a226469737061746368222c226f636375727265645f6174223a22323032362d30342d31305430303a30303a30302b30383a3030222c22707265636973696f6e223a22646179222c227375626a656374223a7b226261746368223a7b226c6f74223a224c31222c226d616b6572223a2239313431313630334d413154455854303652227d7d7d2c227265636f726465645f6174223a22323032362d31312d32385431333a32393a32312e3937335a222c2273616c74223a226f47394156557050727a72315a6855365334555a7567222c22736572766572223a7b226163746f72223a7b226163636f756e74223a2231396638383032392d316262312d353239622d623866662d393136326461343864323664222c227061727479223a2263663038303139332d313234372d343730382d613036622d333039623065633530366535227d2c2261737369676e6564223a7b226261746368223a22424e45524853434d4637227d2c226d61726b73223a5b5d2c2273747265616d73223a5b7b226e223a312c226e616d65223a2262617463683a424e45524853434d4637222c2270726576223a2266613935346465386664396239653439383265663432323765396532646330386235613939623265663761643630306431356364336366306532303239333934227d2c7b226e223a312c226e616d65223a2270617274793a33306362323639662d613336622d353466372d386533652d616534333934633262373234222c2270726576223a2266343761346339376466393737353431343939616535393962333833356436383132663664376662303337383037643765633165313437363638343261303339227d2c7b226e223a342c226e616d65223a2270617274793a66653061363066642d636239612d356464322d393064352d346136623734333932633963222c2270726576223a2266613935346465386664396239653439383265663432323765396532646330386235613939623265663761643630306431356364336366306532303239333934227d5d7d2c2276223a317d', '\x7b226174223a22323032362d31312d32385431333a32393a32312e3937335a222c226576656e74223a2239626265623363323664633135343433363061363035636533653631383730356262626337376561316233353330363834653861313631626235623439333936222c2270726576223a2236653332633166306231303934363536663265636361373035303461386264613232356463613363383065356336623239323232623065633637636332393362222c22736571223a31322c2276223a317d');












INSERT INTO ledger.head VALUES (1, 13, '2026-11-28T13:29:21.973Z', '\x2831ab3ccff7c1ed568361fccb0a2bc856458de78b61d8a40dab8d3f67e0d63e', '\x60266afec77b8435ea85f5601c7485f17a9a112ca80bc5dc1924a8dfe1fc22d4', '\x74726163652e6578616d706c652f6c65646765720a31330a59435a712f736437684458716866566748485346385871614553796f433858634753536f332b48384974513d0a0ae280942074726163652e6578616d706c652f6c6564676572206c4d61714c4572576b33584f6d3042715351487541654c72424748714c36682b54444e562b6736517a2b6d75373565537647453262474f463962385a4f304951722f6f51423146334e305a79706768774171694c48434a6d5a67633d0a');






INSERT INTO ledger.identity VALUES (1, 'trace.example/ledger', 'trace.example', 'trace.example/ledger+94c6aa2c+AaVIC8HGTt+ECzOjHJ4dwXINAXkFys16tCfey1C506A1');



INSERT INTO ledger.involvement VALUES ('p:cf080193-1247-4708-a06b-309b0ec506e5', 'BNERHSCMF7', 11);
INSERT INTO ledger.involvement VALUES ('p:fe0a60fd-cb9a-5dd2-90d5-4a6b74392c9c', 'BNERHSCMF7', 11);
INSERT INTO ledger.involvement VALUES ('r:411603', 'BNERHSCMF7', 11);
INSERT INTO ledger.involvement VALUES ('p:30cb269f-a36b-54f7-8e3e-ae4394c2b724', 'BNERHSCMF7', 12);
INSERT INTO ledger.involvement VALUES ('r:411602', 'BNERHSCMF7', 12);















INSERT INTO ledger.party VALUES ('cf080193-1247-4708-a06b-309b0ec506e5', '平台运维', '["operator"]', NULL, NULL, NULL, 'trace.example', NULL, NULL, NULL, 0);
INSERT INTO ledger.party VALUES ('fe0a60fd-cb9a-5dd2-90d5-4a6b74392c9c', '周口市示例电缆有限公司', '["manufacturer"]', '91411603MA1TEXT06R', NULL, '411603', NULL, NULL, NULL, NULL, 1);
INSERT INTO ledger.party VALUES ('3ae31dec-4c2a-557d-a0e1-ed26b0b4a8ea', '济南市例示线缆有限公司', '["manufacturer"]', '91370112MA1TEXT14H', NULL, '370112', NULL, NULL, NULL, NULL, 2);
INSERT INTO ledger.party VALUES ('30cb269f-a36b-54f7-8e3e-ae4394c2b724', '周口市例示五金经营部', '["distributor"]', '91411602MA1TEXT221', NULL, '411602', NULL, NULL, NULL, NULL, 3);
INSERT INTO ledger.party VALUES ('6e1a4e2d-5edb-5b63-a953-04c2c45e4e40', '太康县示例建设工程有限公司', '["contractor"]', '91411627MA1TEXT303', NULL, '411627', NULL, NULL, NULL, NULL, 4);
INSERT INTO ledger.party VALUES ('00000000-0000-4000-8000-00000000000b', '周口市示例监理有限公司', '["supervisor"]', NULL, NULL, '411602', NULL, NULL, NULL, NULL, 5);
INSERT INTO ledger.party VALUES ('00000000-0000-4000-8000-00000000000c', '周口市示例检测中心', '["laboratory"]', NULL, '231612110099', '411602', NULL, NULL, NULL, NULL, 6);
INSERT INTO ledger.party VALUES ('00000000-0000-4000-8000-00000000000d', '周口市示例市场监督管理局', '["regulator"]', NULL, NULL, '411600', NULL, NULL, NULL, NULL, 7);






INSERT INTO ledger.posting VALUES ('BNERHSCMF7', 11, 0, 1, 3, 'produced', '', '', '', 'held', 'fe0a60fd-cb9a-5dd2-90d5-4a6b74392c9c', '411603', '', 750000, false);
INSERT INTO ledger.posting VALUES ('BNERHSCMF7', 12, 0, 1, 1, 'held', 'fe0a60fd-cb9a-5dd2-90d5-4a6b74392c9c', '411603', '', 'transit', '30cb269f-a36b-54f7-8e3e-ae4394c2b724', '411602', '', 250000, false);






INSERT INTO ledger.product VALUES ('fe0a60fd-cb9a-5dd2-90d5-4a6b74392c9c', 'P01', '电力电缆', 'YJV 0.6/1kV 3×95+1×50', NULL, '（豫）XK06-001-00917', 9);



INSERT INTO ledger.project VALUES ('93b1fee8-ef8f-50d9-812b-80f549a25263', '6e1a4e2d-5edb-5b63-a953-04c2c45e4e40', 'XM-1', '示范小区配电工程', '411627', NULL, '6e1a4e2d-5edb-5b63-a953-04c2c45e4e40', '00000000-0000-4000-8000-00000000000b', 10);



INSERT INTO ledger.projections_made VALUES ('1-fcc099aa6de9');









INSERT INTO ledger.run VALUES ('BNERHSCMF7', 1, 1, 'transit', '30cb269f-a36b-54f7-8e3e-ae4394c2b724', '411602', '', 250000, '');
INSERT INTO ledger.run VALUES ('BNERHSCMF7', 2, 3, 'held', 'fe0a60fd-cb9a-5dd2-90d5-4a6b74392c9c', '411603', '', 250000, '');



INSERT INTO ledger.seat VALUES ('party:cf080193-1247-4708-a06b-309b0ec506e5', 0, '');
INSERT INTO ledger.seat VALUES ('party:fe0a60fd-cb9a-5dd2-90d5-4a6b74392c9c', 1, '411603');
INSERT INTO ledger.seat VALUES ('party:3ae31dec-4c2a-557d-a0e1-ed26b0b4a8ea', 2, '370112');
INSERT INTO ledger.seat VALUES ('party:30cb269f-a36b-54f7-8e3e-ae4394c2b724', 3, '411602');
INSERT INTO ledger.seat VALUES ('party:6e1a4e2d-5edb-5b63-a953-04c2c45e4e40', 4, '411627');
INSERT INTO ledger.seat VALUES ('party:00000000-0000-4000-8000-00000000000b', 5, '411602');
INSERT INTO ledger.seat VALUES ('party:00000000-0000-4000-8000-00000000000c', 6, '411602');
INSERT INTO ledger.seat VALUES ('party:00000000-0000-4000-8000-00000000000d', 7, '411600');
INSERT INTO ledger.seat VALUES ('project:93b1fee8-ef8f-50d9-812b-80f549a25263', 10, '411627');






INSERT INTO ledger.stream_event VALUES ('party:cf080193-1247-4708-a06b-309b0ec506e5', 0, 0, '\xf641729fc47ca6b007b8a44edfcf5676b4ce787d8d90fcebb54b8b0947bbb741');
INSERT INTO ledger.stream_event VALUES ('party:cf080193-1247-4708-a06b-309b0ec506e5', 1, 1, '\xda4a9e48e1fc02211b09f699c6f4ee35c435a426f55b2ae4a4995b95a3869a88');
INSERT INTO ledger.stream_event VALUES ('party:fe0a60fd-cb9a-5dd2-90d5-4a6b74392c9c', 0, 1, '\xda4a9e48e1fc02211b09f699c6f4ee35c435a426f55b2ae4a4995b95a3869a88');
INSERT INTO ledger.stream_event VALUES ('party:3ae31dec-4c2a-557d-a0e1-ed26b0b4a8ea', 0, 2, '\x6997f9579960c8fcc400440597931e1e2fbf3f05c6e778ec895c9e5fd1089a2c');
INSERT INTO ledger.stream_event VALUES ('party:cf080193-1247-4708-a06b-309b0ec506e5', 2, 2, '\x6997f9579960c8fcc400440597931e1e2fbf3f05c6e778ec895c9e5fd1089a2c');
INSERT INTO ledger.stream_event VALUES ('party:30cb269f-a36b-54f7-8e3e-ae4394c2b724', 0, 3, '\xf47a4c97df977541499ae599b3835d6812f6d7fb037807d7ec1e14766842a039');
INSERT INTO ledger.stream_event VALUES ('party:cf080193-1247-4708-a06b-309b0ec506e5', 3, 3, '\xf47a4c97df977541499ae599b3835d6812f6d7fb037807d7ec1e14766842a039');
INSERT INTO ledger.stream_event VALUES ('party:6e1a4e2d-5edb-5b63-a953-04c2c45e4e40', 0, 4, '\x592350288e4c68cfb46e0a72cf306a34015ef0eb41fd9f4653bdea59d0f437fc');
INSERT INTO ledger.stream_event VALUES ('party:cf080193-1247-4708-a06b-309b0ec506e5', 4, 4, '\x592350288e4c68cfb46e0a72cf306a34015ef0eb41fd9f4653bdea59d0f437fc');
INSERT INTO ledger.stream_event VALUES ('party:00000000-0000-4000-8000-00000000000b', 0, 5, '\xa67a0908ed8e6376a4ba9d43874fe9a8224a5d95c66cc7d103c91b82c12fe6e4');
INSERT INTO ledger.stream_event VALUES ('party:cf080193-1247-4708-a06b-309b0ec506e5', 5, 5, '\xa67a0908ed8e6376a4ba9d43874fe9a8224a5d95c66cc7d103c91b82c12fe6e4');
INSERT INTO ledger.stream_event VALUES ('party:00000000-0000-4000-8000-00000000000c', 0, 6, '\x6e2b9d95d1a5a704fd1f8b08b9ac24e3e5c34a9214d946ece9c516cec3b1bae5');
INSERT INTO ledger.stream_event VALUES ('party:cf080193-1247-4708-a06b-309b0ec506e5', 6, 6, '\x6e2b9d95d1a5a704fd1f8b08b9ac24e3e5c34a9214d946ece9c516cec3b1bae5');
INSERT INTO ledger.stream_event VALUES ('party:00000000-0000-4000-8000-00000000000d', 0, 7, '\x41e392f629d285a5abedc17971ce43e2aa792d2262cc5df0d5c968955b27f32a');
INSERT INTO ledger.stream_event VALUES ('party:cf080193-1247-4708-a06b-309b0ec506e5', 7, 7, '\x41e392f629d285a5abedc17971ce43e2aa792d2262cc5df0d5c968955b27f32a');
INSERT INTO ledger.stream_event VALUES ('certificate:772492de-ca25-5584-8125-3391dbc3fdd4', 0, 8, '\x2d47fddaa02ec83692ac4d5fda7b6cf020cd84172a89a640a38518e0912935b2');
INSERT INTO ledger.stream_event VALUES ('party:fe0a60fd-cb9a-5dd2-90d5-4a6b74392c9c', 1, 8, '\x2d47fddaa02ec83692ac4d5fda7b6cf020cd84172a89a640a38518e0912935b2');
INSERT INTO ledger.stream_event VALUES ('party:fe0a60fd-cb9a-5dd2-90d5-4a6b74392c9c', 2, 9, '\x6d14795fd63e64829b97ca41fcb697190a6902e8d02402e40d4c80d8dd496419');
INSERT INTO ledger.stream_event VALUES ('product:591b20c5-d8c7-51a5-90cc-a2529c638d8e', 0, 9, '\x6d14795fd63e64829b97ca41fcb697190a6902e8d02402e40d4c80d8dd496419');
INSERT INTO ledger.stream_event VALUES ('party:00000000-0000-4000-8000-00000000000b', 1, 10, '\x8ad6b5c52019a82078b0aa54d46405e82a692f3a7436b359217d4c2cb8097a54');
INSERT INTO ledger.stream_event VALUES ('party:6e1a4e2d-5edb-5b63-a953-04c2c45e4e40', 1, 10, '\x8ad6b5c52019a82078b0aa54d46405e82a692f3a7436b359217d4c2cb8097a54');
INSERT INTO ledger.stream_event VALUES ('project:93b1fee8-ef8f-50d9-812b-80f549a25263', 0, 10, '\x8ad6b5c52019a82078b0aa54d46405e82a692f3a7436b359217d4c2cb8097a54');
INSERT INTO ledger.stream_event VALUES ('batch:BNERHSCMF7', 0, 11, '\xfa954de8fd9b9e4982ef4227e9e2dc08b5a99b2ef7ad600d15cd3cf0e2029394');
INSERT INTO ledger.stream_event VALUES ('party:fe0a60fd-cb9a-5dd2-90d5-4a6b74392c9c', 3, 11, '\xfa954de8fd9b9e4982ef4227e9e2dc08b5a99b2ef7ad600d15cd3cf0e2029394');
INSERT INTO ledger.stream_event VALUES ('batch:BNERHSCMF7', 1, 12, '\x9bbeb3c26dc1544360a605ce3e618705bbbc77ea1b3530684e8a161bb5b49396');
INSERT INTO ledger.stream_event VALUES ('party:30cb269f-a36b-54f7-8e3e-ae4394c2b724', 1, 12, '\x9bbeb3c26dc1544360a605ce3e618705bbbc77ea1b3530684e8a161bb5b49396');
INSERT INTO ledger.stream_event VALUES ('party:fe0a60fd-cb9a-5dd2-90d5-4a6b74392c9c', 4, 12, '\x9bbeb3c26dc1544360a605ce3e618705bbbc77ea1b3530684e8a161bb5b49396');















INSERT INTO scans.checked_code VALUES ('ABCDE', 2, '2026-11-28T13:29:22.385Z', '0000000000000000', '411600', 1);






INSERT INTO scans.scan VALUES (1, 'ABCDE', 'issued', '2026-11-28T13:29:22.385Z', NULL, '0000000000000000');
INSERT INTO scans.scan VALUES (2, 'ABCDE', 'issued', '2026-11-28T13:29:22.385Z', NULL, '0000000000000000');
INSERT INTO scans.scan VALUES (3, 'ABCDE', 'place', '2026-11-28T13:29:22.389Z', '411600', '0000000000000000');






SELECT pg_catalog.setval('desk.import_history_number_seq', 1, false);



SELECT pg_catalog.setval('desk.job_number_seq', 1, true);



SELECT pg_catalog.setval('desk.kept_checkpoint_id_seq', 1, false);



SELECT pg_catalog.setval('desk.sign_in_attempt_id_seq', 1, true);



SELECT pg_catalog.setval('ledger.alert_cursor_id_seq', 1, false);



SELECT pg_catalog.setval('ledger.head_id_seq', 1, false);



SELECT pg_catalog.setval('ledger.identity_id_seq', 1, false);



SELECT pg_catalog.setval('scans.judged_up_to_id_seq', 1, false);



SELECT pg_catalog.setval('scans.scan_n_seq', 3, true);



ALTER TABLE ONLY desk.account
    ADD CONSTRAINT account_name_key UNIQUE (name);



ALTER TABLE ONLY desk.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (id);



ALTER TABLE ONLY desk.api_key
    ADD CONSTRAINT api_key_pkey PRIMARY KEY (id);



ALTER TABLE ONLY desk.api_key
    ADD CONSTRAINT api_key_prefix_key UNIQUE (prefix);



ALTER TABLE ONLY desk.column_mapping
    ADD CONSTRAINT column_mapping_pkey PRIMARY KEY (party, key);



ALTER TABLE ONLY desk.cosignature
    ADD CONSTRAINT cosignature_pkey PRIMARY KEY (verifier_key, hour);



ALTER TABLE ONLY desk.import_history
    ADD CONSTRAINT import_history_job_key UNIQUE (job);



ALTER TABLE ONLY desk.import_history
    ADD CONSTRAINT import_history_pkey PRIMARY KEY (number);



ALTER TABLE ONLY desk.invitation
    ADD CONSTRAINT invitation_pkey PRIMARY KEY (id);



ALTER TABLE ONLY desk.invitation
    ADD CONSTRAINT invitation_token_hash_key UNIQUE (token_hash);



ALTER TABLE ONLY desk.job
    ADD CONSTRAINT job_id_key UNIQUE (id);



ALTER TABLE ONLY desk.job
    ADD CONSTRAINT job_pkey PRIMARY KEY (number);



ALTER TABLE ONLY desk.kept_checkpoint
    ADD CONSTRAINT kept_checkpoint_pkey PRIMARY KEY (id);



ALTER TABLE ONLY desk.print_setting
    ADD CONSTRAINT print_setting_pkey PRIMARY KEY (account);



ALTER TABLE ONLY desk.saved_search
    ADD CONSTRAINT saved_search_pkey PRIMARY KEY (id);



ALTER TABLE ONLY desk.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (token_hash);



ALTER TABLE ONLY desk.sign_in_attempt
    ADD CONSTRAINT sign_in_attempt_pkey PRIMARY KEY (id);



ALTER TABLE ONLY desk.upload
    ADD CONSTRAINT upload_pkey PRIMARY KEY (sha256, account);



ALTER TABLE ONLY desk.witness
    ADD CONSTRAINT witness_pkey PRIMARY KEY (name);



ALTER TABLE ONLY ledger.admission
    ADD CONSTRAINT admission_pkey PRIMARY KEY (seq, first);



ALTER TABLE ONLY ledger.alert_concern
    ADD CONSTRAINT alert_concern_pkey PRIMARY KEY (seq, who);



ALTER TABLE ONLY ledger.alert_cursor
    ADD CONSTRAINT alert_cursor_pkey PRIMARY KEY (id);



ALTER TABLE ONLY ledger.alert
    ADD CONSTRAINT alert_pkey PRIMARY KEY (seq, n);



ALTER TABLE ONLY ledger.alias
    ADD CONSTRAINT alias_pkey PRIMARY KEY (scheme, code);



ALTER TABLE ONLY ledger.batch
    ADD CONSTRAINT batch_maker_lot_key UNIQUE (maker, lot);



ALTER TABLE ONLY ledger.batch
    ADD CONSTRAINT batch_pkey PRIMARY KEY (code);



ALTER TABLE ONLY ledger.batch_unit
    ADD CONSTRAINT batch_unit_pkey PRIMARY KEY (batch, first);



ALTER TABLE ONLY ledger.certificate
    ADD CONSTRAINT certificate_pkey PRIMARY KEY (seq);



ALTER TABLE ONLY ledger.disclosure
    ADD CONSTRAINT disclosure_pkey PRIMARY KEY (event_id, pointer);



ALTER TABLE ONLY ledger.entry
    ADD CONSTRAINT entry_event_id_key UNIQUE (event_id);



ALTER TABLE ONLY ledger.entry
    ADD CONSTRAINT entry_pkey PRIMARY KEY (seq);



ALTER TABLE ONLY ledger.erasure
    ADD CONSTRAINT erasure_pkey PRIMARY KEY (event, pointer);



ALTER TABLE ONLY ledger.goods
    ADD CONSTRAINT goods_pkey PRIMARY KEY (id);



ALTER TABLE ONLY ledger.grant_
    ADD CONSTRAINT grant__pkey PRIMARY KEY (seq);



ALTER TABLE ONLY ledger.head
    ADD CONSTRAINT head_pkey PRIMARY KEY (id);



ALTER TABLE ONLY ledger.hold
    ADD CONSTRAINT hold_pkey PRIMARY KEY (batch, n);



ALTER TABLE ONLY ledger.identity
    ADD CONSTRAINT identity_pkey PRIMARY KEY (id);



ALTER TABLE ONLY ledger.involvement
    ADD CONSTRAINT involvement_pkey PRIMARY KEY (who, batch);



ALTER TABLE ONLY ledger.laid
    ADD CONSTRAINT laid_pkey PRIMARY KEY (batch, unit, state, party, region, project);



ALTER TABLE ONLY ledger.loose
    ADD CONSTRAINT loose_pkey PRIMARY KEY (batch, state, party, region, project);



ALTER TABLE ONLY ledger.named_blob
    ADD CONSTRAINT named_blob_pkey PRIMARY KEY (sha256, seq);



ALTER TABLE ONLY ledger.order_
    ADD CONSTRAINT order__pkey PRIMARY KEY (keeper, number);



ALTER TABLE ONLY ledger.party
    ADD CONSTRAINT party_pkey PRIMARY KEY (id);



ALTER TABLE ONLY ledger.piece
    ADD CONSTRAINT piece_pkey PRIMARY KEY (batch, first);



ALTER TABLE ONLY ledger.posting
    ADD CONSTRAINT posting_pkey PRIMARY KEY (batch, seq, n);



ALTER TABLE ONLY ledger.printed
    ADD CONSTRAINT printed_pkey PRIMARY KEY (code, first);



ALTER TABLE ONLY ledger.product
    ADD CONSTRAINT product_pkey PRIMARY KEY (maker, number);



ALTER TABLE ONLY ledger.project
    ADD CONSTRAINT project_pkey PRIMARY KEY (id);



ALTER TABLE ONLY ledger.projections_made
    ADD CONSTRAINT projections_made_pkey PRIMARY KEY (version);



ALTER TABLE ONLY ledger.reading
    ADD CONSTRAINT reading_pkey PRIMARY KEY (seq);



ALTER TABLE ONLY ledger.reserved_code
    ADD CONSTRAINT reserved_code_pkey PRIMARY KEY (code);



ALTER TABLE ONLY ledger.run
    ADD CONSTRAINT run_pkey PRIMARY KEY (batch, first);



ALTER TABLE ONLY ledger.seat
    ADD CONSTRAINT seat_pkey PRIMARY KEY (thing, seq);



ALTER TABLE ONLY ledger.signing_key
    ADD CONSTRAINT signing_key_pkey PRIMARY KEY (id);



ALTER TABLE ONLY ledger.stream_event
    ADD CONSTRAINT stream_event_pkey PRIMARY KEY (stream, n);



ALTER TABLE ONLY ledger.submission
    ADD CONSTRAINT submission_number_key UNIQUE (number);



ALTER TABLE ONLY ledger.submission
    ADD CONSTRAINT submission_pkey PRIMARY KEY (event);



ALTER TABLE ONLY ledger.suspicion
    ADD CONSTRAINT suspicion_pkey PRIMARY KEY (event);



ALTER TABLE ONLY ledger.tile
    ADD CONSTRAINT tile_pkey PRIMARY KEY (level, idx);



ALTER TABLE ONLY ledger.version
    ADD CONSTRAINT version_pkey PRIMARY KEY (event);



ALTER TABLE ONLY scans.checked_code
    ADD CONSTRAINT checked_code_pkey PRIMARY KEY (code);



ALTER TABLE ONLY scans.judged_up_to
    ADD CONSTRAINT judged_up_to_pkey PRIMARY KEY (id);



ALTER TABLE ONLY scans.scan
    ADD CONSTRAINT scan_pkey PRIMARY KEY (n);



ALTER TABLE ONLY scans.to_judge
    ADD CONSTRAINT to_judge_pkey PRIMARY KEY (code, is_false);



CREATE INDEX import_history_by_file ON desk.import_history USING btree (party, sha256);



CREATE INDEX import_history_by_party ON desk.import_history USING btree (party, number);



CREATE INDEX ix_api_key_account ON desk.api_key USING btree (account);



CREATE INDEX ix_cosignature_size ON desk.cosignature USING btree (size);



CREATE INDEX ix_saved_search_account ON desk.saved_search USING btree (account);



CREATE INDEX ix_session_account ON desk.session USING btree (account);



CREATE INDEX ix_session_expires_at ON desk.session USING btree (expires_at);



CREATE INDEX ix_sign_in_attempt_at ON desk.sign_in_attempt USING btree (at);



CREATE INDEX ix_upload_at ON desk.upload USING btree (at);



CREATE INDEX job_by_account ON desk.job USING btree (account, number);



CREATE INDEX job_by_state ON desk.job USING btree (state, number);



CREATE INDEX sign_in_attempt_by_client ON desk.sign_in_attempt USING btree (client, at);



CREATE INDEX sign_in_attempt_by_name ON desk.sign_in_attempt USING btree (name_hash, at);



CREATE INDEX alert_by_about ON ledger.alert USING btree (about);



CREATE INDEX alert_by_batch ON ledger.alert USING btree (batch, seq);



CREATE INDEX alert_by_maker ON ledger.alert USING btree (maker, seq);



CREATE INDEX alert_by_rule ON ledger.alert USING btree (rule, seq);



CREATE INDEX batch_by_lot ON ledger.batch USING btree (lot);



CREATE INDEX batch_by_product ON ledger.batch USING btree (maker, product);



CREATE INDEX certificate_by_holder ON ledger.certificate USING btree (holder, number);



CREATE UNIQUE INDEX entry_follows_one ON ledger.entry USING btree (SUBSTRING(entry FROM 117 FOR 64));



CREATE INDEX grant_by_grantee ON ledger.grant_ USING btree (grantee, grantor);



CREATE INDEX grant_by_grantor ON ledger.grant_ USING btree (grantor);



CREATE INDEX hold_by_authority ON ledger.hold USING btree (by);



CREATE INDEX involvement_by_batch ON ledger.involvement USING btree (batch);



CREATE INDEX ix_admission_batch ON ledger.admission USING btree (batch);



CREATE INDEX ix_alias_thing ON ledger.alias USING btree (thing);



CREATE INDEX ix_certificate_issued_by ON ledger.certificate USING btree (issued_by);



CREATE INDEX ix_disclosure_look_up ON ledger.disclosure USING btree (look_up);



CREATE INDEX ix_party_cma ON ledger.party USING btree (cma);



CREATE INDEX ix_party_name ON ledger.party USING btree (name);



CREATE INDEX ix_party_parent ON ledger.party USING btree (parent);



CREATE INDEX ix_party_uscc ON ledger.party USING btree (uscc);



CREATE INDEX ix_reading_grantor ON ledger.reading USING btree (grantor);



CREATE INDEX ix_reading_reader ON ledger.reading USING btree (reader);



CREATE INDEX ix_reading_thing ON ledger.reading USING btree (thing);



CREATE INDEX ix_signing_key_owner ON ledger.signing_key USING btree (owner);



CREATE INDEX ix_signing_key_public_key ON ledger.signing_key USING btree (public_key);



CREATE INDEX reserved_code_by_maker ON ledger.reserved_code USING btree (maker, used, valid_to);



CREATE INDEX suspicion_by_batch ON ledger.suspicion USING btree (batch);



CREATE INDEX suspicion_by_seq ON ledger.suspicion USING btree (seq);



CREATE INDEX suspicion_by_time ON ledger.suspicion USING btree (raised_at);



CREATE INDEX scan_by_code ON scans.scan USING btree (code, n);



CREATE INDEX scan_by_time ON scans.scan USING btree (at);



CREATE INDEX scan_of_false_place ON scans.scan USING btree (region, n) WHERE ((outcome)::text = 'false-place'::text);



CREATE INDEX to_judge_by_turn ON scans.to_judge USING btree (turn);



CREATE TRIGGER entry_no_change BEFORE DELETE OR UPDATE ON ledger.entry FOR EACH ROW EXECUTE FUNCTION ledger.refuse_change();

ALTER TABLE ledger.entry ENABLE ALWAYS TRIGGER entry_no_change;



CREATE TRIGGER entry_no_truncate BEFORE TRUNCATE ON ledger.entry FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

ALTER TABLE ledger.entry ENABLE ALWAYS TRIGGER entry_no_truncate;



CREATE TRIGGER identity_no_change BEFORE DELETE OR UPDATE ON ledger.identity FOR EACH ROW EXECUTE FUNCTION ledger.refuse_change();

ALTER TABLE ledger.identity ENABLE ALWAYS TRIGGER identity_no_change;



CREATE TRIGGER identity_no_truncate BEFORE TRUNCATE ON ledger.identity FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

ALTER TABLE ledger.identity ENABLE ALWAYS TRIGGER identity_no_truncate;



CREATE TRIGGER tile_no_change BEFORE DELETE OR UPDATE ON ledger.tile FOR EACH ROW EXECUTE FUNCTION ledger.refuse_change();

ALTER TABLE ledger.tile ENABLE ALWAYS TRIGGER tile_no_change;



CREATE TRIGGER tile_no_truncate BEFORE TRUNCATE ON ledger.tile FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

ALTER TABLE ledger.tile ENABLE ALWAYS TRIGGER tile_no_truncate;



ALTER TABLE ONLY desk.api_key
    ADD CONSTRAINT api_key_account_fkey FOREIGN KEY (account) REFERENCES desk.account(id);



ALTER TABLE ONLY desk.invitation
    ADD CONSTRAINT invitation_account_fkey FOREIGN KEY (account) REFERENCES desk.account(id);



ALTER TABLE ONLY desk.session
    ADD CONSTRAINT session_account_fkey FOREIGN KEY (account) REFERENCES desk.account(id);




