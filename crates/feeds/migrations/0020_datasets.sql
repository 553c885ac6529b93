-- class: tenant
create table dataset_check (
    school_id bigint not null,
    no bigint not null,
    checked_at timestamptz not null,
    good bigint not null,
    waiting bigint not null,
    bad bigint not null,
    faults bigint not null,
    primary key (school_id, no)
)
