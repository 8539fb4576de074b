//! From what was stated to components: parts that uncertain links connect, directly or through others.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::weigh::kernel::Pair;

use super::joint::{self, Joint};
use super::sparse::Sparse;
use super::{Link, SURE, Stated, Uncertain};

/// Parts that may be of one person, or of several.
pub(super) struct Component {
    /// The parts, in order.
    pub(super) parts: Vec<u32>,
    /// Its links, as places in the list of all.
    pub(super) links: Vec<u32>,
    pub(super) way: Way,
}

/// How a component is drawn.
pub(super) enum Way {
    /// Each link by itself.
    Alone,
    /// All at once.
    Joint(Joint),
    /// The surest link first.
    InTurn,
}

pub(super) fn prepare(stated: Stated) -> Uncertain {
    let Stated {
        person,
        mut held,
        mut between,
        apart,
        allowance,
    } = stated;
    let surest = |x: &Pair, y: &Pair| {
        y.probability
            .total_cmp(&x.probability)
            .then((x.a, x.b).cmp(&(y.a, y.b)))
    };
    held.sort_by(surest);
    between.sort_by(surest);
    let (part, spanning) = parts(&person, &held);
    let part_of = |record: u32| part.get(&record).copied().unwrap_or(person[record as usize]);
    let link = |pair: &Pair, accepted: bool| Link {
        records: [pair.a, pair.b],
        parts: [part_of(pair.a), part_of(pair.b)],
        probability: f64::from(pair.probability),
        accepted,
    };
    let mut links: Vec<Link> = spanning.iter().map(|pair| link(pair, true)).collect();
    // In a map and not in the list at once, so that only the surest of two people's pairs is kept.
    let mut met: BTreeMap<(u32, u32), Link> = BTreeMap::new();
    for pair in &between {
        let (x, y) = (person[pair.a as usize], person[pair.b as usize]);
        if x != y {
            met.entry((x.min(y), x.max(y)))
                .or_insert_with(|| link(pair, false));
        }
    }
    links.extend(met.into_values());
    let apart = by_part(apart.iter().map(|&(a, b)| (part_of(a), part_of(b))));
    let components = components(&links, &apart);
    let component_of = components
        .iter()
        .zip(0..)
        .flat_map(|(component, at)| component.parts.iter().map(move |part| (*part, at)))
        .collect();
    Uncertain {
        allowance: allowance.classes(),
        person,
        part,
        links,
        components,
        component_of,
        apart,
    }
}

/// The parts of people that links hold together, and the links between parts: the surest that hold everything.
fn parts(person: &[u32], held: &[Pair]) -> (FxHashMap<u32, u32>, Vec<Pair>) {
    let (mut sure, mut tree, mut spanning) = (Sparse::default(), Sparse::default(), Vec::new());
    for pair in held
        .iter()
        .filter(|pair| person[pair.a as usize] == person[pair.b as usize])
    {
        if tree.join(pair.a, pair.b) {
            if pair.probability >= SURE {
                sure.join(pair.a, pair.b);
            } else {
                spanning.push(*pair);
            }
        }
    }
    let mut part = FxHashMap::default();
    for record in held.iter().flat_map(|pair| [pair.a, pair.b]) {
        let own = sure.root(record);
        // Trees that no link connects are surely one person's, each by its first part.
        if own != tree.root(record) {
            part.insert(record, own);
        }
    }
    (part, spanning)
}

fn by_part(apart: impl Iterator<Item = (u32, u32)>) -> FxHashMap<u32, Vec<u32>> {
    let mut by_part: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
    for (a, b) in apart.filter(|(a, b)| a != b) {
        by_part.entry(a).or_default().push(b);
        by_part.entry(b).or_default().push(a);
    }
    by_part.values_mut().for_each(|parts| parts.sort_unstable());
    by_part
}

fn components(links: &[Link], apart: &FxHashMap<u32, Vec<u32>>) -> Vec<Component> {
    let mut groups = Sparse::default();
    let mut rings: Vec<u32> = Vec::new();
    for link in links {
        if !groups.join(link.parts[0], link.parts[1]) {
            rings.push(link.parts[0]);
        }
    }
    let mut by_root: BTreeMap<u32, (Vec<u32>, Vec<u32>)> = BTreeMap::new();
    for (link, at) in links.iter().zip(0..) {
        let (parts, own) = by_root.entry(groups.root(link.parts[0])).or_default();
        parts.extend(link.parts);
        own.push(at);
    }
    let mut ringed: Vec<u32> = rings.into_iter().map(|part| groups.root(part)).collect();
    ringed.sort_unstable();
    let component = |(root, (mut parts, own)): (u32, (Vec<u32>, Vec<u32>))| {
        parts.sort_unstable();
        parts.dedup();
        let contradicts = parts.iter().any(|part| {
            let others = apart.get(part).map_or(&[][..], Vec::as_slice);
            others.iter().any(|other| parts.binary_search(other).is_ok())
        });
        let way = if !contradicts && ringed.binary_search(&root).is_err() {
            Way::Alone
        } else if parts.len() <= joint::MOST_PARTS {
            Way::Joint(Joint::new(
                &parts,
                own.iter().map(|&at| &links[at as usize]),
                apart,
            ))
        } else {
            Way::InTurn
        };
        Component {
            parts,
            links: own,
            way,
        }
    };
    by_root.into_iter().map(component).collect()
}
