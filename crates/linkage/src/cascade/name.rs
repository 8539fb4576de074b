//! Names that may be one name: slips, initials, short forms, double-barrelled and changed-round names.
//!
//! Names arrive normalised: capital letters without spaces, hyphens or apostrophes. The short forms below were
//! compiled for this crate from general knowledge; each line is one name.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// Given names and their other forms, one name a line.
const FORMS: &str = "\
ALISON ALLISON ALI ALY
AMANDA MANDY
ANN ANNE ANNIE ANNA
ANTHONY TONY ANTONY
ANDREW ANDY DREW
BARBARA BARB BABS BARBRA
BEATRICE BEA BEATRIX TRIXIE
BRIDGET BRIDIE BRID
CAROL CAROLE CAROLYN CAROLINE CARRIE
CATHERINE KATHERINE KATHRYN CATHRYN CATHARINE KATHARINE CATH KATH CATHY KATHY KATE KATIE KATY KITTY
KATHLEEN CATHLEEN KATH KATHY
CHARLOTTE LOTTIE CHARLIE
CHRISTINE CHRISTINA CHRIS CHRISSIE TINA KRISTINE
CHRISTOPHER CHRIS
CLAIRE CLARE CLAIR
CONSTANCE CONNIE
DANIEL DAN DANNY
DAVID DAVE
DEBORAH DEBRA DEBBIE DEB DEBS
DIANA DIANE DIANNE DI DYAN
DOROTHY DOT DOTTIE DOLLY DORA
EDITH EDIE
EDWARD TED ED EDDIE NED
EILEEN AILEEN
ELEANOR ELINOR NELL ELLIE NORA ELLEN
ELIZABETH ELISABETH LIZ LIZZIE BETH BETTY BETTE BETSY ELIZA LIBBY LISA ELSIE
EMILY EM
EMMA EM
FATIMA FATEMA FATMA FATIMAH
FLORENCE FLO FLORRIE FLOSSIE
FRANCES FRAN FRANCIS FANNY FRANKIE
GEOFFREY GEOFF JEFFREY JEFF
GERALDINE GERRY GERI
GILLIAN JILL GILL JILLIAN
GLADYS GLAD
GWENDOLINE GWEN GWENDOLYN GWENDOLEN
HARRIET HATTIE
HELEN HELENA ELLEN NELL NELLIE
IRENE RENE RENIE
ISABEL ISOBEL ISABELLA ISABELLE BELLA
JACQUELINE JACKIE JACQUI JACKY JACQUELYN
JAMES JIM JIMMY JAMIE
JANET JAN JANETTE
JANE JAYNE JANIE
JEAN JEANNE JEANNIE
JENNIFER JEN JENNY JENNIE
JESSICA JESS JESSIE
JOAN JOANIE
JOANNE JOANNA JO JOANN
JOHN JACK JOHNNY JON JONATHAN
JOSEPH JOE
JOSEPHINE JO JOSIE
JUDITH JUDY JUDE
JULIE JULIA JULES
KENNETH KEN
LAWRENCE LAURENCE LARRY
LEONARD LEN
LESLEY LESLIE LES
LILIAN LILLIAN LILY LIL
LOUISE LOUISA LOU
LINDA LYNDA
LYNN LYNNE LYN
MARGARET MAGGIE PEGGY MEG MARGE MADGE MARGUERITE RITA GRETA DAISY
MARJORIE MARGERY MARGE MARJORY
MARIA MARIE MARY
MARY MOLLY POLLY MAY MAMIE
MATTHEW MATT
MAUREEN MO MAURINE
MICHAEL MIKE MICK MICKEY
MILDRED MILLIE
MOHAMMED MUHAMMAD MOHAMED MOHAMMAD MUHAMMED MOHD
NANCY ANN NAN
NICHOLAS NICK NICOLAS
NICOLA NICKY NIKKI NICOLE
OLIVE OLIVIA LIV
PAMELA PAM
PATRICIA PAT PATSY TRICIA TRISH PATTI
PATRICK PAT PADDY
PENELOPE PENNY
PETER PETE
PHILIP PHILLIP PHIL
PHYLLIS PHIL
REBECCA BECKY BECCA REBEKAH
RICHARD DICK RICK RICHIE
ROBERT BOB ROB BOBBY BERT ROBBIE
RONALD RON
ROSEMARY ROSE ROSIE ROSEMARIE
SAMANTHA SAM SAMMY
SANDRA SANDIE SANDY SANDI ALEXANDRA
SARAH SARA SADIE
SHEILA SHELAGH SHEELAGH SHEILAGH
SHIRLEY SHIRL
SIOBHAN SHEVAUN
STEPHANIE STEPH
STEPHEN STEVEN STEVE
STUART STEWART
SUSAN SUE SUSIE SUZANNE SUZIE SUSANNE SUZIE SUSANNAH
SYLVIA SILVIA
TERENCE TERRY
TERESA THERESA TESS TERRY TERRI TESSA TRACY
THOMAS TOM TOMMY
TIMOTHY TIM
TRACEY TRACY TRACIE
VALERIE VAL
VERONICA RONNIE
VICTORIA VICKY VICKI VIKKI TORI
VIOLET VI
VIVIEN VIVIENNE VIV VIVIAN
WILLIAM BILL WILL WILLIE BILLY LIAM
WINIFRED WINNIE FREDA WYN
YASMIN YASMEEN JASMINE JASMIN
ZOE ZOEY
AISHA AYESHA AISHAH AYSHA AESHA
KATARZYNA KASIA
MALGORZATA GOSIA
MAGDALENA MAGDA
AGNIESZKA AGA
NASREEN NASRIN NASREN
SHABNAM SHABANA
";

