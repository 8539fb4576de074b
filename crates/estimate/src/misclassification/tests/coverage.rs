//! How often the intervals hold the truth, over simulated reviews (methods.md 5.3 gives the baselines).
