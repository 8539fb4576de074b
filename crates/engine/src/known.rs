//! What the texts in plans mean, each read once.
//!
//! A plan that leaves this process can carry numbers and texts, and no memory. So a function of a fixed name takes what it
//! needs to know as a text among its arguments; whoever runs the plan reads the text when a first batch asks for it, and
//! keeps what it meant.
//!
//! Invariant: a text always means the same, so that what was kept is as good as what would be read anew.

use std::hash::{Hash, Hasher};
use std::sync::{Arc, PoisonError, RwLock};

use crate::error::EngineError;

/// Meanings that are kept: a definition has a few dozen, and a cluster may serve some definitions at a time.
const MOST: usize = 256;

/// The texts of a kind of functions, and what they mean.
#[derive(Debug)]
pub(crate) struct Known<T: ?Sized> {
    /// The name of the function that stands for the kind.
    name: &'static str,
    /// What a text means.
    read: Read<T>,
    kept: RwLock<Vec<(String, Arc<T>)>>,
}

/// Reads what a text means; the same text means the same.
type Read<T> = fn(&str) -> Result<Arc<T>, EngineError>;

// A name stands for one kind, and the text among the arguments for the function: what was read so far is no part of it.
impl<T: ?Sized> PartialEq for Known<T> {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}
impl<T: ?Sized> Eq for Known<T> {}
impl<T: ?Sized> Hash for Known<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl<T: ?Sized> Known<T> {
    /// Those of a kind of which nothing was read yet.
    pub(crate) fn of(name: &'static str, read: Read<T>) -> Self {
        Self {
            name,
            read,
            kept: RwLock::new(Vec::new()),
        }
    }

    /// The name of the kind.
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// What a text means: it is read when nobody has asked before, and a failure is not kept.
    pub(crate) fn get(&self, text: &str) -> Result<Arc<T>, EngineError> {
        let find = |known: &[(String, Arc<T>)]| {
            let found = known.iter().find(|(other, _)| other == text);
            found.map(|(_, meaning)| Arc::clone(meaning))
        };
        if let Some(meaning) = find(&self.kept.read().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(meaning);
        }
        let meaning = (self.read)(text)?;
        let mut known = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have been quicker.
        if let Some(meaning) = find(&known) {
            return Ok(meaning);
        }
        if known.len() == MOST {
            known.remove(0);
        }
        known.push((text.to_owned(), Arc::clone(&meaning)));
        Ok(meaning)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    use std::sync::atomic::{AtomicUsize, Ordering};

    /// The length of a text, and how often such was asked for; fails the first time.
    fn length(asked: &AtomicUsize, text: &str) -> Result<Arc<(usize, usize)>, EngineError> {
        match asked.fetch_add(1, Ordering::Relaxed) {
            0 => Err(EngineError::Failed {
                what: "asking too early".to_owned(),
                code: "E-EARLY",
            }),
            times => Ok(Arc::new((text.len(), times))),
        }
    }

    #[test]
    fn a_text_is_read_once_and_a_failure_is_not_kept() {
        static ASKED: AtomicUsize = AtomicUsize::new(0);
        let known = Known::of("lengths", |text| length(&ASKED, text));
        assert!(known.get("ab").is_err());
        for (text, meaning) in [("ab", (2, 1)), ("ab", (2, 1)), ("abc", (3, 2))] {
            assert_eq!(*known.get(text).unwrap(), meaning);
        }
    }

    #[test]
    fn the_oldest_is_forgotten_when_there_are_too_many() {
        static ASKED: AtomicUsize = AtomicUsize::new(1);
        let known = Known::of("lengths", |text| length(&ASKED, text));
        for number in 0..=MOST {
            known.get(&number.to_string()).unwrap();
        }
        assert_eq!(known.get("1").unwrap().1, 2);
        assert_eq!(known.get("0").unwrap().1, MOST + 2);
    }

    #[test]
    fn kinds_are_told_apart_by_name_whatever_was_read() {
        let read = |text: &str| Ok(Arc::<str>::from(text));
        let (one, same, other) = (Known::of("a", read), Known::of("a", read), Known::of("b", read));
        one.get("text").unwrap();
        assert!(one == same && one != other);
    }
}
