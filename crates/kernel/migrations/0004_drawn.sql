-- class: tenant
create table drawn_register (
    school_id bigint not null,
    id uuid not null,
    code text not null,
    title text not null,
    state text not null,
    draft text not null,
    published text,
    version bigint not null,
    updated_at timestamptz not null,
    updated_by uuid not null,
    primary key (school_id, id),
    unique (school_id, code)
);
-- class: tenant
create table drawn_version (
    school_id bigint not null,
    id uuid not null,
    drawn_id uuid not null,
    version bigint not null,
    drawing text not null,
    published_at timestamptz not null,
    published_by text not null,
    reason text not null,
    primary key (school_id, id)
)
