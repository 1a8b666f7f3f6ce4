CREATE TABLE account (
    id bigint NOT NULL,
    product text NOT NULL COLLATE pg_catalog."C",
    plan text NOT NULL COLLATE pg_catalog."C",
    pending_plan text COLLATE pg_catalog."C",
    pending_billing text COLLATE pg_catalog."C",
    billing text NOT NULL COLLATE pg_catalog."C",
    billed_from text NOT NULL COLLATE pg_catalog."C",
    billed_until text NOT NULL COLLATE pg_catalog."C",
    timezone text NOT NULL COLLATE pg_catalog."C",
    country text NOT NULL COLLATE pg_catalog."C",
    anchor text NOT NULL COLLATE pg_catalog."C",
    demo_clock boolean NOT NULL,
    opened_at bigint NOT NULL,
    clock_floor bigint NOT NULL,
    due_on text NOT NULL COLLATE pg_catalog."C",
    due_at bigint NOT NULL,
    period_index bigint NOT NULL,
    seq bigint NOT NULL,
    available_allotted bigint NOT NULL,
    held_allotted bigint NOT NULL,
    available_purchased bigint NOT NULL,
    held_purchased bigint NOT NULL,
    owing boolean NOT NULL,
    CONSTRAINT account_available_allotted_check CHECK ((available_allotted >= 0)),
    CONSTRAINT account_available_purchased_check CHECK ((available_purchased >= 0)),
    CONSTRAINT account_held_allotted_check CHECK ((held_allotted >= 0)),
    CONSTRAINT account_held_purchased_check CHECK ((held_purchased >= 0))
);
CREATE SEQUENCE account_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE account_id_seq OWNED BY account.id;
CREATE TABLE allocation (
    hold_id bigint NOT NULL,
    "position" bigint NOT NULL,
    lot_id bigint NOT NULL,
    credits bigint NOT NULL,
    held bigint NOT NULL,
    CONSTRAINT allocation_check CHECK (((held >= 0) AND (held <= credits)))
);
CREATE TABLE blast (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    created_at bigint NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    body text NOT NULL COLLATE pg_catalog."C",
    hold_id bigint,
    recipients bigint NOT NULL,
    credits bigint NOT NULL,
    cancelled boolean NOT NULL
);
CREATE SEQUENCE blast_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE blast_id_seq OWNED BY blast.id;
CREATE TABLE contact (
    id bigint NOT NULL,
    first_name text NOT NULL COLLATE pg_catalog."C",
    last_name text NOT NULL COLLATE pg_catalog."C",
    company text NOT NULL COLLATE pg_catalog."C",
    phone text NOT NULL COLLATE pg_catalog."C",
    region text NOT NULL COLLATE pg_catalog."C",
    email text NOT NULL COLLATE pg_catalog."C",
    sort_key text NOT NULL COLLATE pg_catalog."C",
    search_key text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE contact_group (
    id bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C"
);
CREATE SEQUENCE contact_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE contact_group_id_seq OWNED BY contact_group.id;
CREATE SEQUENCE contact_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE contact_id_seq OWNED BY contact.id;
CREATE TABLE draft (
    id bigint NOT NULL,
    body text NOT NULL COLLATE pg_catalog."C",
    addressed text NOT NULL COLLATE pg_catalog."C",
    saved_at bigint NOT NULL,
    person text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C"
);
CREATE SEQUENCE draft_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE draft_id_seq OWNED BY draft.id;
CREATE TABLE enrolment (
    id bigint NOT NULL,
    plan_id bigint NOT NULL,
    account_id bigint NOT NULL,
    contact_id bigint NOT NULL,
    started_on text NOT NULL COLLATE pg_catalog."C",
    "position" bigint NOT NULL,
    next_on text COLLATE pg_catalog."C"
);
CREATE SEQUENCE enrolment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE enrolment_id_seq OWNED BY enrolment.id;
CREATE TABLE entry (
    account_id bigint NOT NULL,
    seq bigint NOT NULL,
    at bigint NOT NULL,
    day text NOT NULL COLLATE pg_catalog."C",
    pool text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    delta bigint NOT NULL,
    balance bigint NOT NULL,
    amount bigint NOT NULL,
    cause text NOT NULL COLLATE pg_catalog."C",
    reference text NOT NULL COLLATE pg_catalog."C",
    count bigint NOT NULL,
    person text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT entry_amount_check CHECK ((amount >= 0)),
    CONSTRAINT entry_balance_check CHECK ((balance >= 0))
);
CREATE TABLE hold (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    credits bigint NOT NULL,
    use text NOT NULL COLLATE pg_catalog."C",
    at bigint NOT NULL,
    cause text NOT NULL COLLATE pg_catalog."C",
    reference text NOT NULL COLLATE pg_catalog."C"
);
CREATE SEQUENCE hold_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE hold_id_seq OWNED BY hold.id;
CREATE TABLE lot (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    grant_key text NOT NULL COLLATE pg_catalog."C",
    pool text NOT NULL COLLATE pg_catalog."C",
    granted bigint NOT NULL,
    remaining bigint NOT NULL,
    held bigint NOT NULL,
    spent bigint NOT NULL,
    lapsed bigint NOT NULL,
    effective_on text NOT NULL COLLATE pg_catalog."C",
    expires_on text COLLATE pg_catalog."C",
    period_index bigint,
    CONSTRAINT lot_check CHECK (((((remaining + held) + spent) + lapsed) = granted)),
    CONSTRAINT lot_held_check CHECK ((held >= 0)),
    CONSTRAINT lot_lapsed_check CHECK ((lapsed >= 0)),
    CONSTRAINT lot_remaining_check CHECK ((remaining >= 0)),
    CONSTRAINT lot_spent_check CHECK ((spent >= 0))
);
CREATE SEQUENCE lot_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE lot_id_seq OWNED BY lot.id;
CREATE TABLE mail_claim (
    key text NOT NULL COLLATE pg_catalog."C",
    taken_at bigint NOT NULL
);
CREATE TABLE media (
    id bigint NOT NULL,
    blast_id bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    type text NOT NULL COLLATE pg_catalog."C",
    content bytea NOT NULL
);
CREATE SEQUENCE media_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE media_id_seq OWNED BY media.id;
CREATE TABLE membership (
    group_id bigint NOT NULL,
    contact_id bigint NOT NULL
);
CREATE TABLE message (
    id bigint NOT NULL,
    blast_id bigint NOT NULL,
    phone text NOT NULL COLLATE pg_catalog."C",
    region text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    merge text NOT NULL COLLATE pg_catalog."C",
    status text NOT NULL COLLATE pg_catalog."C",
    segments bigint NOT NULL,
    credits bigint NOT NULL,
    claim text COLLATE pg_catalog."C",
    claimed_at bigint,
    sent_at bigint,
    receipt_at bigint,
    lookup_at bigint,
    provider_id text COLLATE pg_catalog."C",
    reason text COLLATE pg_catalog."C"
);
CREATE SEQUENCE message_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE message_id_seq OWNED BY message.id;
CREATE TABLE movement (
    account_id bigint NOT NULL,
    seq bigint NOT NULL,
    "position" bigint NOT NULL,
    lot_id bigint NOT NULL,
    credits bigint NOT NULL
);
CREATE TABLE notice (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    period_index bigint NOT NULL,
    epoch bigint NOT NULL,
    threshold bigint NOT NULL,
    at bigint NOT NULL,
    permille bigint NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    cause text NOT NULL COLLATE pg_catalog."C"
);
CREATE SEQUENCE notice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE notice_id_seq OWNED BY notice.id;
CREATE TABLE operation (
    account_id bigint NOT NULL,
    op_key text NOT NULL COLLATE pg_catalog."C",
    request_hash text NOT NULL COLLATE pg_catalog."C",
    result text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE "order" (
    account_id bigint NOT NULL,
    number bigint NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    at bigint NOT NULL,
    day text NOT NULL COLLATE pg_catalog."C",
    cause text NOT NULL COLLATE pg_catalog."C",
    from_plan text NOT NULL COLLATE pg_catalog."C",
    plan text NOT NULL COLLATE pg_catalog."C",
    billing text NOT NULL COLLATE pg_catalog."C",
    credits bigint NOT NULL,
    cents bigint NOT NULL,
    card text NOT NULL COLLATE pg_catalog."C",
    charge text NOT NULL COLLATE pg_catalog."C",
    state text NOT NULL COLLATE pg_catalog."C",
    reason text NOT NULL COLLATE pg_catalog."C",
    attempts bigint NOT NULL,
    emailed boolean NOT NULL,
    person text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT order_cents_check CHECK ((cents >= 0))
);
CREATE TABLE outbox (
    notice_id bigint NOT NULL,
    channel text NOT NULL COLLATE pg_catalog."C",
    done boolean NOT NULL
);
CREATE TABLE payment (
    account_id bigint NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    at bigint NOT NULL,
    cents bigint NOT NULL,
    quote text NOT NULL COLLATE pg_catalog."C",
    state text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT payment_cents_check CHECK ((cents > 0))
);
CREATE TABLE period (
    account_id bigint NOT NULL,
    index bigint NOT NULL,
    starts text NOT NULL COLLATE pg_catalog."C",
    ends text NOT NULL COLLATE pg_catalog."C",
    used bigint NOT NULL,
    granted bigint NOT NULL,
    epoch bigint NOT NULL,
    CONSTRAINT period_check CHECK ((starts <= ends)),
    CONSTRAINT period_granted_check CHECK ((granted >= 0)),
    CONSTRAINT period_used_check CHECK ((used >= 0))
);
CREATE TABLE schema_version (
    id bigint NOT NULL,
    version bigint NOT NULL
);
CREATE SEQUENCE schema_version_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE schema_version_id_seq OWNED BY schema_version.id;
CREATE TABLE setting (
    name text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE smart_plan (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    at bigint NOT NULL
);
CREATE SEQUENCE smart_plan_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE smart_plan_id_seq OWNED BY smart_plan.id;
CREATE TABLE step (
    plan_id bigint NOT NULL,
    "position" bigint NOT NULL,
    days bigint NOT NULL,
    subject text NOT NULL COLLATE pg_catalog."C",
    body text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE test_charge (
    id bigint NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    cents bigint NOT NULL,
    card text NOT NULL COLLATE pg_catalog."C",
    description text NOT NULL COLLATE pg_catalog."C",
    code text NOT NULL COLLATE pg_catalog."C",
    at bigint NOT NULL,
    CONSTRAINT test_charge_cents_check CHECK ((cents > 0))
);
CREATE SEQUENCE test_charge_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE test_charge_id_seq OWNED BY test_charge.id;
CREATE TABLE timeline (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    contact_id bigint NOT NULL,
    plan_id bigint NOT NULL,
    "position" bigint NOT NULL,
    at bigint NOT NULL,
    subject text NOT NULL COLLATE pg_catalog."C",
    status text NOT NULL COLLATE pg_catalog."C",
    reason text NOT NULL COLLATE pg_catalog."C",
    hold_id bigint,
    taken_at bigint NOT NULL
);
CREATE SEQUENCE timeline_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE timeline_id_seq OWNED BY timeline.id;
CREATE TABLE use_by_day (
    account_id bigint NOT NULL,
    day text NOT NULL COLLATE pg_catalog."C",
    use text NOT NULL COLLATE pg_catalog."C",
    credits bigint NOT NULL
);
ALTER TABLE ONLY account ALTER COLUMN id SET DEFAULT nextval('account_id_seq'::regclass);
ALTER TABLE ONLY blast ALTER COLUMN id SET DEFAULT nextval('blast_id_seq'::regclass);
ALTER TABLE ONLY contact ALTER COLUMN id SET DEFAULT nextval('contact_id_seq'::regclass);
ALTER TABLE ONLY contact_group ALTER COLUMN id SET DEFAULT nextval('contact_group_id_seq'::regclass);
ALTER TABLE ONLY draft ALTER COLUMN id SET DEFAULT nextval('draft_id_seq'::regclass);
ALTER TABLE ONLY enrolment ALTER COLUMN id SET DEFAULT nextval('enrolment_id_seq'::regclass);
ALTER TABLE ONLY hold ALTER COLUMN id SET DEFAULT nextval('hold_id_seq'::regclass);
ALTER TABLE ONLY lot ALTER COLUMN id SET DEFAULT nextval('lot_id_seq'::regclass);
ALTER TABLE ONLY media ALTER COLUMN id SET DEFAULT nextval('media_id_seq'::regclass);
ALTER TABLE ONLY message ALTER COLUMN id SET DEFAULT nextval('message_id_seq'::regclass);
ALTER TABLE ONLY notice ALTER COLUMN id SET DEFAULT nextval('notice_id_seq'::regclass);
ALTER TABLE ONLY schema_version ALTER COLUMN id SET DEFAULT nextval('schema_version_id_seq'::regclass);
ALTER TABLE ONLY smart_plan ALTER COLUMN id SET DEFAULT nextval('smart_plan_id_seq'::regclass);
ALTER TABLE ONLY test_charge ALTER COLUMN id SET DEFAULT nextval('test_charge_id_seq'::regclass);
ALTER TABLE ONLY timeline ALTER COLUMN id SET DEFAULT nextval('timeline_id_seq'::regclass);
INSERT INTO account VALUES (1, 'agent-texts', '300', NULL, NULL, 'monthly', '2027-03-01', '2027-04-01', 'America/New_York', 'US', '2026-04-01', false, 1776351600000000, 1803877200000000, '2027-04-01', 1806552000000000, 11, 13, 3599, 1, 0, 0, true);
INSERT INTO account VALUES (3, 'community-texts', 'trial', NULL, NULL, 'monthly', '2026-04-16', '2026-05-16', 'America/New_York', 'US', '2026-04-16', false, 1776351600000000, 1776351600000000, '2026-05-16', 1778904000000000, 0, 1, 10, 0, 0, 0, false);
INSERT INTO account VALUES (4, 'agent-email', 'free', NULL, NULL, 'monthly', '2026-04-01', '2026-05-01', 'America/New_York', 'US', '2026-04-01', false, 1776351600000000, 1776351600000000, '2026-05-01', 1777608000000000, 0, 1, 5000, 0, 0, 0, false);
INSERT INTO account VALUES (2, 'community-texts', '50', NULL, NULL, 'monthly', '2026-04-16', '2026-05-16', 'America/New_York', 'US', '2026-04-16', false, 1776351600000000, 1776351600000000, '2026-05-16', 1778904000000000, 0, 2, 100, 0, 100, 0, true);
INSERT INTO allocation VALUES (1, 0, 1, 1, 1);
INSERT INTO blast VALUES (1, 1, 1776351600000000, 'sms', 'Open house on Sunday', 1, 1, 1, false);
INSERT INTO draft VALUES (1, 'half written', '{"to": [], "contacts": [], "groups": [], "media": []}', 1796003767790724, 'Ola');
INSERT INTO entry VALUES (1, 1, 1776351600000000, '2026-04-16', 'allotted', 'granted', 300, 300, 300, 'join', '1', 0, 'Ola');
INSERT INTO entry VALUES (2, 1, 1776351600000000, '2026-04-16', 'allotted', 'granted', 100, 100, 100, 'join', '1', 0, 'Ola');
INSERT INTO entry VALUES (3, 1, 1776351600000000, '2026-04-16', 'allotted', 'granted', 10, 10, 10, 'join', '1', 0, 'Ola');
INSERT INTO entry VALUES (4, 1, 1776351600000000, '2026-04-16', 'allotted', 'granted', 5000, 5000, 5000, 'join', '1', 0, 'Ola');
INSERT INTO entry VALUES (1, 2, 1776351600000000, '2026-04-16', 'allotted', 'used', -1, 299, 1, 'blast', '1', 1, 'Ola');
INSERT INTO entry VALUES (2, 2, 1776351600000000, '2026-04-16', 'purchased', 'purchased', 100, 100, 100, 'purchase', '2', 0, 'Ola');
INSERT INTO entry VALUES (1, 3, 1777608000000000, '2026-05-01', 'allotted', 'granted', 300, 599, 300, 'renewal', '2', 0, '');
INSERT INTO entry VALUES (1, 4, 1780286400000000, '2026-06-01', 'allotted', 'granted', 300, 899, 300, 'renewal', '3', 0, '');
INSERT INTO entry VALUES (1, 5, 1782878400000000, '2026-07-01', 'allotted', 'granted', 300, 1199, 300, 'renewal', '4', 0, '');
INSERT INTO entry VALUES (1, 6, 1785556800000000, '2026-08-01', 'allotted', 'granted', 300, 1499, 300, 'renewal', '5', 0, '');
INSERT INTO entry VALUES (1, 7, 1788235200000000, '2026-09-01', 'allotted', 'granted', 300, 1799, 300, 'renewal', '6', 0, '');
INSERT INTO entry VALUES (1, 8, 1790827200000000, '2026-10-01', 'allotted', 'granted', 300, 2099, 300, 'renewal', '7', 0, '');
INSERT INTO entry VALUES (1, 9, 1793505600000000, '2026-11-01', 'allotted', 'granted', 300, 2399, 300, 'renewal', '8', 0, '');
INSERT INTO entry VALUES (1, 10, 1796101200000000, '2026-12-01', 'allotted', 'granted', 300, 2699, 300, 'renewal', '9', 0, '');
INSERT INTO entry VALUES (1, 11, 1798779600000000, '2027-01-01', 'allotted', 'granted', 300, 2999, 300, 'renewal', '10', 0, '');
INSERT INTO entry VALUES (1, 12, 1801458000000000, '2027-02-01', 'allotted', 'granted', 300, 3299, 300, 'renewal', '11', 0, '');
INSERT INTO entry VALUES (1, 13, 1803877200000000, '2027-03-01', 'allotted', 'granted', 300, 3599, 300, 'renewal', '12', 0, '');
INSERT INTO hold VALUES (1, 1, 1, 'sms', 1776351600000000, 'blast', '1');
INSERT INTO lot VALUES (2, 2, 'order:1', 'allotted', 100, 100, 0, 0, 0, '2026-04-16', NULL, 0);
INSERT INTO lot VALUES (3, 3, 'order:1', 'allotted', 10, 10, 0, 0, 0, '2026-04-16', '2026-05-16', 0);
INSERT INTO lot VALUES (4, 4, 'order:1', 'allotted', 5000, 5000, 0, 0, 0, '2026-04-16', '2026-05-01', 0);
INSERT INTO lot VALUES (1, 1, 'order:1', 'allotted', 300, 299, 1, 0, 0, '2026-04-16', '2027-04-16', 0);
INSERT INTO lot VALUES (5, 2, 'order:2', 'purchased', 100, 100, 0, 0, 0, '2026-04-16', NULL, NULL);
INSERT INTO lot VALUES (6, 1, 'allot:1', 'allotted', 300, 300, 0, 0, 0, '2026-05-01', '2027-05-01', 1);
INSERT INTO lot VALUES (7, 1, 'allot:2', 'allotted', 300, 300, 0, 0, 0, '2026-06-01', '2027-06-01', 2);
INSERT INTO lot VALUES (8, 1, 'allot:3', 'allotted', 300, 300, 0, 0, 0, '2026-07-01', '2027-07-01', 3);
INSERT INTO lot VALUES (9, 1, 'allot:4', 'allotted', 300, 300, 0, 0, 0, '2026-08-01', '2027-08-01', 4);
INSERT INTO lot VALUES (10, 1, 'allot:5', 'allotted', 300, 300, 0, 0, 0, '2026-09-01', '2027-09-01', 5);
INSERT INTO lot VALUES (11, 1, 'allot:6', 'allotted', 300, 300, 0, 0, 0, '2026-10-01', '2027-10-01', 6);
INSERT INTO lot VALUES (12, 1, 'allot:7', 'allotted', 300, 300, 0, 0, 0, '2026-11-01', '2027-11-01', 7);
INSERT INTO lot VALUES (13, 1, 'allot:8', 'allotted', 300, 300, 0, 0, 0, '2026-12-01', '2027-12-01', 8);
INSERT INTO lot VALUES (14, 1, 'allot:9', 'allotted', 300, 300, 0, 0, 0, '2027-01-01', '2028-01-01', 9);
INSERT INTO lot VALUES (15, 1, 'allot:10', 'allotted', 300, 300, 0, 0, 0, '2027-02-01', '2028-02-01', 10);
INSERT INTO lot VALUES (16, 1, 'allot:11', 'allotted', 300, 300, 0, 0, 0, '2027-03-01', '2028-03-01', 11);
INSERT INTO message VALUES (1, 1, '+14155552671', 'US', '', '', 'queued', 1, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO movement VALUES (1, 1, 0, 1, 300);
INSERT INTO movement VALUES (2, 1, 0, 2, 100);
INSERT INTO movement VALUES (3, 1, 0, 3, 10);
INSERT INTO movement VALUES (4, 1, 0, 4, 5000);
INSERT INTO movement VALUES (1, 2, 0, 1, -1);
INSERT INTO movement VALUES (2, 2, 0, 5, 100);
INSERT INTO movement VALUES (1, 3, 0, 6, 300);
INSERT INTO movement VALUES (1, 4, 0, 7, 300);
INSERT INTO movement VALUES (1, 5, 0, 8, 300);
INSERT INTO movement VALUES (1, 6, 0, 9, 300);
INSERT INTO movement VALUES (1, 7, 0, 10, 300);
INSERT INTO movement VALUES (1, 8, 0, 11, 300);
INSERT INTO movement VALUES (1, 9, 0, 12, 300);
INSERT INTO movement VALUES (1, 10, 0, 13, 300);
INSERT INTO movement VALUES (1, 11, 0, 14, 300);
INSERT INTO movement VALUES (1, 12, 0, 15, 300);
INSERT INTO movement VALUES (1, 13, 0, 16, 300);
INSERT INTO operation VALUES (1, 'sent', 'ea345eac0ec1e66e104fd527a2a4a10a5c73dce20a6d7656ffd37e0377f0c865', '{"value": 1}');
INSERT INTO operation VALUES (1, 'larger plan', '3d6ef6f536ccdcf58218a9751fd97b4dc34d82d7d4039273f74553e585273ec6', '{"refusal": "NotEnoughCredits", "code": "not-enough-credits", "details": {"needed": 800, "available": 299}, "says": ["This needs {count} credit, with {available} left: {short} too few. Take a larger plan, send it to fewer people, or make it shorter.", {"count": 800, "available": 299, "short": 501, "buy": 0}, "This needs {count} credits, with {available} left: {short} too few. Take a larger plan, send it to fewer people, or make it shorter."]}');
INSERT INTO operation VALUES (2, 'buy', '38eac6730a766c433f23d411b3bb5c0eb422851991c6abb596ac4e4e6b0f4457', '{"refusal": "NotEnoughCredits", "code": "not-enough-credits", "details": {"needed": 130, "available": 100, "buy": 100}, "says": ["This needs {count} credit, with {available} left: {short} too few. Buy {buy}, send it to fewer people, or make it shorter.", {"count": 130, "available": 100, "short": 30, "buy": 100}, "This needs {count} credits, with {available} left: {short} too few. Buy {buy}, send it to fewer people, or make it shorter."]}');
INSERT INTO operation VALUES (2, 'room', 'a2d11cc1400c89bc96e5e359e449288769569fd691948b82e31f29f8d60e4906', '{"refusal": "NotEnoughCredits", "code": "not-enough-credits", "details": {"needed": 5600, "available": 100}, "says": ["This needs {count} credit, with {available} left: {short} too few. So many can''t be bought: {room} can be this month, and {least} is the least. Take a larger plan, send it to fewer people, or make it shorter.", {"count": 5600, "room": 500, "least": 100, "available": 100, "short": 5500, "buy": 0}, "This needs {count} credits, with {available} left: {short} too few. So many can''t be bought: {room} can be this month, and {least} is the least. Take a larger plan, send it to fewer people, or make it shorter."]}');
INSERT INTO operation VALUES (3, 'trial', '0af1d8c6c5e013955afabd5dac5798f011a995d03eee3f25eeee54f1f8983bc1', '{"refusal": "NotEnoughCredits", "code": "not-enough-credits", "details": {"needed": 200, "available": 10}, "says": ["This needs {count} credit, with {available} left: {short} too few. So many can''t be bought: {room} can be this month, and {least} is the least. Take a larger plan, send it to fewer people, or make it shorter.", {"count": 200, "room": 50, "least": 100, "available": 10, "short": 190, "buy": 0}, "This needs {count} credits, with {available} left: {short} too few. So many can''t be bought: {room} can be this month, and {least} is the least. Take a larger plan, send it to fewer people, or make it shorter."]}');
INSERT INTO operation VALUES (4, 'no texts', 'c3289b40216cc491efd827afd789ae14cb70365c94edf93db5bb8186c317a78f', '{"refusal": "RefusedByRule", "code": "no-texts", "details": {}, "says": ["This account sends emails, and nothing can be texted with it. Nothing was sent. Change to another account.", {}, ""]}');
INSERT INTO operation VALUES (1, 'too long', '1de5f5c9789dd93e34432fe5690eadb152eb298ec403f359c0c37359ad2bf1e2', '{"refusal": "RefusedByRule", "code": "too-long", "details": {}, "says": ["The text is {count} character too long: {most} fit. Shorten it, or send it in two.", {"count": 400, "most": 1600}, "The text is {count} characters too long: {most} fit. Shorten it, or send it in two."]}');
INSERT INTO operation VALUES (1, 'one too long', '1444ac56664c401d075304bea2529817571ac8f041cebab7a9ba83f4946b95e2', '{"refusal": "RefusedByRule", "code": "too-long", "details": {}, "says": ["The text is {count} character too long: {most} fit. Shorten it, or send it in two.", {"count": 1, "most": 1600}, "The text is {count} characters too long: {most} fit. Shorten it, or send it in two."]}');
INSERT INTO operation VALUES (1, 'hold', '81a83544cf93c245178cbc1620030f1123f435af867c79d87135983c52ab39d9', '{"refusal": "NotEnoughCredits", "code": "not-enough-credits", "details": {"needed": 2000, "available": 299}, "says": ["Not enough credits: this needs {needed}, {available} can be used. Nothing was sent and nothing was charged. Shorten the text, write to fewer people, or change to a larger plan.", {"needed": 2000, "available": 299}, ""]}');
INSERT INTO operation VALUES (2, 'hold to buy', '81a83544cf93c245178cbc1620030f1123f435af867c79d87135983c52ab39d9', '{"refusal": "NotEnoughCredits", "code": "not-enough-credits", "details": {"needed": 2000, "available": 100}, "says": ["Not enough credits: this needs {needed}, {available} can be used. Nothing was sent and nothing was charged. Buy credits, shorten the text, write to fewer people, or change to a larger plan.", {"needed": 2000, "available": 100}, ""]}');
INSERT INTO operation VALUES (1, 'forgotten', '089001a35679a33ef3db0ca350db9b9a2f0136e0e327577b04b3b98127470961', '{"refusal": "RefusedByRule", "code": "too-late", "details": {}, "says": ["It is {hour} o''clock, too late to write.", {"hour": 22}, ""]}');
INSERT INTO "order" VALUES (1, 1, 'join:1776351600000000', 1776351600000000, '2026-04-16', 'join', '', '300', 'monthly', 300, 500, 'Visa 4242', 'ch_1_join_1776351600000000', 'paid', '', 0, false, 'Ola');
INSERT INTO "order" VALUES (2, 1, 'join:1776351600000000', 1776351600000000, '2026-04-16', 'join', '', '50', 'monthly', 100, 1000, 'Visa 4242', 'ch_2_join_1776351600000000', 'paid', '', 0, false, 'Ola');
INSERT INTO "order" VALUES (3, 1, 'join:1776351600000000', 1776351600000000, '2026-04-16', 'join', '', 'trial', 'monthly', 10, 0, '', '', 'paid', '', 0, false, 'Ola');
INSERT INTO "order" VALUES (4, 1, 'join:1776351600000000', 1776351600000000, '2026-04-16', 'join', '', 'free', 'monthly', 5000, 0, '', '', 'paid', '', 0, false, 'Ola');
INSERT INTO "order" VALUES (2, 2, 'bought', 1776351600000000, '2026-04-16', 'purchase', '', '50', 'monthly', 100, 200, 'Visa 4242', 'ch_2_bought', 'paid', '', 0, false, 'Ola');
INSERT INTO "order" VALUES (1, 2, 'renewal:1', 1777608000000000, '2026-05-01', 'renewal', '', '300', 'monthly', 300, 1000, '', '', 'unpaid', '["The card was declined: there isn''t enough money behind it. Nothing was charged. Put money there or another card on file, and try again.", {}, ""]', 1, false, '');
INSERT INTO "order" VALUES (1, 3, 'renewal:2', 1780286400000000, '2026-06-01', 'renewal', '', '300', 'monthly', 300, 1000, '', '', 'unpaid', '["The card was declined: it has expired. Nothing was charged. Put a new card on file, and try again.", {}, ""]', 1, false, '');
INSERT INTO "order" VALUES (1, 4, 'renewal:3', 1782878400000000, '2026-07-01', 'renewal', '', '300', 'monthly', 300, 1000, '', '', 'unpaid', '["The card was declined: its security code isn''t right. Nothing was charged. Put the card on file anew, and try again.", {}, ""]', 1, false, '');
INSERT INTO "order" VALUES (1, 5, 'renewal:4', 1785556800000000, '2026-08-01', 'renewal', '', '300', 'monthly', 300, 1000, '', '', 'unpaid', '["The bank wants the card''s owner to confirm this payment, which can''t be done from here. Nothing was charged. Put the card on file anew and confirm it with the bank there, or take another card, and try again.", {}, ""]', 1, false, '');
INSERT INTO "order" VALUES (1, 6, 'renewal:5', 1788235200000000, '2026-09-01', 'renewal', '', '300', 'monthly', 300, 1000, '', '', 'unpaid', '["The card was declined: it can''t be used any more. Nothing was charged. Put another card on file, and try again.", {}, ""]', 1, false, '');
INSERT INTO "order" VALUES (1, 7, 'renewal:6', 1790827200000000, '2026-10-01', 'renewal', '', '300', 'monthly', 300, 1000, '', '', 'unpaid', '["The card could not be charged: something went wrong on the way to the bank. Nothing was charged. Try again in a while.", {}, ""]', 1, false, '');
INSERT INTO "order" VALUES (1, 8, 'renewal:7', 1793505600000000, '2026-11-01', 'renewal', '', '300', 'monthly', 300, 1000, '', '', 'unpaid', '["The card can''t be charged: the payment provider takes $0.50 at least. Nothing was charged. Order when more is due, or choose a larger plan.", {}, ""]', 1, false, '');
INSERT INTO "order" VALUES (1, 9, 'renewal:8', 1796101200000000, '2026-12-01', 'renewal', '', '300', 'monthly', 300, 1000, '', '', 'unpaid', '["There is no card on file. Nothing was charged. Put a card on file, and try again.", {}, ""]', 0, false, '');
INSERT INTO "order" VALUES (1, 10, 'renewal:9', 1798779600000000, '2027-01-01', 'renewal', '', '300', 'monthly', 300, 1000, '', '', 'unpaid', '["The card was declined, and the bank doesn''t say why. Nothing was charged. Ask the bank or put another card on file, and try again.", {}, ""]', 1, false, '');
INSERT INTO "order" VALUES (1, 12, 'renewal:11', 1803877200000000, '2027-03-01', 'renewal', '', '300', 'monthly', 300, 1000, '', '', 'due', '', 0, false, '');
INSERT INTO "order" VALUES (1, 11, 'renewal:10', 1801458000000000, '2027-02-01', 'renewal', '', '300', 'monthly', 300, 1000, '', '', 'unpaid', '["The card of {name} was declined.", {"name": "Ann"}, ""]', 1, false, '');
INSERT INTO payment VALUES (1, 'join:1776351600000000', 1776351600000000, 500, '["join", "300", "monthly", 300, "Ola"]', 'paid');
INSERT INTO payment VALUES (2, 'join:1776351600000000', 1776351600000000, 1000, '["join", "50", "monthly", 100, "Ola"]', 'paid');
INSERT INTO payment VALUES (2, 'bought', 1776351600000000, 200, '["purchase", "50", "monthly", 100, "Ola"]', 'paid');
INSERT INTO payment VALUES (2, 'upgrade', 1776351600000000, 500, '["upgrade", "100", "monthly", 100, "Ola"]', 'open');
INSERT INTO period VALUES (1, 0, '2026-04-01', '2026-05-01', 0, 300, 0);
INSERT INTO period VALUES (3, 0, '2026-04-16', '2026-05-16', 0, 10, 0);
INSERT INTO period VALUES (4, 0, '2026-04-01', '2026-05-01', 0, 5000, 0);
INSERT INTO period VALUES (2, 0, '2026-04-16', '2026-05-16', 0, 100, 1);
INSERT INTO period VALUES (1, 1, '2026-05-01', '2026-06-01', 0, 300, 0);
INSERT INTO period VALUES (1, 2, '2026-06-01', '2026-07-01', 0, 300, 0);
INSERT INTO period VALUES (1, 3, '2026-07-01', '2026-08-01', 0, 300, 0);
INSERT INTO period VALUES (1, 4, '2026-08-01', '2026-09-01', 0, 300, 0);
INSERT INTO period VALUES (1, 5, '2026-09-01', '2026-10-01', 0, 300, 0);
INSERT INTO period VALUES (1, 6, '2026-10-01', '2026-11-01', 0, 300, 0);
INSERT INTO period VALUES (1, 7, '2026-11-01', '2026-12-01', 0, 300, 0);
INSERT INTO period VALUES (1, 8, '2026-12-01', '2027-01-01', 0, 300, 0);
INSERT INTO period VALUES (1, 9, '2027-01-01', '2027-02-01', 0, 300, 0);
INSERT INTO period VALUES (1, 10, '2027-02-01', '2027-03-01', 0, 300, 0);
INSERT INTO period VALUES (1, 11, '2027-03-01', '2027-04-01', 0, 300, 0);
INSERT INTO schema_version VALUES (1, 3);
INSERT INTO setting VALUES ('language/Ola', 'es');
SELECT pg_catalog.setval('account_id_seq', 4, true);
SELECT pg_catalog.setval('blast_id_seq', 1, true);
SELECT pg_catalog.setval('contact_group_id_seq', 1, false);
SELECT pg_catalog.setval('contact_id_seq', 1, false);
SELECT pg_catalog.setval('draft_id_seq', 1, true);
SELECT pg_catalog.setval('enrolment_id_seq', 1, false);
SELECT pg_catalog.setval('hold_id_seq', 1, true);
SELECT pg_catalog.setval('lot_id_seq', 16, true);
SELECT pg_catalog.setval('media_id_seq', 1, false);
SELECT pg_catalog.setval('message_id_seq', 1, true);
SELECT pg_catalog.setval('notice_id_seq', 1, false);
SELECT pg_catalog.setval('schema_version_id_seq', 1, true);
SELECT pg_catalog.setval('smart_plan_id_seq', 1, false);
SELECT pg_catalog.setval('test_charge_id_seq', 1, false);
SELECT pg_catalog.setval('timeline_id_seq', 1, false);
ALTER TABLE ONLY account
    ADD CONSTRAINT account_pkey PRIMARY KEY (id);
ALTER TABLE ONLY allocation
    ADD CONSTRAINT allocation_pkey PRIMARY KEY (hold_id, "position");
ALTER TABLE ONLY blast
    ADD CONSTRAINT blast_pkey PRIMARY KEY (id);
ALTER TABLE ONLY contact_group
    ADD CONSTRAINT contact_group_pkey PRIMARY KEY (id);
ALTER TABLE ONLY contact
    ADD CONSTRAINT contact_pkey PRIMARY KEY (id);
ALTER TABLE ONLY draft
    ADD CONSTRAINT draft_pkey PRIMARY KEY (id);
ALTER TABLE ONLY enrolment
    ADD CONSTRAINT enrolment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY entry
    ADD CONSTRAINT entry_pkey PRIMARY KEY (account_id, seq);
ALTER TABLE ONLY hold
    ADD CONSTRAINT hold_pkey PRIMARY KEY (id);
ALTER TABLE ONLY lot
    ADD CONSTRAINT lot_pkey PRIMARY KEY (id);
ALTER TABLE ONLY mail_claim
    ADD CONSTRAINT mail_claim_pkey PRIMARY KEY (key);
ALTER TABLE ONLY media
    ADD CONSTRAINT media_pkey PRIMARY KEY (id);
ALTER TABLE ONLY membership
    ADD CONSTRAINT membership_pkey PRIMARY KEY (group_id, contact_id);
ALTER TABLE ONLY message
    ADD CONSTRAINT message_pkey PRIMARY KEY (id);
ALTER TABLE ONLY movement
    ADD CONSTRAINT movement_pkey PRIMARY KEY (account_id, seq, "position");
ALTER TABLE ONLY notice
    ADD CONSTRAINT notice_pkey PRIMARY KEY (id);
ALTER TABLE ONLY operation
    ADD CONSTRAINT operation_pkey PRIMARY KEY (account_id, op_key);
ALTER TABLE ONLY "order"
    ADD CONSTRAINT order_pkey PRIMARY KEY (account_id, number);
ALTER TABLE ONLY outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (notice_id, channel);
ALTER TABLE ONLY payment
    ADD CONSTRAINT payment_pkey PRIMARY KEY (account_id, key);
ALTER TABLE ONLY period
    ADD CONSTRAINT period_pkey PRIMARY KEY (account_id, index);
ALTER TABLE ONLY schema_version
    ADD CONSTRAINT schema_version_pkey PRIMARY KEY (id);
ALTER TABLE ONLY setting
    ADD CONSTRAINT setting_pkey PRIMARY KEY (name);
ALTER TABLE ONLY smart_plan
    ADD CONSTRAINT smart_plan_pkey PRIMARY KEY (id);
ALTER TABLE ONLY step
    ADD CONSTRAINT step_pkey PRIMARY KEY (plan_id, "position");
ALTER TABLE ONLY test_charge
    ADD CONSTRAINT test_charge_pkey PRIMARY KEY (id);
ALTER TABLE ONLY timeline
    ADD CONSTRAINT timeline_pkey PRIMARY KEY (id);
ALTER TABLE ONLY use_by_day
    ADD CONSTRAINT use_by_day_pkey PRIMARY KEY (account_id, day, use);
CREATE INDEX allocation_lot_id ON allocation USING btree (lot_id);
CREATE INDEX blast_account_id ON blast USING btree (account_id);
CREATE UNIQUE INDEX contact_group_key ON contact_group USING btree (key);
CREATE UNIQUE INDEX contact_phone ON contact USING btree (phone) WHERE (phone <> ''::text);
CREATE INDEX contact_sort_key_id ON contact USING btree (sort_key, id);
CREATE INDEX draft_saved_at ON draft USING btree (saved_at);
CREATE INDEX enrolment_account_id_next_on ON enrolment USING btree (account_id, next_on);
CREATE UNIQUE INDEX enrolment_plan_id_contact_id ON enrolment USING btree (plan_id, contact_id);
CREATE INDEX entry_account_id_day_seq ON entry USING btree (account_id, day, seq);
CREATE INDEX entry_account_id_kind_seq ON entry USING btree (account_id, kind, seq);
CREATE INDEX entry_account_id_pool_amount_seq ON entry USING btree (account_id, pool, amount, seq);
CREATE INDEX entry_account_id_pool_kind_amount_seq ON entry USING btree (account_id, pool, kind, amount, seq);
CREATE INDEX entry_account_id_pool_kind_seq ON entry USING btree (account_id, pool, kind, seq);
CREATE INDEX entry_account_id_pool_seq ON entry USING btree (account_id, pool, seq);
CREATE INDEX hold_account_id ON hold USING btree (account_id);
CREATE UNIQUE INDEX lot_account_id_grant_key ON lot USING btree (account_id, grant_key);
CREATE INDEX media_blast_id ON media USING btree (blast_id);
CREATE INDEX membership_contact_id ON membership USING btree (contact_id);
CREATE INDEX message_blast_id ON message USING btree (blast_id);
CREATE INDEX message_provider_id ON message USING btree (provider_id) WHERE (provider_id IS NOT NULL);
CREATE INDEX message_status_blast_id ON message USING btree (status, blast_id);
CREATE INDEX message_status_lookup_at ON message USING btree (status, lookup_at) WHERE (status = 'unknown'::text);
CREATE INDEX message_status_receipt_at ON message USING btree (status, receipt_at) WHERE (status = 'sent'::text);
CREATE INDEX movement_lot_id ON movement USING btree (lot_id);
CREATE UNIQUE INDEX notice_account_id_period_index_epoch_threshold ON notice USING btree (account_id, period_index, epoch, threshold);
CREATE UNIQUE INDEX order_account_id_key ON "order" USING btree (account_id, key);
CREATE INDEX smart_plan_account_id ON smart_plan USING btree (account_id);
CREATE UNIQUE INDEX test_charge_key ON test_charge USING btree (key);
CREATE INDEX timeline_account_id_status ON timeline USING btree (account_id, status);
CREATE INDEX timeline_contact_id_id ON timeline USING btree (contact_id, id);
CREATE UNIQUE INDEX timeline_plan_id_position_contact_id ON timeline USING btree (plan_id, "position", contact_id);
ALTER TABLE ONLY allocation
    ADD CONSTRAINT allocation_hold_id_fkey FOREIGN KEY (hold_id) REFERENCES hold(id);
ALTER TABLE ONLY allocation
    ADD CONSTRAINT allocation_lot_id_fkey FOREIGN KEY (lot_id) REFERENCES lot(id);
ALTER TABLE ONLY enrolment
    ADD CONSTRAINT enrolment_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES smart_plan(id);
ALTER TABLE ONLY entry
    ADD CONSTRAINT entry_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id);
ALTER TABLE ONLY hold
    ADD CONSTRAINT hold_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id);
ALTER TABLE ONLY lot
    ADD CONSTRAINT lot_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id);
ALTER TABLE ONLY media
    ADD CONSTRAINT media_blast_id_fkey FOREIGN KEY (blast_id) REFERENCES blast(id) ON DELETE RESTRICT;
ALTER TABLE ONLY membership
    ADD CONSTRAINT membership_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contact(id) ON DELETE CASCADE;
ALTER TABLE ONLY membership
    ADD CONSTRAINT membership_group_id_fkey FOREIGN KEY (group_id) REFERENCES contact_group(id) ON DELETE CASCADE;
ALTER TABLE ONLY message
    ADD CONSTRAINT message_blast_id_fkey FOREIGN KEY (blast_id) REFERENCES blast(id) ON DELETE RESTRICT;
ALTER TABLE ONLY movement
    ADD CONSTRAINT movement_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id);
ALTER TABLE ONLY movement
    ADD CONSTRAINT movement_lot_id_fkey FOREIGN KEY (lot_id) REFERENCES lot(id);
ALTER TABLE ONLY notice
    ADD CONSTRAINT notice_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id);
ALTER TABLE ONLY operation
    ADD CONSTRAINT operation_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id);
ALTER TABLE ONLY "order"
    ADD CONSTRAINT order_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id);
ALTER TABLE ONLY outbox
    ADD CONSTRAINT outbox_notice_id_fkey FOREIGN KEY (notice_id) REFERENCES notice(id);
ALTER TABLE ONLY payment
    ADD CONSTRAINT payment_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id);
ALTER TABLE ONLY period
    ADD CONSTRAINT period_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id);
ALTER TABLE ONLY step
    ADD CONSTRAINT step_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES smart_plan(id);
ALTER TABLE ONLY timeline
    ADD CONSTRAINT timeline_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES smart_plan(id);
ALTER TABLE ONLY use_by_day
    ADD CONSTRAINT use_by_day_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id);
