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
    charged_on text NOT NULL COLLATE pg_catalog."C",
    sender text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    notice boolean DEFAULT false NOT NULL,
    person text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C"
);
CREATE SEQUENCE blast_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE blast_id_seq OWNED BY blast.id;
CREATE TABLE campaign (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    created_at bigint NOT NULL,
    subject text NOT NULL COLLATE pg_catalog."C",
    body text NOT NULL COLLATE pg_catalog."C",
    sender text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    service text NOT NULL COLLATE pg_catalog."C",
    hold_id bigint,
    recipients bigint NOT NULL,
    at bigint NOT NULL,
    each_at text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    cancelled boolean NOT NULL,
    remote text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    asked_at bigint,
    person text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    answers text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE campaign_file (
    id bigint NOT NULL,
    campaign_id bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    type text NOT NULL COLLATE pg_catalog."C",
    content bytea NOT NULL
);
CREATE SEQUENCE campaign_file_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE campaign_file_id_seq OWNED BY campaign_file.id;
CREATE SEQUENCE campaign_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE campaign_id_seq OWNED BY campaign.id;
CREATE TABLE consent (
    number text NOT NULL COLLATE pg_catalog."C",
    sender bigint NOT NULL,
    state text NOT NULL COLLATE pg_catalog."C",
    since bigint NOT NULL,
    record bigint NOT NULL
);
CREATE TABLE consent_record (
    id bigint NOT NULL,
    number text NOT NULL COLLATE pg_catalog."C",
    sender bigint NOT NULL,
    state text NOT NULL COLLATE pg_catalog."C",
    how text NOT NULL COLLATE pg_catalog."C",
    why text NOT NULL COLLATE pg_catalog."C",
    at bigint NOT NULL,
    person text NOT NULL COLLATE pg_catalog."C",
    applied boolean NOT NULL
);
CREATE TABLE contact (
    id bigint NOT NULL,
    first_name text NOT NULL COLLATE pg_catalog."C",
    last_name text NOT NULL COLLATE pg_catalog."C",
    company text NOT NULL COLLATE pg_catalog."C",
    phone text NOT NULL COLLATE pg_catalog."C",
    region text NOT NULL COLLATE pg_catalog."C",
    email text NOT NULL COLLATE pg_catalog."C",
    sort_key text NOT NULL COLLATE pg_catalog."C",
    search_key text NOT NULL COLLATE pg_catalog."C",
    phone_kind text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    phone_label text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    emails text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    fields text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    address text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    note text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    language text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    zone text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    household text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    place bigint DEFAULT 0 NOT NULL,
    version bigint DEFAULT 0 NOT NULL
);
CREATE TABLE contact_apart (
    contact_id bigint NOT NULL,
    other_id bigint NOT NULL
);
CREATE TABLE contact_before (
    change_id bigint NOT NULL,
    contact_id bigint NOT NULL,
    was text NOT NULL COLLATE pg_catalog."C",
    gone boolean NOT NULL
);
CREATE TABLE contact_change (
    id bigint NOT NULL,
    person text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    what text NOT NULL COLLATE pg_catalog."C",
    people bigint NOT NULL,
    first bigint NOT NULL,
    last bigint NOT NULL,
    added bigint NOT NULL,
    undoing text NOT NULL COLLATE pg_catalog."C"
);
CREATE SEQUENCE contact_change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE contact_change_id_seq OWNED BY contact_change.id;
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
CREATE TABLE contact_merged (
    contact_id bigint NOT NULL,
    "into" bigint NOT NULL
);
CREATE TABLE contact_number (
    contact_id bigint NOT NULL,
    "position" bigint NOT NULL,
    phone text NOT NULL COLLATE pg_catalog."C",
    region text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    label text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE conversation (
    account_id bigint NOT NULL,
    phone text NOT NULL COLLATE pg_catalog."C",
    last_at bigint NOT NULL,
    last_text text NOT NULL COLLATE pg_catalog."C",
    last_out boolean NOT NULL,
    unread bigint NOT NULL,
    asks text NOT NULL COLLATE pg_catalog."C",
    assigned text NOT NULL COLLATE pg_catalog."C",
    answering text NOT NULL COLLATE pg_catalog."C",
    answering_until bigint NOT NULL
);
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
CREATE TABLE email (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    campaign_id bigint,
    enrolment_id bigint,
    step_id bigint,
    contact_id bigint NOT NULL,
    address text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    merge text NOT NULL COLLATE pg_catalog."C",
    subject text NOT NULL COLLATE pg_catalog."C",
    at bigint NOT NULL,
    status text NOT NULL COLLATE pg_catalog."C",
    reason text NOT NULL COLLATE pg_catalog."C",
    hold_id bigint,
    taken_at bigint,
    sent_at bigint,
    code text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C"
);
CREATE SEQUENCE email_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE email_id_seq OWNED BY email.id;
CREATE TABLE email_sender (
    id text NOT NULL COLLATE pg_catalog."C",
    account_id bigint,
    address text NOT NULL COLLATE pg_catalog."C",
    options text NOT NULL COLLATE pg_catalog."C",
    "interval" bigint NOT NULL,
    free_at bigint NOT NULL,
    per_day bigint NOT NULL,
    day text NOT NULL COLLATE pg_catalog."C",
    today bigint NOT NULL
);
CREATE TABLE enrolment (
    id bigint NOT NULL,
    plan_id bigint NOT NULL,
    account_id bigint NOT NULL,
    contact_id bigint NOT NULL,
    run bigint NOT NULL,
    started_at bigint NOT NULL,
    started_on text NOT NULL COLLATE pg_catalog."C",
    shift bigint NOT NULL,
    step_id bigint,
    next_at bigint,
    state text NOT NULL COLLATE pg_catalog."C",
    paused_on text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C"
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
CREATE TABLE event (
    id bigint NOT NULL,
    sender text NOT NULL COLLATE pg_catalog."C",
    event_id text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    data text NOT NULL COLLATE pg_catalog."C",
    account_id bigint,
    came_at bigint NOT NULL,
    due_at bigint,
    outcome text NOT NULL COLLATE pg_catalog."C"
);
CREATE SEQUENCE event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE event_id_seq OWNED BY event.id;
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
CREATE TABLE incoming (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    sender text NOT NULL COLLATE pg_catalog."C",
    phone text NOT NULL COLLATE pg_catalog."C",
    body text NOT NULL COLLATE pg_catalog."C",
    media text NOT NULL COLLATE pg_catalog."C",
    at bigint NOT NULL,
    credits bigint NOT NULL,
    waived bigint NOT NULL,
    asks text NOT NULL COLLATE pg_catalog."C",
    answers bigint,
    subject text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    email_id bigint,
    message_id text COLLATE pg_catalog."C",
    automatic boolean DEFAULT false NOT NULL
);
CREATE SEQUENCE incoming_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE incoming_id_seq OWNED BY incoming.id;
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
    settle_at bigint,
    price bigint,
    currency text COLLATE pg_catalog."C",
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
CREATE TABLE note (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    contact_id bigint NOT NULL,
    text text NOT NULL COLLATE pg_catalog."C",
    at bigint NOT NULL,
    person text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C"
);
CREATE SEQUENCE note_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE note_id_seq OWNED BY note.id;
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
CREATE TABLE saved_filter (
    id bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    query text NOT NULL COLLATE pg_catalog."C"
);
CREATE SEQUENCE saved_filter_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE saved_filter_id_seq OWNED BY saved_filter.id;
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
CREATE TABLE sender (
    id text NOT NULL COLLATE pg_catalog."C",
    provider text NOT NULL COLLATE pg_catalog."C",
    number text NOT NULL COLLATE pg_catalog."C",
    account_id bigint,
    options text NOT NULL COLLATE pg_catalog."C",
    "interval" bigint NOT NULL,
    per_day bigint NOT NULL,
    people_a_month bigint NOT NULL,
    free_at bigint NOT NULL,
    cursor text NOT NULL COLLATE pg_catalog."C",
    namespace text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE sender_day (
    sender text NOT NULL COLLATE pg_catalog."C",
    day text NOT NULL COLLATE pg_catalog."C",
    texts bigint NOT NULL
);
CREATE TABLE sender_person (
    sender text NOT NULL COLLATE pg_catalog."C",
    month text NOT NULL COLLATE pg_catalog."C",
    phone text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE setting (
    name text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE smart_plan (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    at bigint NOT NULL,
    paused_on text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    group_name text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    then_plan bigint,
    texts_account bigint
);
CREATE SEQUENCE smart_plan_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE smart_plan_id_seq OWNED BY smart_plan.id;
CREATE TABLE smart_plan_member (
    plan_id bigint NOT NULL,
    contact_id bigint NOT NULL
);
CREATE TABLE step (
    id bigint NOT NULL,
    plan_id bigint NOT NULL,
    place bigint,
    kind text NOT NULL COLLATE pg_catalog."C",
    days bigint NOT NULL,
    hour text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    subject text NOT NULL COLLATE pg_catalog."C",
    body text NOT NULL COLLATE pg_catalog."C"
);
CREATE SEQUENCE step_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE step_id_seq OWNED BY step.id;
CREATE TABLE step_text (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    enrolment_id bigint NOT NULL,
    step_id bigint NOT NULL,
    contact_id bigint NOT NULL,
    at bigint NOT NULL,
    blast_id bigint,
    reason text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C"
);
CREATE SEQUENCE step_text_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE step_text_id_seq OWNED BY step_text.id;
CREATE TABLE task (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    contact_id bigint NOT NULL,
    enrolment bigint,
    step bigint,
    text text NOT NULL COLLATE pg_catalog."C",
    due_at bigint NOT NULL,
    done_at bigint,
    done_by text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C"
);
CREATE SEQUENCE task_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE task_id_seq OWNED BY task.id;
CREATE TABLE template (
    id bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    text text NOT NULL COLLATE pg_catalog."C",
    subject text NOT NULL COLLATE pg_catalog."C",
    purpose text NOT NULL COLLATE pg_catalog."C",
    language text NOT NULL COLLATE pg_catalog."C",
    person text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    deleted boolean NOT NULL
);
CREATE SEQUENCE template_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE template_id_seq OWNED BY template.id;
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
CREATE TABLE use_by_day (
    account_id bigint NOT NULL,
    day text NOT NULL COLLATE pg_catalog."C",
    use text NOT NULL COLLATE pg_catalog."C",
    credits bigint NOT NULL
);
ALTER TABLE ONLY account ALTER COLUMN id SET DEFAULT nextval('account_id_seq'::regclass);
ALTER TABLE ONLY blast ALTER COLUMN id SET DEFAULT nextval('blast_id_seq'::regclass);
ALTER TABLE ONLY campaign ALTER COLUMN id SET DEFAULT nextval('campaign_id_seq'::regclass);
ALTER TABLE ONLY campaign_file ALTER COLUMN id SET DEFAULT nextval('campaign_file_id_seq'::regclass);
ALTER TABLE ONLY contact ALTER COLUMN id SET DEFAULT nextval('contact_id_seq'::regclass);
ALTER TABLE ONLY contact_change ALTER COLUMN id SET DEFAULT nextval('contact_change_id_seq'::regclass);
ALTER TABLE ONLY contact_group ALTER COLUMN id SET DEFAULT nextval('contact_group_id_seq'::regclass);
ALTER TABLE ONLY draft ALTER COLUMN id SET DEFAULT nextval('draft_id_seq'::regclass);
ALTER TABLE ONLY email ALTER COLUMN id SET DEFAULT nextval('email_id_seq'::regclass);
ALTER TABLE ONLY enrolment ALTER COLUMN id SET DEFAULT nextval('enrolment_id_seq'::regclass);
ALTER TABLE ONLY event ALTER COLUMN id SET DEFAULT nextval('event_id_seq'::regclass);
ALTER TABLE ONLY hold ALTER COLUMN id SET DEFAULT nextval('hold_id_seq'::regclass);
ALTER TABLE ONLY incoming ALTER COLUMN id SET DEFAULT nextval('incoming_id_seq'::regclass);
ALTER TABLE ONLY lot ALTER COLUMN id SET DEFAULT nextval('lot_id_seq'::regclass);
ALTER TABLE ONLY media ALTER COLUMN id SET DEFAULT nextval('media_id_seq'::regclass);
ALTER TABLE ONLY message ALTER COLUMN id SET DEFAULT nextval('message_id_seq'::regclass);
ALTER TABLE ONLY note ALTER COLUMN id SET DEFAULT nextval('note_id_seq'::regclass);
ALTER TABLE ONLY notice ALTER COLUMN id SET DEFAULT nextval('notice_id_seq'::regclass);
ALTER TABLE ONLY saved_filter ALTER COLUMN id SET DEFAULT nextval('saved_filter_id_seq'::regclass);
ALTER TABLE ONLY schema_version ALTER COLUMN id SET DEFAULT nextval('schema_version_id_seq'::regclass);
ALTER TABLE ONLY smart_plan ALTER COLUMN id SET DEFAULT nextval('smart_plan_id_seq'::regclass);
ALTER TABLE ONLY step ALTER COLUMN id SET DEFAULT nextval('step_id_seq'::regclass);
ALTER TABLE ONLY step_text ALTER COLUMN id SET DEFAULT nextval('step_text_id_seq'::regclass);
ALTER TABLE ONLY task ALTER COLUMN id SET DEFAULT nextval('task_id_seq'::regclass);
ALTER TABLE ONLY template ALTER COLUMN id SET DEFAULT nextval('template_id_seq'::regclass);
ALTER TABLE ONLY test_charge ALTER COLUMN id SET DEFAULT nextval('test_charge_id_seq'::regclass);
INSERT INTO account VALUES (1, 'agent-texts', '300', NULL, NULL, 'monthly', '2026-04-01', '2026-05-01', 'America/New_York', 'US', '2026-04-01', false, 1776355200000000, 1776355200000000, '2026-05-01', 1777608000000000, 0, 4, 295, 2, 0, 0, false, 0, NULL, '');
INSERT INTO account VALUES (2, 'agent-email', 'free', NULL, NULL, 'monthly', '2026-04-01', '2026-05-01', 'America/New_York', 'US', '2026-04-01', false, 1776355200000000, 1776355200000000, '2026-05-01', 1777608000000000, 0, 2, 4998, 2, 0, 0, false, 0, NULL, '');
INSERT INTO allocation VALUES (1, 0, 1, 2, 0);
INSERT INTO allocation VALUES (2, 0, 1, 2, 2);
INSERT INTO allocation VALUES (3, 0, 1, 1, 0);
INSERT INTO allocation VALUES (4, 0, 2, 2, 2);
INSERT INTO blast VALUES (1, 1, 1776355200000000, 'sms', 'Open house on Sunday', 1, 2, 2, false, 'accepted', '', false, '');
INSERT INTO blast VALUES (2, 1, 1776355200000000, 'sms', 'Hi {first_name}', 2, 2, 2, false, 'accepted', '', false, '');
INSERT INTO campaign VALUES (1, 2, 1776355200000000, 'Sunday', 'The **house** is open.', '', 'own', 4, 2, 1776441600000000, '', false, '', NULL, '', '');
INSERT INTO consent VALUES ('+14155550103', 1, 'out', 1, 1);
INSERT INTO consent_record VALUES (1, '+14155550103', 1, 'out', 'noted', '', 1776355200000000, '', true);
INSERT INTO contact VALUES (1, 'Ann', 'Lane', '', '+14155550101', 'US', 'ann@example.com', 'ann lane', 'ann lane
ann@example.com
+14155550101', 'other', '', '', '', '', '', '', '', '', 0, 1);
INSERT INTO contact VALUES (2, 'Bo', 'Moss', '', '+14155550102', 'US', '', 'bo moss', 'bo moss
+14155550102', 'other', '', '', '', '', '', '', '', '', 0, 2);
INSERT INTO contact VALUES (3, 'Cy', 'Reyes', '', '+14155550103', 'US', 'cy@example.com', 'cy reyes', 'cy reyes
cy@example.com
+14155550103', 'other', '', '', '', '', '', '', '', '', 0, 3);
INSERT INTO contact_change VALUES (1, '', 'add', 'Ann Lane', 1, 1, 1, 1, '{"renamed": null, "apart": null, "groups": []}');
INSERT INTO contact_change VALUES (2, '', 'add', 'Bo Moss', 1, 2, 2, 1, '{"renamed": null, "apart": null, "groups": []}');
INSERT INTO contact_change VALUES (3, '', 'add', 'Cy Reyes', 1, 3, 3, 1, '{"renamed": null, "apart": null, "groups": []}');
INSERT INTO contact_group VALUES (1, 'Buyers', 'buyers');
INSERT INTO conversation VALUES (1, '+14155550101', 1776355200000000, 'Yes, please', false, 1, '', '', '', 0);
INSERT INTO draft VALUES (1, 'half written', '{"groups": ["Buyers"]}', 1796089529701315, '', 1, 1, '');
INSERT INTO email VALUES (1, 2, 1, NULL, NULL, 1, 'ann@example.com', 'Ann Lane', '', 'Sunday', 1776441600000000, 'queued', '', NULL, NULL, NULL, '');
INSERT INTO email VALUES (2, 2, 1, NULL, NULL, 3, 'cy@example.com', 'Cy Reyes', '', 'Sunday', 1776441600000000, 'queued', '', NULL, NULL, NULL, '');
INSERT INTO enrolment VALUES (1, 1, 2, 1, 1, 1776355200000000, '2026-04-16', 0, 1, 1776398400000000, 'going', '');
INSERT INTO enrolment VALUES (2, 1, 2, 3, 1, 1776355200000000, '2026-04-16', 0, 1, 1776398400000000, 'going', '');
INSERT INTO entry VALUES (1, 1, 1776355200000000, '2026-04-16', 'allotted', 'granted', 300, 300, 300, 'join', '1', 0, '');
INSERT INTO entry VALUES (2, 1, 1776355200000000, '2026-04-16', 'allotted', 'granted', 5000, 5000, 5000, 'join', '1', 0, '');
INSERT INTO entry VALUES (1, 2, 1776355200000000, '2026-04-16', 'allotted', 'used', -2, 298, 2, 'blast', '1', 2, '');
INSERT INTO entry VALUES (1, 3, 1776355200000000, '2026-04-16', 'allotted', 'used', -2, 296, 2, 'blast', '2', 2, '');
INSERT INTO entry VALUES (1, 4, 1776355200000000, '2026-04-16', 'allotted', 'used', -1, 295, 1, 'reply', '1', 0, '');
INSERT INTO entry VALUES (2, 2, 1776355200000000, '2026-04-16', 'allotted', 'used', -2, 4998, 2, 'campaign', '1', 2, '');
INSERT INTO event VALUES (1, '', 'played:a285bd1f1d85421ab6473bcb8df5a257', 'reply', '{"number": "+14155550101", "body": "Yes, please", "at": 1776355200000000, "segments": 1}', 1, 1796089529582833, NULL, '');
INSERT INTO hold VALUES (1, 1, 2, 'sms', 1776355200000000, 'blast', '1');
INSERT INTO hold VALUES (2, 1, 2, 'sms', 1776355200000000, 'blast', '2');
INSERT INTO hold VALUES (3, 1, 1, 'reply', 1776355200000000, 'reply', '1');
INSERT INTO hold VALUES (4, 2, 2, 'email', 1776355200000000, 'campaign', '1');
INSERT INTO incoming VALUES (1, 1, '', '+14155550101', 'Yes, please', '', 1776355200000000, 1, 0, '', 2, '', NULL, NULL, false);
INSERT INTO lot VALUES (1, 1, 'order:1', 'allotted', 300, 295, 2, 3, 0, '2026-04-16', '2027-04-16', 0);
INSERT INTO lot VALUES (2, 2, 'order:1', 'allotted', 5000, 4998, 2, 0, 0, '2026-04-16', '2026-05-01', 0);
INSERT INTO membership VALUES (1, 1);
INSERT INTO membership VALUES (1, 2);
INSERT INTO membership VALUES (1, 3);
INSERT INTO message VALUES (1, 1, '+14155550101', 'US', 'Ann Lane', '', 0, 'sent', 1, 1, 'ff16c4ccb3db4a0088d97f456b6f5670', 1796089529321372, 1776355200000000, 1796089530363651, NULL, NULL, NULL, NULL, 'simulated-1', NULL);
INSERT INTO message VALUES (2, 1, '+14155550102', 'US', 'Bo Moss', '', 0, 'sent', 1, 1, 'ff16c4ccb3db4a0088d97f456b6f5670', 1796089529386045, 1776355200000000, 1796089530396929, NULL, NULL, NULL, NULL, 'simulated-2', NULL);
INSERT INTO message VALUES (3, 2, '+14155550101', 'US', 'Ann Lane', '{"first_name": "Ann"}', 0, 'queued', 1, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO message VALUES (4, 2, '+14155550102', 'US', 'Bo Moss', '{"first_name": "Bo"}', 0, 'queued', 1, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO movement VALUES (1, 1, 0, 1, 300);
INSERT INTO movement VALUES (2, 1, 0, 2, 5000);
INSERT INTO movement VALUES (1, 2, 0, 1, -2);
INSERT INTO movement VALUES (1, 3, 0, 1, -2);
INSERT INTO movement VALUES (1, 4, 0, 1, -1);
INSERT INTO movement VALUES (2, 2, 0, 2, -2);
INSERT INTO "order" VALUES (1, 1, 'join:1776355200000000', 1776355200000000, '2026-04-16', 'join', '', '300', 'monthly', 300, 500, 'Visa 4242', 'test-1', 'paid', '', 0, false, '', '');
INSERT INTO "order" VALUES (2, 1, 'join:1776355200000000', 1776355200000000, '2026-04-16', 'join', '', 'free', 'monthly', 5000, 0, '', '', 'paid', '', 0, false, '', '');
INSERT INTO payment VALUES (1, 'join:1776355200000000', 1776355200000000, 500, '["join", "300", "monthly", 300, ""]', 'paid');
INSERT INTO period VALUES (2, 0, '2026-04-01', '2026-05-01', 0, 5000, 0, 0);
INSERT INTO period VALUES (1, 0, '2026-04-01', '2026-05-01', 3, 300, 0, 0);
INSERT INTO schema_version VALUES (1, 6);
INSERT INTO smart_plan VALUES (1, 2, 'Welcome', 1776355200000000, '', '', NULL, NULL);
INSERT INTO step VALUES (1, 1, 0, 'email', 1, '', 'Hello', 'Hi {first_name}');
INSERT INTO test_charge VALUES (1, '1:join:1776355200000000', 500, '4242424242424242', 'join 300', '', 1796089527892467);
INSERT INTO use_by_day VALUES (1, '2026-04-16', 'sms', 4);
INSERT INTO use_by_day VALUES (1, '2026-04-16', 'reply', 1);
INSERT INTO use_by_day VALUES (2, '2026-04-16', 'email', 2);
SELECT pg_catalog.setval('account_id_seq', 2, true);
SELECT pg_catalog.setval('blast_id_seq', 2, true);
SELECT pg_catalog.setval('campaign_file_id_seq', 1, false);
SELECT pg_catalog.setval('campaign_id_seq', 1, true);
SELECT pg_catalog.setval('contact_change_id_seq', 3, true);
SELECT pg_catalog.setval('contact_group_id_seq', 3, true);
SELECT pg_catalog.setval('contact_id_seq', 3, true);
SELECT pg_catalog.setval('draft_id_seq', 1, true);
SELECT pg_catalog.setval('email_id_seq', 2, true);
SELECT pg_catalog.setval('enrolment_id_seq', 2, true);
SELECT pg_catalog.setval('event_id_seq', 1, true);
SELECT pg_catalog.setval('hold_id_seq', 4, true);
SELECT pg_catalog.setval('incoming_id_seq', 1, true);
SELECT pg_catalog.setval('lot_id_seq', 2, true);
SELECT pg_catalog.setval('media_id_seq', 1, false);
SELECT pg_catalog.setval('message_id_seq', 4, true);
SELECT pg_catalog.setval('note_id_seq', 1, false);
SELECT pg_catalog.setval('notice_id_seq', 1, false);
SELECT pg_catalog.setval('saved_filter_id_seq', 1, false);
SELECT pg_catalog.setval('schema_version_id_seq', 1, true);
SELECT pg_catalog.setval('smart_plan_id_seq', 1, true);
SELECT pg_catalog.setval('step_id_seq', 1, true);
SELECT pg_catalog.setval('step_text_id_seq', 1, false);
SELECT pg_catalog.setval('task_id_seq', 1, false);
SELECT pg_catalog.setval('template_id_seq', 1, false);
SELECT pg_catalog.setval('test_charge_id_seq', 1, true);
ALTER TABLE ONLY account
    ADD CONSTRAINT account_pkey PRIMARY KEY (id);
ALTER TABLE ONLY allocation
    ADD CONSTRAINT allocation_pkey PRIMARY KEY (hold_id, "position");
ALTER TABLE ONLY blast
    ADD CONSTRAINT blast_pkey PRIMARY KEY (id);
ALTER TABLE ONLY campaign_file
    ADD CONSTRAINT campaign_file_pkey PRIMARY KEY (id);
ALTER TABLE ONLY campaign
    ADD CONSTRAINT campaign_pkey PRIMARY KEY (id);
ALTER TABLE ONLY consent
    ADD CONSTRAINT consent_pkey PRIMARY KEY (number, sender);
ALTER TABLE ONLY consent_record
    ADD CONSTRAINT consent_record_pkey PRIMARY KEY (id);
ALTER TABLE ONLY contact_apart
    ADD CONSTRAINT contact_apart_pkey PRIMARY KEY (contact_id, other_id);
ALTER TABLE ONLY contact_before
    ADD CONSTRAINT contact_before_pkey PRIMARY KEY (change_id, contact_id);
ALTER TABLE ONLY contact_change
    ADD CONSTRAINT contact_change_pkey PRIMARY KEY (id);
ALTER TABLE ONLY contact_group
    ADD CONSTRAINT contact_group_pkey PRIMARY KEY (id);
ALTER TABLE ONLY contact_merged
    ADD CONSTRAINT contact_merged_pkey PRIMARY KEY (contact_id);
ALTER TABLE ONLY contact_number
    ADD CONSTRAINT contact_number_pkey PRIMARY KEY (contact_id, "position");
ALTER TABLE ONLY contact
    ADD CONSTRAINT contact_pkey PRIMARY KEY (id);
ALTER TABLE ONLY conversation
    ADD CONSTRAINT conversation_pkey PRIMARY KEY (account_id, phone);
ALTER TABLE ONLY draft
    ADD CONSTRAINT draft_pkey PRIMARY KEY (id);
ALTER TABLE ONLY email
    ADD CONSTRAINT email_pkey PRIMARY KEY (id);
ALTER TABLE ONLY email_sender
    ADD CONSTRAINT email_sender_pkey PRIMARY KEY (id);
ALTER TABLE ONLY enrolment
    ADD CONSTRAINT enrolment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY entry
    ADD CONSTRAINT entry_pkey PRIMARY KEY (account_id, seq);
ALTER TABLE ONLY event
    ADD CONSTRAINT event_pkey PRIMARY KEY (id);
ALTER TABLE ONLY group_account
    ADD CONSTRAINT group_account_pkey PRIMARY KEY (group_id, account_id);
ALTER TABLE ONLY hold
    ADD CONSTRAINT hold_pkey PRIMARY KEY (id);
ALTER TABLE ONLY incoming
    ADD CONSTRAINT incoming_pkey PRIMARY KEY (id);
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
ALTER TABLE ONLY note
    ADD CONSTRAINT note_pkey PRIMARY KEY (id);
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
ALTER TABLE ONLY saved_filter
    ADD CONSTRAINT saved_filter_pkey PRIMARY KEY (id);
ALTER TABLE ONLY schema_version
    ADD CONSTRAINT schema_version_pkey PRIMARY KEY (id);
ALTER TABLE ONLY sender_day
    ADD CONSTRAINT sender_day_pkey PRIMARY KEY (sender, day);
ALTER TABLE ONLY sender_person
    ADD CONSTRAINT sender_person_pkey PRIMARY KEY (sender, month, phone);
ALTER TABLE ONLY sender
    ADD CONSTRAINT sender_pkey PRIMARY KEY (id);
ALTER TABLE ONLY setting
    ADD CONSTRAINT setting_pkey PRIMARY KEY (name);
ALTER TABLE ONLY smart_plan_member
    ADD CONSTRAINT smart_plan_member_pkey PRIMARY KEY (plan_id, contact_id);
ALTER TABLE ONLY smart_plan
    ADD CONSTRAINT smart_plan_pkey PRIMARY KEY (id);
ALTER TABLE ONLY step
    ADD CONSTRAINT step_pkey PRIMARY KEY (id);
ALTER TABLE ONLY step_text
    ADD CONSTRAINT step_text_pkey PRIMARY KEY (id);
ALTER TABLE ONLY task
    ADD CONSTRAINT task_pkey PRIMARY KEY (id);
ALTER TABLE ONLY template
    ADD CONSTRAINT template_pkey PRIMARY KEY (id);
ALTER TABLE ONLY test_charge
    ADD CONSTRAINT test_charge_pkey PRIMARY KEY (id);
ALTER TABLE ONLY use_by_day
    ADD CONSTRAINT use_by_day_pkey PRIMARY KEY (account_id, day, use);
CREATE INDEX allocation_lot_id ON allocation USING btree (lot_id);
CREATE INDEX blast_account_id ON blast USING btree (account_id);
CREATE INDEX campaign_account_id ON campaign USING btree (account_id);
CREATE INDEX campaign_file_campaign_id ON campaign_file USING btree (campaign_id);
CREATE INDEX consent_record_id ON consent_record USING btree (id) WHERE (applied = false);
CREATE INDEX consent_record_number ON consent_record USING btree (number);
CREATE INDEX consent_since ON consent USING btree (since) WHERE (state = 'out'::text);
CREATE INDEX contact_by_name ON contact USING btree (sort_key, id);
CREATE INDEX contact_by_phone ON contact USING btree (phone) WHERE (phone <> ''::text);
CREATE INDEX contact_change_person_id ON contact_change USING btree (person, id);
CREATE UNIQUE INDEX contact_group_key ON contact_group USING btree (key);
CREATE INDEX contact_merged_into ON contact_merged USING btree ("into");
CREATE INDEX contact_number_phone ON contact_number USING btree (phone);
CREATE INDEX conversation_account_id ON conversation USING btree (account_id) WHERE (unread > 0);
CREATE INDEX conversation_account_id_last_at_phone ON conversation USING btree (account_id, last_at, phone);
CREATE INDEX draft_saved_at ON draft USING btree (saved_at);
CREATE INDEX email_account_id_status_at_id ON email USING btree (account_id, status, at, id);
CREATE INDEX email_address_at_id ON email USING btree (address, at, id);
CREATE INDEX email_campaign_id_status ON email USING btree (campaign_id, status);
CREATE INDEX email_contact_id_at_id ON email USING btree (contact_id, at, id);
CREATE UNIQUE INDEX email_enrolment_id_step_id ON email USING btree (enrolment_id, step_id);
CREATE INDEX enrolment_account_id_next_at ON enrolment USING btree (account_id, next_at);
CREATE INDEX enrolment_contact_id ON enrolment USING btree (contact_id);
CREATE UNIQUE INDEX enrolment_plan_id_contact_id_run ON enrolment USING btree (plan_id, contact_id, run);
CREATE INDEX entry_account_id_day_seq ON entry USING btree (account_id, day, seq);
CREATE INDEX entry_account_id_kind_seq ON entry USING btree (account_id, kind, seq);
CREATE INDEX entry_account_id_pool_amount_seq ON entry USING btree (account_id, pool, amount, seq);
CREATE INDEX entry_account_id_pool_kind_amount_seq ON entry USING btree (account_id, pool, kind, amount, seq);
CREATE INDEX entry_account_id_pool_kind_seq ON entry USING btree (account_id, pool, kind, seq);
CREATE INDEX entry_account_id_pool_seq ON entry USING btree (account_id, pool, seq);
CREATE INDEX event_due_at_id ON event USING btree (due_at, id) WHERE (due_at IS NOT NULL);
CREATE UNIQUE INDEX event_sender_event_id ON event USING btree (sender, event_id);
CREATE INDEX hold_account_id ON hold USING btree (account_id);
CREATE INDEX incoming_account_id_phone_at_id ON incoming USING btree (account_id, phone, at, id);
CREATE INDEX incoming_answers ON incoming USING btree (answers);
CREATE UNIQUE INDEX incoming_message_id ON incoming USING btree (message_id) WHERE (message_id IS NOT NULL);
CREATE UNIQUE INDEX lot_account_id_grant_key ON lot USING btree (account_id, grant_key);
CREATE INDEX media_blast_id ON media USING btree (blast_id);
CREATE INDEX membership_contact_id ON membership USING btree (contact_id);
CREATE INDEX message_blast_id ON message USING btree (blast_id);
CREATE INDEX message_phone_id ON message USING btree (phone, id);
CREATE INDEX message_provider_id ON message USING btree (provider_id) WHERE (provider_id IS NOT NULL);
CREATE INDEX message_settle_at ON message USING btree (settle_at) WHERE (settle_at IS NOT NULL);
CREATE INDEX message_status_blast_id ON message USING btree (status, blast_id);
CREATE INDEX message_status_lookup_at ON message USING btree (status, lookup_at) WHERE (status = 'unknown'::text);
CREATE INDEX message_status_receipt_at ON message USING btree (status, receipt_at) WHERE (status = 'sent'::text);
CREATE INDEX movement_lot_id ON movement USING btree (lot_id);
CREATE INDEX note_contact_id_at_id ON note USING btree (contact_id, at, id);
CREATE UNIQUE INDEX notice_account_id_period_index_epoch_threshold ON notice USING btree (account_id, period_index, epoch, threshold);
CREATE UNIQUE INDEX order_account_id_key ON "order" USING btree (account_id, key);
CREATE UNIQUE INDEX saved_filter_key ON saved_filter USING btree (key);
CREATE INDEX smart_plan_account_id ON smart_plan USING btree (account_id);
CREATE INDEX step_plan_id ON step USING btree (plan_id);
CREATE INDEX step_text_contact_id_id ON step_text USING btree (contact_id, id);
CREATE UNIQUE INDEX step_text_enrolment_id_step_id ON step_text USING btree (enrolment_id, step_id);
CREATE INDEX task_account_id_done_at_due_at ON task USING btree (account_id, done_at, due_at);
CREATE INDEX task_contact_id_due_at_id ON task USING btree (contact_id, due_at, id);
CREATE UNIQUE INDEX task_enrolment_step ON task USING btree (enrolment, step);
CREATE UNIQUE INDEX template_key ON template USING btree (key);
CREATE UNIQUE INDEX test_charge_key ON test_charge USING btree (key);
ALTER TABLE ONLY allocation
    ADD CONSTRAINT allocation_hold_id_fkey FOREIGN KEY (hold_id) REFERENCES hold(id);
ALTER TABLE ONLY allocation
    ADD CONSTRAINT allocation_lot_id_fkey FOREIGN KEY (lot_id) REFERENCES lot(id);
ALTER TABLE ONLY campaign_file
    ADD CONSTRAINT campaign_file_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign(id) ON DELETE RESTRICT;
ALTER TABLE ONLY contact_before
    ADD CONSTRAINT contact_before_change_id_fkey FOREIGN KEY (change_id) REFERENCES contact_change(id) ON DELETE CASCADE;
ALTER TABLE ONLY contact_number
    ADD CONSTRAINT contact_number_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contact(id) ON DELETE CASCADE;
ALTER TABLE ONLY email
    ADD CONSTRAINT email_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaign(id);
ALTER TABLE ONLY email
    ADD CONSTRAINT email_enrolment_id_fkey FOREIGN KEY (enrolment_id) REFERENCES enrolment(id);
ALTER TABLE ONLY email
    ADD CONSTRAINT email_step_id_fkey FOREIGN KEY (step_id) REFERENCES step(id);
ALTER TABLE ONLY enrolment
    ADD CONSTRAINT enrolment_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES smart_plan(id);
ALTER TABLE ONLY enrolment
    ADD CONSTRAINT enrolment_step_id_fkey FOREIGN KEY (step_id) REFERENCES step(id);
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
ALTER TABLE ONLY smart_plan_member
    ADD CONSTRAINT smart_plan_member_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES smart_plan(id);
ALTER TABLE ONLY step
    ADD CONSTRAINT step_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES smart_plan(id);
ALTER TABLE ONLY step_text
    ADD CONSTRAINT step_text_enrolment_id_fkey FOREIGN KEY (enrolment_id) REFERENCES enrolment(id);
ALTER TABLE ONLY step_text
    ADD CONSTRAINT step_text_step_id_fkey FOREIGN KEY (step_id) REFERENCES step(id);
ALTER TABLE ONLY use_by_day
    ADD CONSTRAINT use_by_day_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id);
