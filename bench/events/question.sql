-- The question in DuckDB, from the raw files, written by hand for speed: first evidence of each person and rule, cases,
-- counts by organisation and year, people living at a date; by the definition uk-mbc/2026.1 as far as admissions,
-- treatments and deaths go. {data} is the folder of raw files, {lists} the definition's lists, {bodies} the table of
-- bodies, {out} the folder of answers. any_diagnosis{…} and any_operation{…} stand for the same words about each of the
-- 20 or 24 columns (as c), joined by OR; question.py writes them out.
--
-- It compares codes as they are sent, checks nothing, resolves no code of a body, and leaves out whatever these records
-- never say: dates that are missing, people without a number. One look at the admissions, narrowed at once to those with
-- a code of cancer or its history.
CREATE MACRO breast(c) AS c >= 'C50' AND c < 'C51';
CREATE MACRO secondary(c) AS c >= 'C78' AND c < 'C80'
    AND (c < 'C79' OR substr(c, 1, 4) IN ('C790', 'C791', 'C793', 'C794', 'C795', 'C796', 'C797', 'C799'));
CREATE MACRO supporting(c) AS substr(c, 1, 4) IN ('Z515', 'G952', 'G992', 'G550', 'M495', 'M907', 'M844', 'E835')
    OR substr(c, 1, 3) IN ('J91', 'R18');
CREATE MACRO operated(c) AS substr(c, 1, 3) IN ('T10', 'T12', 'T46', 'V44', 'A10', 'A02');
CREATE MACRO other_cancer(c) AS substr(c, 1, 3) IN ({other_3}) OR substr(c, 1, 4) IN ({other_4});
CREATE MACRO other_history(c) AS substr(c, 1, 4) IN ('Z850', 'Z851', 'Z852', 'Z854', 'Z855', 'C800');
CREATE MACRO number(file) AS CAST(regexp_extract(file, '(\d+)\.parquet$', 1) AS INTEGER);
CREATE MACRO person(sent) AS CAST(sent AS BIGINT);

CREATE TABLE bodies AS SELECT code, treats_only = 'true' AS treats_only FROM read_csv('{bodies}', all_varchar = true);

CREATE TABLE admitted AS
SELECT person(NEWNHSNO) AS person, ADMIDATE AS day, PROCODE AS body, number(filename) AS file, file_row_number AS row,
    any_diagnosis{breast(c) OR substr(c, 1, 4) = 'Z853'} AS breast,
    any_diagnosis{secondary(c)} AS secondary,
    any_diagnosis{supporting(c)} OR any_operation{operated(c)} AS supported,
    any_diagnosis{other_cancer(c) OR other_history(c)} AS other
FROM read_parquet('{data}/admissions/*.parquet', filename = true, file_row_number = true)
WHERE any_diagnosis{(c >= 'C' AND c < 'D' OR c >= 'Z85' AND c < 'Z86')};

CREATE TABLE treated AS
SELECT person(NHS_Number) AS person, Start_Date_Of_Regimen AS day, "Organisation_Identifier_(Code_Of_Provider)" AS body,
    number(filename) AS file, file_row_number AS row, breast(Primary_Diagnosis) AS breast,
    secondary(Primary_Diagnosis) AS secondary, (Primary_Diagnosis >= 'C77' AND Primary_Diagnosis < 'C80' OR Primary_Diagnosis >= 'D05' AND Primary_Diagnosis < 'D06') AS spread,
    other_cancer(Primary_Diagnosis) AS other, Intent_Of_Treatment IN ('02', '03', '04', '05', 'P') AS palliative,
    Intent_Of_Treatment IN ('01', 'A', 'C', 'N') AS curing, Adjunctive_Therapy IN ('1', '2') AS around, Drug_Name AS drug, Regimen AS regimen,
    Actual_Dose_Per_Administration IN ('120', '120.0', '120 MG', '120MG') AS bone_dose
FROM read_parquet('{data}/sact/*.parquet', filename = true, file_row_number = true);

-- Which name holds which phrase, as whole words, and when it counts.
CREATE TABLE names AS SELECT DISTINCT drug AS name FROM treated UNION SELECT DISTINCT regimen FROM treated;
CREATE TABLE phrases AS
SELECT name, list, coalesce(CAST("from" AS DATE), DATE '0001-01-01') AS since,
    coalesce(CAST(until AS DATE), DATE '9999-12-31') AS until
FROM (SELECT *, regexp_extract(filename, 'drugs_(\w+)', 1) AS list
      FROM read_csv('{lists}/drugs_*.csv', all_varchar = true, filename = true)) AS listed
