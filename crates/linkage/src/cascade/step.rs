//! The steps of the cascade: their names, their words, and which two identities each takes for one person.
//!
//! The order is from the strongest to the weakest. A step looks at pairs of identities only; whether the people
//! that they belong to may be joined is decided over whole clusters (`facts`, `resolve`).

use serde::Serialize;

use super::birth::BirthAgreement;
use super::evidence::enough;
use super::identity::Identity;
use super::intern::{NO_WORD, Words};
use super::name::{family_may_be, given_may_be};

/// A rule that joins records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(
    missing_docs,
    reason = "each has its words in `Step::words`, which are the manual"
)]
pub enum Step {
    Decision,
    Key,
    NumberBirthDate,
    NumberNearBirthDate,
    NumberName,
    NumberOnly,
    NumberPostcode,
    LocalId,
    NameBirthDatePostcode,
    NameBirthDateOrganisation,
    GivenNameBirthDatePostcode,
    NearNameBirthDatePostcode,
    NameBirthDate,
    NamePostcode,
    WeighedBirthDatePostcode,
    WeighedBirthDateOrganisation,
    WeighedNamePostcode,
    BirthDateSexPostcode,
    BirthDateSexOrganisation,
    BirthDateOrganisation,
}

/// The identities that a step compares with one another: those that share these values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shares {
    Decision,
    Key,
    Number,
    LocalId,
    BirthDatePostcode,
    BirthDateOrganisation,
    /// Of those who have a name.
    NamedBirthDateOrganisation,
    NameBirthDate,
    NameBirthDateOrganisation,
    NamePostcode,
}

/// What a step needs before it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trust {
    /// It rests on a decision, a key or a valid number.
    Given,
    /// Used unless its trial on records with a number shows it wrong too often.
    UnlessWrong,
    /// Used only where its trial shows it right.
    OnlyIfRight,
}

/// What a record that is joined to no other is listed under.
pub const ALONE: &str = "alone";

impl Step {
    /// All steps, in the order in which they run.
    pub const ALL: [Self; 20] = [
        Self::Decision,
        Self::Key,
        Self::NumberBirthDate,
        Self::NumberNearBirthDate,
        Self::NumberName,
        Self::NumberOnly,
        Self::NumberPostcode,
        Self::LocalId,
        Self::NameBirthDatePostcode,
        Self::NameBirthDateOrganisation,
        Self::GivenNameBirthDatePostcode,
        Self::NearNameBirthDatePostcode,
        Self::NameBirthDate,
        Self::NamePostcode,
        Self::WeighedBirthDatePostcode,
        Self::WeighedBirthDateOrganisation,
        Self::WeighedNamePostcode,
        Self::BirthDateSexPostcode,
        Self::BirthDateSexOrganisation,
        Self::BirthDateOrganisation,
    ];

