//! The joint estimate on nations whose truth is known.

mod balance;
mod calibration;
mod charts;
mod checks;
mod generative;
mod late;
mod nation;
mod parts;
mod refusals;
mod sharing;
