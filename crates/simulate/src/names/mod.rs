//! Names for invented people.
//!
//! The lists were compiled for this crate from general knowledge of names in the United Kingdom; no file was
//! copied. Weights are rough: within a list the n-th name has weight 1 / (n + 4), which gives the first name of
//! a decade about one girl in twenty-five, as births in the 1950s had. People of South Asian, African,
//! Caribbean, eastern European and Chinese roots are there because linkage treats their names worst: few
//! family names shared by many (Begum, Kaur, Khan), orders turned round, spellings that vary.
//! Rare British family names are put together from two parts, so that about a third of people carry a name
//! hardly anyone shares, as in the real tail of some hundred thousand names.

mod given;
mod spelling;

use crate::chance::Chance;
use vocabulary::sex::Sex;

pub(crate) use given::list as given_list;
pub(crate) use spelling::{family_variant, given_variant, mistyped};

/// Where a person's names come from. Shares are in [`ROOTS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Roots {
    British,
    Irish,
    SouthAsian,
    African,
    Caribbean,
    EasternEuropean,
    Chinese,
}

impl Roots {
    /// The roots in words.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::British => "British",
            Self::Irish => "Irish",
            Self::SouthAsian => "South Asian",
            Self::African => "African",
            Self::Caribbean => "Caribbean",
            Self::EasternEuropean => "eastern European",
            Self::Chinese => "Chinese",
        }
    }
}

/// Roots, their share of people with cancer, and the ethnic category code (national codes A, B, C, H, N, M, R)
/// that most of them give. Shares are rough for people over 50 in England and Wales in 2021.
pub(crate) const ROOTS: [(Roots, f64, &str); 7] = [
    (Roots::British, 0.862, "A"),
    (Roots::Irish, 0.022, "B"),
    (Roots::SouthAsian, 0.055, "H"),
    (Roots::African, 0.016, "N"),
    (Roots::Caribbean, 0.014, "M"),
    (Roots::EasternEuropean, 0.021, "C"),
    (Roots::Chinese, 0.010, "R"),
];

fn ranked(list: &'static str, chance: &mut Chance) -> &'static str {
    let names: Vec<&'static str> = list.split_ascii_whitespace().collect();
    let weights: Vec<f64> = (0..names.len()).map(|n| 1.0 / (n as f64 + 4.0)).collect();
    names.get(chance.weighted(&weights)).copied().unwrap_or("Mary")
}

/// A given name that fits the year of birth.
pub(crate) fn given(sex: Sex, birth_year: i32, roots: Roots, chance: &mut Chance) -> &'static str {
    let girl = sex == Sex::Female;
    // Many people of other roots born after about 1965 carry names common in Britain.
    let borrowed = birth_year > 1965 && chance.happens(0.15);
    let roots = if borrowed { Roots::British } else { roots };
    ranked(given::list(girl, birth_year, roots), chance)
}

/// A family name; women of South Asian roots often carry Begum, Kaur or Bibi.
pub(crate) fn family(sex: Sex, roots: Roots, chance: &mut Chance) -> String {
    if roots == Roots::SouthAsian && chance.happens(SHARED_SHARE) {
        return chance.pick(shared(sex), "Khan").to_owned();
    }
    if matches!(roots, Roots::British | Roots::Caribbean) && chance.happens(0.34) {
        return composed(chance);
    }
    let name = ranked(family_list(roots), chance);
    if roots == Roots::EasternEuropean {
        return feminine(sex, name);
    }
    name.to_owned()
}

/// The family names of people of these roots, most common first, separated by spaces.
pub(crate) fn family_list(roots: Roots) -> &'static str {
    match roots {
        Roots::British | Roots::Caribbean => BRITISH,
        Roots::Irish => IRISH,
        Roots::SouthAsian => SOUTH_ASIAN,
        Roots::African => AFRICAN,
        Roots::EasternEuropean => EASTERN_EUROPEAN,
        Roots::Chinese => CHINESE,
    }
}

/// Share of people of South Asian roots who carry one of the names that [`shared`] lists.
pub(crate) const SHARED_SHARE: f64 = 0.22;

/// The few names that many people of South Asian roots share without being kin.
pub(crate) fn shared(sex: Sex) -> &'static [&'static str] {
    if sex == Sex::Female {
        &["Begum", "Kaur", "Bibi"]
    } else {
        &["Singh", "Khan", "Hussain"]
    }
}

/// A rare British name from two parts.
fn composed(chance: &mut Chance) -> String {
    let first: Vec<&str> = FIRST_PARTS.split_ascii_whitespace().collect();
    let last: Vec<&str> = LAST_PARTS.split_ascii_whitespace().collect();
    format!("{}{}", chance.pick(&first, "Ash"), chance.pick(&last, "ley"))
}

/// Polish and Czech women's names take a feminine ending.
pub(crate) fn feminine(sex: Sex, name: &str) -> String {
    match (sex, name.strip_suffix("ski"), name.strip_suffix("cki")) {
        (Sex::Female, Some(stem), _) => format!("{stem}ska"),
        (Sex::Female, None, Some(stem)) => format!("{stem}cka"),
        _ => name.to_owned(),
    }
}

