//! Small invented nations, and single studies written by hand.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::program::counted;

/// With fewer primaries a nation is small.
const SMALL: u32 = 1_000;

/// A study folder that is removed at the end of its test.
pub(crate) struct Study {
    root: TempDir,
}

impl Study {
    /// An invented nation; prints its seed.
    pub(crate) fn invented(seed: u64, primaries: u32) -> Self {
        eprintln!("seed {seed}, {primaries} primaries");
        let study = Self {
            root: TempDir::new().unwrap(),
        };
        let folder = study.folder();
        counted(&[
            "simulate",
            folder.to_str().unwrap(),
            "--seed",
            &seed.to_string(),
            "--primaries",
            &primaries.to_string(),
        ])
        .well();
        if primaries < SMALL {
            study.few_draws();
        }
        study
    }

    /// A fifth of the draws: what is asked of a small nation hangs on no digit of an estimate, and drawing is much of its run.
    fn few_draws(&self) {
        let assumptions = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../definitions/estimate/uk-2026.1/estimate.toml"
        );
        let assumptions = fs_err::read_to_string(assumptions).unwrap();
        let fewer = assumptions.replacen("draws = 2000", "draws = 400", 1);
        assert_ne!(fewer, assumptions);
        self.write("estimate.toml", fewer);
        let study = fs_err::read_to_string(self.at("study.toml")).unwrap();
        let with = study.replacen("[estimate]\n", "[estimate]\nassumptions = \"estimate.toml\"\n", 1);
        assert_ne!(with, study);
        self.write("study.toml", with);
    }

    /// A study of two registrations, and of what the test adds.
    pub(crate) fn tiny() -> Self {
        let study = Self {
            root: TempDir::new().unwrap(),
        };
        fs_err::create_dir_all(study.folder()).unwrap();
        study.write(
            "study.toml",
            [HEAD, &source("registrations", "registrations.csv")].concat(),
        );
        study.write("registrations.csv", REGISTRATIONS);
        study
    }

    /// A study with nothing in it.
    pub(crate) fn empty() -> Self {
        let study = Self {
            root: TempDir::new().unwrap(),
        };
        fs_err::create_dir_all(study.folder()).unwrap();
        study
    }

    /// Leaves of it only what was sent, as before its first run.
    pub(crate) fn forget(&self) {
        for made in ["out", "state"] {
            fs_err::remove_dir_all(self.at(made)).unwrap();
        }
    }

    /// Its folder.
    pub(crate) fn folder(&self) -> PathBuf {
        self.root.path().join("study")
    }

    /// A place beside the study folder, removed with it.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// A place in the study folder.
    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.folder().join(path)
    }

    /// Writes a file of the study.
    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let place = self.at(path);
        fs_err::create_dir_all(place.parent().unwrap()).unwrap();
        fs_err::write(place, content).unwrap();
    }

    /// Adds to a file of the study.
    pub(crate) fn append(&self, path: &str, content: impl AsRef<[u8]>) {
        let mut bytes = fs_err::read(self.at(path)).unwrap();
        bytes.extend_from_slice(content.as_ref());
        self.write(path, bytes);
    }
}

/// The head of a study written by hand.
pub(crate) const HEAD: &str = "[study]\nname = \"A small study\"\ncountry = \"uk\"\nas_of = 2025-12-31\n\
    period = [2019-01-01, 2025-12-31]\ndefinition = \"uk-mbc/2026.1\"\n";

/// Two registrations; the first is metastatic at diagnosis.
pub(crate) const REGISTRATIONS: &str = "PATIENTID,NHSNUMBER,FAMILYNAME,GIVENNAME,BIRTHDATEBEST,SEX,POSTCODE,TUMOURID,\
    DIAGNOSISDATEBEST,SITE_ICD10_O2,STAGE_BEST,M_BEST,LATERALITY,ER_STATUS,PR_STATUS,HER2_STATUS,DIAG_TRUST,\
    VITALSTATUS,VITALSTATUSDATE\n\
    1,9990000018,ASH,ANN,1950-02-03,2,OX1 1AA,11,2023-04-05,C509,4,1,L,P,P,N,RTH,A,2025-12-31\n\
    2,9990000026,OAK,BEA,1951-02-03,2,OX1 1AB,12,2023-04-06,C509,2,0,L,P,P,N,RTH,A,2025-12-31\n";

/// One `[[source]]` of a study.
pub(crate) fn source(kind: &str, path: &str) -> String {
    format!("\n[[source]]\nkind = \"{kind}\"\npath = \"{path}\"\n")
}

/// The files of one kind in a folder, in the order of their names.
pub(crate) fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs_err::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

/// A stream of numbers from a seed (SplitMix64), for moments and choices.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % limit.max(1)
    }
}
