//! `counted estimate`: published tables through the command, files and calls that are refused, and the book.

mod book;
mod desk;
mod groups;
mod lists;
mod refused;
mod screens;
mod time;
mod uk;
mod validation;
