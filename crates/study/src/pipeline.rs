//! The stages in their order, each with the key of all it depends on.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use engine::Session;
use rayon::prelude::*;
use serde_json::{Value, json};
use vocabulary::organisation::Resolved;

use crate::config::Source;
use crate::covered::{Covered, declared_hole};
use crate::error::StudyError;
use crate::followed;
use crate::hashes::{Hashed, Hashes};
use crate::matched::{self, Matched};
use crate::open::{Current, Study};
use crate::revisions;
use crate::run::{Event, Options, Stage};
use crate::stages::{Depends, Key, Stages};

/// A run on its way through the stages.
pub(crate) struct Pipeline<'a> {
    pub study: &'a Study,
    pub options: &'a Options<'a>,
    stages: &'a Stages,
    work: &'a Path,
    /// Files of each source, in the order of `study.toml`.
    pub files: Vec<Vec<Matched>>,
    hashes: Hashes,
    keys: BTreeMap<&'static str, Key>,
    folders: BTreeMap<&'static str, PathBuf>,
}

impl<'a> Pipeline<'a> {
    pub(crate) fn new(
        study: &'a Study,
        options: &'a Options<'a>,
        stages: &'a Stages,
        work: &'a Path,
    ) -> Result<Self, StudyError> {
        let sources = &study.config.sources;
        let files = sources
            .iter()
            .map(|source| matched::matches(&study.folder, source))
            .collect::<Result<Vec<_>, _>>()?;
        matched::each_once(&files)?;
        matched::none_by_case(&study.folder, sources, &files)?;
        Ok(Self {
            study,
            options,
            stages,
            work,
            files,
            hashes: Hashes::open(&study.state(), options.reread),
            keys: BTreeMap::new(),
            folders: BTreeMap::new(),
        })
    }

    /// Runs a stage, or takes what it left the last time; says which, and why.
    pub(crate) fn stage(&mut self, name: &'static str) -> Result<(Stage, bool, String), StudyError> {
        let (key, depends) = match name {
            "intake" => self.intake_key()?,
            "linkage" => self.linkage_key()?,
            "casefind" => self.casefind_key(),
            "count" => self.count_key()?,
            _ => self.audit_key(),
        };
        let (stages, progress) = (self.stages, self.options.progress);
        let why = if stages.done(name, &key) {
            progress(Event::Skipped(name));
            "nothing that it depends on changed".to_owned()
        } else {
            progress(Event::Stage(name));
            stages.why(name, &depends)?
        };
        let (folder, ran) = stages.run(name, &key, &depends, |out| {
            let report = match name {
                "intake" => self.intake(out)?,
                "linkage" => self.linkage(out)?,
                "casefind" => self.casefind(out)?,
                "count" => self.count(out)?,
                _ => self.audit(out)?,
            };
            crate::run::write_json(&out.join("report.json"), &report)
        })?;
        let report = read_report(&folder)?;
        if ran {
            progress(Event::Done(name, ""));
        }
        self.keys.insert(name, key);
        self.folders.insert(name, folder.clone());
        Ok((Stage { folder, report }, ran, why))
    }

    pub(crate) fn folder(&self, stage: &str) -> PathBuf {
        self.folders.get(stage).cloned().unwrap_or_default()
    }

    /// The folder of a stage of the former run, where what is sealed of it is as that run left it: from what somebody rewrote
    /// since, nothing is taken over.
    fn former(&self, stage: &str, key: impl Fn(&Current) -> &Key) -> Result<Option<PathBuf>, StudyError> {
        let Some(former) = self.study.current()? else {
            return Ok(None);
        };
        let key = key(&former);
        let is_whole = self.stages.done(stage, key);
        Ok(is_whole.then(|| self.stages.place(stage, key)))
    }

    fn key(&self, stage: &str) -> &str {
        self.keys.get(stage).map_or("", Key::as_str)
    }

    /// The finished stages of this run.
    pub(crate) fn current(&self) -> Current {
        let key = |name: &str| {
            self.keys
                .get(name)
                .cloned()
                .unwrap_or_else(|| Key::of(name, "").finish())
        };
        Current {
            intake: key("intake"),
            linkage: key("linkage"),
            decisions: self.study.decisions.text(),
            casefind: key("casefind"),
            count: key("count"),
            audit: Some(key("audit")),
        }
    }

    /// Removes former stages and working files.
    pub(crate) fn clean(&self) -> Result<(), StudyError> {
        let kept: Vec<PathBuf> = self.folders.values().cloned().collect();
        self.stages.keep_only(&kept)?;
        if self.work.exists() {
            fs_err::remove_dir_all(self.work)?;
        }
        Ok(())
    }