JOIN names ON regexp_matches(name, '(^|[^A-Z0-9])' || phrase || '([^A-Z0-9]|$)');
CREATE TABLE drugged AS
SELECT t.*, EXISTS (FROM phrases p WHERE p.list = 'strong' AND p.name IN (t.drug, t.regimen) AND t.day BETWEEN since AND until) AS strong,
    EXISTS (FROM phrases p WHERE p.list = 'weak' AND p.name = t.drug AND t.day BETWEEN since AND until) AS weak,
    EXISTS (FROM phrases p WHERE p.list = 'bone' AND p.name = t.drug AND t.day BETWEEN since AND until) AS bone,
    EXISTS (FROM phrases p WHERE p.list = 'supportive' AND p.name = t.drug AND t.day BETWEEN since AND until) AS supportive
FROM treated t;

CREATE TABLE died AS
SELECT person(NHSNUMBER) AS person, DOD AS day, number(filename) AS file, file_row_number AS row,
    breast(S_UNDERLYING_COD_ICD10) AS underlying, other_cancer(S_UNDERLYING_COD_ICD10) AS other,
    breast(S_UNDERLYING_COD_ICD10) OR breast(S_COD_CODE_1) OR breast(S_COD_CODE_2) OR breast(S_COD_CODE_3) AS named
FROM read_parquet('{data}/deaths/*.parquet', filename = true, file_row_number = true);

CREATE TABLE signs AS
SELECT person, day, body, file, row, 'admissions' AS source, 'admission-supported' AS rule, TRUE AS strong, TRUE AS ambiguous
FROM admitted WHERE secondary AND supported
UNION ALL SELECT person, day, body, file, row, 'admissions', 'admission-code', FALSE, TRUE FROM admitted WHERE secondary
UNION ALL SELECT person, day, body, file, row, 'sact', 'sact-drug', TRUE, FALSE FROM drugged WHERE breast AND strong AND NOT (around OR curing)
UNION ALL SELECT person, day, body, file, row, 'sact', 'sact-drug-around-surgery', FALSE, FALSE FROM drugged WHERE breast AND strong AND (around OR curing)
UNION ALL SELECT person, day, body, file, row, 'sact', 'sact-drug-secondary', TRUE, TRUE FROM drugged WHERE spread AND strong
UNION ALL SELECT person, day, body, file, row, 'sact', 'sact-bone-dose', TRUE, FALSE FROM drugged WHERE breast AND bone AND bone_dose AND NOT (around OR curing)
UNION ALL SELECT person, day, body, file, row, 'sact', 'sact-intent', TRUE, FALSE FROM drugged WHERE breast AND palliative AND NOT around AND NOT supportive
UNION ALL SELECT person, day, body, file, row, 'sact', 'sact-intent-around-surgery', FALSE, FALSE FROM drugged WHERE breast AND palliative AND around AND NOT supportive
UNION ALL SELECT person, day, body, file, row, 'sact', 'sact-secondary', TRUE, TRUE FROM drugged WHERE secondary
UNION ALL SELECT person, day, body, file, row, 'sact', 'sact-drug-weak', FALSE, FALSE FROM drugged WHERE breast AND weak AND NOT (around OR curing);

CREATE TABLE primaries AS
SELECT person, day, body, file, row FROM admitted WHERE breast
UNION ALL SELECT person, day, body, file, row FROM treated WHERE breast;
CREATE TABLE in_life AS SELECT DISTINCT person FROM primaries;
CREATE TABLE owners AS
SELECT person, day FROM admitted WHERE other UNION ALL SELECT person, day FROM treated WHERE other
UNION ALL SELECT person, day FROM died WHERE other;

-- Who may be a case: a breast primary, and a sign; or, with a breast primary in life, death from breast cancer.
CREATE TABLE kept AS
SELECT person FROM signs WHERE person IN (SELECT person FROM in_life UNION SELECT person FROM died WHERE named)
UNION SELECT person FROM died WHERE underlying AND person IN (SELECT person FROM in_life);

CREATE TABLE weighed AS
SELECT s.*, s.ambiguous AND EXISTS (FROM owners o WHERE o.person = s.person AND o.day BETWEEN s.day - 3652 AND s.day + 365) AS owned,
    d.day AS death
