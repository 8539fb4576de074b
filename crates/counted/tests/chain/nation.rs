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
            study.few_hospitals();
        }
        study
    }

    /// A fifth of the draws: what is asked of a small nation hangs on no digit of an estimate, and drawing is much of its run.
    fn few_draws(&self) {
        self.assumes(&[("draws = 2000", "draws = 400")]);
    }

    /// Assumptions of its own: those of the program, with some words changed.
    pub(crate) fn assumes(&self, changes: &[(&str, &str)]) {
        let assumptions = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../definitions/estimate/uk-2026.1/estimate.toml"
        );
        let mut own = fs_err::read_to_string(assumptions).unwrap();
        for (words, others) in changes {
            assert!(own.contains(words), "{words}");
            own = own.replacen(words, others, 1);
        }
        self.write("estimate.toml", own);
        let study = fs_err::read_to_string(self.at("study.toml")).unwrap();
        let with = study.replacen("[estimate]\n", "[estimate]\nassumptions = \"estimate.toml\"\n", 1);
        assert_ne!(with, study);
        self.write("study.toml", with);
    }

    /// Two hospitals of each network and what only treats; the others were taken over by one of the two. A site has some ten
    /// files of each, and a third of a small nation's run went into them.
    fn few_hospitals(&self) {
        let text = fs_err::read_to_string(self.at("organisations.csv")).unwrap();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let head = reader.headers().unwrap().clone();
        let at = |name: &str| head.iter().position(|column| column == name).unwrap();
        let [code, network, treats_only, predecessors] =
            ["code", "network", "treats_only", "predecessors"].map(at);
        let mut kept: Vec<Vec<String>> = Vec::new();
        for row in reader.records() {
            let row: Vec<String> = row.unwrap().iter().map(str::to_owned).collect();
            let alike = |own: &usize| {
                kept[*own][network] == row[network] && kept[*own][treats_only] == row[treats_only]
            };
            let alike: Vec<usize> = (0..kept.len()).filter(alike).collect();
            if alike.len() < 2 {
                kept.push(row);
                continue;
            }
            let smaller = alike.into_iter().min_by_key(|own| kept[*own][predecessors].len());
            let taken_over = &mut kept[smaller.unwrap()][predecessors];
            for codes in [&row[code], &row[predecessors]] {
                if !codes.is_empty() {
                    let before = if taken_over.is_empty() { "" } else { "; " };
                    *taken_over += &format!("{before}{codes}");
                }
            }
        }
        let mut organisations = csv::Writer::from_path(self.at("organisations.csv")).unwrap();
        organisations.write_record(&head).unwrap();
        for row in &kept {
            organisations.write_record(row).unwrap();
        }
        organisations.flush().unwrap();
        // Nurses are told of hospitals of today.
        let text = fs_err::read_to_string(self.at("staffing.csv")).unwrap();
        let stays = |line: &&str| {
            let of = line.split(',').next();
            of == Some("organisation") || kept.iter().any(|row| of == Some(row[code].as_str()))
        };
        let lines = text.lines().filter(stays).map(|line| format!("{line}\n"));
        self.write("staffing.csv", lines.collect::<String>());
    }

    /// A study of two registrations, and of what the test adds, in a country of five hospitals.
    pub(crate) fn tiny() -> Self {
        let study = Self::tiny_in_all();
        study.few_organisations();
        study
    }

    /// The same with every hospital of the United Kingdom, of which each has its pages.
    pub(crate) fn tiny_in_all() -> Self {
        let study = Self::empty();
        study.write(
            "study.toml",
            [HEAD, &source("registrations", "registrations.csv")].concat(),
        );
        study.write("registrations.csv", REGISTRATIONS);
        study
    }

    /// Five hospitals in place of all of the United Kingdom: a site has some ten files of each, and most of a tiny run went
    /// into them.
    pub(crate) fn few_organisations(&self) {
        let settings = fs_err::read_to_string(self.at("study.toml")).unwrap();
        let own = "organisations = \"organisations.csv\"\ndefinition =";
        let with = settings.replacen("definition =", own, 1);
        assert_ne!(with, settings);
        self.write("study.toml", with);
        self.write("organisations.csv", ORGANISATIONS);
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

/// A hospital of each nation, and two of England.
const ORGANISATIONS: &str = "code,name,short_name,nation,kind,network,latitude,longitude,opened,closed,breast_service,\
    treats_only,predecessors,note\n\
    RTH,Hospitals of Ashford,Ashford,England,acute_trust,Vale,51.76,-1.22,1998-04-01,,yes,no,,\n\
    RHU,Hospitals of Birchley,Birchley,England,acute_trust,Solent,50.85,-1.07,1991-04-01,,yes,no,,\n\
    7A1,Board of Cwm,Cwm,Wales,local_health_board,Wales,53.27,-3.50,,,yes,no,,\n\
    S08000024,Board of Drum,Drum,Scotland,health_board,South East,55.96,-3.23,,,yes,no,,\n\
    BHSCT,Trust of Elmbridge,Elmbridge,Northern Ireland,hsc_trust,Northern Ireland,54.57,-5.95,,,yes,no,,\n";

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
