//! How a person installs Postgres on this system.

use std::fs;

/// What to do to get a server, as the middle of a sentence.
pub(super) fn advice() -> String {
    let os_release = ["/etc/os-release", "/usr/lib/os-release"]
        .iter()
        .find_map(|path| fs::read_to_string(path).ok())
        .unwrap_or_default();
    let command =
        if cfg!(target_os = "macos") { Some("brew install postgresql@17") } else { install_command(&os_release) };
    match command {
        Some(command) => format!("install it with `{command}`"),
        None => "install PostgreSQL 14 or later, with its contrib extensions".to_owned(),
    }
}

/// The command for the system that an os-release file describes, contrib extensions included.
///
/// `ID` is asked first, then `ID_LIKE`, which derived systems use to name their parents.
fn install_command(os_release: &str) -> Option<&'static str> {
    let ids = field(os_release, "ID").chain(field(os_release, "ID_LIKE"));
    ids.into_iter().find_map(|id| match id {
        "debian" | "ubuntu" => Some("apt-get install postgresql"),
        "fedora" | "rhel" | "centos" => Some("dnf install postgresql-server postgresql-contrib"),
        "alpine" => Some("apk add postgresql postgresql-contrib"),
        "arch" => Some("pacman -S postgresql"),
        "suse" | "opensuse" => Some("zypper install postgresql-server postgresql-contrib"),
        _ => None,
    })
}

/// The words of one field, without the quotes that the format allows around them.
fn field<'a>(os_release: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    os_release
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
        .unwrap_or_default()
        .trim_matches(['"', '\''])
        .split_whitespace()
}

#[cfg(test)]
mod tests {
    use super::install_command;

    #[test]
    fn the_system_itself_is_recognized() {
        let alpine = "NAME=\"Alpine Linux\"\nID=alpine\nVERSION_ID=3.22.0\n";
        assert_eq!(install_command(alpine), Some("apk add postgresql postgresql-contrib"));
        let debian = "PRETTY_NAME=\"Debian GNU/Linux 12\"\nVERSION_ID=\"12\"\nID=debian\n";
        assert_eq!(install_command(debian), Some("apt-get install postgresql"));
        assert_eq!(install_command("ID=arch"), Some("pacman -S postgresql"));
    }

    #[test]
    fn a_derived_system_follows_its_parents() {
        let rocky = "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n";
        assert_eq!(install_command(rocky), Some("dnf install postgresql-server postgresql-contrib"));
        assert_eq!(install_command("ID=linuxmint\nID_LIKE='ubuntu debian'"), Some("apt-get install postgresql"));
    }

    #[test]
    fn an_unknown_system_gets_no_command() {
        assert_eq!(install_command("ID=plan9\n"), None);
        assert_eq!(install_command(""), None);
    }
}
