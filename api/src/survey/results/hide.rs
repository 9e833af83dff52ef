//! Which cells of a table stay hidden.

/// A count below this is never shown, nor can it be had from what is.
pub const FEW: u32 = 10;
/// What the hidden cells of a table have together at least, where others can be hidden with them: a small cell can then be
/// anything below [`FEW`], also to somebody who knows how it was decided what to hide.
const TOGETHER: u32 = 2 * FEW;

/// The cells of a table that stay hidden: small ones, and at least one more, so that what is left of the whole does not tell
/// them. The others are taken in their order and never by their size, which would tell something too. Only those with a
/// mark in `may` are hidden; `sides` says which cells are shown as one figure, and those of the same side come first.
pub fn hide(cells: &[u32], sides: &[u8], may: &[bool]) -> Vec<bool> {
    let small: Vec<bool> = cells.iter().map(|&count| count < FEW).collect();
    cover(small, &[cells], sides, may)
}

/// Hides further cells until those hidden have enough together, in each of these counts.
pub(super) fn cover(small: Vec<bool>, counts: &[&[u32]], sides: &[u8], may: &[bool]) -> Vec<bool> {
    let Some(first) = small.iter().position(|&small| small) else { return small };
    let mut hidden = small;
    let mut others: Vec<usize> = (0..hidden.len()).filter(|&cell| !hidden[cell] && may[cell]).collect();
    others.sort_by_key(|&cell| sides[cell] != sides[first]);
    let mut is_alone = true;
    for cell in others {
        let enough = |counts: &&[u32]| together(counts, &hidden) >= TOGETHER;
        if !is_alone && counts.iter().all(enough) {
            break;
        }
        hidden[cell] = true;
        is_alone = false;
    }
    hidden
}

/// What the cells with a mark have together.
pub(super) fn together(cells: &[u32], marked: &[bool]) -> u32 {
    cells.iter().zip(marked).filter(|(_, marked)| **marked).map(|(count, _)| *count).sum()
}