    fn intake_key(&mut self) -> Result<(Key, Depends), StudyError> {
        let config = &self.study.config;
        let mut key = Key::of("intake", self.options.program);
        key.add("the day (as_of)", &config.as_of.to_string())
            .add("the list of organisations", &self.study.organisations_text);
        for ((source, files), number) in config.sources.iter().zip(&self.files).zip(1..) {
            let hashes: Vec<Result<Hashed, StudyError>> =
                files.par_iter().map(|file| self.hashes.of(file)).collect();
            let of = |what: &str| format!("{what} of source {number} ({})", source.kind);
            key.add(&of("the kind"), &source.kind)
                .add(&of("the columns"), &format!("{:?}", source.columns))
                .add(
                    &of("the person key"),
                    &format!("{:?} {:?}", source.person_key, source.key_space),
                )
                .add(&of("the nations"), &format!("{:?}", source.nations))
                .add(
                    &of("what becomes of unreadable files"),
                    &source.set_aside_unreadable.to_string(),
                );
            for (file, hash) in files.iter().zip(hashes) {
                let hashed = hash?;
                key.add(&of(&format!("file {}", file.relative)), &hashed.hash);
                self.hashes.add(file, hashed);
            }
        }
        self.hashes.keep()?;
        Ok(key.explained())
    }

