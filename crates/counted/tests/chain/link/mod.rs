//! `counted link` as its users meet it: tables in, persons, pairs and words out.

pub(crate) mod people;
mod real;
mod refused;
mod tables;