const BRITISH: &str = "Smith Jones Williams Taylor Brown Davies Evans Thomas Wilson Johnson Roberts Robinson Wright \
Thompson White Walker Edwards Hughes Green Hall Wood Harris Lewis Martin Jackson Clarke Clark Turner Hill Scott Cooper \
Morris Ward Moore King Watson Baker Harrison Morgan Allen James Mitchell Phillips Lee Bell Parker Davis Bennett Cook \
Shaw Cox Richardson Marshall Griffiths Carter Price Collins Webb Bailey Miller Gray Adams Stevens Chapman Mills Ellis \
Rogers Foster Hunt Knight Palmer Powell Butler Russell Barnes Fisher Reynolds Jenkins Simpson Lloyd Dixon Fletcher \
Harvey Mason Gibson Grant Pearce Rees Day Stone Poole Howells Black Armstrong Pritchard Hart Reid Stewart Campbell \
Robertson Anderson Macdonald McDonald Murray Ross Young Hamilton Graham Kerr Johnston Paterson Ferguson Cameron Fraser \
Henderson Wallace McKenzie Sinclair Boyd Duncan Muir Barr Dunn Holmes Rose Perry Barker Francis Lawrence Spencer \
Payne Berry Newman Bishop Carr Walsh Lane Austin Bird Sutton Hayes Gregory Lowe Burton Willis Cole Chambers Booth \
Walton Goodwin Sharp Nicholson Hopkins Bradley Atkinson Matthews Dawson Elliott Peters Field Parry Bowen Beynon Gough \
Tucker Barton Wells Frost Hancock Hodgson Holt Kemp Moss Norris Page Potter Quinn Rowe Savage Swift Tyler Vaughan \
Watts Woods York Yates Abbott Ball Cross Dean Eaton French Gale Heath Ingram Jarvis Kirby Little Marsh Nash Oliver";

const IRISH: &str = "Murphy Kelly O'Brien Byrne Ryan O'Connor O'Neill Doyle McCarthy Gallagher O'Sullivan Doherty \
Kennedy Lynch Murray Quinn Moore McLaughlin Carroll Connolly Daly Nolan Brennan O'Reilly Burke Collins Walsh Dunne \
Hughes O'Donnell McGrath Flynn Casey Keane Boyle Sweeney Hogan Maguire Donnelly Mullan";

const SOUTH_ASIAN: &str = "Patel Khan Ahmed Shah Hussain Ali Singh Akhtar Sharma Mahmood Iqbal Malik Chaudhry Mistry \
Rahman Islam Miah Uddin Gupta Desai Mehta Joshi Parmar Chauhan Bhatti Mirza Qureshi Siddiqui Chowdhury Das Roy Nair \
Menon Reddy Rao Pillai Fernando Perera Dhillon Gill Sandhu Sidhu Virk Bains Grewal Aslam Rashid Raza Javed Nawaz";

const AFRICAN: &str = "Mensah Owusu Okafor Adeyemi Osei Boateng Okonkwo Adebayo Asante Appiah Eze Balogun Nwosu Abdi \
Mohamed Hassan Ibrahim Okoro Ogunleye Kamau Mwangi Otieno Banda Moyo Ncube Dube Phiri Tesfaye Bekele Afolabi";

const EASTERN_EUROPEAN: &str = "Nowak Kowalski Wisniewski Wojcik Kaminski Lewandowski Zielinski Szymanski Wozniak \
Dabrowski Kozlowski Mazur Jankowski Krawczyk Popescu Ionescu Popa Radu Dumitru Stan Petrov Ivanova Horvath Kovacs \
Nagy Szabo Novotny Dvorak Kazlauskas Ozola";

const CHINESE: &str = "Wong Chan Chen Li Wang Lee Cheung Ng Zhang Liu Leung Lau Ho Tang Yip Chow Lam Kwok Tsang Yeung \
Huang Wu Zhao Zhou Lin Cheng";

pub(crate) const FIRST_PARTS: &str = "Ash Black Brad Bram Broad Brom Clay Clif Cran Cros Dal Den Dun Ether Fair Far Gar Glad Hal \
Har Hather Haw High Hol Hunt Kel Kings Lang Leather Lin Long Mar Mid Mil Nor Oak Pem Pick Rad Red Row Shaf Stan Stock \
Swin Thorn Thur Wad Wal Whit Win Wool Wrig Yard";

pub(crate) const LAST_PARTS: &str = "acre bourne bridge brook burn bury by combe cott croft dale den field ford gate ham hurst ingham \
ington land ley low man mere more over ridge shaw stead stock stone thorpe ton wall water well wick wood worth";

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::chance::Purpose;

    #[test]
    fn every_decade_and_root_has_names() {
        let mut chance = Chance::of(3, Purpose::Identity, 1, 0);
        for year in (1915..2006).step_by(5) {
            for (roots, _, _) in ROOTS {
                for sex in [Sex::Female, Sex::Male] {
                    assert!(!given(sex, year, roots, &mut chance).is_empty());
                    assert!(family(sex, roots, &mut chance).len() >= 2);
                }
            }
        }
    }

    #[test]
    fn family_names_have_a_long_tail() {
        let mut chance = Chance::of(4, Purpose::Identity, 1, 0);
        let mut seen = std::collections::BTreeMap::<String, u32>::new();
        for _ in 0..10_000 {
            *seen
                .entry(family(Sex::Female, Roots::British, &mut chance))
                .or_default() += 1;
        }
        assert!(seen.len() > 1_000, "{}", seen.len());
        let most = seen.values().max().copied().unwrap_or_default();
        assert!((100..600).contains(&most), "the commonest name: {most}");
    }
}
