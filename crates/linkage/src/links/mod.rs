//! Writes `links` and `persons`, each record once, in order of file and row.
//!
//! Rows lie in groups that no two large files share. Where the former run wrote the same records, and their people
//! are as they were, a group is taken over as it is; where only people changed, the columns that do not speak of people
//! are.

mod again;
mod ahead;
mod anew;

pub(crate) use anew::record_id;

use std::path::Path;
use std::sync::Arc;

use engine::{GROUP_ROWS, GroupWriter, Groups, MOST_GROUPS};
use layouts::tables;

use crate::arrivals::Relinked;
use crate::bits::Bits;
use crate::cascade::{ALONE, Linked, Step};
use crate::error::LinkageError;
use crate::errors::{ByFile, Expected};
use crate::files::Files;
use crate::kept::{
    Apart, ApartRecord, Everybody, Kept, KeptFile, KeptGroup, Lies, RecordsReader, RecordsWriter, first,
};
use crate::numbering::{Ids, person_id, put_person_id};
use crate::operations::Moved;
use crate::people::Members;
use crate::read::PlacesReader;
use crate::said::Sayings;
use crate::threads::{in_parts, side_by_side};

pub(crate) const LINKS: &str = "links.parquet";
const PERSONS: &str = "persons.parquet";

/// Rows of a group: so few that most groups stay as they are when a few records change, unless there would be too many
/// groups.
const ROWS: u64 = 4_096;
/// With more groups than this they are larger.
const MANY_GROUPS: u64 = 8_000;

/// What the former run wrote.
pub(crate) struct FormerLinks<'a> {
    pub(crate) kept: &'a Kept,
    pub(crate) links: Arc<Groups>,
    pub(crate) persons: Arc<Groups>,
    pub(crate) records: RecordsReader,
    /// Identities that were linked anew, or whose people must be written anew.
    pub(crate) touched: Bits,
    /// Identities whose step is another now.
    pub(crate) other_step: Bits,
    /// Steps whose share of right links is another now.
    pub(crate) other_shares: Vec<Step>,
}

impl<'a> FormerLinks<'a> {
    pub(crate) fn open(folder: &Path, kept: &'a Kept, threads: usize) -> Result<Self, LinkageError> {
        let open = |name: &str| -> Result<Arc<Groups>, LinkageError> {
            Ok(Arc::new(Groups::open(&folder.join(name))?))
        };
        let (links, persons) = side_by_side(threads, || open(LINKS), || open(PERSONS))?;
        let sound = |groups: &Groups| {
            groups.count() == kept.groups.len()
                && kept
                    .groups
                    .iter()
                    .enumerate()
                    .all(|(at, group)| groups.rows(at) == group.rows())
        };
        if !sound(&links) || !sound(&persons) {
            return Err(LinkageError::Kept);
        }
        Ok(Self {
            kept,
            links,
            persons,
            records: RecordsReader::open(folder),
            touched: Bits::default(),
            other_step: Bits::default(),
            other_shares: Vec::new(),
        })
    }
}

/// Where what is known of the records of a file comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// They were read by this run.
    Read,
    /// They are the records of a file of the former run, by its place in that list.
    Kept(u32),
}

impl Origin {
    /// The place of the file in the list of the former run.
    pub(crate) fn former(&self) -> Option<usize> {
        match self {
            Self::Read => None,
            Self::Kept(place) => Some(*place as usize),
        }
    }
}

/// What was read by this run: the identity of each record, and the person that it had.
pub(crate) struct Read<'a> {
    pub(crate) places: PlacesReader,
    /// Where identities are numbered otherwise than they were read.
    pub(crate) place: Option<&'a [u32]>,
    pub(crate) before: Option<PlacesReader>,
    pub(crate) done: u64,
}

impl Read<'_> {
    fn next(&mut self) -> Result<(u32, u32), LinkageError> {
        let lost = LinkageError::Lost {
            read: self.done,
            written: self.done + 1,
        };
        let Some(place) = self.places.next()? else {
            return Err(lost);
        };
        let before = match &mut self.before {
            Some(before) => before.next()?.ok_or(lost)?,
            None => 0,
        };
        self.done += 1;
        Ok((self.place.map_or(place, |of| of[place as usize]), before))
    }
}

