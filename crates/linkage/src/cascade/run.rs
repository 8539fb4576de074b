//! Runs the steps one after the other.

use super::apart::Apart;
use super::block::Block;
use super::clusters::Clusters;
use super::facts::{Facts, Reason};
use super::given::{Conflict, Given, Linked, Verdict};
use super::identity::Identities;
use super::names_in_use::{NamesInUse, mark};
use super::resolve::{Edge, Known, resolve};
use super::shared::Shared;
use super::step::{Shares, Step};
use super::trial::Trial;
use super::{Options, StepReport};

/// Links identities. Shared values in `table` are blanked, common names marked.
pub(crate) fn link(
    table: &mut Identities,
    options: &Options,
    given: Given<'_>,
    progress: &dyn Fn(&'static str),
) -> Linked {
    let mut linked = Linked::default();
    if given.verdicts.is_none() {
        progress("looking for shared values");
        linked.shared = Shared::find(table, options);
        linked.shared_values = linked.shared.blank(table, |_| true);
    }
    let identities = table.rows.len();
    let mut cascade = Cascade {
        people: table.records.iter().map(|&records| u64::from(records)).sum(),
        clusters: Clusters::new(identities),
        apart: Apart::new(&table.rows, given.apart),
        steps: vec![None; identities],
        joined: vec![None; identities],
        barred: vec![0; identities.div_ceil(64)],
        reports: Vec::new(),
        conflicts: Vec::new(),
        refusals: Vec::new(),
        crowds: Vec::new(),
        table,
        options,
        verdicts: given.verdicts,
    };
    let mut block: Option<(Shares, Block)> = None;
    for step in Step::ALL {
        if given.early_only && step == Step::NameBirthDate {
            linked.early = cascade.clusters.all_roots();
            break;
        }
        progress(step.name());
        if step == Step::NameBirthDate {
            linked.early = cascade.clusters.all_roots();
            if given.verdicts.is_none() {
                linked.names = NamesInUse::count(&cascade.table.rows, &linked.early);
                mark(
                    &mut cascade.table.rows,
                    &linked.names.common(options.chance_of_namesake),
                );
            }
        }
        let shares = step.shares();
        let ready = block.take().filter(|(at_hand, _)| *at_hand == shares);
        let (_, groups) = block.insert(ready.unwrap_or_else(|| {
            (
                shares,
                Block::new(&cascade.table.rows, &cascade.table.records, shares),
            )
        }));
        cascade.step(step, groups);
    }
    cascade.finish(linked)
}

struct Cascade<'a> {
    table: &'a mut Identities,
    options: &'a Options,
    verdicts: Option<&'a [Verdict]>,
    clusters: Clusters,
    apart: Apart,
    steps: Vec<Option<Step>>,
    joined: Vec<Option<Step>>,
    /// One bit an identity: the present step may not join its own records.
    barred: Vec<u64>,
    people: u64,
    reports: Vec<StepReport>,
    conflicts: Vec<Conflict>,
    refusals: Vec<(Step, u32)>,
    /// Neighbours in groups that may be too large.
    crowds: Vec<(u32, u32)>,
}

#[derive(Default)]
struct Tally {
    identities: u64,
    records: u64,
    refused: u64,
}

