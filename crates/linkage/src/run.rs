//! The stage: from identities to people.

use std::io::ErrorKind::{NotFound, UnexpectedEof};
use std::path::Path;

use serde::Serialize;

use crate::arrivals::{arrive, origins, together};
use crate::cascade::{Options, SharedValues, StepReport};
use crate::decisions::{Decided, Decision};
use crate::error::LinkageError;
use crate::files::Files;
use crate::finish::{Found, finish};
use crate::kept::{self, DecidedRecords, Kept};
use crate::resent::Before;
use crate::whole::link_all;

/// What the stage needs.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// Folder of the tables that intake wrote.
    pub intake: &'a Path,
    /// Folder of the tables of the former run of this stage, whose people keep their ids.
    pub former: Option<&'a Path>,
    /// Folder of the tables that intake wrote for the former run, where it is still there: files that lie in both are not
    /// read to see whether they changed, and a new decision about a file that changed is held against what its rows said.
    pub former_intake: Option<&'a Path>,
    /// Folder for the tables of this stage; it must be there.
    pub out: &'a Path,
    /// Limits.
    pub options: &'a Options,
    /// True for the code of an organisation. Whatever else stands in that column may be somebody's value, and is named
    /// in no table.
    pub is_organisation: &'a dyn Fn(&str) -> bool,
    /// What somebody decided about records.
    pub decisions: &'a [Decision],
    /// Identifies the build of the program: people whom another one linked are linked anew.
    pub program: &'a str,
    /// Links everybody, also where only a few records are new.
    pub everybody: bool,
    /// With two or more, tables are decoded while others are worked on. The outcome is the same.
    pub threads: usize,
    /// Told what is being done, and how many records are done with.
    pub progress: &'a dyn Fn(&str, u64),
}

/// What the stage did, in numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Records read and written.
    pub records: u64,
    /// Distinct identities of these records.
    pub identities: u64,
    /// People.
    pub people: u64,
    /// What each step did.
    pub steps: Vec<StepReport>,
    /// Values that too many people share.
    pub shared: Vec<SharedValues>,
    /// Contradictions listed.
    pub conflicts: u64,
    /// People who keep an id of the former run.
    pub kept: u64,
    /// People with a new id.
    pub new: u64,
    /// Merges of former people.
    pub merges: u64,
    /// Splits of former people.
    pub splits: u64,
    /// Records whose identity was read; the others are as the former run read them.
    pub records_read: u64,
    /// Identities that were linked; the others stay with whom they were.
    pub identities_linked: u64,
    /// Records that stand in the tables as the former run wrote them, but for people that changed.
    pub records_taken_over: u64,
    /// Why everybody was linked, where there were former people.
    pub everybody_because: Option<String>,
}

/// Links the records of a study.
///
/// With the tables of the former run, and all of its files unchanged among the present ones, only the new files are
/// read, and only those linked anew whom their records touch; the outcome is that of linking everybody, but for the shares of
/// right links (`link_errors`), which stay those of the former run until they move by more than 0.0005, and for the chances that a link
/// was missed, which stay until there are a tenth more identities (decision 0007).
pub fn run(request: &Request<'_>) -> Result<Report, LinkageError> {
    let files = Files::read(request.intake)?;
    let decided = Decided::new(request.decisions)?;
    fs_err::create_dir_all(request.out.join(kept::FOLDER))?;
    let former = request.former.and_then(Kept::read);
    let mut present = Kept::new(request.program, request.options, request.decisions)?;
    // A fingerprint is of one version of the program.
    let alike = former
        .as_ref()
        .filter(|former| former.differs(&present).is_none());
    present.files = files.kept(alike, request.former_intake)?;
    let because = match beside(request, &files, &present, former.as_ref(), &decided)? {
        Ok(found) => return finish(request, &files, present, former.as_ref(), found, None),
        Err(because) => because,
    };
    // Nothing that was kept says then which files are as they were; the list of the former intake may.
    let damaged = request.former.is_some() && former.is_none();
    let listed = request.former_intake.filter(|_| damaged);
    let listed = listed.and_then(|intake| Files::read(intake).ok());
    let before = Before {
        kept: former.as_ref(),
        listed: listed.as_ref(),
        present: &present.files,
    };
    let found = link_all(request, &files, &decided, before)?;
    finish(request, &files, present, None, found, because)
}

/// Links new records beside the people of the former run. If that will not do, says why; where there is no former run
/// there is nothing to say.
fn beside(
    request: &Request<'_>,
    files: &Files,
    present: &Kept,
    former: Option<&Kept>,
    decided: &Decided,
) -> Result<Result<Found, Option<&'static str>>, LinkageError> {
    let Some(folder) = request.former else {
        return Ok(Err(None));
    };
    if request.everybody {
        return Ok(Err(Some("it was asked for")));
    }
    let Some(former) = former else {
        return Ok(Err(Some("the former run left nothing to go on from")));
    };
    if let Some(why) = former.differs(present) {
        return Ok(Err(Some(why)));
    }
    let decided_records = DecidedRecords::read(folder)?;
    if !decided_records.knows(request.decisions) {
        return Ok(Err(Some("whom decisions are about is not known any more")));
    }
    let origins = match origins(&present.files, (former, folder), decided) {
        Ok(origins) => origins,
        Err(why) => return Ok(Err(Some(why))),
    };
    let damaged = Ok(Err(Some("what the former run left is damaged")));
    let found = together(request, folder, files, &origins, former).and_then(|all| match all {
        Ok(all) => arrive(request, folder, all, origins, former, decided),
        Err(why) => Ok(Err(why)),
    });
    match found {
        // All files that decisions speak of are as they were.
        Ok(found) => Ok(found
            .map(|found| Found {
                decided_records,
                ..found
            })
            .map_err(Some)),
        Err(LinkageError::Kept) => damaged,
        Err(LinkageError::Io(error)) if matches!(error.kind(), UnexpectedEof | NotFound) => damaged,
        Err(error) => Err(error),
    }
}
