//! What the texts in plans mean, each read once.
//!
//! A plan that leaves this process can carry numbers and texts, and no memory. So a function of a fixed name takes what it
//! needs to know as a text among its arguments; whoever runs the plan reads the text when a first batch asks for it, and
//! keeps what it meant.
//!
//! Invariant: a text always means the same, so that what was kept is as good as what would be read anew.

use std::sync::{Arc, PoisonError, RwLock};

/// Meanings that are kept: a definition has a few dozen, and a cluster may serve some definitions at a time.
const MOST: usize = 256;

/// Texts and what they mean.
#[derive(Debug)]
pub(crate) struct Known<T: ?Sized> {
    read: RwLock<Vec<(String, Arc<T>)>>,
}

impl<T: ?Sized> Default for Known<T> {
    fn default() -> Self {
        Self {
            read: RwLock::new(Vec::new()),
        }
    }
}

impl<T: ?Sized> Known<T> {
    /// What a text means; `read` is asked when nobody has asked before, and its failure is not kept.
    pub(crate) fn get<E>(
        &self,
        text: &str,
        read: impl FnOnce(&str) -> Result<Arc<T>, E>,
    ) -> Result<Arc<T>, E> {
        let find = |known: &[(String, Arc<T>)]| {
            let found = known.iter().find(|(other, _)| other == text);
            found.map(|(_, meaning)| Arc::clone(meaning))
        };
        if let Some(meaning) = find(&self.read.read().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(meaning);
        }
        let meaning = read(text)?;
        let mut known = self.read.write().unwrap_or_else(PoisonError::into_inner);
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

    #[test]
    fn a_text_is_read_once_and_a_failure_is_not_kept() {
        let known = Known::<usize>::default();
        assert_eq!(known.get("ab", |_| Err("not now")), Err("not now"));
        let length = |text: &str| Ok::<_, &str>(Arc::new(text.len()));
        assert_eq!(known.get("ab", length), Ok(Arc::new(2)));
        assert_eq!(known.get("ab", |_| Err("asked again")), Ok(Arc::new(2)));
        assert_eq!(known.get("abc", length), Ok(Arc::new(3)));
    }

    #[test]
    fn the_oldest_is_forgotten_when_there_are_too_many() {
        let known = Known::<str>::default();
        let same = |text: &str| Ok::<_, &str>(Arc::from(text));
        for number in 0..=MOST {
            known.get(&number.to_string(), same).unwrap();
        }
        assert_eq!(known.get("1", |_| Err("read anew")), Ok(Arc::from("1")));
        assert_eq!(known.get("0", |_| Err("read anew")), Err("read anew"));
    }
}
