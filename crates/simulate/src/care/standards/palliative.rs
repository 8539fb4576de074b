//! Palliative care, in the truth and in admissions.
//!
//! Admissions were drawn before; here they are made to agree with the truth. Who had no specialist palliative care in
//! the first ninety days has no episode under it then, and half of those who had it and were admitted have one. No
//! episode is added or taken away.

use super::Event;
use super::items::{Item, PALLIATIVE_IN_ADMISSION, PALLIATIVE_UNSEEN};
use crate::care::{Episode, Story};
use crate::chance::{Chance, Purpose};

/// Days after the diagnosis of secondary disease that count as early.
const EARLY: i32 = 90;
/// The part of [`Purpose::CareTruth`] that says whether an admission shows it.
const SHOWN: u8 = 63;
/// National codes: the specialty palliative medicine, and the diagnosis palliative care.
const SPECIALTY: &str = "315";
const CODE: &str = "Z515";

impl Story<'_> {
    /// Makes the admissions of the first ninety days agree with the truth.
    pub(super) fn palliative(&mut self) {
        let Some((place, line)) = self.care.standards.find(Event::Secondary, Item::Palliative) else {
            return;
        };
        let (truth, home) = (line.truth, line.hospital);
        let window = line.date..=line.date.plus_days(EARLY);
        let shown = self
            .chance(Purpose::CareTruth, SHOWN)
            .happens(PALLIATIVE_IN_ADMISSION);
        let early = |episode: &Episode| window.contains(&episode.admitted);
        if truth {
            let stay = |e: &&mut Episode| early(e) && e.hospital == home && e.discharged > e.admitted;
            if let Some(episode) = self.care.episodes.iter_mut().find(stay).filter(|_| shown) {
                episode.specialty = SPECIALTY;
                if !episode.diagnoses.contains(&CODE) {
                    episode.diagnoses.push(CODE);
                }
            }
        } else {
            for episode in self.care.episodes.iter_mut().filter(|e| early(e)) {
                if episode.specialty == SPECIALTY {
                    episode.specialty = "370";
                }
                episode.diagnoses.retain(|code| *code != CODE);
            }
        }
        let said = self.care.episodes.iter().filter(|e| early(e)).find_map(says);
        if let Some(line) = self.care.standards.lines.get_mut(place) {
            line.admission = said;
        }
    }

    /// Whether the person had palliative care by the time of death, and what an admission says of it.
    pub(super) fn palliative_by_death(&self, chance: &mut Chance) -> (bool, Option<&'static str>) {
        let unseen = chance.happens(PALLIATIVE_UNSEEN);
        let since = self.life.spread.as_ref().map(|s| s.date);
        let said = self
            .care
            .episodes
            .iter()
            .filter(|e| since.is_some_and(|since| e.admitted >= since))
            .find_map(says);
        let early = self
            .care
            .standards
            .find(Event::Secondary, Item::Palliative)
            .is_some_and(|(_, line)| line.truth);
        (said.is_some() || early || unseen, said)
    }
}

/// What an episode says of palliative care.
fn says(episode: &Episode) -> Option<&'static str> {
    if episode.specialty == SPECIALTY {
        Some(SPECIALTY)
    } else {
        episode.diagnoses.contains(&CODE).then_some(CODE)
    }
}
