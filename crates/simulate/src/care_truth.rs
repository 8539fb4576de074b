//! `truth/care.csv` and `truth/care_organisations.csv`: the care people truly had, and how hospitals record it.
//!
//! `care.csv` has a line for each item at each event of each person who left a record:
//! `person,event,date,item,truth,recorded,organisation`. `truth` is `yes` or `no`; `recorded` is the code that a
//! file holds (of a needs assessment offer and status, `03/02`), `date` where a version of COSD shows only that a
//! meeting took place, `2x` for an emergency admission where COSD names no route, and empty where nothing was sent.
//! The date is the event's own, not the one a hospital states.

use crate::care::standards::{SentLines, Standards};
use crate::geography::Nation;
use crate::write::person_name;
use fs_err as fs;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

/// `truth/care.csv`, open.
pub(crate) struct CareTruth {
    lines: BufWriter<fs::File>,
}

impl CareTruth {
    /// Writes the hospitals and begins the people.
    pub(crate) fn create(root: &Path, nation: &Nation) -> io::Result<CareTruth> {
        let folder = root.join("truth");
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("care_organisations.csv"), nation.care.csv())?;
        let mut lines = BufWriter::new(fs::File::create(folder.join("care.csv"))?);
        lines.write_all(b"person,event,date,item,truth,recorded,organisation\n")?;
        Ok(CareTruth { lines })
    }

    /// The lines of one person.
    pub(crate) fn person(
        &mut self,
        nation: &Nation,
        place: u64,
        standards: &Standards,
        sent: &SentLines,
    ) -> io::Result<()> {
        for (n, line) in standards.lines.iter().enumerate() {
            writeln!(
                self.lines,
                "{},{},{},{},{},{},{}",
                person_name(place),
                line.event.as_str(),
                line.date,
                line.item.as_str(),
                if line.truth { "yes" } else { "no" },
                sent.recorded(n, line),
                nation.at(line.hospital).body.code,
            )?;
        }
        Ok(())
    }

    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.lines.flush()
    }
}
