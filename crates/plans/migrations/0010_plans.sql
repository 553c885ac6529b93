-- class: tenant
create table plan (
    school_id bigint not null,
    id uuid not null,
    title text not null,
    unit_id uuid,
    path text not null,
    term_id uuid not null,
    file_name text not null,
    body text not null,
    state text not null,
    version bigint not null,
    created_at timestamptz not null,
    created_by uuid not null,
    updated_at timestamptz not null,
    published_at timestamptz,
    revises uuid,
    primary key (school_id, id)
);
-- class: tenant
create table plan_version (
    school_id bigint not null,
    plan_id uuid not null,
    version bigint not null,
    at timestamptz not null,
    actor text not null,
    reason text not null,
    content text not null,
    primary key (school_id, plan_id, version)
);
-- class: tenant
create table plan_section (
    school_id bigint not null,
    id uuid not null,
    plan_id uuid not null,
    position bigint not null,
    number text not null,
    heading text not null,
    level bigint not null,
    start_at bigint not null,
    end_at bigint not null,
    primary key (school_id, id)
);
create index plan_section_plan on plan_section (school_id, plan_id, position);
-- class: tenant
create table commitment (
    school_id bigint not null,
    id uuid not null,
    plan_id uuid not null,
    section_id uuid,
    kind text not null,
    quote text not null,
    start_at bigint not null,
    end_at bigint not null,
    status text not null,
    title text not null,
    comparator text,
    target_scaled bigint,
    max_scaled bigint,
    unit text,
    basis text,
    times bigint,
    every text,
    interval_count bigint,
    due_on date,
    due_text text,
    binding text not null,
    indicator_id text,
    duty_id text,
    node_id uuid,
    path text not null,
    owner_id uuid,
    done_on date,
    done_note text,
    version bigint not null,
    updated_at timestamptz not null,
    origin_id uuid,
    primary key (school_id, id)
);
create index commitment_plan on commitment (school_id, plan_id, start_at);
create index commitment_owner on commitment (school_id, owner_id);
-- class: tenant
create table reading (
    school_id bigint not null,
    commitment_id uuid not null,
    day date not null,
    numerator bigint not null,
    denominator bigint,
    scale bigint not null,
    actual_scaled bigint,
    state text not null,
    source text not null,
    actor text not null,
    note text not null,
    computed_at timestamptz not null,
    basis_rev bigint not null,
    primary key (school_id, commitment_id, day)
);
-- class: tenant
create table summary (
    school_id bigint not null,
    id uuid not null,
    plan_id uuid not null,
    title text not null,
    from_on date not null,
    to_on date not null,
    frozen_at timestamptz not null,
    snapshot text not null,
    state text not null,
    version bigint not null,
    created_by uuid not null,
    updated_at timestamptz not null,
    primary key (school_id, id)
);
-- class: tenant
create table summary_block (
    school_id bigint not null,
    summary_id uuid not null,
    position bigint not null,
    anchor text not null,
    draft text not null,
    edited text,
    primary key (school_id, summary_id, anchor)
)
