//! Somebody who adds and subtracts whatever was published.

/// A prime so large that sums of zeros and ones behave as if there were none.
const PRIME: i64 = 1_000_000_007;

/// Knows sums over groups of people, and finds every group whose number follows from them.
pub(crate) struct Attacker {
    groups: usize,
    /// What is known, each line solved for one group that no other line has.
    known: Vec<(usize, Vec<i64>)>,
}

impl Attacker {
    pub(crate) fn new(groups: usize) -> Self {
        Self { groups, known: Vec::new() }
    }

    /// Learns how many these groups are together.
    pub(crate) fn learn(&mut self, together: &[usize]) {
        let mut line = vec![0; self.groups];
        for group in together {
            line[*group] = 1;
        }
        self.reduce(&mut line);
        let Some(pivot) = line.iter().position(|factor| *factor != 0) else { return };
        let inverse = power(line[pivot], PRIME - 2);
        for factor in &mut line {
            *factor = *factor * inverse % PRIME;
        }
        for (_, other) in &mut self.known {
            subtract(other, &line, pivot);
        }
        self.known.push((pivot, line));
    }

    fn reduce(&self, line: &mut [i64]) {
        for (pivot, known) in &self.known {
            subtract(line, known, *pivot);
        }
    }

    /// Tries all unions of groups: each whose number follows has at least so many.
    pub(crate) fn assert_learns_of_none_below(&self, few: u32, truth: &[u32], what: &str) {
        // Only unions of groups that something is known of can follow, and of what is left of a union once all that is
        // known was subtracted, nothing may be left: so it is enough to choose among the groups solved for.
        let pivots: Vec<&(usize, Vec<i64>)> = self.known.iter().collect();
        for chosen in 1_u32..1 << pivots.len() {
            let mut union = vec![0; self.groups];
            for (_, (_, line)) in pivots.iter().enumerate().filter(|(place, _)| chosen >> place & 1 == 1) {
                union.iter_mut().zip(line).for_each(|(sum, factor)| *sum = (*sum + factor) % PRIME);
            }
            if union.iter().all(|factor| *factor == 0 || *factor == 1) {
                let groups = || (0..self.groups).filter(|group| union[*group] == 1);
                let many: u32 = groups().map(|group| truth[group]).sum();
                let told: Vec<usize> = groups().collect();
                assert!(many >= few, "{what}: the groups {told:?} of {truth:?} are known to be {many}");
            }
        }
    }
}

fn subtract(from: &mut [i64], line: &[i64], pivot: usize) {
    let factor = from[pivot];
    if factor != 0 {
        from.iter_mut().zip(line).for_each(|(left, known)| *left = (*left - factor * known % PRIME + PRIME) % PRIME);
    }
}

fn power(base: i64, exponent: i64) -> i64 {
    let (mut base, mut exponent, mut power) = (base % PRIME, exponent, 1);
    while exponent > 0 {
        if exponent & 1 == 1 {
            power = power * base % PRIME;
        }
        base = base * base % PRIME;
        exponent >>= 1;
    }
    power
}
