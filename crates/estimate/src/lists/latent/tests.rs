use super::*;
use crate::lists::samples::{anomaly, diabetes};

#[test]
fn printing() {
    let table = diabetes();
    let settings = LatentClasses::default();
    let cells = checked(&table, &settings).unwrap();
    for stream in 0..2 {
        let mut chance = ChaCha8Rng::seed_from_u64(5);
        chance.set_stream(stream);
        let mut chain = Chain::new(&settings, 4, &cells, &mut chance);
        for sweep in 0..100_000 {
            chain.sweep(&mut chance).unwrap();
            if sweep % 2_000 == 0 {
                let mut seen = chain.seen_people.clone();
                seen.sort_unstable_by(|a, b| b.cmp(a));
                println!("{sweep} N {} a {:.2} {:?}", chain.total(), chain.concentration, seen);
            }
        }
    }
}
