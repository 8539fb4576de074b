//! Am I counted? What can be known, whom to ask, and a letter to one's own hospital.

use maud::{Markup, html};

use crate::page::{Menu, Page, page as frame};
use crate::pages::letter::{Letter, letter};
use crate::pages::real;
use crate::site::Site;

pub(crate) fn page(site: &Site<'_>) -> Page {
    let content = html! {
        div.wide.top {
            h1 { "Am I counted?" }
            p.promise-card {
                strong { "Being counted or not changes nothing about your care." }
                " Nobody is treated sooner or later, better or worse, because a record says so or is missing."
            }
        }
        (real::section(site, real::COUNTED, "Real questions to ask", &inside()))
        section aria-labelledby="why" {
            div.wide.columns {
                div {
                    h2 #why { "Why it matters all the same" }
                    p {
                        "Nurses, clinics and trials are planned for the people who are known of. Those who are in no record are easily "
                        "left out of the plan. To be counted helps everyone together, and those who come after."
                    }
                }
                div {
                    h2 { "How your hospital is doing" }
                    p { "You can see how many of the people whom other records show have been recorded at your hospital." }
                    p { a href="hospitals/index.html" { "Find your hospital" } }
                    p { "To live with this is hard enough. You owe nobody a letter." }
                }
            }
        }
    };
    frame(site, "am-i-counted.html", Menu::Counted, "Am I counted?", content)
}

fn inside() -> Markup {
    html! {
        h2 #(real::COUNTED) { "How to find out" }
        div.columns {
            div {
                p {
                    "This site cannot tell you: it holds counts, and no names. Only your hospital can look. Your breast care nurse "
                    "or your consultant’s secretary is a good start; behind them stands a team that keeps the hospital’s cancer records."
                }
                p { "Three questions are enough:" }
                ol {
                    li { "Has my secondary breast cancer been recorded in the national cancer data, with its date?" }
                    li { "If not, could it be recorded now?" }
                    li { "If you do not know, who does?" }
                }
            }
            div {
                h3 { "What may be recorded, and where" }
                p {
                    "In England, hospitals send it in the Cancer Outcomes and Services Data set (COSD). It has had a place for breast "
                    "cancer that comes back or spreads since 2013. In Wales there is a form for it. In Scotland and in Northern "
                    "Ireland registries know of it when it is there at the first diagnosis, and elsewhere only from other records."
                }
                p { "Being in treatment, on a ward’s list or in a trial is not the same as being recorded." }
            }
        }
        (letter(&to_my_hospital()))
        p.measure.under {
            "Copy the letter or print this page, and fill in what stands in square brackets. Nothing that you write is asked for, "
            "stored or sent by this site."
        }
    }
}

fn to_my_hospital() -> Letter {
    let line = |text: &str| text.to_owned();
    Letter {
        id: "letter-hospital",
        heading: "A letter to your own hospital".to_owned(),
        head: vec![
            line("[Your name and address]"),
            line("[Your hospital number, if you have it at hand]"),
            line("[Date]"),
            line("To the breast care team, [name of the hospital]"),
        ],
        paragraphs: vec![
            line("Dear team,"),
            line("I have secondary breast cancer and am looked after at your hospital."),
            line(
                "Could you please tell me whether my secondary breast cancer has been recorded in the national cancer data, and with \
                 which date? If it has not, could it be recorded now? If this is a question for somebody else, please pass this letter \
                 on, or tell me whom to ask.",
            ),
            line(
                "I know that this changes nothing about my care. I ask because services can only be planned for people who are counted.",
            ),
            line("Thank you for your help, and for all that you do."),
            line("Yours sincerely,"),
            line("[Your name]"),
        ],
    }
}
