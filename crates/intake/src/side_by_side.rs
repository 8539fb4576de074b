//! All files of rows: read side by side, the largest first, or taken over from the last reading.
//!
//! What one file repeats of another is settled after all were read (see `rows::marks`); a file that repeats an earlier one is
//! read once more without those records. Files that are taken over know what they repeat of one another; beside new
//! files only marks tell, and such a file is read once more too.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;

use rayon::prelude::*;

use crate::error::IntakeError;
use crate::kept::{Former, Keeping, KeptFile, numbers};
use crate::outcome::FileOutcome;
use crate::rows::{Common, Job, Known, Mark, Wanted, between_files, read};

type Outcomes = BTreeMap<u32, FileOutcome>;
type Marks = Vec<(Mark, u32)>;

/// Files that repeat new records are not taken over: they are read once more, without what they repeated before as well. `now`
/// are the numbers of today of files that were to be taken over, by those of then.
fn add_former(
    repeats: &mut BTreeMap<u32, Known>,
    taken: &mut BTreeMap<u32, &KeptFile>,
    now: &BTreeMap<u32, u32>,
) {
    for (file, known) in repeats.iter_mut() {
        if let Some(kept) = taken.remove(file) {
            for (row, by) in kept.repeats(now) {
                known
                    .entry(row)
                    .and_modify(|first| *first = by.min(*first))
                    .or_insert(by);
            }
        }
    }
    // What a record repeated before may itself repeat a new one now.
    let stand = repeats.clone();
    for by in repeats.values_mut().flat_map(BTreeMap::values_mut) {
        while let Some(next) = stand.get(&by.0).and_then(|known| known.get(&by.1)) {
            *by = *next;
        }
    }
}

/// The files of rows of a reading.
pub(crate) struct Rows<'a> {
    pub(crate) jobs: &'a [Job],
    pub(crate) common: Common<'a>,
    pub(crate) threads: usize,
    pub(crate) former: &'a Former,
    /// Hashes that are known.
    pub(crate) hashes: &'a BTreeMap<PathBuf, String>,
}

