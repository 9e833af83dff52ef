//! Means and medians, where they tell of nobody.

use super::hide::FEW;

/// The mean, to two decimals.
pub(super) fn mean(numbers: &[i32]) -> Option<f64> {
    let sum: f64 = numbers.iter().copied().map(f64::from).sum();
    let many = f64::from(u32::try_from(numbers.len()).ok()?);
    (many > 0.0).then(|| (sum * 100.0 / many).round() / 100.0)
}

/// The median of numbers in their order: the lower of the two in the middle.
pub(super) fn median(numbers: &[i32]) -> Option<i32> {
    numbers.get(numbers.len().checked_sub(1)? / 2).copied()
}

/// The mean and the median as far as they may be shown: not where they would tell that fewer than ten gave some answer
/// that could be given. The median is left out where the two tell it together and the mean alone does not.
pub(super) fn shown(numbers: &[i32], bounds: (i32, i32)) -> (Option<f64>, Option<i32>) {
    let known = Known::of(numbers, bounds);
    match known {
        Some(known) if known.is_safe() => (mean(numbers), median(numbers)),
        Some(known) if (Known { median: None, ..known }).is_safe() => (mean(numbers), None),
        _ => (None, None),
    }
}

/// What is known of numbers to somebody who is told how many there are, their sum, and perhaps their median.
#[derive(Clone, Copy)]
struct Known {
    many: i64,
    sum: i64,
    lowest: i64,
    highest: i64,
    median: Option<i64>,
}

impl Known {
    fn of(numbers: &[i32], (lowest, highest): (i32, i32)) -> Option<Self> {
        Some(Self {
            many: i64::try_from(numbers.len()).ok()?,
            sum: numbers.iter().copied().map(i64::from).sum(),
            lowest: lowest.into(),
            highest: highest.into(),
            median: median(numbers).map(Into::into),
        })
    }

    /// Whether ten could have given any one answer. Between two of these places it only gets easier.
    fn is_safe(self) -> bool {
        let around = self.median.map(|median| [median - 1, median, median + 1]).unwrap_or([self.lowest; 3]);
        let places = around.into_iter().chain([self.lowest, self.highest]);
        places.filter(|place| (self.lowest..=self.highest).contains(place)).all(|place| self.may_be_many(place))
    }

    /// Whether ten could have given this one.
    fn may_be_many(self, place: i64) -> bool {
        let few = i64::from(FEW);
        let Some(median) = self.median else {
            let rest = self.many - few;
            return rest >= 0 && self.fits(place, rest * self.lowest, rest * self.highest);
        };
        // So many are at the median or below, the last of them at the median itself; the others at it or above.
        let (below, above) = ((self.many - 1) / 2, self.many - 1 - (self.many - 1) / 2);
        let (below, above) = match place.cmp(&median) {
            std::cmp::Ordering::Less => (below - few, above),
            std::cmp::Ordering::Greater => (below, above - few),
            // Those at the median may be on either side of it.
            std::cmp::Ordering::Equal => return self.may_be_many_at_median(median, below, above),
        };
        below >= 0
            && above >= 0
            && self.fits(place, below * self.lowest + (above + 1) * median, (below + 1) * median + above * self.highest)
    }

    /// Whether the sum is one that ten of this and the others, who have between these two together, can have.
    fn fits(self, place: i64, least: i64, most: i64) -> bool {
        (least..=most).contains(&(self.sum - i64::from(FEW) * place))
    }

    /// One of the ten is the one in the middle, and the nine others stand on its two sides in any way.
    fn may_be_many_at_median(self, median: i64, below: i64, above: i64) -> bool {
        (0..i64::from(FEW)).any(|low| {
            let (below, above) = (below - low, above - (i64::from(FEW) - 1 - low));
            below >= 0
                && above >= 0
                && self.fits(median, below * self.lowest + above * median, below * median + above * self.highest)
        })
    }
}
