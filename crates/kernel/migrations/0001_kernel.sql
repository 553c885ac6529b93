-- class: control
create table school (
    id bigint primary key,
    name text not null,
    code text not null,
    created_at timestamptz not null
);
-- class: control
create table account (
    school_id bigint not null,
    id uuid not null,
    login text not null,
    name text not null,
    password_hash text not null,
    must_change boolean not null,
    active boolean not null,
    staff_id uuid,
    failed bigint not null,
    locked_until timestamptz,
    created_at timestamptz not null,
    primary key (school_id, id),
    unique (school_id, login)
);
-- class: control
create table role_grant (
    school_id bigint not null,
    id uuid not null,
    account_id uuid not null,
    role text not null,
    node_id uuid,
    path text not null,
    created_at timestamptz not null,
    primary key (school_id, id),
    unique (school_id, account_id, role, path)
);
-- class: control
create table session (
    token_hash text primary key,
    school_id bigint not null,
    account_id uuid not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    kind text not null,
    note text not null
);
-- class: tenant
create table journal (
    school_id bigint not null,
    id uuid not null,
    at timestamptz not null,
    account_id uuid not null,
    actor text not null,
    register text not null,
    record_id uuid not null,
    version bigint not null,
    action text not null,
    before text,
    after text,
    reason text,
    primary key (school_id, id)
);
create index journal_record on journal (school_id, record_id, id);
-- class: tenant
create table revision (
    school_id bigint not null,
    register text not null,
    rev bigint not null,
    primary key (school_id, register)
);
-- class: tenant
create table file (
    school_id bigint not null,
    id uuid not null,
    name text not null,
    mime text not null,
    size bigint not null,
    sha256 text not null,
    created_at timestamptz not null,
    created_by uuid not null,
    primary key (school_id, id)
);
-- class: control
create table job (
    school_id bigint not null,
    id uuid not null,
    kind text not null,
    title text not null,
    state text not null,
    done bigint not null,
    total bigint not null,
    message text not null,
    link text not null,
    created_by uuid not null,
    created_at timestamptz not null,
    finished_at timestamptz,
    primary key (school_id, id)
);
-- class: tenant
create table term (
    school_id bigint not null,
    id uuid not null,
    year bigint not null,
    half text not null,
    start_on date not null,
    weeks bigint not null,
    primary key (school_id, id),
    unique (school_id, year, half)
);
-- class: tenant
create table calendar_day (
    school_id bigint not null,
    day date not null,
    kind text not null,
    name text not null,
    stands_for bigint,
    primary key (school_id, day)
);
-- class: tenant
create table setting (
    school_id bigint not null,
    name text not null,
    value text not null,
    primary key (school_id, name)
)
