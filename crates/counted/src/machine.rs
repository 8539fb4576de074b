//! What the program knows of the machine: memory sizes, threads, its own build, the clock, who runs it.

use std::path::Path;

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

/// Reads a number of threads: there is no work without one.
pub(crate) fn some_threads(text: &str) -> Result<usize, String> {
    match text.trim().parse::<usize>() {
        Ok(threads) if threads > 0 => Ok(threads),
        _ => Err(format!("`{text}` is not a number of threads; write 1 or more")),
    }
}

/// The threads to use.
pub(crate) fn threads(asked: Option<usize>) -> usize {
    asked
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
        .max(1)
}

/// The build of this program, that its own file tells; none where it cannot read that.
pub(crate) fn build() -> Option<String> {
    build_of(&std::env::current_exe().ok()?)
}

fn build_of(program: &Path) -> Option<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(fs_err::File::open(program).ok()?).ok()?;
    Some(format!(
        "{} {}",
        env!("CARGO_PKG_VERSION"),
        hasher.finalize().to_hex()
    ))
}

/// The program as the keys of stages have it: a stage is run again when the program has changed.
pub(crate) fn program() -> String {
    // Without its own file, the version must do.
    build().unwrap_or_else(|| env!("CARGO_PKG_VERSION").to_owned())
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

/// Who runs the program, for the audit log: the name of the user as whom the system knows the process. What the environment
/// says of it, anybody can set.
#[cfg(unix)]
pub(crate) fn user() -> String {
    let Some(id) = user_id() else {
        return "not known".to_owned();
    };
    // Users of a directory service have no line there; then their number says who it was.
    let users = fs_err::read("/etc/passwd").unwrap_or_default();
    name_of(&String::from_utf8_lossy(&users), id).map_or_else(|| format!("uid {id}"), str::to_owned)
}

/// Who runs the program, for the audit log.
#[cfg(not(unix))]
#[allow(
    clippy::disallowed_methods,
    reason = "the audit log names who ran the program; no result depends on it"
)]
pub(crate) fn user() -> String {
    std::env::var("USER")
        .or_else(|_| std::env::var("USERNAME"))
        .unwrap_or_else(|_| "not known".to_owned())
}

/// The number of the user who started the process. Linux tells it in a file, so that the query engine need not be built anew
/// with more of `rustix`.
#[cfg(target_os = "linux")]
fn user_id() -> Option<u32> {
    real_user(&fs_err::read_to_string("/proc/self/status").ok()?)
}

#[cfg(all(unix, not(target_os = "linux")))]
fn user_id() -> Option<u32> {
    Some(rustix::process::getuid().as_raw())
}

/// The real user in what Linux says of a process: the first of four numbers.
#[cfg(target_os = "linux")]
fn real_user(status: &str) -> Option<u32> {
    let numbers = status.lines().find_map(|line| line.strip_prefix("Uid:"))?;
    numbers.split_whitespace().next()?.parse().ok()
}

/// The name of a user in the system's list of them: name, a sign, number, and more, parted by colons.
#[cfg(unix)]
fn name_of(users: &str, id: u32) -> Option<&str> {
    users.lines().find_map(|line| {
        let mut parts = line.split(':');
        let (name, number) = (parts.next()?, parts.nth(1)?);
        let is_theirs = number.parse::<u32>().is_ok_and(|number| number == id);
        (!name.is_empty() && is_theirs).then_some(name)
    })
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

    #[test]
    fn there_is_no_work_without_a_thread() {
        assert_eq!(some_threads("3"), Ok(3));
        for none in ["0", "-1", "many", ""] {
            assert!(some_threads(none).is_err(), "{none}");
        }
    }

    /// Two builds must never be told as one.
    #[test]
    fn a_program_that_cannot_be_read_has_no_build() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert_eq!(build_of(&folder.join("no such program")), None);
        let other = build_of(&folder.join("Cargo.toml"));
        assert!(other.is_some() && build().is_some() && other != build());
    }

    #[cfg(unix)]
    #[test]
    fn users_have_the_name_that_the_system_gives_them() {
        let users = "root:x:0:0:root:/root:/bin/sh\n# a remark\n:x:7::\nann:x:1000:100:Ann:/home/ann:/bin/sh\nodd:x\n";
        assert_eq!(name_of(users, 0), Some("root"));
        assert_eq!(name_of(users, 1000), Some("ann"));
        for nobody in [7, 100, 4711] {
            assert_eq!(name_of(users, nobody), None);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn who_started_the_process_counts_and_not_whose_rights_it_has() {
        let status = "Name:\tcounted\nUmask:\t0022\nUid:\t1000\t0\t0\t0\nGid:\t100\t100\t100\t100\n";
        assert_eq!(real_user(status), Some(1000));
        assert_eq!(real_user("Name:\tcounted\n"), None);
        assert!(user_id().is_some());
    }
}
