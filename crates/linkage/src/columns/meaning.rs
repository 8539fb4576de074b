//! What a heading means, by name alone.
//!
//! Headings are compared as everywhere: case, spaces and punctuation do not matter. The values below are never looked
//! at, so the same headings always mean the same.

use layouts::header_key;

use crate::weigh::Kind;

/// What a heading is taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Something that is known by a name of its own, so that it is found again in another file under another heading.
    Known(&'static str, Kind),
    /// Given and family name in one.
    FullName,
    /// A part of a birth date that is split over columns.
    Born(Part),
    /// Numbers the record or says where it is from.
    OfRecord,
    /// Looks like the answer: it would be told, not found.
    Answer,
    /// Numbers something that happens to a person, more than once.
    OfEvent,
    /// A number or code of a person, which no list here knows.
    Number,
    /// Anything else.
    Other,
}

/// A part of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Year,
    Month,
    Day,
}

pub(super) const GIVEN: &str = "given name";
pub(super) const FAMILY: &str = "family name";
pub(super) const BORN: &str = "birth date";
pub(super) const POSTCODE: &str = "postcode";
pub(super) const SEX: &str = "sex";

/// Known things: what they are called here, how they are compared, and their headings.
const KNOWN: &[(&str, Kind, &str)] = &[
    (
        GIVEN,
        Kind::GivenName,
        "given givenname givennames givenname1 forename forenames forename1 forename2first first firstname firstnames \
         firstname1 fname fnamec1 christianname personsgivenname vorname prenom",
    ),
    (
        FAMILY,
        Kind::FamilyName,
        "family familyname surname surnames surname1 last lastname lastname1 lname lnamec1 sname secondname nachname \
         nomdefamille",
    ),
    (
        BORN,
        Kind::BirthDate,
        "dob dateofbirth birthdate datebirth borndate birthday born bday birthdt dobdt birthdatebest dateofbirthbest \
         personbirthdate geburtsdatum",
    ),
    (
        POSTCODE,
        Kind::Postcode,
        "postcode postalcode postcodefake pcode plz pcd pcds postcd zip zipcode zip5 homepostcode homeadd",
    ),
    (
        SEX,
        Kind::Sex,
        "sex gender sexcode gendercode sexatbirth legalsex administrativesex",
    ),
    (
        "NHS number",
        Kind::Number,
        "nhsnumber nhsno nhsnum nhs newnhsno nhsid",
    ),
    (
        "CHI number",
        Kind::Number,
        "chinumber chino chi chinum upi upinumber",
    ),
    (
        "H&C number",
        Kind::Number,
        "hcnumber hcn hscnumber hscno healthandcarenumber",
    ),
    (
        "hospital number",
        Kind::Number,
        "hospitalnumber hospitalno hospno hospnum mrn medicalrecordnumber localpatientidentifier localpatientid lopatid \
         patientid patientnumber patientno patientidentifier unitnumber crn casenumber pid",
    ),
    (
        "social security number",
        Kind::Number,
        "socsecid ssn ssnumber socialsecuritynumber socialsecurityno socialsecurity socsec nationalinsurancenumber nino \
         ninumber nationalinsuranceno",
    ),
    (
        "national number",
        Kind::Number,
        "nationalid nationalidnumber nationalnumber personalnumber personnummer cpr bsn",
    ),
    ("passport", Kind::Number, "passport passportnumber passportno"),
    (
        "driving licence",
        Kind::Number,
        "drivinglicence drivinglicencenumber driverslicense driverlicense licencenumber",
    ),
    (
        "Medicare number",
        Kind::Number,
        "medicare medicarenumber medicareno medicareid",
    ),
    ("e-mail", Kind::Text, "email emailaddress mail mailaddress"),
    (
        "telephone",
        Kind::Text,
        "phone phonenumber phoneno telephone telephonenumber telephoneno tel mobile mobilenumber cellphone",
    ),
    ("town", Kind::Text, "town city suburb posttown towncity locality"),
    (
        "address",
        Kind::Text,
        "address addressline1 address1 fulladdress homeaddress residentialaddress",
    ),
    ("street", Kind::Text, "street streetname streetaddress road"),
    (
        "house number",
        Kind::Text,
        "streetnumber housenumber houseno streetno housename",
    ),
    ("county", Kind::Text, "county state province region"),
    ("country", Kind::Text, "country nationality"),
    (
        "occupation",
        Kind::Text,
        "occupation job jobtitle profession employer",
    ),
    (
        "birth place",
        Kind::Text,
        "birthplace placeofbirth townofbirth countryofbirth birthcountry",
    ),
    (
        "middle name",
        Kind::Text,
        "middlename middlenames middle secondforename othernames",
    ),
    (
        "maiden name",
        Kind::Text,
        "maidenname birthsurname nameatbirth previoussurname birthname",
    ),
    (
        "ethnic group",
        Kind::Text,
        "ethnicity ethnicgroup ethniccategory race",
    ),
];

