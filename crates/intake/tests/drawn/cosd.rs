//! COSD submissions, as small as they can be.

/// A submission of one hospital.
pub(crate) fn submission(created: &str, count: u32, records: &str) -> String {
    format!(
        r#"<COSD:COSD xmlns:COSD="http://www.datadictionary.nhs.uk/messages/COSD-v10-0-1">
<Id root="submission"/><OrganisationIdentifierCodeOfSubmittingOrganisation extension="ZZ1"/><RecordCount value="{count}"/>
<FileCreationDateTime>{created}</FileCreationDateTime>{records}</COSD:COSD>"#
    )
}

/// A record of one person.
pub(crate) fn record(id: &str, number: &str, body: &str) -> String {
    format!(
        r#"<BreastRecord><Id root="{id}"/><PatientIdentityDetails><NhsNumber extension="{number}"/><PersonBirthDate>1960-02-29</PersonBirthDate>
<OrganisationIdentifierCodeOfProvider extension="ZZ1"/></PatientIdentityDetails>{body}</BreastRecord>"#
    )
}

/// A primary, as the body of a record.
pub(crate) fn primary(date: &str) -> String {
    format!(
        r#"<PrimaryPathway><PrimaryCancerPathwayDetails><PrimaryDiagnosisIcd code="C50.9"/>
<DateOfPrimaryDiagnosisClinicallyAgreed>{date}</DateOfPrimaryDiagnosisClinicallyAgreed></PrimaryCancerPathwayDetails></PrimaryPathway>"#
    )
}

/// A distant recurrence, as the body of a record.
pub(crate) fn recurrence(date: &str) -> String {
    format!(
        r#"<NonPrimaryPathway><NonPrimaryCancerPathwayDetails><DateOfNonPrimaryCancerDiagnosisClinicallyAgreed>{date}</DateOfNonPrimaryCancerDiagnosisClinicallyAgreed></NonPrimaryCancerPathwayDetails>
<Recurrence><OriginalPrimaryDiagnosisIcd code="C50.9"/><MetastaticTypeAndSite><MetastaticType code="03"/><MetastaticSite code="10"/></MetastaticTypeAndSite></Recurrence></NonPrimaryPathway>"#
    )
}
