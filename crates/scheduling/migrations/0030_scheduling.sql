-- class: tenant
create table timetable_setting (
    school_id bigint not null,
    term_id uuid not null,
    body text not null,
    updated_at timestamptz not null,
    primary key (school_id, term_id)
);
-- class: tenant
create table timetable_draft (
    school_id bigint not null,
    id uuid not null,
    term_id uuid not null,
    title text not null,
    state text not null,
    places text not null,
    locks text not null,
    costs text not null,
    message text not null,
    seconds bigint not null,
    version bigint not null,
    created_at timestamptz not null,
    created_by uuid not null,
    updated_at timestamptz not null,
    published_at timestamptz,
    primary key (school_id, id)
);
create index timetable_draft_term on timetable_draft (school_id, term_id, created_at);
-- class: tenant
create table timetable_move (
    school_id bigint not null,
    id uuid not null,
    draft_id uuid not null,
    number bigint not null,
    at timestamptz not null,
    actor text not null,
    said text not null,
    before text not null,
    undone boolean not null,
    primary key (school_id, id)
);
create index timetable_move_draft on timetable_move (school_id, draft_id, number);
-- class: tenant
create table timetable_feed (
    school_id bigint not null,
    id uuid not null,
    staff_id uuid not null,
    digest text not null,
    created_at timestamptz not null,
    revoked_at timestamptz,
    primary key (school_id, id)
);
create index timetable_feed_staff on timetable_feed (school_id, staff_id);
create index timetable_feed_digest on timetable_feed (school_id, digest);
