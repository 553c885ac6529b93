-- What stood when a change by hand was taken back, so that it can be made again.
alter table timetable_move add column undone_places text;
