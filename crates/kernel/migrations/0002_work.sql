-- Who may take whose steps while they are absent (委托). Read with the session, so it stands beside accounts.
-- class: control
create table delegation (
    school_id bigint not null,
    id uuid not null,
    account_id uuid not null,
    deputy_id uuid not null,
    from_on date not null,
    to_on date not null,
    roles text not null,
    reason text not null,
    created_at timestamptz not null,
    revoked_at timestamptz,
    primary key (school_id, id)
);
create index delegation_deputy on delegation (school_id, deputy_id);
create index delegation_account on delegation (school_id, account_id);
-- What a person is told (消息). The unread ones are counted with the session.
-- class: control
create table message (
    school_id bigint not null,
    id uuid not null,
    account_id uuid not null,
    at timestamptz not null,
    kind text not null,
    title text not null,
    text text not null,
    link text not null,
    read_at timestamptz,
    primary key (school_id, id)
);
create index message_account on message (school_id, account_id, read_at);
-- When a record was chased (催办), by whom (nil for the program itself).
-- class: tenant
create table chase (
    school_id bigint not null,
    id uuid not null,
    register text not null,
    record_id uuid not null,
    at timestamptz not null,
    account_id uuid not null,
    primary key (school_id, id)
);
create index chase_record on chase (school_id, record_id, at);
-- A way out of the house: group robot or mail server. The secret is sealed with the key of the data folder.
-- class: control
create table channel (
    school_id bigint not null,
    id uuid not null,
    kind text not null,
    name text not null,
    settings text not null,
    secret text not null,
    active boolean not null,
    created_at timestamptz not null,
    primary key (school_id, id)
);
-- What is to go out. A row stays until it was delivered or given up, and is tried again after a restart.
-- class: control
create table outbox (
    school_id bigint not null,
    id uuid not null,
    channel_id uuid not null,
    recipient text not null,
    title text not null,
    body text not null,
    created_at timestamptz not null,
    tries bigint not null,
    next_at timestamptz,
    last_error text not null,
    sent_at timestamptz,
    primary key (school_id, id)
);
create index outbox_next on outbox (school_id, next_at);
alter table account add column email text;
create index journal_account on journal (school_id, account_id, at)