const FULL_NAME: &str = "name fullname personname patientname firstandsurname firstandlastname forenameandsurname completename \
                         nameinfull customername clientname givenandfamilyname firstlast";
const OF_RECORD: &str = "id uniqueid recid recordid recordno recordnumber recno row rowid rowno rownumber rownum line lineno \
                         linenumber index idx unnamed0 level0 source sourceid sourcedataset sourcefile sourcesystem dataset \
                         datasource file filename uuid guid uid pk key primarykey seq sequence createdat updatedat createddate \
                         updateddate lastupdated timestamp loaddate";
const ANSWER: &str = "cluster clusterid clusters trueid truecluster trueclusterid truepersonid trueentity truth truthid truthvalue \
                      label labels labelid personid person personkey entity entityid matchid match ismatch matched matchgroup \
                      groundtruth gold golden goldid goldenid groupid esid duplicateid duplicate isduplicate dupid masterid \
                      masterpersonid uniquepersonid simulatednum";
/// First words of what happens to people.
const EVENTS: &str = "episode visit encounter attendance spell event admission submission transaction order sample specimen \
                      referral appointment claim batch report message test treatment tumour tumor diagnosis epi";
/// First words of numbers and codes that many people share.
const SHARED: &str = "house street flat unit building apartment apt block lot door floor room bed ward phone telephone tel mobile fax \
                      cell home work gp practice provider site trust organisation organization org clinic hospital school county \
                      state country region area district locality lsoa msoa lea ccg icb age";
/// Last words of numbers.
const NUMBERS: &str = "id no num nbr nr number identifier ident";
/// Words that change nothing about what a heading means.
const EMPTY: &str = "patient patients pt pat person persons subject client member customer employee pupil student voter resident \
                     participant respondent insured beneficiary current latest clean cleaned std standardised standardized raw orig \
                     original str text txt value legal the of";

fn has(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|other| other == word)
}

/// What a heading means.
pub(super) fn meaning(heading: &str) -> Meaning {
    let key = header_key(heading).to_lowercase();
    let words = words(heading);
    let plain: String = words
        .iter()
        .map(String::as_str)
        .filter(|word| !has(EMPTY, word))
        .collect();
    if key.is_empty() || has(OF_RECORD, &key) {
        return Meaning::OfRecord;
    }
    if has(ANSWER, &key) {
        return Meaning::Answer;
    }
    for key in [&key, &plain] {
        if let Some((name, kind, _)) = KNOWN.iter().find(|(_, _, keys)| has(keys, key)) {
            return Meaning::Known(name, *kind);
        }
        if has(FULL_NAME, key) {
            return Meaning::FullName;
        }
        if let Some(part) = part_of_birth(key) {
            return Meaning::Born(part);
        }
    }
    numbered(&key, &words)
}

fn part_of_birth(key: &str) -> Option<Part> {
    match key {
        "by" | "birthyear" | "yearofbirth" | "yob" | "doby" | "dobyear" | "bornyear" | "byear" => {
            Some(Part::Year)
        }
        "bm" | "birthmonth" | "monthofbirth" | "mob" | "dobm" | "dobmonth" | "bornmonth" | "bmonth" => {
            Some(Part::Month)
        }
        "bd" | "dayofbirth" | "dobd" | "dobday" | "bornday" => Some(Part::Day),
        _ => None,
    }
}

