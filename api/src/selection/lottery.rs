//! The lottery: an order that follows from a seed and the districts' codes, and from nothing else, so that anybody can
//! draw it again with pencil and a hash function. `docs/selection.md` tells how.

use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// What is drawn for a code: the SHA-256 of the seed, a line feed and the code, in hexadecimal digits.
pub fn draw(seed: &str, code: &str) -> String {
    let digest = Sha256::new().chain_update(seed).chain_update("\n").chain_update(code).finalize();
    digest.iter().fold(String::with_capacity(64), |mut digits, byte| {
        // Writing to a string cannot fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

/// The places of codes in the order of what is drawn for them, the least first, each with its draw.
pub(super) fn order<'a>(seed: &str, codes: impl Iterator<Item = &'a str>) -> Vec<(usize, String)> {
    let mut drawn: Vec<(String, &str, usize)> =
        codes.enumerate().map(|(place, code)| (draw(seed, code), code, place)).collect();
    drawn.sort_unstable();
    drawn.into_iter().map(|(draw, _, place)| (place, draw)).collect()
}

#[cfg(test)]
mod tests {
    use super::draw;

    /// As `printf '2026-05-01: 07 15 22 41 63\n01611190000000' | sha256sum` says it.
    #[test]
    fn a_draw_is_a_sum_that_any_computer_makes() {
        let drawn = draw("2026-05-01: 07 15 22 41 63", "01611190000000");
        assert_eq!(drawn, "3d4c4b13065772af08df35c1070790d4b3f4b2406a5e9bb1a8f73293496539b8");
    }
}
