//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::commands::{ClusterArguments, EstimateArguments, OnCluster};
use vocabulary::date::Date;

/// Everyone living with secondary breast cancer, counted.
///
/// Reads the files that hospitals already send, finds the people with secondary (metastatic)
/// breast cancer, counts them, says what each hospital left out, and makes pages that are safe to
/// publish. Works offline.
#[derive(Parser)]
#[command(name = "counted", version, max_term_width = 100, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// How to print: words for people, or JSON for machines.
    #[arg(long, global = true, value_enum, default_value_t = Format::Text, display_order = 900)]
    pub(crate) format: Format,
}

const EXAMPLES: &str = "Examples:
  counted demo                      invent a small nation, count it, show the pages
  counted check COSD_RTH.xml        check a file before sending it
  counted run my-study              the whole chain, from files to pages
  counted worklist my-study --organisation RTH
  counted find admissions/*.parquet sact.csv deaths.csv --output cases.csv
  counted link people.csv --output persons.csv
  counted estimate capture-recapture lists.csv

Exit codes: 0 done; 1 `check` found an error; 2 the call or study.toml is wrong, or memory, room
or permission is lacking; 3 a source or the cluster cannot be used; 4 the run's own accounts do
not add up; 5 refused for safety; 70 a fault of the program.";

/// How to print.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Words for people.
    Text,
    /// JSON for machines.
    Json,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    Demo(DemoArguments),
    Simulate(SimulateArguments),
    Check(CheckArguments),
    Run(RunArguments),
    Worklist(WorklistArguments),
    Mdt(MdtArguments),
    Explain(ExplainArguments),
    Evaluate(EvaluateArguments),
    Outliers(OutliersArguments),
    Nurses(NursesArguments),
    Find(FindArguments),
    Link(LinkArguments),
    Estimate(EstimateArguments),
    Publish(PublishArguments),
    Verify(VerifyArguments),
    Definition(DefinitionArguments),
    Cluster(ClusterArguments),
}

/// Invent a small nation, run the whole chain on it, and show the pages.
///
/// Everything is invented: people, hospitals, records. The truth is known, so the demo says how
/// many of the people it found.
///
/// Example: counted demo --no-serve
#[derive(Args)]
pub(crate) struct DemoArguments {
    /// Folder for the invented study; made anew.
    #[arg(long, default_value = "demo")]
    pub(crate) folder: PathBuf,
    /// Breast primaries of the invented nation.
    #[arg(long, default_value_t = 50_000)]
    pub(crate) primaries: u32,
    /// Seed of the invention.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Stop after the pages are written.
    #[arg(long)]
    pub(crate) no_serve: bool,
    /// Port on this machine for the pages.
    #[arg(long, default_value_t = 8080)]
    pub(crate) port: u16,
    #[command(flatten)]
    pub(crate) machine: MachineArguments,
}

/// Invent a nation with a known truth, in the real file layouts.
///
/// Or, to measure linkage on, one table of people of any length: FOLDER/people.csv, and in
/// FOLDER/truth.csv whose each record is.
///
/// Example: counted simulate my-nation --primaries 20000 --seed 7
///
/// Example: counted simulate my-table --person-table 1000000
#[derive(Args)]
pub(crate) struct SimulateArguments {
    /// Folder for the study; must be empty or absent.
    pub(crate) folder: PathBuf,
    /// Breast primaries diagnosed in the years that the files cover.
    #[arg(long, default_value_t = 20_000)]
    pub(crate) primaries: u32,
    /// Seed; the same seed gives the same bytes.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Fill the admissions up to this many rows, for measuring.
    #[arg(long)]
    pub(crate) admissions_rows: Option<u64>,
    /// Of deaths with breast cancer as their cause, about this share without metastases, up to 0.5; 0.011 if not said.
    #[arg(long, value_name = "SHARE")]
    pub(crate) deaths_without_metastases: Option<f64>,
    /// Write a person table with this many records instead of a study.
    #[arg(
        long,
        value_name = "RECORDS",
        conflicts_with_all = ["primaries", "admissions_rows", "deaths_without_metastases"]
    )]
    pub(crate) person_table: Option<u64>,
}

/// Check files before they are sent: what is wrong, where, and what to do.
///
/// Reads every layout; writes nothing. Ends with 1 when there is an error, with 0 when there are
/// only warnings. Of a study, files are read as a run reads them: with the columns, keys and nations
/// that its study.toml says.
///
/// Example: counted check COSD_RTH_2025-06.xml sact.csv
///
/// Example: counted check my-study
///
/// Example: counted check --study my-study smr01.csv
#[derive(Args)]
pub(crate) struct CheckArguments {
    /// The files; or the folder of a study, to check all of its files.
    #[arg(required_unless_present = "study")]
    pub(crate) files: Vec<PathBuf>,
    /// Folder of the study whose study.toml says how the files are read.
    #[arg(long)]
    pub(crate) study: Option<PathBuf>,
    /// Kind of the files, when their headers do not say (cosd, sact, rtds, admissions, …).
    #[arg(long)]
    pub(crate) kind: Option<String>,
    /// Records after this day are set aside; when left out, after the study's last day, or today.
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<vocabulary::date::Date>,
}

/// Run a study: the whole chain from its files to its pages.
///
/// A study is a folder with a study.toml. The output is in STUDY/out: tables (confidential),
/// release and site (safe, stamped as unapproved until `counted publish`). Stages whose inputs
/// have not changed are skipped.
///
/// Example: counted run my-study --memory 4GB --threads 2
///
/// Example: counted run /shared/my-study --cluster 10.0.0.1 --cluster-token cluster.token --cluster-authority ca.pem
#[derive(Args)]
pub(crate) struct RunArguments {
    /// Folder of the study.
    pub(crate) study: PathBuf,
    #[command(flatten)]
    pub(crate) machine: MachineArguments,
    /// Say of each stage whether it ran, and why.
    #[arg(long)]
    pub(crate) explain: bool,
    /// Link everybody anew, also where only some records are new; what comes out otherwise is in the log of merges
    /// and splits.
    #[arg(long)]
    pub(crate) relink: bool,
    /// Read every file of the study to tell whether it changed, also large ones (64 MB) of which the system says that
    /// nothing did.
    #[arg(long)]
    pub(crate) reread: bool,
    #[command(flatten)]
    pub(crate) on: OnCluster,
}

/// How much of the machine to use.
#[derive(Args, Clone)]
pub(crate) struct MachineArguments {
    /// Memory that the engine may hold before it spills to the disk, into a folder of its own, such as 4GB.
    #[arg(long, default_value = "2GB", value_parser = crate::machine::memory)]
    pub(crate) memory: u64,
    /// Threads; all of the machine's when left out.
    #[arg(long, value_parser = crate::machine::some_threads)]
    pub(crate) threads: Option<usize>,
}

/// List one organisation's people who were found and are not recorded.
///
/// Names only people of whom the organisation has itself sent a record. The list is a CSV that
/// opens in Excel, readable by you only (on Windows by whoever may read its folder). Making one is written to the
/// study's audit log.
///
/// Example: counted worklist my-study --organisation RTH
#[derive(Args)]
pub(crate) struct WorklistArguments {
    /// Folder of the study.
    pub(crate) study: PathBuf,
    /// Code of the organisation.
    #[arg(long)]
    pub(crate) organisation: String,
    /// File to write; STUDY/worklists/CODE.csv when left out.
    #[arg(long)]
    pub(crate) output: Option<PathBuf>,
}

/// List the people whom one organisation's team has not reviewed since its last meeting.
///
/// People newly diagnosed, progressed or on a new course of medicine since DATE: those whose situation is complex apart
/// from those for whom a standard plan may do. Names only people of whom the organisation has itself sent a record. The
/// list is a CSV, and with `--print` also a page for the meeting; readable by you only (on Windows by whoever may read its
/// folder). Making one is written to the study's audit log.
///
/// Example: counted mdt my-study --organisation RTH --since 2025-06-02 --print meeting.html
#[derive(Args)]
pub(crate) struct MdtArguments {
    /// Folder of the study.
    pub(crate) study: PathBuf,
    /// Code of the organisation.
    #[arg(long)]
    pub(crate) organisation: String,
    /// Day of the last meeting.
    #[arg(long, value_name = "DATE")]
    pub(crate) since: Date,
    /// File to write; STUDY/meetings/CODE.csv when left out.
    #[arg(long, value_name = "FILE.csv")]
    pub(crate) output: Option<PathBuf>,
    /// Also write a page to print.
    #[arg(long, value_name = "FILE.html")]
    pub(crate) print: Option<PathBuf>,
}

/// Explain why somebody is a case: the evidence in words, and how the records were joined.
///
/// Example: counted explain my-study P00000042
#[derive(Args)]
pub(crate) struct ExplainArguments {
    /// Folder of the study.
    pub(crate) study: PathBuf,
    /// Id of the person, as in the tables.
    pub(crate) person: String,
    /// Show the person's identifiers too; this is written to the study's audit log.
    #[arg(long)]
    pub(crate) identifiers: bool,
}

/// Follow the outlier procedure: detected, told, data checked, response, published.
///
/// Without `--record` it shows where each case stands and what is due. Only outcomes go through the procedure, and no
/// outcome of such a hospital may be published before the last step. Steps are appended to STUDY/outliers.jsonl.
///
/// Example: counted outliers my-study
///
/// Example: counted outliers my-study --record told --indicator died-within-30-days-of-starting --organisation RTH --by "A. Analyst"
#[derive(Args)]
pub(crate) struct OutliersArguments {
    /// Folder of the study.
    pub(crate) study: PathBuf,
    /// Take this step.
    #[arg(long, value_enum, value_name = "STEP")]
    pub(crate) record: Option<TakenStep>,
    /// The outcome indicator.
    #[arg(long, requires = "record")]
    pub(crate) indicator: Option<String>,
    /// Code of the organisation.
    #[arg(long, requires = "record")]
    pub(crate) organisation: Option<String>,
    /// Who takes the step.
    #[arg(long, requires = "record")]
    pub(crate) by: Option<String>,
    /// The day; today when left out.
    #[arg(long, requires = "record")]
    pub(crate) on: Option<Date>,
    /// The response, or what was found.
    #[arg(long, requires = "record")]
    pub(crate) note: Option<String>,
}

/// A step of the outlier procedure that somebody takes.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum TakenStep {
    /// The organisation was told.
    Told,
    /// It checked its data and found them right.
    DataChecked,
    /// It found its data wrong; corrected data follow.
    DataWrong,
    /// Its response came.
    Response,
    /// The figure was published, with the response.
    Published,
}

impl TakenStep {
    /// The step of the procedure.
    pub(crate) fn step(self) -> audit::outliers::Step {
        use audit::outliers::Step;
        match self {
            Self::Told => Step::Told,
            Self::DataChecked => Step::DataChecked,
            Self::DataWrong => Step::DataWrong,
            Self::Response => Step::Response,
            Self::Published => Step::Published,
        }
    }
}

/// Find the cases in files, in one go: a first look without a run.
///
/// The kind of each file is told from its header; CSV and Parquet are read, COSD as XML. Of admissions only those that
/// speak of a tumour are read further, where the definition asks for no others. People are joined by their number alone,
/// or by a pseudonym; nothing is estimated, protected or published. Files with other columns, or of several nations, are
/// read with the columns, keys and nations that the study.toml of a study says. For a count, run a study.
///
/// The output has one row a case and is confidential, readable by you only (on Windows by whoever may
/// read its folder).
///
/// Example: counted find admissions/*.parquet sact.csv deaths.csv --output cases.csv
///
/// Example: counted find --study my-study smr01.csv smr06.csv --output cases.csv
#[derive(Args)]
pub(crate) struct FindArguments {
    /// The files; or the folder of a study, to look at all of its files.
    #[arg(required_unless_present = "study")]
    pub(crate) files: Vec<PathBuf>,
    /// Folder of the study whose study.toml says how the files are read.
    #[arg(long)]
    pub(crate) study: Option<PathBuf>,
    /// Kind of the files whose header does not say (cosd, sact, rtds, admissions, …).
    #[arg(long)]
    pub(crate) kind: Option<String>,
    /// The case definition: its name, or a folder that holds one; when left out that of the study, or uk-mbc/2026.1.
    #[arg(long)]
    pub(crate) definition: Option<String>,
    /// File for the cases.
    #[arg(long, value_name = "FILE.csv")]
    pub(crate) output: PathBuf,
    /// File for the evidence behind each case.
    #[arg(long, value_name = "FILE.csv")]
    pub(crate) evidence: Option<PathBuf>,
    /// A list of organisations in place of the built-in one, as a study's organisations.csv.
    #[arg(long, value_name = "FILE.csv")]
    pub(crate) organisations: Option<PathBuf>,
    /// Nothing after this day is used; when left out, after the study's last day, or today.
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<Date>,
    #[command(flatten)]
    pub(crate) machine: MachineArguments,
}

/// Show a case definition as SQL for another engine.
///
/// One statement: every record that meets a rule, with its person. It runs over the tables that lie between the stages of a
/// study, in Spark, Databricks, PostgreSQL or DuckDB (docs: On a cluster).
///
/// Example: counted definition uk-mbc/2026.1 --sql spark
#[derive(Args)]
pub(crate) struct DefinitionArguments {
    /// Its name, or a folder that holds one.
    pub(crate) name: String,
    /// How the engine writes names.
    #[arg(long, value_enum)]
    pub(crate) sql: SqlArgument,
}

/// The way in which an engine writes SQL.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum SqlArgument {
    /// Names in double quotes: PostgreSQL, DuckDB, DataFusion, Snowflake.
    Standard,
    /// Names in back quotes: Spark, Databricks.
    Spark,
}

/// Show nurses in post, people for each of them, and what your own caseload or hours would need.
///
/// Nurses in post come from STUDY/staffing.csv, people from the estimate of the last run. There is no official caseload,
/// so none is built in.
///
/// Example: counted nurses my-study --caseload 60 --years 5
///
/// Example: counted nurses my-study --organisation RTH --hours-each 20 --hours-new 10 --hours-of-a-nurse 1500
#[derive(Args)]
pub(crate) struct NursesArguments {
    /// Folder of the study.
    pub(crate) study: PathBuf,
    /// Only this organisation.
    #[arg(long)]
    pub(crate) organisation: Option<String>,
    /// So many people living to one whole-time nurse.
    #[arg(long)]
    pub(crate) caseload: Option<f64>,
    /// Hours a year with or for each person living.
    #[arg(long)]
    pub(crate) hours_each: Option<f64>,
    /// More hours for each person newly diagnosed.
    #[arg(long)]
    pub(crate) hours_new: Option<f64>,
    /// Hours a year of administration, for each service that answered.
    #[arg(long)]
    pub(crate) hours_administration: Option<f64>,
    /// Hours that one whole-time nurse works in a year.
    #[arg(long)]
    pub(crate) hours_of_a_nurse: Option<f64>,
    /// Years ahead; 0 for none.
    #[arg(long, default_value_t = 5)]
    pub(crate) years: u32,
}

/// Score a run against a known truth: linkage, cases, kind, date, living.
///
/// Example: counted evaluate my-nation --truth my-nation/truth
#[derive(Args)]
pub(crate) struct EvaluateArguments {
    /// Folder of the study.
    pub(crate) study: PathBuf,
    /// Folder with people.csv and records.csv.
    #[arg(long)]
    pub(crate) truth: PathBuf,
}

/// Link any tables of people: which records are one person's, and how sure that is.
///
/// Takes CSV (comma, semicolon, tab or bar; UTF-8, UTF-16 or Windows-1252) and Parquet. Columns are
/// recognised by their headings (given name, family name, date of birth, postcode, sex, NHS number
/// and other identifiers); every other column is compared as text. Several files are linked to each
/// other and within. What agreement says is learnt from the files themselves; nobody labels pairs.
///
/// The output holds id, person_id and probability for every record, in order. It is confidential,
/// readable by you only (on Windows by whoever may read its folder).
///
/// Example: counted link people.csv --output persons.csv
#[derive(Args)]
#[command(after_help = LINK_EXAMPLES)]
pub(crate) struct LinkArguments {
    /// The files.
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Column with the ids of the records; id, unique_id, rec_id or record_id, or else row numbers,
    /// when left out.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) id: Option<String>,
    /// Write ids as FILE#ID, for files that number their records alike.
    #[arg(long)]
    pub(crate) ids_by_file: bool,
    /// File to write: id, person_id, probability.
    #[arg(long, value_name = "CSV")]
    pub(crate) output: Option<PathBuf>,
    /// File for pairs of records: id_1, id_2, probability.
    #[arg(long, value_name = "CSV")]
    pub(crate) pairs: Option<PathBuf>,
    /// Least probability of a pair in --pairs.
    #[arg(long, value_name = "P", default_value_t = 0.01, requires = "pairs")]
    pub(crate) pairs_from: f64,
    /// Probability from which two records are taken as one person's; 0.5 when neither this nor the
    /// settings say.
    #[arg(long, value_name = "P")]
    pub(crate) threshold: Option<f64>,
    /// What columns hold, which pairs to compare, when to accept: see the book.
    #[arg(long, value_name = "TOML")]
    pub(crate) settings: Option<PathBuf>,
    /// Learn from the files and write what was learnt to --model.
    #[arg(long, requires = "model")]
    pub(crate) train: bool,
    /// Model to use; with --train, to write.
    #[arg(long, value_name = "JSON")]
    pub(crate) model: Option<PathBuf>,
    /// Show which pairs would be compared, before anything is spent, and stop.
    #[arg(long)]
    pub(crate) plan: bool,
    /// Explain how sure it is that two records are one person's.
    #[arg(long, num_args = 2, value_names = ["ID", "ID"])]
    pub(crate) explain: Option<Vec<String>>,
    /// With --explain: show what the records say, too.
    #[arg(long, requires = "explain")]
    pub(crate) identifiers: bool,
    /// Memory that may be used, such as 4GB: pairs that do not fit wait in a file beside the output, and a
    /// table that does not fit is refused before it is linked.
    #[arg(long, value_parser = crate::machine::memory)]
    pub(crate) memory: Option<u64>,
    /// Threads; all of the machine's when left out. The outcome does not depend on it.
    #[arg(long, value_parser = crate::machine::some_threads)]
    pub(crate) threads: Option<usize>,
    #[command(flatten)]
    pub(crate) on: OnCluster,
}

const LINK_EXAMPLES: &str = "Examples:
  counted link people.csv --output persons.csv
  counted link clinic.csv registry.csv --id nhs_record --output persons.csv --pairs pairs.csv
  counted link people.csv --plan
  counted link --train 2024.csv --model model.json
  counted link 2025.csv --model model.json --output persons.csv
  counted link people.csv --explain 1042 7731
  counted link /shared/people.csv --output /shared/persons.csv --cluster 10.0.0.1 --cluster-token cluster.token --cluster-authority ca.pem

Exit codes: 0 done; 2 the call, the settings or the model is wrong; 3 a file is missing, cannot be
read, lacks its id column, has no usable row or two records of one id, or teaches nothing, or the
cluster cannot be used; 5 refused for safety.";

/// Approve the release for publication and enter it in the ledger.
///
/// Example: counted publish my-study
#[derive(Args)]
pub(crate) struct PublishArguments {
    /// Folder of the study.
    pub(crate) study: PathBuf,
    #[command(flatten)]
    pub(crate) machine: MachineArguments,
}

/// Verify a study, a figure of it, or a published site.
///
/// A study: do accounts and tables add up, is everything as it was put out, is the ledger unbroken?
///
/// Example: counted verify my-study --attack
///
/// A figure: from the released number to the run and the people behind it.
///
/// Example: counted verify my-study --figure living,SIM01,2025-12-31 --rows behind.csv
///
/// A site in anybody's hands: is it as it was signed with two keys? Needs no study.
///
/// Example: counted verify --site site --trusted keys.txt
#[derive(Args)]
pub(crate) struct VerifyArguments {
    /// Folder of the study.
    #[arg(required_unless_present = "site")]
    pub(crate) study: Option<PathBuf>,
    /// Follow a figure of the table counts: MEASURE,PLACE,PERIOD, then KIND, SEX and AGE BAND where it is not of all.
    #[arg(long, conflicts_with_all = ["attack", "site"])]
    pub(crate) figure: Option<String>,
    /// Write the people behind the figure, each with the records that say so, into this file (confidential).
    #[arg(long, value_name = "FILE", requires = "figure")]
    pub(crate) rows: Option<PathBuf>,
    /// A published site.
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["study", "attack"])]
    pub(crate) site: Option<PathBuf>,
    /// Its ledger; by default the one that lies beside its pages.
    #[arg(long, value_name = "FILE", requires = "site")]
    pub(crate) ledger: Option<PathBuf>,
    /// The publisher's two public keys, from a place that you trust; by default those of the demonstration.
    #[arg(long, value_name = "FILE", requires = "site")]
    pub(crate) trusted: Option<PathBuf>,
    /// Attack the site as a stranger would: does every byte follow from the released tables, and do these, with all releases
    /// of the ledger, give nothing away? Takes up to a minute.
    #[arg(long)]
    pub(crate) attack: bool,
}