/// Headings that end in "number" or the like: of a person, unless they begin with something that many share.
fn numbered(key: &str, words: &[String]) -> Meaning {
    let (first, last) = match words {
        [] => return Meaning::Other,
        [one] => (one.as_str(), ""),
        [first, .., last] => (first.as_str(), last.as_str()),
    };
    let is_number = has(NUMBERS, last) || key.ends_with("number") || key.ends_with("identifier");
    let starts = |list: &str| {
        let alone = words.len() == 1;
        has(list, first)
            || alone
                && list
                    .split_whitespace()
                    .any(|word| word.len() > 3 && key.starts_with(word))
    };
    if !is_number || starts(SHARED) {
        Meaning::Other
    } else if starts(EVENTS) {
        Meaning::OfEvent
    } else {
        Meaning::Number
    }
}

/// The words of a heading: parted by anything that is no letter or digit, and where a capital follows a small letter.
fn words(heading: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut small = false;
    for letter in heading.chars() {
        if !letter.is_alphanumeric() || small && letter.is_uppercase() {
            words.push(String::new());
        }
        small = letter.is_lowercase();
        if let (true, Some(word)) = (letter.is_alphanumeric(), words.last_mut()) {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_mean_what_people_mean_by_them() {
        let known = |name| {
            let entry = KNOWN.iter().find(|(other, _, _)| *other == name);
            entry.map(|(name, kind, _)| Meaning::Known(name, *kind))
        };
        for (headings, wanted) in [
            (
                "given_name|First Name|FORENAME|firstName|patient_forename|fname_c1",
                known(GIVEN),
            ),
            (
                "surname| surname|LAST_NAME|family name|PatientSurname|current_surname",
                known(FAMILY),
            ),
            (
                "dob|date_of_birth|Birth Date|DOB |dob_str|Patient DOB",
                known(BORN),
            ),
            (
                "postcode|postcode_fake| Post-Code|ZIP|zip_code|Postcode of patient",
                known(POSTCODE),
            ),
            ("sex|Gender|patient_gender", known(SEX)),
            ("NHS Number|nhs_no|NEWNHSNO|NHSNUMBER", known("NHS number")),
            (
                " soc_sec_id|SSN|social security number",
                known("social security number"),
            ),
            (
                "hospital number|MRN|PATIENTID|patient_id",
                known("hospital number"),
            ),
            (
                "name|full_name|first_and_surname|Patient Name",
                Some(Meaning::FullName),
            ),
            ("by|birth_year|year of birth", Some(Meaning::Born(Part::Year))),
            (
                "unique_id|rec_id|id|source_dataset||Unnamed: 0",
                Some(Meaning::OfRecord),
            ),
            (
                "cluster|person_id|true_id|label|entity_id|match_id",
                Some(Meaning::Answer),
            ),
            ("episode_id|VisitNumber|sample no", Some(Meaning::OfEvent)),
            (
                "voter_id|policy number|ACCOUNTNUMBER|Member No",
                Some(Meaning::Number),
            ),
            (
                "hospital_id|gp number|flat_no|HOUSEIDENTIFIER|favourite colour|previous_postcode",
                Some(Meaning::Other),
            ),
            (
                "mother_surname|date_of_death|school number|initials|nothing",
                Some(Meaning::Other),
            ),
        ] {
            for heading in headings.split('|') {
                assert_eq!(Some(meaning(heading)), wanted, "{heading:?}");
            }
        }
    }

    #[test]
    fn no_heading_means_two_things() {
        let mut seen = std::collections::BTreeSet::new();
        let lists = KNOWN
            .iter()
            .map(|(_, _, keys)| *keys)
            .chain([FULL_NAME, OF_RECORD, ANSWER]);
        for key in lists.flat_map(str::split_whitespace) {
            assert!(seen.insert(key), "{key} stands twice");
            assert_eq!(key, header_key(key).to_lowercase(), "it would never be met");
        }
    }
}