/// What is needed to write.
pub(crate) struct Known<'a> {
    pub(crate) request: &'a crate::Request<'a>,
    pub(crate) files: &'a Files,
    pub(crate) origins: &'a [Origin],
    pub(crate) everybody: &'a Everybody,
    /// Records of each file.
    pub(crate) files_records: &'a [u64],
    /// Records of each identity.
    pub(crate) records: &'a [u32],
    /// By step, in ten-thousandths.
    pub(crate) shares: &'a [u64],
    /// People who must be written anew; everybody where there is none.
    pub(crate) changed: Option<&'a Bits>,
    /// Records of the former run that follow from no identity.
    pub(crate) apart: &'a Apart,
    /// Those who were linked anew, where not everybody was.
    pub(crate) some: Option<&'a Relinked>,
    /// The files of the former run.
    pub(crate) kept_files: &'a [KeptFile],
}

impl Known<'_> {
    /// The person that a record of the former run had, by its place in its file.
    fn had(&self, identity: u32, record: (usize, u64)) -> u32 {
        match self.some.filter(|some| some.are_anew.holds(identity)) {
            // How it was joined then is not known any more.
            Some(some) => {
                let of_identity = some.had[some.anew[identity as usize] as usize];
                self.apart.whose(record, false, of_identity)
            }
            None => {
                let joined = self.everybody.linked.steps[identity as usize].is_some();
                self.apart
                    .whose(record, joined, self.everybody.persons[identity as usize])
            }
        }
    }

    /// Whether each record of an identity is somebody's of its own, of several.
    fn stays_apart(&self, identity: u32) -> bool {
        self.everybody.linked.steps[identity as usize].is_none() && self.records[identity as usize] > 1
    }

    /// Identities that were linked anew, or whose people must be written anew.
    pub(crate) fn touched(&self, some: &Relinked) -> Bits {
        let changed = self.changed;
        let parts = in_parts(self.request.threads, &self.everybody.persons, |first, part| {
            let changed = |person: u32| changed.is_none_or(|changed| changed.holds(person));
            let all = (first as u32..).zip(part);
            let those = all.filter(|(identity, person)| changed(**person) || some.are_anew.holds(*identity));
            those.map(|(identity, _)| identity).collect::<Vec<u32>>()
        });
        let mut touched = Bits::new(self.records.len());
        for identity in parts.into_iter().flatten() {
            touched.put(identity);
        }
        touched
    }
}

/// What was written.
pub(crate) struct Written<'a> {
    pub(crate) records: u64,
    /// Of them, those whose groups were taken over at least in part.
    pub(crate) taken_over: u64,
    pub(crate) members: Members,
    pub(crate) sayings: Sayings,
    pub(crate) by_file: ByFile<'a>,
    pub(crate) groups: Vec<KeptGroup>,
    pub(crate) moved: Vec<Moved>,
    /// Where the records of each file lie.
    pub(crate) lies: Vec<Lies>,
    /// Records that follow from no identity.
    pub(crate) apart: Apart,
}

/// Both tables, whose rows are all said.
pub(crate) struct Tables {
    links: GroupWriter,
    persons: GroupWriter,
}

impl Tables {
    /// Completes the tables and makes them durable.
    pub(crate) fn finish(self) -> Result<(), LinkageError> {
        self.links.finish()?;
        self.persons.finish()?;
        Ok(())
    }
}

