//! What the system says of this process.

use std::fs;

/// Parts of a second in which the kernel tells times to programs: the same on every system that this runs on.
const TICKS: f64 = 100.0;

/// What the process takes; nothing where the system does not tell it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Process {
    pub(super) cpu_seconds: f64,
    pub(super) resident_bytes: u64,
    pub(super) open_files: u64,
    pub(super) max_files: u64,
    pub(super) threads: u64,
}

impl Process {
    /// As it is now.
    pub(super) fn now() -> Option<Self> {
        let stat = fs::read_to_string("/proc/self/stat").ok()?;
        let status = fs::read_to_string("/proc/self/status").ok()?;
        let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
        let open_files = fs::read_dir("/proc/self/fd").map(Iterator::count).unwrap_or_default();
        Self::of(&stat, &status, &limits, open_files as u64)
    }

    fn of(stat: &str, status: &str, limits: &str, open_files: u64) -> Option<Self> {
        // The name of the program may hold anything, and ends with the last bracket.
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let ticks = |at: usize| fields.get(at)?.parse::<f64>().ok();
        let cpu_seconds = (ticks(11)? + ticks(12)?) / TICKS;
        let line = |name: &str| status.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next();
        let figure = |name: &str| line(name)?.parse::<u64>().ok();
        let max_files = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
        let max_files = max_files.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default();
        let (resident_bytes, threads) = (figure("VmRSS:")? * 1024, figure("Threads:")?);
        Some(Self { cpu_seconds, resident_bytes, open_files, max_files, threads })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_says_is_understood() {
        let stat = "7 (a (strange) name) S 1 7 7 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 4 0 1000 0 0";
        let status = "Name:\tlmi\nVmRSS:\t    2048 kB\nThreads:\t4\n";
        let limits = "Limit  Soft Limit  Hard Limit  Units\nMax open files            1024                 4096                 files\n";
        let process = Process { cpu_seconds: 3.0, resident_bytes: 2 << 20, open_files: 9, max_files: 1024, threads: 4 };
        assert_eq!(Process::of(stat, status, limits, 9), Some(process));
        assert_eq!(Process::of("", "", "", 0), None);
    }
}