    /// The name under which the step stands in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Decision => "decision",
            Self::Key => "key",
            Self::NumberBirthDate => "number and birth date",
            Self::NumberNearBirthDate => "number and birth date with one slip",
            Self::NumberName => "number and name",
            Self::NumberOnly => "number, no birth date",
            Self::NumberPostcode => "number, postcode and sex",
            Self::LocalId => "local number",
            Self::NameBirthDatePostcode => "name, birth date and postcode",
            Self::NameBirthDateOrganisation => "name, birth date and organisation",
            Self::GivenNameBirthDatePostcode => "given name, birth date and postcode",
            Self::NearNameBirthDatePostcode => "spelling of the name, birth date and postcode",
            Self::NameBirthDate => "uncommon name and birth date",
            Self::NamePostcode => "name and postcode, birth date with one slip or missing",
            Self::WeighedBirthDatePostcode => "weighed, with birth date and postcode",
            Self::WeighedBirthDateOrganisation => "weighed, with birth date and organisation",
            Self::WeighedNamePostcode => "weighed, with name and postcode",
            Self::BirthDateSexPostcode => "birth date, sex and postcode",
            Self::BirthDateSexOrganisation => "birth date, sex and organisation",
            Self::BirthDateOrganisation => "birth date and organisation",
        }
    }

    /// What the step does, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Decision => "somebody looked at them and decided that they are one person's",
            Self::Key => {
                "the same key in the same key space; two numbers under one key are listed, two people under one key are not joined"
            }
            Self::NumberBirthDate => "the same valid number and the same birth date",
            Self::NumberNearBirthDate => {
                "the same valid number; birth dates one slip apart, or one of them without day or month; sex not in disagreement"
            }
            Self::NumberName => {
                "the same valid number; both names agree, or one name agrees and the birth date is missing or one slip apart"
            }
            Self::NumberOnly => {
                "the same valid number, no birth date on one side, and nothing that speaks against it"
            }
            Self::NumberPostcode => "the same valid number, postcode and sex; the birth date differs",
            Self::LocalId => {
                "the same number of the same organisation, with birth date, or with name, or with sex and postcode"
            }
            Self::NameBirthDatePostcode => "the same family name, given name, birth date and postcode",
            Self::NameBirthDateOrganisation => {
                "the same family name, given name, birth date and organisation"
            }
            Self::GivenNameBirthDatePostcode => {
                "the same given name, birth date and postcode; the family name differs, as after marriage"
            }
            Self::NearNameBirthDatePostcode => {
                "the same birth date and postcode; names a slip, a short form or an initial apart, or changed round"
            }
            Self::NameBirthDate => {
                "the same family name, given name and birth date, where few enough people carry the full name"
            }
            Self::NamePostcode => {
                "the same family name, given name and postcode; birth dates one slip apart, or one missing"
            }
            Self::WeighedBirthDatePostcode => {
                "the same birth date and postcode; all fields weighed together leave no more than one in a hundred to chance; used only where its trial succeeds"
            }
            Self::WeighedBirthDateOrganisation => {
                "the same birth date and organisation, names near; all fields weighed together leave no more than one in a hundred to chance; used only where its trial succeeds"
            }
            Self::WeighedNamePostcode => {
                "the same family name, given name and postcode; all fields weighed together leave no more than one in a hundred to chance; used only where its trial succeeds"
            }
            Self::BirthDateSexPostcode => {
                "a record without a name: the only person with that birth date, sex and postcode"
            }
            Self::BirthDateSexOrganisation => {
                "a record without a name: the only person with that birth date and sex at that organisation; used only where its trial succeeds"
            }
            Self::BirthDateOrganisation => {
                "a record without name and sex: the only person with that birth date at that organisation; used only where its trial succeeds"
            }
        }
    }

    /// The share of right links that is assumed where the data allow no trial, in ten-thousandths.
    pub(crate) fn assumed(self) -> u64 {
        match self {
            Self::Decision => 10_000,
            Self::Key | Self::NumberBirthDate => 9_999,
            Self::NumberNearBirthDate | Self::NumberName | Self::NameBirthDatePostcode => 9_990,
            Self::NumberOnly | Self::NumberPostcode | Self::LocalId | Self::NameBirthDateOrganisation => {
                9_980
            }
            Self::GivenNameBirthDatePostcode | Self::NearNameBirthDatePostcode => 9_950,
            Self::NameBirthDate | Self::NamePostcode | Self::BirthDateSexPostcode => 9_900,
            Self::WeighedBirthDatePostcode
            | Self::WeighedBirthDateOrganisation
            | Self::WeighedNamePostcode => 9_900,
            Self::BirthDateSexOrganisation | Self::BirthDateOrganisation => 9_500,
        }
    }

    pub(crate) fn shares(self) -> Shares {
        match self {
            Self::Decision => Shares::Decision,
            Self::Key => Shares::Key,
            Self::NumberBirthDate
            | Self::NumberNearBirthDate
            | Self::NumberName
            | Self::NumberOnly
            | Self::NumberPostcode => Shares::Number,
            Self::LocalId => Shares::LocalId,
            Self::NameBirthDatePostcode
            | Self::GivenNameBirthDatePostcode
            | Self::NearNameBirthDatePostcode
            | Self::WeighedBirthDatePostcode
            | Self::BirthDateSexPostcode => Shares::BirthDatePostcode,
            // Dozens share a birth date at a large hospital, and most of its records may have no name: they would only
            // make the group too large to look at.
            Self::NameBirthDateOrganisation => Shares::NameBirthDateOrganisation,
            Self::WeighedBirthDateOrganisation => Shares::NamedBirthDateOrganisation,
            Self::BirthDateSexOrganisation | Self::BirthDateOrganisation => Shares::BirthDateOrganisation,
            Self::NameBirthDate => Shares::NameBirthDate,
            Self::NamePostcode | Self::WeighedNamePostcode => Shares::NamePostcode,
        }
    }

    pub(crate) fn trust(self) -> Trust {
        match self {
            Self::WeighedBirthDatePostcode
            | Self::WeighedBirthDateOrganisation
            | Self::WeighedNamePostcode
            | Self::BirthDateSexOrganisation
            | Self::BirthDateOrganisation => Trust::OnlyIfRight,
            _ if matches!(self.shares(), Shares::Decision | Shares::Key | Shares::Number) => Trust::Given,
            _ => Trust::UnlessWrong,
        }
    }

    /// True when a cluster that fits two people who cannot be one fits neither. Two slips of one birth date under one
    /// number look like two people, and are not.
    pub(crate) fn tears(self) -> bool {
        self != Self::NumberNearBirthDate
    }

    /// True when the step rests on there being one such person only: whoever fits two that it does not itself hold
    /// for one fits neither, whether or not these contradict each other.
    pub(crate) fn wants_only_one(self) -> bool {
        matches!(self, Self::BirthDateSexOrganisation | Self::BirthDateOrganisation)
    }

    /// True when the step is for records such as this one: without a name, and for the last step without sex too
    /// (waiting times), since those with sex had a better step before.
    pub(crate) fn is_for(self, row: &Identity) -> bool {
        match self {
            Self::BirthDateSexPostcode | Self::BirthDateSexOrganisation => row.nameless(),
            Self::BirthDateOrganisation => row.nameless() && row.sex == 0,
            // What says nothing of the name is for the steps after these.
            Self::WeighedBirthDatePostcode | Self::WeighedBirthDateOrganisation => row.named(),
            _ => true,
        }
    }

    /// True when this step takes two identities that share its values for one person.
    pub(crate) fn agrees(self, words: &Words, a: &Identity, b: &Identity) -> bool {
        // By organisation it is always the record without a number that finds a person.
        let may_find = |row: &Identity| self.is_for(row) && (row.number == 0 || !self.wants_only_one());
        (may_find(a) || may_find(b)) && self.fits(words, a, b)
    }

    /// True when the values of the step agree, whoever the records are.
    pub(crate) fn fits(self, words: &Words, a: &Identity, b: &Identity) -> bool {
        let pair = Pair { words, a, b };
        match self {
            Self::Decision => pair.same(a.decided, b.decided),
            Self::Key => pair.same(a.key, b.key),
            Self::NumberBirthDate => pair.number() && pair.born(),
            Self::NumberNearBirthDate => {
                pair.number()
                    && pair.sex_may_be()
                    && matches!(
                        pair.birth(),
                        BirthAgreement::Part | BirthAgreement::Slip | BirthAgreement::FarSlip
                    )
            }
            Self::NumberName => pair.number() && pair.number_name(),
            Self::NumberOnly => pair.number() && pair.birth() == BirthAgreement::Missing && pair.sex_may_be(),
            Self::NumberPostcode => pair.number() && pair.same(a.postcode, b.postcode) && pair.sex(),
            Self::LocalId => pair.local() && pair.local_support(),
            Self::NameBirthDatePostcode => pair.birth_postcode() && pair.name(),
            Self::GivenNameBirthDatePostcode => {
                pair.birth_postcode() && pair.whole_given() && pair.sex_may_be()
            }
            Self::NearNameBirthDatePostcode => pair.birth_postcode() && pair.near_name(),
            Self::NameBirthDateOrganisation => pair.birth_organisation() && pair.name(),
            Self::NameBirthDate => pair.born() && pair.name() && !a.common_name && !b.common_name,
            Self::NamePostcode => {
                pair.same(a.postcode, b.postcode)
                    && pair.name()
                    && pair.sex_may_be()
                    && matches!(
                        pair.birth(),
                        BirthAgreement::Missing | BirthAgreement::Part | BirthAgreement::Slip
                    )
            }
            Self::WeighedBirthDatePostcode => pair.birth_postcode() && pair.weighed(),
            Self::WeighedBirthDateOrganisation => pair.birth_organisation() && pair.weighed(),
            Self::WeighedNamePostcode => pair.same(a.postcode, b.postcode) && pair.name() && pair.weighed(),
            Self::BirthDateSexPostcode => pair.birth_postcode() && pair.sex(),
            Self::BirthDateSexOrganisation => pair.birth_organisation() && pair.sex(),
            Self::BirthDateOrganisation => pair.birth_organisation(),
        }
    }
}

