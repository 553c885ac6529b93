-- class: control
create table seal (
    name text primary key,
    value text not null
);
-- class: tenant
create table sealed_read (
    school_id bigint not null,
    id uuid not null,
    at timestamptz not null,
    account_id uuid not null,
    name text not null,
    via text not null,
    register text not null,
    record_id uuid,
    records bigint not null,
    reason text not null,
    primary key (school_id, id)
);
create index sealed_read_record on sealed_read (school_id, record_id, account_id, at);
create index sealed_read_at on sealed_read (school_id, at)
