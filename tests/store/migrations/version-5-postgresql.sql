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
    owed bigint DEFAULT 0 NOT NULL,
    owed_since text COLLATE pg_catalog."C",
    billing_address text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT account_available_allotted_check CHECK ((available_allotted >= 0)),
    CONSTRAINT account_available_purchased_check CHECK ((available_purchased >= 0)),
    CONSTRAINT account_held_allotted_check CHECK ((held_allotted >= 0)),
    CONSTRAINT account_held_purchased_check CHECK ((held_purchased >= 0)),
    CONSTRAINT account_owed_check CHECK ((owed >= 0))
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
    cancelled boolean NOT NULL,
    charged_on text NOT NULL COLLATE pg_catalog."C"
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
    person text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    account_id bigint,
    version bigint NOT NULL,
    ended text NOT NULL COLLATE pg_catalog."C"
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
CREATE TABLE group_account (
    group_id bigint NOT NULL,
    account_id bigint NOT NULL
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
    part bigint NOT NULL,
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
    busy bigint NOT NULL,
    capacity bigint NOT NULL,
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
    billing_address text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
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
    to_take bigint NOT NULL,
    CONSTRAINT period_check CHECK ((starts <= ends)),
    CONSTRAINT period_granted_check CHECK ((granted >= 0)),
    CONSTRAINT period_to_take_check CHECK ((to_take >= 0)),
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
INSERT INTO account VALUES (2, 'agent-email', 'free', NULL, NULL, 'monthly', '2026-04-01', '2026-05-01', 'America/New_York', 'US', '2026-04-01', false, 1776355200000000, 1776355200000000, '2026-05-01', 1777608000000000, 0, 1, 5000, 0, 0, 0, false, 0, NULL, '');
INSERT INTO account VALUES (1, 'agent-texts', '300', NULL, NULL, 'monthly', '2026-04-01', '2026-05-01', 'America/New_York', 'US', '2026-04-01', false, 1776355200000000, 1776355200000000, '2026-05-01', 1777608000000000, 0, 3, 296, 2, 0, 0, false, 0, NULL, '');
INSERT INTO allocation VALUES (1, 0, 1, 2, 0);
INSERT INTO allocation VALUES (2, 0, 1, 2, 2);
INSERT INTO blast VALUES (1, 1, 1776355200000000, 'sms', 'Open house on Sunday', 1, 2, 2, false, 'accepted');
INSERT INTO blast VALUES (2, 1, 1776355200000000, 'sms', 'Hi {first_name}', 2, 2, 2, false, 'accepted');
INSERT INTO contact VALUES (1, 'Ann', 'Lane', '', '+14155550101', 'US', 'ann@example.com', 'ann lane', 'ann lane
ann@example.com
+14155550101');
INSERT INTO contact VALUES (2, 'Bo', 'Moss', '', '+14155550102', 'US', '', 'bo moss', 'bo moss
+14155550102');
INSERT INTO contact VALUES (3, 'Cy', 'Reyes', '', '+14155550103', 'US', 'cy@example.com', 'cy reyes', 'cy reyes
cy@example.com
+14155550103');
INSERT INTO contact_group VALUES (1, 'Buyers', 'buyers');
INSERT INTO contact_group VALUES (2, 'Do not text', 'do not text');
INSERT INTO draft VALUES (1, 'half written', '{"to": [], "contacts": [], "groups": ["Buyers"], "media": []}', 1796056307963007, '', 1, 1, '');
INSERT INTO enrolment VALUES (1, 1, 2, 1, '2026-04-16', 1, '2026-04-16');
INSERT INTO entry VALUES (1, 1, 1776355200000000, '2026-04-16', 'allotted', 'granted', 300, 300, 300, 'join', '1', 0, '');
INSERT INTO entry VALUES (2, 1, 1776355200000000, '2026-04-16', 'allotted', 'granted', 5000, 5000, 5000, 'join', '1', 0, '');
INSERT INTO entry VALUES (1, 2, 1776355200000000, '2026-04-16', 'allotted', 'used', -2, 298, 2, 'blast', '1', 2, '');
INSERT INTO entry VALUES (1, 3, 1776355200000000, '2026-04-16', 'allotted', 'used', -2, 296, 2, 'blast', '2', 2, '');
INSERT INTO hold VALUES (1, 1, 2, 'sms', 1776355200000000, 'blast', '1');
INSERT INTO hold VALUES (2, 1, 2, 'sms', 1776355200000000, 'blast', '2');
INSERT INTO lot VALUES (2, 2, 'order:1', 'allotted', 5000, 5000, 0, 0, 0, '2026-04-16', '2026-05-01', 0);
INSERT INTO lot VALUES (1, 1, 'order:1', 'allotted', 300, 296, 2, 2, 0, '2026-04-16', '2027-04-16', 0);
INSERT INTO membership VALUES (1, 1);
INSERT INTO membership VALUES (1, 2);
INSERT INTO membership VALUES (2, 2);
INSERT INTO message VALUES (1, 1, '+14155550101', 'US', 'Ann Lane', '', 0, 'sent', 1, 1, 'df27582c1df6406a82b2a0fb1b00ce95', 1796056307939686, 1776355200000000, 1796056308944458, NULL, 'simulated-1', NULL);
INSERT INTO message VALUES (2, 1, '+14155550102', 'US', 'Bo Moss', '', 0, 'sent', 1, 1, 'df27582c1df6406a82b2a0fb1b00ce95', 1796056307947347, 1776355200000000, 1796056308950998, NULL, 'simulated-2', NULL);
INSERT INTO message VALUES (3, 2, '+14155550101', 'US', 'Ann Lane', '{"first_name": "Ann"}', 0, 'queued', 1, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO message VALUES (4, 2, '+14155550102', 'US', 'Bo Moss', '{"first_name": "Bo"}', 0, 'queued', 1, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO movement VALUES (1, 1, 0, 1, 300);
INSERT INTO movement VALUES (2, 1, 0, 2, 5000);
INSERT INTO movement VALUES (1, 2, 0, 1, -2);
INSERT INTO movement VALUES (1, 3, 0, 1, -2);
INSERT INTO "order" VALUES (1, 1, 'join:1776355200000000', 1776355200000000, '2026-04-16', 'join', '', '300', 'monthly', 300, 500, 'Visa 4242', 'test-1', 'paid', '', 0, false, '', '');
INSERT INTO "order" VALUES (2, 1, 'join:1776355200000000', 1776355200000000, '2026-04-16', 'join', '', 'free', 'monthly', 5000, 0, '', '', 'paid', '', 0, false, '', '');
INSERT INTO payment VALUES (1, 'join:1776355200000000', 1776355200000000, 500, '["join", "300", "monthly", 300, ""]', 'paid');
INSERT INTO period VALUES (2, 0, '2026-04-01', '2026-05-01', 0, 5000, 0, 0);
INSERT INTO period VALUES (1, 0, '2026-04-01', '2026-05-01', 2, 300, 0, 0);
INSERT INTO schema_version VALUES (1, 5);
INSERT INTO setting VALUES ('language', 'es');
INSERT INTO smart_plan VALUES (1, 2, 'Welcome', 1776355200000000);
INSERT INTO step VALUES (1, 1, 0, 'Hello', 'Hi {first_name}');
INSERT INTO step VALUES (1, 2, 7, 'Again', 'Bye');
INSERT INTO test_charge VALUES (1, '1:join:1776355200000000', 500, '4242424242424242', 'join 300', '', 1796056307890625);
INSERT INTO use_by_day VALUES (1, '2026-04-16', 'sms', 4);
SELECT pg_catalog.setval('account_id_seq', 2, true);
SELECT pg_catalog.setval('blast_id_seq', 2, true);
SELECT pg_catalog.setval('contact_group_id_seq', 3, true);
SELECT pg_catalog.setval('contact_id_seq', 3, true);
SELECT pg_catalog.setval('draft_id_seq', 1, true);
SELECT pg_catalog.setval('enrolment_id_seq', 1, true);
SELECT pg_catalog.setval('hold_id_seq', 2, true);
SELECT pg_catalog.setval('lot_id_seq', 2, true);
SELECT pg_catalog.setval('media_id_seq', 1, false);
SELECT pg_catalog.setval('message_id_seq', 4, true);
SELECT pg_catalog.setval('notice_id_seq', 1, false);
SELECT pg_catalog.setval('schema_version_id_seq', 1, true);
SELECT pg_catalog.setval('smart_plan_id_seq', 1, true);
SELECT pg_catalog.setval('test_charge_id_seq', 1, true);
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
ALTER TABLE ONLY group_account
    ADD CONSTRAINT group_account_pkey PRIMARY KEY (group_id, account_id);
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
ALTER TABLE ONLY group_account
    ADD CONSTRAINT group_account_group_id_fkey FOREIGN KEY (group_id) REFERENCES contact_group(id) ON DELETE CASCADE;
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
