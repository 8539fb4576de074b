//! `counted link`: any tables of people in, persons out.
//!
//! The way: `settings` and `reading` make a table of it, the linker of `linkage` learns and decides (`far`: with the pairs
//! scored on a cluster), `output` writes,
//! `summary` and `words` say what came of it. Files are prepared beside their places and take them together at the very end, so that
//! a run that fails changes nothing.

mod explain;
mod far;
mod headings;
mod ids;
mod output;
mod reading;
mod settings;
mod summary;
mod words;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use linkage::weigh::{Learnt, Linker, Model, Settings};

use crate::arguments::{Format, LinkArguments};
use crate::draft::Draft;
use crate::exit::Failure;
use crate::export::{refuse_harm, refuse_loss};
use crate::{machine, tell};

use reading::People;
use settings::Said;

/// Links what was asked for.
pub(crate) fn link(arguments: &LinkArguments, format: Format) -> Result<ExitCode, Failure> {
    sensible(arguments)?;
    let said = Said::read(arguments.settings.as_deref())?;
    said.check(arguments)?;
    let model = match &arguments.model {
        Some(path) if !arguments.train => Some(read_model(path)?),
        _ => None,
    };
    let far = far::Far::reach(arguments)?;
    let drafts = Drafts::open(arguments)?;
    let progress = tell::Progress::new();
    let fields = model.as_ref().map(|model| model.fields.as_slice());
    let people = reading::read(arguments, &said, fields, &progress)?;
    let settings = said.settle(&people.table, arguments)?;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(machine::threads(arguments.threads))
        .build()
        .map_err(|error| Failure::call(format!("--threads: {error}")))?;
    let job = Job {
        arguments,
        format,
        people: &people,
        progress: &progress,
        far: far.as_ref(),
    };
    pool.install(|| job.run(settings, model, drafts))?;
    Ok(ExitCode::SUCCESS)
}

/// A call that asks for nothing, for a file to be written over itself or where a study keeps its own, ends before anything is
/// read.
fn sensible(arguments: &LinkArguments) -> Result<(), Failure> {
    let outputs = [&arguments.output, &arguments.pairs];
    let written: Vec<&Path> = outputs.into_iter().flatten().map(PathBuf::as_path).collect();
    let asked = arguments.plan || arguments.train || arguments.explain.is_some();
    if written.is_empty() && !asked {
        return Err(Failure::call(
            "nothing to do: give --output FILE for the persons, --pairs FILE, --plan, --train or --explain ID ID",
        ));
    }
    let model = arguments.model.as_deref();
    let (made, used) = (
        model.filter(|_| arguments.train),
        model.filter(|_| !arguments.train),
    );
    let on = &arguments.on;
    let about_the_cluster = [&on.cluster_token, &on.cluster_authority, &on.cluster_storage];
    let read = arguments.files.iter().chain(&arguments.settings);
    let read = read.chain(about_the_cluster.into_iter().flatten());
    let read = read.map(PathBuf::as_path).chain(used);
    let written = written.into_iter().chain(made);
    refuse_harm(read.clone(), written.clone())?;
    refuse_loss(read, written)
}

fn read_model(path: &Path) -> Result<Model, Failure> {
    let text = fs_err::read_to_string(path).map_err(|error| {
        Failure::call(format!(
            "{error}; `counted link --train FILE --model MODEL` makes a model"
        ))
    })?;
    Model::read(&text).map_err(|error| Failure::call(format!("{}: {error}", path.display())))
}

/// The files to write.
struct Drafts {
    persons: Option<Draft>,
    pairs: Option<Draft>,
    model: Option<Draft>,
}

impl Drafts {
    /// Opens them before anything is spent: a folder that is not there is found at once.
    fn open(arguments: &LinkArguments) -> Result<Self, Failure> {
        let open = |path: &Option<PathBuf>, wanted: bool| {
            let path = path.as_deref().filter(|_| wanted && !arguments.plan);
            path.map(Draft::create).transpose()
        };
        Ok(Self {
            persons: open(&arguments.output, true)?,
            pairs: open(&arguments.pairs, true)?,
            model: open(&arguments.model, arguments.train)?,
        })
    }

    /// All of them take their places.
    fn publish(self) -> Result<(), Failure> {
        let mut all: Vec<Draft> = [self.model, self.pairs, self.persons]
            .into_iter()
            .flatten()
            .collect();
        all.iter_mut().try_for_each(Draft::close)?;
        all.into_iter().try_for_each(Draft::publish)
    }
}

struct Job<'a> {
    arguments: &'a LinkArguments,
    format: Format,
    people: &'a People,
    progress: &'a tell::Progress,
    /// Where pairs are scored, if not here.
    far: Option<&'a far::Far>,
}

impl<'a> Job<'a> {
    fn run(&self, settings: Settings, model: Option<Model>, mut drafts: Drafts) -> Result<(), Failure> {
        let summary = summary::Summary::new(self.people, &settings);
        let given = model.is_some();
        let (linker, learnt) = match model {
            Some(model) => {
                let (linker, learnt) = Linker::with_model(&self.people.table, settings, model)?;
                (linker, Some(learnt))
            }
            None => (Linker::new(&self.people.table, settings)?, None),
        };
        let pair = match &self.arguments.explain {
            Some(ids) => Some(explain::records(self.people, ids)?),
            None => None,
        };
        if self.arguments.plan {
            summary.plan(&linker.plan()).say(self.format);
            return Ok(());
        }
        let mut learnt = match learnt {
            Some(learnt) => learnt,
            None => self.train(&linker)?,
        };
        let mut summary = summary.model(&learnt.model, given);
        if let Some(draft) = &mut drafts.model {
            std::io::Write::write_all(draft, learnt.model.text()?.as_bytes())?;
        }
        if let Some(pair) = pair {
            explain::explain(self, &linker, &learnt, pair);
        }
        if drafts.persons.is_some() || drafts.pairs.is_some() {
            summary = self.decide(&linker, &mut learnt, &mut drafts, summary)?;
        }
        drafts.publish()?;
        // An explanation stands alone, unless more was asked for.
        if pair.is_none() {
            summary.files(self.arguments).say(self.format);
        }
        Ok(())
    }

    fn train(&self, linker: &Linker<'_>) -> Result<Learnt, Failure> {
        self.progress.start("Learning what agreement says");
        let learnt = linker.train();
        self.progress.clear();
        learnt.map_err(|error| match error {
            linkage::LinkageError::Training { .. } => Failure::source(format!(
                "{error}; name more columns, or take a model that was learnt from more records: --model"
            )),
            other => other.into(),
        })
    }

    fn decide(
        &self,
        linker: &Linker<'_>,
        learnt: &mut Learnt,
        drafts: &mut Drafts,
        summary: summary::Summary<'a>,
    ) -> Result<summary::Summary<'a>, Failure> {
        let mut weighed = match self.far {
            None => {
                self.progress.start("Comparing");
                linker.weigh(learnt)?
            }
            Some(far) => {
                self.progress.start("Comparing on the cluster");
                far.weigh(linker, learnt)?
            }
        };
        self.progress.start("Deciding who is one person");
        let decided = linker.decide(learnt, &mut weighed)?;
        self.progress.start("Writing");
        let ids = &self.people.ids;
        if let Some(draft) = &mut drafts.persons {
            output::persons(draft, ids, &decided)?;
        }
        if let Some(draft) = &mut drafts.pairs {
            output::pairs(draft, ids, &mut weighed.pairs, self.arguments.pairs_from)?;
        }
        self.progress.clear();
        Ok(summary.plan(&weighed.plan).decided(&decided))
    }
}