impl Rows<'_> {
    /// Reads them, or takes them over, into the outcomes by number.
    pub(crate) fn read(
        &self,
        mut keeping: Option<&mut Keeping>,
        outcomes: &mut Outcomes,
    ) -> Result<(), IntakeError> {
        let mut taken = self.former.takes(self.jobs, self.hashes, self.common.as_of);
        let now = numbers(&taken);
        let new: Vec<&Job> = self
            .jobs
            .iter()
            .filter(|job| !taken.contains_key(&job.file))
            .collect();
        let none = BTreeMap::new();
        let mut marks = self.side_by_side(new, &none, keeping.as_deref(), outcomes)?;
        let mut repeats: BTreeMap<u32, Known> = BTreeMap::new();
        let kinds: BTreeSet<&str> = self.jobs.iter().map(|job| job.layout.kind.as_str()).collect();
        for kind in kinds {
            repeats.extend(self.repeats_of(kind, &mut marks, &taken)?);
        }
        add_former(&mut repeats, &mut taken, &now);
        self.take_over(&taken, &now, outcomes)?;
        let again = self
            .jobs
            .iter()
            .filter(|job| repeats.contains_key(&job.file))
            .collect();
        let quiet = Self {
            common: Common {
                progress: &|_, _| {},
                ..self.common
            },
            ..*self
        };
        quiet.side_by_side(again, &repeats, keeping.as_deref(), outcomes)?;
        for job in self.jobs {
            if let (Some(keeping), Some(outcome)) = (&mut keeping, outcomes.get(&job.file)) {
                keeping.file(job, self.common.as_of, outcome)?;
            }
        }
        Ok(())
    }

    /// Takes files over from the last reading; `now` are their numbers of today by those of then.
    fn take_over(
        &self,
        taken: &BTreeMap<u32, &KeptFile>,
        now: &BTreeMap<u32, u32>,
        outcomes: &mut Outcomes,
    ) -> Result<(), IntakeError> {
        let take_over = |job: &Job| -> Option<Result<(u32, FileOutcome), IntakeError>> {
            let (kept, out) = (taken.get(&job.file)?, self.common.out?);
            let outcome = self.former.take_over(kept, job, out, now);
            let size = fs_err::metadata(&job.absolute).map_or(0, |meta| meta.len());
            (self.common.progress)(&job.path, size);
            Some(outcome.map(|outcome| (job.file, outcome)))
        };
        let taken_over: Vec<Result<_, IntakeError>> = self.jobs.par_iter().filter_map(take_over).collect();
        for outcome in taken_over {
            let (file, outcome) = outcome?;
            outcomes.insert(file, outcome);
        }
        Ok(())
    }

    /// What files of a kind repeat of one another, as far as it is not known.
    fn repeats_of(
        &self,
        kind: &str,
        marks: &mut BTreeMap<u32, Marks>,
        taken: &BTreeMap<u32, &KeptFile>,
    ) -> Result<BTreeMap<u32, Known>, IntakeError> {
        let files: Vec<u32> = self
            .jobs
            .iter()
            .filter(|job| job.layout.kind == kind)
            .map(|job| job.file)
            .collect();
        let read: Vec<(u32, Marks)> = files
            .iter()
            .filter_map(|file| Some((*file, marks.remove(file)?)))
            .collect();
        if files.len() < 2 || read.is_empty() {
            return Ok(BTreeMap::new());
        }
        let mut all = Vec::with_capacity(files.len());
        let kept: Vec<(u32, &KeptFile)> = files
            .iter()
            .filter_map(|file| Some((*file, *taken.get(file)?)))
            .collect();
        if !kept.is_empty() {
            let new = Wanted::of(
                read.iter()
                    .flat_map(|(_, marks)| marks.iter().map(|(mark, _)| *mark)),
            );
            let met = |(file, kept): (u32, &KeptFile)| Ok((file, self.former.met(kept, &new)?));
            let met: Vec<Result<_, IntakeError>> = kept.into_par_iter().map(met).collect();
            for of_file in met {
                all.push(of_file?);
            }
        }
        all.extend(read);
        all.sort_unstable_by_key(|(file, _)| *file);
        Ok(between_files(all))
    }

    /// Reads some files, each without what it is known to repeat; gives their marks, and keeps them.
    fn side_by_side(
        &self,
        jobs: Vec<&Job>,
        known: &BTreeMap<u32, Known>,
        keeping: Option<&Keeping>,
        outcomes: &mut Outcomes,
    ) -> Result<BTreeMap<u32, Marks>, IntakeError> {
        let mut order: Vec<&Job> = jobs;
        let size = |job: &Job| fs_err::metadata(&job.absolute).map_or(0, |meta| meta.len());
        order.sort_by_key(|job| (std::cmp::Reverse(size(job)), job.file));
        // Only kinds with several files can repeat between files.
        let mut several: BTreeMap<&str, usize> = BTreeMap::new();
        for job in self.jobs {
            *several.entry(&job.layout.kind).or_default() += 1;
        }
        let next = AtomicUsize::new(0);
        let nothing = Known::new();
        let (results, arriving) = channel();
        std::thread::scope(|scope| {
            for _ in 0..self.threads.clamp(1, order.len().max(1)) {
                let results = results.clone();
                let (order, next, nothing, several) = (&order, &next, &nothing, &several);
                scope.spawn(move || {
                    while let Some(job) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let mut result = read(job, self.common, known.get(&job.file).unwrap_or(nothing));
                        if let (Ok(read), Some(keeping)) = (&mut result, keeping) {
                            if let Err(error) = keeping.marks(job.file, &read.marks) {
                                result = Err(error);
                            } else if several.get(job.layout.kind.as_str()) == Some(&1) {
                                read.marks = Vec::new();
                            }
                        }
                        if results.send((job.file, result)).is_err() {
                            return;
                        }
                    }
                });
            }
        });
        drop(results);
        let by_file: BTreeMap<u32, Result<_, IntakeError>> = arriving.into_iter().collect();
        let mut marks = BTreeMap::new();
        // Of several errors the first file's is told, whichever came first.
        for (file, result) in by_file {
            let read = result?;
            outcomes.insert(file, read.outcome);
            marks.insert(file, read.marks);
        }
        Ok(marks)
    }
}