/// Two identities and what they have in common. A missing value agrees with nothing.
struct Pair<'a> {
    words: &'a Words,
    a: &'a Identity,
    b: &'a Identity,
}

impl Pair<'_> {
    fn same(&self, a: u32, b: u32) -> bool {
        a != NO_WORD && a == b
    }

    fn number(&self) -> bool {
        self.a.number != 0 && self.a.number == self.b.number
    }

    fn birth(&self) -> BirthAgreement {
        self.a.born.agreement(self.b.born)
    }

    /// The same whole birth date.
    fn born(&self) -> bool {
        self.birth() == BirthAgreement::Same
    }

    fn birth_postcode(&self) -> bool {
        self.born() && self.same(self.a.postcode, self.b.postcode)
    }

    fn birth_organisation(&self) -> bool {
        self.born() && self.same(self.a.organisation, self.b.organisation)
    }

    fn sex(&self) -> bool {
        self.a.sex != 0 && self.a.sex == self.b.sex
    }

    fn sex_may_be(&self) -> bool {
        self.a.sex == 0 || self.b.sex == 0 || self.a.sex == self.b.sex
    }

    fn name(&self) -> bool {
        self.a.named() && self.b.named() && self.a.family == self.b.family && self.a.given == self.b.given
    }

    fn family_may_be(&self) -> bool {
        let (a, b) = (self.a.family, self.b.family);
        a != NO_WORD && b != NO_WORD && (a == b || family_may_be(self.words.text(a), self.words.text(b)))
    }

    fn given_may_be(&self) -> bool {
        let (a, b) = (self.a.given, self.b.given);
        a != NO_WORD && b != NO_WORD && (a == b || given_may_be(self.words.text(a), self.words.text(b)))
    }

    fn whole_given(&self) -> bool {
        self.same(self.a.given, self.b.given) && self.words.text(self.a.given).len() > 1
    }

    /// Names a slip, a short form or an initial apart, or changed round; twins differ in the given name.
    fn near_name(&self) -> bool {
        let round = self.a.named() && self.a.family == self.b.given && self.a.given == self.b.family;
        round || (self.family_may_be() && self.given_may_be())
    }

    /// Both have names, and all that they say leaves little to chance.
    fn weighed(&self) -> bool {
        self.a.named() && self.b.named() && enough(self.words, self.a, self.b)
    }

    fn number_name(&self) -> bool {
        let family = self.same(self.a.family, self.b.family);
        let (family, given) = (
            family || self.family_may_be(),
            self.whole_given() || self.given_may_be(),
        );
        let near = matches!(
            self.birth(),
            BirthAgreement::Missing | BirthAgreement::Part | BirthAgreement::Slip | BirthAgreement::FarSlip
        );
        (family && given) || ((family || given) && near)
    }

    fn local(&self) -> bool {
        self.same(self.a.local, self.b.local) && self.same(self.a.organisation, self.b.organisation)
    }

    fn local_support(&self) -> bool {
        match self.birth() {
            BirthAgreement::Same => true,
            BirthAgreement::Differs => false,
            _ => self.near_name() || (self.sex() && self.same(self.a.postcode, self.b.postcode)),
        }
    }
}