impl Cascade<'_> {
    fn step(&mut self, step: Step, block: &Block) {
        let people_before = self.people;
        let Verdict { trial, stands_down } = self.verdict(step, block);
        let mut tally = Tally::default();
        if stands_down.is_none() {
            match step {
                Step::Decision => self.decisions(block, &mut tally),
                Step::Key => self.keys(block, &mut tally),
                Step::NumberBirthDate => self.number_and_birth_date(block, &mut tally),
                _ => self.pairs(step, block, &mut tally),
            }
        }
        self.reports.push(StepReport {
            step,
            name: step.name(),
            words: step.words(),
            identities: tally.identities,
            records: tally.records,
            people_before,
            people_after: self.people,
            refused: tally.refused,
            trial,
            stands_down,
            right_in_10_000: trial.share(step),
        });
    }

    fn verdict(&self, step: Step, block: &Block) -> Verdict {
        if let Some(verdict) = self.verdicts.and_then(|verdicts| verdicts.get(step as usize)) {
            return *verdict;
        }
        let trial = Trial::of(step, block, &self.table.rows, &self.table.words, self.options);
        let stands_down = trial.verdict(step.trust(), self.options);
        Verdict { trial, stands_down }
    }

    /// What somebody decided is done, and listed where the records contradict each other.
    fn decisions(&mut self, block: &Block, tally: &mut Tally) {
        let step = Step::Decision;
        let (mut all, mut own) = (Facts::default(), Facts::default());
        for group in block.groups() {
            all.clear();
            for &place in group {
                own.clear();
                own.take_in(&self.table.rows[place as usize]);
                if all.against(&own, Step::Key, &self.table.words).is_some()
                    || all.note(&own, Step::Key).is_some()
                {
                    self.conflicts.push(Conflict {
                        reason: Reason::DecidedAgainst,
                        step,
                        a: group[0],
                        b: place,
                    });
                }
                all.take_in(&self.table.rows[place as usize]);
                self.join(step, (group[0], place), tally);
            }
        }
    }

    /// Equal keys of a space, unless two people are under one key.
    fn keys(&mut self, block: &Block, tally: &mut Tally) {
        let most = self.options.people_per_group as usize;
        let mut own = Facts::default();
        // Where decisions connect people of several keys it matters whose key comes first: the one of the first record.
        let mut groups: Vec<&[u32]> = block.groups().collect();
        groups.sort_unstable_by_key(|group| group[0]);
        for group in groups {
            let mut people: Vec<(u32, Facts)> = Vec::new();
            for &place in group {
                self.clusters.facts(place, &self.table.rows, &mut own);
                let home = people.iter().position(|(root, facts)| {
                    facts.against(&own, Step::Key, &self.table.words).is_none()
                        && !self
                            .apart
                            .forbids(self.clusters.root(*root), self.clusters.root(place))
                });
                let Some(home) = home else {
                    if let Some(&(first, _)) = people.first() {
                        let (x, y) = (self.clusters.root(first), self.clusters.root(place));
                        let decided = self.apart.forbids(x, y).then_some(Reason::DecidedApart);
                        let reason = decided.unwrap_or(Reason::NumberAndBirthDate);
                        self.refuse(Step::Key, (first, place), reason, tally);
                    }
                    if people.len() < most {
                        people.push((place, std::mem::take(&mut own)));
                        self.settle(Step::Key, place, tally);
                    }
                    continue;
                };
                let (root, facts) = &mut people[home];
                if let Some(reason) = facts.note(&own, Step::Key) {
                    self.conflicts.push(Conflict {
                        reason,
                        step: Step::Key,
                        a: *root,
                        b: place,
                    });
                }
                facts.absorb(&own);
                let root = *root;
                self.join(Step::Key, (root, place), tally);
                self.settle(Step::Key, place, tally);
            }
        }
    }

    /// Nothing can speak against this step: the number is the same, and so is the birth date.
    fn number_and_birth_date(&mut self, block: &Block, tally: &mut Tally) {
        let step = Step::NumberBirthDate;
        let mut sorted: Vec<u32> = Vec::new();
        for group in block.groups() {
            sorted.clear();
            sorted.extend(
                group
                    .iter()
                    .filter(|place| self.table.rows[**place as usize].born.is_whole()),
            );
            sorted.sort_by_key(|&place| self.table.rows[place as usize].born);
            for pair in sorted.windows(2) {
                if self.table.rows[pair[0] as usize].born == self.table.rows[pair[1] as usize].born {
                    self.join(step, (pair[0], pair[1]), tally);
                }
            }
            for &place in &sorted {
                self.settle(step, place, tally);
            }
        }
    }

    /// Collects the pairs that agree, decides about all of them, and joins.
    fn pairs(&mut self, step: Step, block: &Block, tally: &mut Tally) {
        self.barred.fill(0);
        let mut edges: Vec<Edge> = Vec::new();
        let mut own: Vec<u32> = Vec::new();
        let mut members: Vec<(u32, u32)> = Vec::new();
        for group in block.groups() {
            members.clear();
            members.extend(group.iter().map(|&place| (self.clusters.root(place), place)));
            members.sort_unstable();
            if group.len() > self.options.people_per_group as usize {
                self.crowds
                    .extend(group.windows(2).map(|pair| (pair[0], pair[1])));
            }
            let people = 1 + members.windows(2).filter(|pair| pair[0].0 != pair[1].0).count();
            if people > self.options.people_per_group as usize
                || (people > 1 && group.len() > self.options.group as usize)
            {
                self.too_many(step, &members, tally);
                continue;
            }
            if people > 1 {
                self.group_edges(step, &members, &mut edges);
            }
            own.extend(group.iter().filter(|&&place| self.may_settle(step, place)));
        }
        edges.sort_unstable();
        edges.dedup();
        self.decide(step, &edges, tally);
        for place in own {
            self.settle(step, place, tally);
        }
    }

    /// Pairs of clusters of a group of which some members agree. Members are sorted by cluster.
    fn group_edges(&self, step: Step, members: &[(u32, u32)], edges: &mut Vec<Edge>) {
        let people: Vec<&[(u32, u32)]> = members.chunk_by(|a, b| a.0 == b.0).collect();
        let (rows, words) = (&self.table.rows, &self.table.words);
        for (at, left) in people.iter().enumerate() {
            for right in &people[at + 1..] {
                let agree = left.iter().any(|(_, a)| {
                    right
                        .iter()
                        .any(|(_, b)| step.agrees(words, &rows[*a as usize], &rows[*b as usize]))
                });
                if agree {
                    edges.push((left[0].0, right[0].0));
                }
            }
        }
    }

    fn decide(&mut self, step: Step, edges: &[Edge], tally: &mut Tally) {
        let known = Known {
            apart: &self.apart,
            clusters: &self.clusters,
            rows: &self.table.rows,
            words: &self.table.words,
        };
        let resolved = resolve(step, edges, &known, self.options.people_per_group as usize);
        for root in resolved.torn {
            let members: Vec<u32> = self.clusters.members(root).collect();
            members.into_iter().for_each(|member| self.bar(member));
        }
        let (mut left, mut right) = (Facts::default(), Facts::default());
        let mut refused = resolved.refused;
        for (a, b) in resolved.accepted {
            // Joins of this very step may have brought new members: everybody is heard again.
            self.clusters.facts(a, &self.table.rows, &mut left);
            self.clusters.facts(b, &self.table.rows, &mut right);
            match left.against(&right, step, &self.table.words) {
                Some(reason) => refused.push(((a, b), reason)),
                None => self.join(step, (a, b), tally),
            }
        }
        for (pair, reason) in refused {
            self.refuse(step, pair, reason, tally);
        }
    }

    fn refuse(&mut self, step: Step, (a, b): (u32, u32), reason: Reason, tally: &mut Tally) {
        self.conflicts.push(Conflict { reason, step, a, b });
        self.refusals.push((step, a));
        tally.refused += 1;
    }

    /// A group with more people than one value can have.
    fn too_many(&mut self, step: Step, members: &[(u32, u32)], tally: &mut Tally) {
        for (_, place) in members {
            self.bar(*place);
        }
        if let (Some((_, a)), Some((_, b))) = (members.first(), members.last()) {
            self.refuse(step, (*a, *b), Reason::Shared, tally);
        }
    }

    fn bar(&mut self, place: u32) {
        self.barred[place as usize / 64] |= 1 << (place % 64);
    }

    /// True when the step takes several records of one identity for one person, and nothing did so before.
    fn may_settle(&self, step: Step, place: u32) -> bool {
        let row = &self.table.rows[place as usize];
        self.steps[place as usize].is_none()
            && self.table.records[place as usize] > 1
            && step.agrees(&self.table.words, row, row)
    }

    /// Joins the records of an identity that has several.
    fn settle(&mut self, step: Step, place: u32, tally: &mut Tally) {
        let barred = self.barred[place as usize / 64] >> (place % 64) & 1 == 1;
        if !barred && self.table.records[place as usize] > 1 {
            self.mark(step, place, tally);
        }
    }

    fn join(&mut self, step: Step, (a, b): (u32, u32), tally: &mut Tally) {
        let (x, y) = (self.clusters.root(a), self.clusters.root(b));
        if self.apart.forbids(x, y) {
            return self.refuse(step, (x, y), Reason::DecidedApart, tally);
        }
        // Members of a cluster of several got their steps when it was formed.
        self.mark(step, a, tally);
        self.mark(step, b, tally);
        if self.clusters.join(a, b) {
            self.people -= 1;
            let (first, second) = (x.min(y), x.max(y));
            self.joined[second as usize] = Some(step);
            self.apart.joined(first, second);
        }
    }

    /// Notes the step that first made the records of an identity one person's.
    fn mark(&mut self, step: Step, place: u32, tally: &mut Tally) {
        if self.steps[place as usize].is_some() {
            return;
        }
        let records = u64::from(self.table.records[place as usize]);
        self.steps[place as usize] = Some(step);
        self.people -= records - 1;
        tally.identities += 1;
        tally.records += records;
    }

    fn finish(self, linked: Linked) -> Linked {
        let Self {
            clusters,
            mut conflicts,
            ..
        } = self;
        let roots = clusters.roots();
        let refused = conflicts.iter().map(|conflict| (conflict.a, conflict.b));
        let circles = Clusters::circles(&roots, refused.chain(self.crowds));
        // What a later step joined is no conflict any more; of the same pair the strongest step is kept.
        conflicts.retain(|conflict| {
            let one = roots[conflict.a as usize] == roots[conflict.b as usize];
            match conflict.reason {
                Reason::KeyWithTwoNumbers
                | Reason::KeyWithTwoBirthDates
                | Reason::Shared
                | Reason::DecidedAgainst => true,
                _ => !one,
            }
        });
        for conflict in &mut conflicts {
            (conflict.a, conflict.b) = (roots[conflict.a as usize], roots[conflict.b as usize]);
        }
        conflicts.sort_unstable_by_key(|conflict| (conflict.reason, conflict.a, conflict.b, conflict.step));
        conflicts.dedup_by_key(|conflict| (conflict.reason, conflict.a, conflict.b));
        Linked {
            roots,
            steps: self.steps,
            joined: self.joined,
            circles,
            reports: self.reports,
            conflicts,
            refusals: self.refusals,
            people: self.people,
            ..linked
        }
    }
}
