//! Plans over HTTP, in one program: each test program holds a copy of everything below it.
mod access;
mod host;
mod publish;
mod seed;
mod summary;
mod wizard;