    fn intake(&self, out: &Path) -> Result<Value, StudyError> {
        let sources: Vec<intake::SourceSpec> = self
            .study
            .config
            .sources
            .iter()
            .zip(&self.files)
            .map(|(source, files)| intake::SourceSpec {
                kind: source.kind.clone(),
                paths: files
                    .iter()
                    .map(|file| (file.relative.clone(), file.absolute.clone()))
                    .collect(),
                columns: source.columns.clone(),
                person_key: source.person_key.clone(),
                key_space: source.key_space.clone(),
                unreadable_set_aside: source.set_aside_unreadable,
                nations: source.nations.clone(),
            })
            .collect();
        let progress = |step: intake::Progress<'_>| {
            (self.options.progress)(Event::Progress {
                done: step.read,
                of: step.of,
            });
        };
        let former = self.former("intake", |former| &former.intake)?;
        let mut settings = Key::of("reading", self.options.program);
        settings.add("the list of organisations", &self.study.organisations_text);
        let settings = settings.finish();
        let request = intake::Request {
            sources: &sources,
            as_of: self.study.config.as_of,
            out,
            threads: self.options.threads,
            limits: intake::Limits::default(),
            organisations: Some(&self.study.registry),
            narrow: None,
            former: former.as_deref(),
            settings: Some(settings.as_str()),
            hashes: self.hashes.found(),
            progress: &progress,
        };
        let report = self.pool()?.install(|| intake::run(&request))?;
        told(&report)
    }

    fn linkage_key(&self) -> Result<(Key, Depends), StudyError> {
        let former = self.study.current()?;
        // The people of a run over the same records are those of that run.
        if let Some(former) = &former
            && former.intake.as_str() == self.key("intake")
            && former.decisions == self.study.decisions.text()
            && !self.options.relink
            && self.stages.done("linkage", &former.linkage)
        {
            return Ok((former.linkage.clone(), Depends::default()));
        }
        let mut key = Key::of("linkage", self.options.program);
        key.add("intake", self.key("intake"))
            .add("decisions about records", &self.study.decisions.text())
            .add("whether to link everybody", &self.options.relink.to_string());
        key.add(
            "the people of the last run",
            former.as_ref().map_or("", |former| former.linkage.as_str()),
        );
        Ok(key.explained())
    }

    fn linkage(&self, out: &Path) -> Result<Value, StudyError> {
        let former = self.study.state().join("people");
        let registry = &self.study.registry;
        let former_intake = self.former("intake", |former| &former.intake)?;
        let report = linkage::run(&linkage::Request {
            intake: &self.folder("intake"),
            former_intake: former_intake.as_deref(),
            former: former.exists().then_some(former.as_path()),
            out,
            options: &linkage::Options::default(),
            is_organisation: &|code| matches!(registry.resolve(code), Resolved::Known(_)),
            decisions: &self.study.decisions.list,
            program: self.options.program,
            everybody: self.options.relink,
            threads: self.options.threads,
            progress: &|_what, _records| {},
        });
        match report {
            Ok(report) => told(&report),
            Err(linkage::LinkageError::Decision { line, what }) => {
                Err(self.study.decisions.wrong(line, &what))
            }
            Err(error) => Err(error.into()),
        }
    }

    fn casefind_key(&self) -> (Key, Depends) {
        let mut key = Key::of("casefind", self.options.program);
        key.add("linkage", self.key("linkage"))
            .add("the list of organisations", &self.study.organisations_text);
        for (name, text) in &self.study.definition.files {
            key.add(&format!("the definition's {name}"), text);
        }
        for (kind, (first, last)) in self.study.config.declared_cover() {
            key.add(
                &format!("the months that {kind} covers"),
                &format!("{first}/{last}"),
            );
        }
        let sources = self.study.config.sources.iter();
        let nations: Vec<&Vec<String>> = sources.map(|source| &source.nations).collect();
        key.add("the nations of the sources", &format!("{nations:?}"));
        key.explained()
    }

    /// The nation of each file, by path, whose source names but one.
    fn nations(&self) -> BTreeMap<String, String> {
        let sources = self.study.config.sources.iter().zip(&self.files);
        let of_one = sources.filter_map(|(source, files)| match source.nations.as_slice() {
            [nation] => Some((nation, files)),
            _ => None,
        });
        of_one
            .flat_map(|(nation, files)| {
                files
                    .iter()
                    .map(move |file| (file.relative.clone(), nation.clone()))
            })
            .collect()
    }

    fn casefind(&self, out: &Path) -> Result<Value, StudyError> {
        let work = self.work.join("casefind");
        fs_err::create_dir_all(&work)?;
        let session = match self.options.cluster {
            Some(call) => cluster::session(call, self.options.memory_bytes)?,
            None => self.session()?,
        };
        let former = self
            .former("intake", |former| &former.intake)?
            .zip(self.former("casefind", |former| &former.casefind)?);
        let former_links = self.former("linkage", |former| &former.linkage)?;
        let mut settings = Key::of("finding", self.options.program);
        settings.add("the list of organisations", &self.study.organisations_text);
        for (name, text) in &self.study.definition.files {
            settings.add(name, text);
        }
        let settings = settings.finish();
        let home_nation = self.study.home_nation();
        let request = casefind::Request {
            intake: &self.folder("intake"),
            linkage: &self.folder("linkage"),
            definition: &self.study.definition,
            registry: &self.study.registry,
            as_of: self.study.config.as_of,
            declared_cover: &self.study.config.declared_cover(),
            nations: &self.nations(),
            home_nation: home_nation.as_deref(),
            former: former.as_ref().map(|(intake, casefind)| casefind::FormerRun {
                intake,
                linkage: former_links.as_deref(),
                casefind,
            }),
            settings: Some(settings.as_str()),
            session: &session,
            out,
            work: &work,
        };
        let report = self.pool()?.install(|| {
            let report = casefind::run(&request)?;
            casefind::case_people(request.linkage, out)?;
            Ok::<_, casefind::CasefindError>(report)
        })?;
        told(&report)
    }

    /// A name for runs that read alike: the same definition, and the same kinds of source of the same nations. Where a nation
    /// is added, old quarters grow, and nothing in them was late.
    pub(crate) fn alike(&self) -> String {
        let of_nations = |source: &Source| {
            let mut nations: Vec<&str> = source.nations.iter().map(String::as_str).collect();
            nations.sort_unstable();
            if nations.is_empty() {
                source.kind.clone()
            } else {
                format!("{} of {}", source.kind, nations.join(" and "))
            }
        };
        let mut kinds: Vec<String> = self.study.config.sources.iter().map(of_nations).collect();
        kinds.sort_unstable();
        kinds.dedup();
        let mut key = Key::of("alike", &kinds.join(" "));
        for (name, text) in &self.study.definition.files {
            key.add(name, text);
        }
        key.finish().as_str().to_owned()
    }

    fn earlier(&self) -> Result<Vec<count::Look>, StudyError> {
        revisions::looks(&self.study.state(), &self.alike(), self.study.config.as_of)
    }

    fn count_key(&self) -> Result<(Key, Depends), StudyError> {
        let config = &self.study.config;
        let mut key = Key::of("count", self.options.program);
        key.add("casefind", self.key("casefind"))
            .add("the period", &format!("{}/{}", config.period.0, config.period.1))
            .add(
                "the months that the sources are declared to cover",
                &config.covers(),
            )
            .add("the thresholds", count::Thresholds::built_in_text())
            .add("the assumptions", &self.study.assumed.1)
            .add("the reviewed charts", &format!("{:?}", self.study.review))
            .add("what earlier runs found", &format!("{:?}", self.earlier()?))
            .add(
                "the national deaths",
                &format!("{:?}", config.estimate.national_deaths),
            );
        Ok(key.explained())
    }

    fn count(&self, out: &Path) -> Result<Value, StudyError> {
        let session = self.session()?;
        let (config, intake) = (&self.study.config, self.folder("intake"));
        let deaths = config.estimate.national_deaths.as_ref();
        let covered = Covered::read(&intake, config)?;
        let known = covered.deaths(&followed::Asked {
            intake: &intake,
            linkage: &self.folder("linkage"),
            casefind: &self.folder("casefind"),
            config,
            registry: &self.study.registry,
        })?;
        let request = count::Request {
            casefind: &self.folder("casefind"),
            intake: &intake,
            registry: &self.study.registry,
            as_of: config.as_of,
            period: config.period,
            thresholds: count::Thresholds::built_in()?,
            assumed: self.study.assumed.0.clone(),
            review: self.study.review.clone(),
            earlier: self.earlier()?,
            national_deaths: deaths.map(|deaths| (deaths.first_year, deaths.counts.clone())),
            cover: &covered.by_place,
            deaths: &known.days,
            session: &session,
            out,
        };
        let report = self.pool()?.install(|| count::run(&request))?;
        let warnings: Vec<Value> = report
            .warnings
            .iter()
            .map(
                |warning| json!({ "rule": warning.rule, "level": warning.level, "message": warning.message }),
            )
            .chain(
                covered
                    .warning()
                    .or_else(|| declared_hole(&known.days, config.period)),
            )
            .chain(known.warnings)
            .collect();
        Ok(json!({
            "counts": report.counts,
            "completeness": report.completeness,
            "window": report.window,
            "estimates": report.estimates,
            "living": report.living.map(|living| json!({
                "day": living.day, "estimate": living.estimate, "low": living.low, "high": living.high,
                "status": living.status,
            })),
            "deaths_until": report.deaths_until.map(|date| date.to_string()),
            "warnings": warnings,
        }))
    }

    fn audit_key(&self) -> (Key, Depends) {
        let config = &self.study.config;
        let mut key = Key::of("audit", self.options.program);
        key.add("count", self.key("count"))
            .add("the period", &format!("{}/{}", config.period.0, config.period.1))
            .add("the staffing", &format!("{:?}", self.study.staffing));
        for (name, text) in &self.study.standards.files {
            key.add(&format!("the standards' {name}"), text);
        }
        key.explained()
    }

    fn audit(&self, out: &Path) -> Result<Value, StudyError> {
        let intake = self.folder("intake");
        let covered = Covered::read(&intake, &self.study.config)?;
        let request = audit::Request {
            intake: &intake,
            linkage: &self.folder("linkage"),
            casefind: &self.folder("casefind"),
            count: &self.folder("count"),
            registry: &self.study.registry,
            standards: &self.study.standards,
            staffing: &self.study.staffing,
            as_of: self.study.config.as_of,
            period: self.study.config.period,
            cover: &covered.by_place,
            out,
        };
        let report = self.pool()?.install(|| audit::run(&request))?;
        told(&report)
    }

    /// As many threads as the run was given, not as many as the machine has.
    fn pool(&self) -> Result<rayon::ThreadPool, StudyError> {
        rayon::ThreadPoolBuilder::new()
            .num_threads(self.options.threads)
            .build()
            .map_err(|error| StudyError::Call {
                message: format!("--threads: {error}"),
            })
    }

    fn session(&self) -> Result<Session, StudyError> {
        Ok(Session::embedded(engine::Options {
            memory_bytes: self.options.memory_bytes,
            threads: self.options.threads,
            spill: self.work.join("spill"),
        })?)
    }
}

fn read_report(folder: &Path) -> Result<Value, StudyError> {
    let text = fs_err::read_to_string(folder.join("report.json"))?;
    serde_json::from_str(&text).map_err(|_| StudyError::Call {
        message: "a finished stage is damaged; remove the folder `state/stages` and run again".to_owned(),
    })
}

/// The report of a stage as the stages after it, and the release, read it.
fn told(report: &impl serde::Serialize) -> Result<serde_json::Value, StudyError> {
    serde_json::to_value(report).map_err(|error| StudyError::Invariant {
        message: format!("the report of a stage cannot be written: {error}"),
    })
}
