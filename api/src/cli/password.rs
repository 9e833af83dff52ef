//! Passwords at the terminal.

use anyhow::Context as _;
use std::io::{BufRead as _, IsTerminal as _};

/// A password: typed twice without being shown, or the first line of standard input.
pub(super) fn read() -> anyhow::Result<String> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        let ask = |prompt| rpassword::prompt_password(prompt).context("the password cannot be read from the terminal");
        let password = ask("Password: ")?;
        anyhow::ensure!(password == ask("The same again: ")?, "these are two passwords; nothing was changed");
        return Ok(password);
    }
    let mut line = String::new();
    stdin.lock().read_line(&mut line).context("the password cannot be read from standard input")?;
    let password = line.strip_suffix('\n').unwrap_or(&line);
    let password = password.strip_suffix('\r').unwrap_or(password);
    anyhow::ensure!(!password.is_empty(), "give the password on standard input, one line");
    Ok(password.to_owned())
}
