//! Standardisation: comparing places whose people differ in age.
//!
//! [`direct`](fn@direct) asks what rate a standard population would have with this place's rates by age;
//! [`indirect`](fn@indirect) asks how many events a place has beside what it would have with the standard's rates.
//! The second needs no rate in small groups and is the one for hospitals; its ratios may be compared with 1, and
//! only roughly with each other.
//!
//! **Source.** N. E. Breslow and N. E. Day, Statistical Methods in Cancer Research II (IARC, 1987), chapter 2.

mod direct;
mod indirect;
mod population;
#[cfg(test)]
mod tests;

pub use direct::{AgeBand, DirectMethod, StandardisedRate, direct};
pub use indirect::{StandardisedRatio, byar, exact_poisson, indirect};
pub use population::{EUROPEAN_2013, StandardBand};
