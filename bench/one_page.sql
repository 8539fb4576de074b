-- What an analyst would write on one page: link by number alone, take any strong sign. The yardstick of `make bench`.
-- COSD is left out: no SQL engine reads its XML. {data} is the folder of a simulated study.
create macro number(text) as nullif(regexp_replace(text, '[^0-9]', '', 'g'), '');
create macro code(text) as upper(replace(text, '.', ''));

with registered as (
    select number(NHSNUMBER) as person, code(SITE_ICD10_O2) as site, STAGE_BEST as stage, M_BEST as m
    from read_csv('{data}/registrations.csv', all_varchar = true, union_by_name = true)
),
admitted as (
    select number(NEWNHSNO) as person, ADMIDATE as day, code(concat_ws(' ', *columns('DIAG_.*'))) as codes
    from read_csv('{data}/admissions/*.csv', all_varchar = true, union_by_name = true)
),
treated as (
    select number(NHS_Number) as person, code(Primary_Diagnosis) as site, Intent_Of_Treatment as intent
    from read_csv('{data}/sact.csv', all_varchar = true, union_by_name = true)
),
irradiated as (
    select number(NHS_NUMBER) as person, code(RADIOTHERAPYDIAGNOSISICD) as site, RTTREATMENTREGION as region
    from read_csv('{data}/rtds.csv', all_varchar = true, union_by_name = true)
),
waited as (
    select number(NHS_NUMBER) as person, code(PRIMARY_DIAGNOSIS_ICD) as site, CANCER_TREATMENT_EVENT_TYPE as event
    from read_csv('{data}/cwt.csv', all_varchar = true, union_by_name = true)
),
died as (
    select number(NHSNUMBER) as person, code(S_UNDERLYING_COD_ICD10) as cause
    from read_csv('{data}/deaths.csv', all_varchar = true, union_by_name = true)
),
breast as (
    select person from registered where site like 'C50%'
    union select person from admitted where codes like '%C50%' or codes like '%Z853%'
    union select person from treated where site like 'C50%'
    union select person from irradiated where site like 'C50%'
    union select person from waited where site like 'C50%'
),
metastatic as (
    select person from registered where site like 'C50%' and (stage like '4%' or m like '%1%')
    union select person from admitted where regexp_matches(codes, 'C7[89]')
        group by person having count(distinct day) > 1
    union select person from treated where intent in ('02', '03', '04', '05') or regexp_matches(site, '^C7[89]')
    union select person from irradiated where region = 'M' or regexp_matches(site, '^C7[89]')
    union select person from waited where event = '05'
    union select person from died where cause like 'C50%'
)
select person from metastatic where person in (select person from breast);
