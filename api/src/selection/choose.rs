//! The method: of all selections that keep every maximum and fill the quotas as far as they can be filled, the one that
//! follows the lottery. Pure, and the same for the same input, for ever.
//!
//! 1. The lottery puts all candidates in an order. Those who keep their places have them.
//! 2. Minimums are taken in the order in which they are stated, each as high as it can be beside those before it, the
//!    maximums and the capacity. Then as many places as possible are filled. Then each target is come as near as
//!    possible, in order.
//! 3. Candidates are taken in the order of the lottery. One is passed over if, and only if, with it the quotas could no
//!    longer be filled as far as step 2 found.
//!
//! Each step says what is to be found and not how: no cleverer search can come to anything else.

use super::feasible::{Alike, GivenUp, Problem, Search, groups};
use super::lottery;
use super::method::{Candidate, Decision, Drawn, Method, Outcome, Quota, Reason, Refusal, Shortfall};
use super::words;
use std::collections::BTreeMap;

impl From<GivenUp> for Refusal {
    fn from(_: GivenUp) -> Self {
        Self::Entangled
    }
}

/// Selects. At most 64 quotas are looked at.
pub fn select(method: &Method, candidates: &[Candidate]) -> Result<Drawn, Refusal> {
    let order = lottery::order(&method.seed, candidates.iter().map(|candidate| candidate.code.as_str()));
    let mut bounds = Bounds::of(method, candidates)?;
    bounds.settle()?;
    let mut queue = Queue::begin(&mut bounds)?;
    let mut chosen = vec![None; candidates.len()];
    let mut lottery_place = 0;
    for (candidate, _) in &order {
        let kept = candidates[*candidate].kept;
        lottery_place += usize::from(!kept);
        let answer = if kept { (true, Reason::Kept) } else { queue.ask(*candidate, lottery_place)? };
        chosen[*candidate] = Some(answer);
    }
    let mut waiting = 0;
    let outcomes = order.into_iter().enumerate().map(|(place, (candidate, draw))| {
        let (taken, reason) = chosen[candidate].take().unwrap_or((false, Reason::NoPlace));
        let waits = !taken && method.waitlist.is_none_or(|size| waiting < size);
        waiting += usize::from(waits);
        let decision = match (taken, waits) {
            (true, _) => Decision::Selected,
            (false, true) => Decision::Waitlisted(waiting),
            (false, false) => Decision::NotSelected,
        };
        Outcome { candidate, draw, place: place + 1, decision, reason }
    });
    let outcomes: Vec<Outcome> = outcomes.collect();
    let shortfalls = shortfalls(method, candidates, &outcomes);
    Ok(Drawn { outcomes, shortfalls })
}

/// What the quotas come to beside one another.
struct Bounds<'a> {
    quotas: &'a [Quota],
    /// The groups of each candidate, as bits.
    groups: Vec<u64>,
    /// Which of the problem's sorts each candidate is of; none for those who keep their places.
    alike: Vec<Option<usize>>,
    /// How many of each group keep their places.
    kept: Vec<usize>,
    problem: Problem,
    search: Search,
}

impl<'a> Bounds<'a> {
    /// Before anything is asked of the quotas: maximums and capacity, less those who keep their places.
    fn of(method: &'a Method, candidates: &[Candidate]) -> Result<Self, Refusal> {
        let quotas = &method.quotas[..method.quotas.len().min(64)];
        let of = |candidate: &Candidate| {
            quotas.iter().enumerate().filter(|(_, quota)| quota.group.has(candidate)).map(|(bit, _)| 1 << bit).sum()
        };
        let of_each: Vec<u64> = candidates.iter().map(of).collect();
        let mut sorts = [0_u64; 4];
        for (bit, quota) in quotas.iter().enumerate() {
            sorts[quota.group.sort()] |= 1 << bit;
        }
        let mut kept = vec![0; quotas.len()];
        let (mut alike, mut places) = (BTreeMap::<u64, usize>::new(), method.capacity);
        for (candidate, &set) in candidates.iter().zip(&of_each) {
            if candidate.kept {
                places = places.checked_sub(1).ok_or(Refusal::KeptOverCapacity)?;
                groups(set).for_each(|group| kept[group] += 1);
            } else {
                *alike.entry(set).or_default() += 1;
            }
        }
        // More places than there are candidates stay empty, whatever is asked.
        places = places.min(alike.values().sum());
        let mut most = Vec::with_capacity(quotas.len());
        for (place, quota) in quotas.iter().enumerate() {
            let left = quota.maximum.unwrap_or(usize::MAX).checked_sub(kept[place]);
            most.push(left.ok_or(Refusal::KeptOverMaximum(place))?);
        }
        let index = |set: u64| alike.keys().position(|&known| known == set);
        let of_candidates = candidates.iter().zip(&of_each);
        let of_candidates = of_candidates.map(|(candidate, &set)| if candidate.kept { None } else { index(set) });
        let of_candidates = of_candidates.collect();
        let mut alike: Vec<Alike> = alike.into_iter().map(|(groups, left)| Alike { groups, left }).collect();
        // Places that stay empty, to be had as long as nothing is said against it.
        alike.push(Alike { groups: 0, left: places });
        let problem = Problem { alike, least: vec![0; quotas.len()], most, places, sorts };
        Ok(Self { quotas, groups: of_each, alike: of_candidates, kept, problem, search: Search::default() })
    }

