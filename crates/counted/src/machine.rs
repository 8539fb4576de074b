//! What the program knows of the machine: memory sizes, threads, its own build, the clock.

use vocabulary::date::Date;

/// Reads a size such as 512MB or 4GB.
pub(crate) fn memory(text: &str) -> Result<u64, String> {
    let upper = text.trim().to_uppercase();
    let (number, unit) = match upper.find(|c: char| !c.is_ascii_digit()) {
        Some(at) => upper.split_at(at),
        None => (upper.as_str(), ""),
    };
    let factor: u64 = match unit.trim() {
        "K" | "KB" => 1 << 10,
        "M" | "MB" => 1 << 20,
        "" | "G" | "GB" => 1 << 30,
        _ => return Err(format!("`{text}` is not a size; write for example 512MB or 4GB")),
    };
    let number: u64 = number
        .parse()
        .map_err(|_| format!("`{text}` is not a size; write for example 4GB"))?;
    let bytes = number
        .checked_mul(factor)
        .ok_or("that is more memory than there is")?;
    if bytes < 64 << 20 {
        Err("at least 64MB are needed".to_owned())
    } else {
        Ok(bytes)
    }
}

/// The threads to use.
pub(crate) fn threads(asked: Option<usize>) -> usize {
    asked
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
        .max(1)
}

/// The build of this program: a stage is run again when the program has changed.
pub(crate) fn build() -> String {
    let mut hasher = blake3::Hasher::new();
    let read = std::env::current_exe()
        .and_then(fs_err::File::open)
        .and_then(|file| hasher.update_reader(file).map(|_| ()));
    match read {
        Ok(()) => format!("{} {}", env!("CARGO_PKG_VERSION"), hasher.finalize().to_hex()),
        // Without its own file, the version must do.
        Err(_) => env!("CARGO_PKG_VERSION").to_owned(),
    }
}

/// The moment, in seconds since 1970. Only the program reads the clock; no library does.
#[allow(
    clippy::disallowed_methods,
    reason = "the program, not a library, says when something was done"
)]
pub(crate) fn seconds() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.map_or(0, |since| since.as_secs())
}

/// Today.
pub(crate) fn today() -> Date {
    Date::from_days(i32::try_from(seconds() / 86_400).unwrap_or(i32::MAX))
}

/// Who runs the program, for the audit log.
#[allow(
    clippy::disallowed_methods,
    reason = "the audit log names who ran the program; no result depends on it"
)]
pub(crate) fn user() -> String {
    std::env::var("USER")
        .or_else(|_| std::env::var("USERNAME"))
        .unwrap_or_else(|_| "not known".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        assert_eq!(memory("4GB"), Ok(4 << 30));
        assert_eq!(memory("512mb"), Ok(512 << 20));
        assert_eq!(memory("2"), Ok(2 << 30));
        assert!(memory("1KB").is_err());
        assert!(memory("lots").is_err());
    }
}
