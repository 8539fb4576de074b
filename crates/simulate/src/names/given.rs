//! Given names by decade of birth and roots, most common first.

use super::Roots;

/// The list for a person; names are separated by spaces.
pub(crate) fn list(girl: bool, birth_year: i32, roots: Roots) -> &'static str {
    match (roots, girl) {
        (Roots::British | Roots::Caribbean | Roots::Irish, true) => match birth_year {
            ..=1929 => GIRLS_1920,
            1930..=1944 => GIRLS_1935,
            1945..=1959 => GIRLS_1950,
            1960..=1974 => GIRLS_1965,
            1975..=1989 => GIRLS_1980,
            _ => GIRLS_1995,
        },
        (Roots::British | Roots::Caribbean | Roots::Irish, false) => match birth_year {
            ..=1944 => BOYS_1930,
            1945..=1974 => BOYS_1960,
            _ => BOYS_1985,
        },
        (Roots::SouthAsian, true) => SOUTH_ASIAN_GIRLS,
        (Roots::SouthAsian, false) => SOUTH_ASIAN_BOYS,
        (Roots::African, true) => AFRICAN_GIRLS,
        (Roots::African, false) => AFRICAN_BOYS,
        (Roots::EasternEuropean, true) => EASTERN_GIRLS,
        (Roots::EasternEuropean, false) => EASTERN_BOYS,
        (Roots::Chinese, true) => CHINESE_GIRLS,
        (Roots::Chinese, false) => CHINESE_BOYS,
    }
}

const GIRLS_1920: &str = "Mary Joan Margaret Dorothy Doris Kathleen Irene Winifred Edna Betty Joyce Hilda Elsie Vera \
Phyllis Gladys Eileen Ivy Muriel Nora Ethel Lilian Marjorie Florence Alice Evelyn Olive Elizabeth Annie Edith Mabel \
Constance Barbara Freda Audrey Sylvia Jean Ruby Violet Rose Ellen Jessie Nellie Agnes Beryl";
const GIRLS_1935: &str = "Margaret Jean Mary Patricia Barbara Sheila Joan Shirley Maureen June Dorothy Brenda Elizabeth \
Doreen Pamela Joyce Sylvia Ann Beryl Audrey Irene Kathleen Eileen Janet Valerie Pauline Rita Anne Betty Marion Mavis \
Josephine Rosemary Hazel Gillian Iris Marlene Norma Jacqueline Catherine Judith Yvonne Thelma Daphne Ruth";
const GIRLS_1950: &str = "Susan Christine Margaret Linda Patricia Carol Janet Elizabeth Mary Ann Jean Barbara Anne \
Pauline Jennifer Sandra Kathleen Maureen Pamela Gillian Jacqueline Sheila Valerie Marilyn Judith Marion Lesley Lynne \
Rosemary Jane Carole Angela Brenda Diane Helen Wendy Hilary Elaine Denise Joan Shirley Yvonne Hazel Glynis Frances";
const GIRLS_1965: &str = "Susan Julie Karen Jacqueline Deborah Tracey Jane Helen Sharon Alison Amanda Diane Angela \
Sarah Elizabeth Dawn Linda Nicola Christine Lesley Fiona Michelle Paula Janet Mandy Wendy Caroline Lorraine Sally \
Denise Maria Beverley Gillian Catherine Lisa Joanne Teresa Claire Donna Debra Heather Ruth Yvonne Bernadette Lynn";
const GIRLS_1980: &str = "Sarah Laura Claire Gemma Emma Rebecca Lisa Nicola Kelly Victoria Joanne Michelle Samantha \
Rachel Louise Amy Katie Jennifer Stacey Leanne Lindsay Hayley Kerry Natalie Zoe Charlotte Catherine Hannah Danielle \
Lucy Helen Kirsty Vicky Cheryl Angela Elizabeth Alison Naomi Ruth Siobhan Lyndsey Marie Carly";
const GIRLS_1995: &str = "Jessica Emily Sophie Lauren Chloe Charlotte Hannah Megan Bethany Amy Georgia Olivia Katie \
Rebecca Lucy Molly Ellie Abigail Eleanor Alice Shannon Paige Jade Holly Rachel Natasha Grace Leah Imogen Niamh";

const BOYS_1930: &str = "John William George James Ronald Robert Kenneth Frederick Thomas Albert Eric Edward Arthur \
Charles Leslie Peter Dennis Joseph Alan Stanley Ernest Harold Norman Raymond Reginald Jack Roy Donald Gordon Derek";
const BOYS_1960: &str = "David Paul Andrew Stephen Mark Michael Ian Gary Robert Richard Peter John Anthony Christopher \
Darren Kevin Martin Simon Philip Graham Colin Neil Alan Nigel Keith Brian Trevor Roger Barry Geoffrey";
const BOYS_1985: &str = "Christopher James Daniel Matthew Michael David Adam Thomas Andrew Craig Lee Ryan Jamie Luke \
Stuart Gareth Ben Liam Scott Sean";

const SOUTH_ASIAN_GIRLS: &str = "Fatima Nasreen Shabana Sunita Manjit Surinder Harjit Rukhsana Khadija Amina Yasmin \
Parveen Usha Kamla Meena Balbir Gurpreet Jaswinder Nusrat Shamim Zainab Salma Razia Naseem Hansa Pushpa Lata Rekha \
Sushila Kulwant Saira Rehana Farzana Hasina Rabia Ayesha Bhavna Nirmala Zahida Tahira";
const SOUTH_ASIAN_BOYS: &str = "Mohammed Abdul Rajesh Harjinder Imran Tariq Suresh Mohan Gurdeep Ashok Rashid Iqbal \
Balwinder Kiran Anwar Vijay Nasir Ramesh";
const AFRICAN_GIRLS: &str = "Grace Abena Folake Ngozi Amina Esther Comfort Mercy Halima Fadumo Wanjiku Chipo Patience \
Blessing Florence Akosua Adaeze Khadra Hodan Tendai Ruth Joyce";
const AFRICAN_BOYS: &str = "Kwame Emmanuel Samuel Ahmed Chidi Joseph Kofi Tunde Abdi Daniel";
const EASTERN_GIRLS: &str = "Anna Maria Katarzyna Malgorzata Agnieszka Barbara Ewa Krystyna Elzbieta Joanna Elena \
Ioana Magdalena Danuta Irena Jana Monika Beata Zofia Svetlana";
const EASTERN_BOYS: &str = "Piotr Andrzej Jan Tomasz Marek Ion Josef Krzysztof Pavel Milan";
const CHINESE_GIRLS: &str = "Mei Ling Yuk Siu Wai Li Xiu Hui Fong Lan Yan Ying Mei-Ling Suk Kwai Jing";
const CHINESE_BOYS: &str = "Wei Ming Chi Kwok Wing Jun Kai Man Hong Yu";