    /// Finds how far the quotas can be filled: minimums, then places, then targets.
    fn settle(&mut self) -> Result<(), Refusal> {
        for (place, quota) in self.quotas.iter().enumerate() {
            let wanted = quota.minimum.saturating_sub(self.kept[place]);
            self.raise(place, wanted)?;
        }
        let empty = self.problem.alike.len() - 1;
        let others: usize = self.problem.alike[..empty].iter().map(|alike| alike.left).sum();
        let mut left_empty = self.problem.places.saturating_sub(others);
        loop {
            self.problem.alike[empty].left = left_empty;
            if left_empty >= self.problem.places || self.search.solve(&self.problem)?.is_some() {
                break;
            }
            left_empty += 1;
        }
        self.problem.places -= left_empty;
        self.problem.alike[empty].left = 0;
        for (place, quota) in self.quotas.iter().enumerate() {
            if let Some(target) = quota.target {
                self.approach(place, target.saturating_sub(self.kept[place]))?;
            }
        }
        Ok(())
    }

    /// Asks for as many of a group as can be had, up to so many.
    fn raise(&mut self, group: usize, wanted: usize) -> Result<(), GivenUp> {
        let had = self.members_left(group);
        for least in (0..=wanted.min(had).min(self.problem.places)).rev() {
            self.problem.least[group] = least;
            if least == 0 || self.search.solve(&self.problem)?.is_some() {
                break;
            }
        }
        Ok(())
    }

    /// Comes as near to so many of a group as possible. Nothing is nearer to more than there are than all of them.
    fn approach(&mut self, group: usize, target: usize) -> Result<(), GivenUp> {
        let target = target.min(self.members_left(group));
        let (least, most) = (self.problem.least[group], self.problem.most[group]);
        for distance in 0..=self.problem.places.max(target) {
            self.problem.least[group] = least.max(target.saturating_sub(distance));
            self.problem.most[group] = most.min(target.saturating_add(distance));
            let in_order = self.problem.least[group] <= self.problem.most[group];
            if in_order && self.search.solve(&self.problem)?.is_some() {
                return Ok(());
            }
        }
        (self.problem.least[group], self.problem.most[group]) = (least, most);
        Ok(())
    }

    fn members_left(&self, group: usize) -> usize {
        let members = self.problem.alike.iter().filter(|alike| alike.groups >> group & 1 == 1);
        members.map(|alike| alike.left).sum()
    }
}

/// Candidates, asked one after the other whether the rest can still be found with them.
struct Queue<'a, 'b> {
    bounds: &'b mut Bounds<'a>,
    /// What was asked for of each group, as far as it can be had.
    least: Vec<usize>,
    places: usize,
    /// One way to fill the places that are left.
    way: Vec<usize>,
}

impl<'a, 'b> Queue<'a, 'b> {
    fn begin(bounds: &'b mut Bounds<'a>) -> Result<Self, GivenUp> {
        let none = vec![0; bounds.problem.alike.len()];
        let way = bounds.search.solve(&bounds.problem)?.unwrap_or(none);
        Ok(Self { least: bounds.problem.least.clone(), places: bounds.problem.places, way, bounds })
    }

    /// Whether a candidate is taken, whom the lottery alone puts at this place, and why.
    fn ask(&mut self, candidate: usize, lottery_place: usize) -> Result<(bool, Reason), GivenUp> {
        let Some(alike) = self.bounds.alike[candidate] else { return Ok((false, Reason::NoPlace)) };
        let set = self.bounds.groups[candidate];
        let problem = &self.bounds.problem;
        let full = problem.full(set);
        let refused = match () {
            () if problem.places == 0 => Some(Reason::NoPlace),
            () if !full.is_empty() => Some(Reason::OverMaximum(full)),
            () if self.fits(alike)? => None,
            () => Some(self.reserved(set)),
        };
        let problem = &mut self.bounds.problem;
        let Some(reason) = refused else {
            problem.take(alike);
            self.way[alike] -= 1;
            let asked_for: Vec<usize> = groups(set).filter(|&group| self.least[group] > 0).collect();
            let by_lot = lottery_place <= self.places || asked_for.is_empty();
            return Ok((true, if by_lot { Reason::Drawn } else { Reason::Quota(asked_for) }));
        };
        problem.alike[alike].left -= 1;
        Ok((false, reason))
    }

    /// Whether the places can be filled with one more of these; remembers how.
    fn fits(&mut self, alike: usize) -> Result<bool, GivenUp> {
        if self.way[alike] > 0 {
            return Ok(true);
        }
        let mut with = self.bounds.problem.clone();
        with.take(alike);
        let Some(mut way) = self.bounds.search.solve(&with)? else { return Ok(false) };
        way[alike] += 1;
        self.way = way;
        Ok(true)
    }

    /// The places that are left are for others: for whom.
    fn reserved(&self, set: u64) -> Reason {
        let least = &self.bounds.problem.least;
        let needy = (0..least.len()).filter(|&group| least[group] > 0 && set >> group & 1 == 0);
        Reason::Reserved(needy.collect())
    }
}

/// What was asked for and could not be had.
fn shortfalls(method: &Method, candidates: &[Candidate], outcomes: &[Outcome]) -> Vec<Shortfall> {
    let short = |(place, quota): (usize, &Quota)| {
        let members = |outcome: &&Outcome| quota.group.has(&candidates[outcome.candidate]);
        let has_place = |outcome: &&Outcome| outcome.decision == Decision::Selected;
        let selected = outcomes.iter().filter(members).filter(has_place).count();
        let applied = outcomes.iter().filter(members).count();
        let wanted = match quota.target {
            _ if selected < quota.minimum => quota.minimum,
            Some(target) if selected != target => target,
            _ => return None,
        };
        Some(Shortfall { quota: place, wanted, selected, why: words::shortfall(quota, wanted, selected, applied) })
    };
    method.quotas.iter().enumerate().filter_map(short).collect()
}