/// Writes both tables, which are still to be finished, and keeps the records for the next run.
pub(crate) fn write<'e>(
    known: &Known<'_>,
    expected: &'e Expected,
    ids: Ids<'_>,
    read: Read<'_>,
    former: Option<&mut FormerLinks<'_>>,
) -> Result<(Tables, Written<'e>), LinkageError> {
    let out = known.request.out;
    let folder = known.request.former.filter(|_| former.is_some());
    let (records, lie) = RecordsWriter::create(out, folder.map(|folder| (folder, known.kept_files)))?;
    let lies = |origin: &Origin| match origin {
        Origin::Kept(before) => lie.get(*before as usize).copied().unwrap_or_default(),
        Origin::Read => Lies::default(),
    };
    let aside = |writer: GroupWriter| {
        if known.request.threads > 1 {
            writer.aside()
        } else {
            writer
        }
    };
    let links = GroupWriter::create(&out.join(LINKS), &tables::links(), &["row", "person"])?;
    let rare = ["record_id", "person_id"];
    let persons = GroupWriter::create(&out.join(PERSONS), &tables::persons(), &rare)?;
    let mut writing = Writing {
        known,
        ids,
        read,
        links: aside(links),
        persons: aside(persons),
        records,
        apart: Vec::new(),
        open: KeptGroup { files: Vec::new() },
        full: (known.files_records.iter().sum::<u64>() / MANY_GROUPS).clamp(ROWS, GROUP_ROWS as u64),
        text: String::new(),
        done: Written {
            records: 0,
            taken_over: 0,
            members: Members::new(known.records.len()),
            sayings: Sayings::new(known.everybody.says.clone()),
            by_file: ByFile::new(expected, known.files.list.len()),
            groups: Vec::new(),
            moved: Vec::new(),
            lies: known.origins.iter().map(lies).collect(),
            apart: Apart::default(),
        },
    };
    writing.all(former)?;
    writing.done.apart = Apart::of(std::mem::take(&mut writing.apart));
    writing.records.finish()?;
    let tables = Tables {
        links: writing.links,
        persons: writing.persons,
    };
    Ok((tables, writing.done))
}

struct Writing<'a, 'e> {
    known: &'a Known<'a>,
    ids: Ids<'a>,
    read: Read<'a>,
    links: GroupWriter,
    persons: GroupWriter,
    records: RecordsWriter,
    /// Records that follow from no identity, so far.
    apart: Vec<ApartRecord>,
    /// The group at hand.
    open: KeptGroup,
    /// Rows at which a group is full; at the end of a file half of them will do, so that small files share one.
    full: u64,
    text: String,
    done: Written<'e>,
}

impl Writing<'_, '_> {
    fn all(&mut self, mut former: Option<&mut FormerLinks<'_>>) -> Result<(), LinkageError> {
        let mut at = 0;
        while at < self.known.files.list.len() {
            if let Some(former) = former.as_deref_mut() {
                let files = self.taken_over(at, former)?;
                if files > 0 {
                    at += files;
                    continue;
                }
            }
            self.file(at, former.as_deref_mut())?;
            at += 1;
        }
        self.end_group()
    }

    /// Ends the group at hand, if it has a row.
    fn end_group(&mut self) -> Result<(), LinkageError> {
        if self.open.files.is_empty() {
            return Ok(());
        }
        self.links.end_group()?;
        self.persons.end_group()?;
        let group = KeptGroup {
            files: std::mem::take(&mut self.open.files),
        };
        self.done.groups.push(group);
        Ok(())
    }

    /// Hears a record by its place in its file, whose person is known now.
    fn hear(&mut self, (file, at): (usize, u64), identity: u32, person: u32, says: u32) {
        if self.known.stays_apart(identity) {
            self.apart.push(ApartRecord {
                at: first(file, at),
                identity,
                person,
            });
        }
        if self.known.changed.is_none_or(|changed| changed.holds(person)) {
            let joined = self.known.everybody.linked.steps[identity as usize].is_some();
            let records = joined.then(|| self.known.records[identity as usize]);
            self.done.members.hear(person, identity, records, says);
        }
    }

    fn moved(&mut self, record: String, from: u32, to: u32, content: Option<&str>) {
        if from != 0 && from != to {
            self.done.moved.push(Moved {
                record,
                from: person_id(from),
                to: person_id(to),
                content: content.map(str::to_owned),
            });
        }
    }
}

/// The step that joined the records of an identity, and the share of right links that it makes.
fn step_of(linked: &Linked, shares: &[u64], identity: u32) -> (&'static str, f64) {
    match linked.steps[identity as usize] {
        None => (ALONE, 1.0),
        Some(step) => (step.name(), share(shares, step)),
    }
}

fn share(shares: &[u64], step: Step) -> f64 {
    shares
        .get(step as usize)
        .map_or(1.0, |share| *share as f64 / 10_000.0)
}

/// Columns of `links`.
const FILE: usize = 1;
const PERSON: usize = 3;
const STEP: usize = 4;
const PROBABILITY: usize = 5;
/// Columns of `persons`.
const PERSON_ID: usize = 2;
const STEP_OF_PERSON: usize = 3;
const PROBABILITY_OF_PERSON: usize = 4;