/// True when two given names may be one: equal, an initial, one cut short, a short form, one slip apart.
pub(crate) fn given_may_be(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    match short.len() {
        0 => false,
        1 | 2 if long.starts_with(short) => true,
        1 => false,
        _ => {
            (short.len() >= 3 && long.starts_with(short))
                || one_form(short, long)
                || (short.len() >= 4 && one_edit(short, long))
        }
    }
}

/// True when two family names may be one: equal, one slip apart, or one a part of the other, double-barrelled one.
pub(crate) fn family_may_be(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.len() < 3 {
        return false;
    }
    let part = short.len() >= 4 && (long.starts_with(short) || long.ends_with(short));
    part || (long.len() >= 4 && one_edit(short, long))
}

fn one_form(a: &str, b: &str) -> bool {
    let (a, b) = (lines_of(a), lines_of(b));
    a.iter().any(|line| b.contains(line))
}

/// The lines of [`FORMS`] that hold a name.
pub(crate) fn lines_of(name: &str) -> &'static [u16] {
    static LINES: LazyLock<FxHashMap<&str, Vec<u16>>> = LazyLock::new(|| {
        let mut lines: FxHashMap<&str, Vec<u16>> = FxHashMap::default();
        for (number, line) in FORMS.lines().enumerate() {
            for form in line.split(' ') {
                lines.entry(form).or_default().push(number as u16);
            }
        }
        lines
    });
    LINES.get(name).map_or(&[], Vec::as_slice)
}

/// True when one letter is wrong, missing or too many, or two neighbours are changed round.
pub(crate) fn one_edit(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() {
        (a.as_bytes(), b.as_bytes())
    } else {
        (b.as_bytes(), a.as_bytes())
    };
    if long.len() - short.len() > 1 || a == b {
        return false;
    }
    let start = short
        .iter()
        .zip(long)
        .take_while(|(left, right)| left == right)
        .count();
    if short.len() < long.len() {
        return short[start..] == long[start + 1..];
    }
    if short[start + 1..] == long[start + 1..] {
        return true;
    }
    short.len() > start + 1
        && short[start] == long[start + 1]
        && short[start + 1] == long[start]
        && short[start + 2..] == long[start + 2..]
}

#[cfg(test)]
mod tests {
    use super::{family_may_be, given_may_be, one_edit};

    #[test]
    fn given_names_that_may_be_one() {
        for (a, b) in [
            ("SUSAN", "SUE"),
            ("SUSAN", "S"),
            ("JO", "JOANNE"),
            ("CHRISTINE", "CHRIS"),
            ("MARGARET", "PEGGY"),
            ("KATHRYN", "KATHRYM"),
            ("MARYANN", "MARY"),
            ("HELEN", "HELNE"),
        ] {
            assert!(given_may_be(a, b) && given_may_be(b, a), "{a} {b}");
        }
        for (a, b) in [
            ("SUSAN", "SARAH"),
            ("S", "M"),
            ("", "SUSAN"),
            ("JUNE", "JANE E"),
            ("ANN", "IAN"),
            ("LI", "LOU"),
        ] {
            assert!(!given_may_be(a, b) && !given_may_be(b, a), "{a} {b}");
        }
    }

    #[test]
    fn family_names_that_may_be_one() {
        for (a, b) in [
            ("THOMPSON", "THOMSON"),
            ("SMITHJONES", "JONES"),
            ("CLARKE", "CLARK"),
            ("LEE", "LEES"),
        ] {
            assert!(family_may_be(a, b) && family_may_be(b, a), "{a} {b}");
        }
        for (a, b) in [("LEE", "LEO"), ("NG", "NGO"), ("SMITH", "JONES"), ("", "JONES")] {
            assert!(!family_may_be(a, b) && !family_may_be(b, a), "{a} {b}");
        }
    }

    #[test]
    fn one_edit_is_one_edit() {
        for (a, b) in [
            ("AB", "BA"),
            ("ABC", "ABD"),
            ("ABC", "AC"),
            ("ABC", "ABCD"),
            ("XABC", "ABC"),
        ] {
            assert!(one_edit(a, b) && one_edit(b, a), "{a} {b}");
        }
        for (a, b) in [
            ("ABC", "ABC"),
            ("ABCD", "BADC"),
            ("ABC", "CBA"),
            ("ABC", "A"),
            ("ABCD", "ACBE"),
        ] {
            assert!(!one_edit(a, b) && !one_edit(b, a), "{a} {b}");
        }
    }
}