FROM signs s SEMI JOIN kept USING (person) LEFT JOIN (SELECT * FROM died WHERE underlying) d USING (person);
-- A weak sign counts with the same one two weeks to three years away, or with one of the other source in that time; of the two sources
-- that are here, a code in hospital alone tells of distant disease.
CREATE TABLE counting AS
SELECT *, NOT owned AND (strong OR rule = 'admission-code' AND before + after > 0 OR stays > 0 AND courses > 0
    OR coalesce(day < death - 30 AND death <= day + INTERVAL 60 MONTH, FALSE)) AS counts
FROM (SELECT * EXCLUDE (stay, course),
          count(stay) OVER (one RANGE BETWEEN INTERVAL 1096 DAYS PRECEDING AND INTERVAL 14 DAYS PRECEDING) AS before,
          count(stay) OVER (one RANGE BETWEEN INTERVAL 14 DAYS FOLLOWING AND INTERVAL 1096 DAYS FOLLOWING) AS after,
          count(stay) OVER (one RANGE BETWEEN INTERVAL 1096 DAYS PRECEDING AND INTERVAL 1096 DAYS FOLLOWING) AS stays,
          count(course) OVER (one RANGE BETWEEN INTERVAL 1096 DAYS PRECEDING AND INTERVAL 1096 DAYS FOLLOWING) AS courses
      FROM (SELECT *, CASE WHEN NOT owned AND NOT strong AND rule = 'admission-code' THEN 1 END AS stay,
                CASE WHEN NOT owned AND NOT strong AND source = 'sact' THEN 1 END AS course FROM weighed) AS flagged
      WINDOW one AS (PARTITION BY person ORDER BY day));

-- A case that is known only from its death.
CREATE TABLE at_death AS
SELECT person, day FROM died WHERE underlying AND person IN (SELECT person FROM in_life)
    AND person NOT IN (SELECT person FROM counting WHERE counts AND day < death - 30);
CREATE TABLE died_cases AS
SELECT d.person, 'C' AS tier, any_value(d.day) AS day, arg_max(p.body, (p.day, p.file, p.row)) AS body
FROM at_death d LEFT JOIN primaries p ON p.person = d.person AND p.day <= d.day AND d.day - INTERVAL 60 MONTH <= p.day
GROUP BY d.person;
CREATE TABLE living_cases AS
SELECT person, CASE WHEN NOT bool_or(counts) THEN 'D'
        WHEN count(DISTINCT source) FILTER (counts OR NOT strong AND NOT owned) + (any_value(death) IS NOT NULL)::INT >= 2 THEN 'B' ELSE 'C' END AS tier,
    CASE WHEN bool_or(counts) THEN min(day) FILTER (counts) ELSE least(min(day), any_value(death)) END AS day,
    CASE WHEN bool_or(counts) THEN arg_min(body, (day, file, row)) FILTER (counts) ELSE arg_min(body, (day, file, row)) END AS body
FROM counting WHERE person NOT IN (SELECT person FROM at_death) GROUP BY person;
-- A body that only treats hands over to the last one that knew of the breast cancer before.
CREATE TABLE handed AS
SELECT c.person, arg_max(p.body, (p.day, p.file, p.row)) AS body
FROM living_cases c JOIN bodies b ON b.code = c.body AND b.treats_only
JOIN primaries p ON p.person = c.person AND p.day <= c.day JOIN bodies o ON o.code = p.body AND NOT o.treats_only
WHERE c.tier <> 'D' GROUP BY c.person;
CREATE TABLE cases AS
-- Nothing begins after the death, of whatever cause.
SELECT c.person, c.tier, CASE WHEN c.tier = 'D' THEN c.day ELSE least(c.day, d.day) END AS day,
    coalesce(h.body, c.body) AS body, d.day AS death
FROM (FROM died_cases UNION ALL FROM living_cases) c LEFT JOIN handed h USING (person) LEFT JOIN died d USING (person);

COPY (SELECT person, rule, min(day) FROM
      (SELECT person, rule, day FROM weighed UNION ALL SELECT person, 'death-underlying', day FROM died WHERE underlying)
      SEMI JOIN cases USING (person) GROUP BY ALL ORDER BY ALL) TO '{out}/first.csv' (HEADER FALSE);
COPY (SELECT person, tier, day, body FROM cases ORDER BY person) TO '{out}/cases.csv' (HEADER FALSE);
COPY (SELECT body, year(day), count(*) FROM cases WHERE tier <> 'D' GROUP BY ALL ORDER BY body NULLS FIRST, 2) TO '{out}/counts.csv' (HEADER FALSE);
COPY (SELECT count(*) FROM cases WHERE tier <> 'D' AND day <= DATE '2023-12-31' AND (death IS NULL OR death > DATE '2023-12-31')) TO '{out}/living.csv' (HEADER FALSE);
