//! The method of selecting, against every selection that there could be.

use entity::district::Kind;
use lmi::selection::{Candidate, Decision, Drawn, Group, Method, Quota, Reason, Refusal, draw, select};
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use proptest::{option, sample};
use std::collections::{BTreeMap, BTreeSet};

const KINDS: [Kind; 3] = [Kind::Unified, Kind::Elementary, Kind::High];
const SIZES: [Group; 3] = [
    Group::Size { from: None, below: Some(1000) },
    Group::Size { from: Some(1000), below: Some(5000) },
    Group::Size { from: Some(5000), below: None },
];

fn candidate(number: usize) -> impl Strategy<Value = Candidate> {
    let facts =
        (option::weighted(0.9, 1..4), option::weighted(0.9, sample::select(&KINDS[..])), 0..9000, any::<bool>());
    facts.prop_map(move |(region, kind, enrollment, first_time)| Candidate {
        code: format!("district-{number}"),
        region,
        kind,
        enrollment: Some(enrollment).filter(|count| count % 10 > 0),
        first_time,
        kept: false,
    })
}

fn candidates(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Candidate>> {
    count.prop_flat_map(|count| (0..count).map(candidate).collect::<Vec<_>>())
}

/// Quotas for groups of which no two of one sort share a district, in any order.
fn quotas(most: usize) -> impl Strategy<Value = Vec<Quota>> {
    let groups: Vec<Group> = (1..4)
        .map(Group::Region)
        .chain(KINDS.map(Group::Kind))
        .chain(SIZES)
        .chain([true, false].map(Group::FirstTime))
        .collect();
    let bounds = move |group| {
        let minimum = prop_oneof![Just(0), 0..=most];
        (minimum, option::of(0..=most), option::of(0..=most)).prop_map(move |(minimum, maximum, target)| {
            let maximum = maximum.map(|maximum: usize| maximum.max(minimum));
            let target = target.map(|target: usize| target.clamp(minimum, maximum.unwrap_or(usize::MAX)));
            Quota { group, minimum, maximum, target }
        })
    };
    sample::subsequence(groups, 0..=6)
        .prop_shuffle()
        .prop_flat_map(move |groups| groups.into_iter().map(bounds).collect::<Vec<_>>())
}

fn method(quotas: Vec<Quota>, capacity: usize) -> Method {
    Method { seed: "an example".to_owned(), capacity, waitlist: None, quotas }
}

/// Tries so many examples, always the same.
fn each<S: Strategy>(cases: u32, strategy: S, test: impl Fn(S::Value)) {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config { cases, failure_persistence: None, ..Config::default() }, rng);
    let tried = runner.run(&strategy, |value| {
        test(value);
        Ok(())
    });
    tried.expect("what holds for every example");
}

/// Who has a place.
fn chosen(drawn: &Drawn) -> BTreeSet<usize> {
    let with_place = drawn.outcomes.iter().filter(|outcome| outcome.decision == Decision::Selected);
    with_place.map(|outcome| outcome.candidate).collect()
}

fn count(quota: &Quota, candidates: &[Candidate], set: &BTreeSet<usize>) -> usize {
    set.iter().filter(|&&place| quota.group.has(&candidates[place])).count()
}

/// By the words of the method alone: of all sets of candidates, those are left that keep to each rule in turn.
fn expected(method: &Method, candidates: &[Candidate]) -> BTreeSet<usize> {
    let mut lottery: Vec<usize> = (0..candidates.len()).collect();
    lottery.sort_by_key(|&place| draw(&method.seed, &candidates[place].code));
    let sets = (0..1_u32 << candidates.len())
        .map(|bits| lottery.iter().copied().filter(|place| bits >> place & 1 == 1).collect::<BTreeSet<usize>>());
    let quotas = &method.quotas;
    let mut left: Vec<BTreeSet<usize>> = sets
        .filter(|set| set.len() <= method.capacity)
        .filter(|set| quotas.iter().all(|q| q.maximum.is_none_or(|most| count(q, candidates, set) <= most)))
        .filter(|set| (0..candidates.len()).all(|place| !candidates[place].kept || set.contains(&place)))
        .collect();
    for quota in quotas {
        let reached = |set: &BTreeSet<usize>| count(quota, candidates, set).min(quota.minimum);
        let best = left.iter().map(reached).max().unwrap_or(0);
        left.retain(|set| reached(set) == best);
    }
    let most = left.iter().map(BTreeSet::len).max().unwrap_or(0);
    left.retain(|set| set.len() == most);
    for quota in quotas {
        if let Some(target) = quota.target {
            let distance = |set: &BTreeSet<usize>| count(quota, candidates, set).abs_diff(target);
            let best = left.iter().map(distance).min().unwrap_or(0);
            left.retain(|set| distance(set) == best);
        }
    }
    for place in lottery {
        if left.iter().any(|set| set.contains(&place)) {
            left.retain(|set| set.contains(&place));
        }
    }
    left.pop().unwrap_or_default()
}

#[test]
fn of_all_selections_it_finds_the_one_that_its_words_describe() {
    let strategy = (candidates(0..10), quotas(4), 1..8_usize);
    each(1_500, strategy, |(candidates, quotas, capacity)| {
        let method = method(quotas, capacity);
        let drawn = select(&method, &candidates).expect("a selection");
        assert_eq!(chosen(&drawn), expected(&method, &candidates), "{method:?} {candidates:?}");
    });
}

#[test]
fn who_keeps_a_place_has_it_and_counts() {
    let strategy = (candidates(1..10), quotas(4), 1..8_usize, any::<u16>());
    each(700, strategy, |(mut candidates, quotas, capacity, kept)| {
        for (place, candidate) in candidates.iter_mut().enumerate() {
            candidate.kept = kept >> place & 1 == 1 && kept >> (place + 6) & 1 == 1;
        }
        let method = method(quotas, capacity);
        match select(&method, &candidates) {
            Ok(drawn) => assert_eq!(chosen(&drawn), expected(&method, &candidates), "{method:?} {candidates:?}"),
            Err(Refusal::KeptOverCapacity) => assert!(candidates.iter().filter(|each| each.kept).count() > capacity),
            Err(Refusal::KeptOverMaximum(quota)) => {
                let kept = candidates.iter().filter(|each| each.kept && method.quotas[quota].group.has(each)).count();
                assert!(Some(kept) > method.quotas[quota].maximum);
            }
            Err(Refusal::Entangled) => panic!("{method:?} {candidates:?}"),
        }
    });
}

#[test]
fn with_many_candidates_no_bound_is_broken_and_no_place_is_left_without_need() {
    let strategy = (candidates(60..160), quotas(30), 1..120_usize);
    each(150, strategy, |(candidates, quotas, capacity)| {
        let method = method(quotas, capacity);
        let drawn = select(&method, &candidates).expect("a selection");
        let set = chosen(&drawn);
        assert!(set.len() <= capacity);
        for (place, quota) in method.quotas.iter().enumerate() {
            let had = count(quota, &candidates, &set);
            assert!(quota.maximum.is_none_or(|most| had <= most), "{quota:?}");
            let is_short = drawn.shortfalls.iter().find(|short| short.quota == place);
            assert!(
                had >= quota.minimum || is_short.is_some_and(|short| short.selected == had && !short.why.is_empty())
            );
        }
        let bounded = method.quotas.iter().any(|quota| quota.maximum.is_some());
        assert!(bounded || set.len() == capacity.min(candidates.len()), "all places, or all candidates");
        assert_waiting(&drawn, &method, &candidates, &set);
    });
}

/// Everybody has one outcome, in the order of the lottery; who has no place waits, in that order; the reasons are so.
fn assert_waiting(drawn: &Drawn, method: &Method, candidates: &[Candidate], set: &BTreeSet<usize>) {
    let (mut waiting, mut last) = (0, String::new());
    for (place, outcome) in drawn.outcomes.iter().enumerate() {
        assert_eq!(outcome.place, place + 1);
        assert_eq!(outcome.draw, draw(&method.seed, &candidates[outcome.candidate].code));
        assert!(last < outcome.draw);
        last.clone_from(&outcome.draw);
        if outcome.decision != Decision::Selected {
            waiting += 1;
            assert_eq!(outcome.decision, Decision::Waitlisted(waiting));
        }
        let of_group = |quotas: &[usize]| {
            !quotas.is_empty() && quotas.iter().all(|&q| method.quotas[q].group.has(&candidates[outcome.candidate]))
        };
        match &outcome.reason {
            Reason::Drawn => assert!(set.contains(&outcome.candidate)),
            Reason::Quota(quotas) => {
                assert!(of_group(quotas) && outcome.place > set.len(), "the lot alone would not have brought it in");
            }
            Reason::OverMaximum(quotas) => {
                let full = |&q: &usize| {
                    let quota = &method.quotas[q];
                    Some(count(quota, candidates, set)) == quota.maximum.or(quota.target) || quota.target.is_some()
                };
                assert!(of_group(quotas) && quotas.iter().all(full));
            }
            Reason::Reserved(quotas) => assert!(quotas.is_empty() || !of_group(quotas)),
            Reason::NoPlace => {
                let before = drawn.outcomes[..place].iter().filter(|other| set.contains(&other.candidate)).count();
                assert_eq!(before, set.len(), "all places went to those before");
            }
            Reason::Kept => panic!("nobody keeps a place"),
        }
    }
    assert_eq!(drawn.outcomes.len(), candidates.len());
    assert_eq!(waiting, candidates.len() - set.len());
}

#[test]
fn it_does_not_matter_in_which_order_candidates_are_given() {
    let strategy =
        (candidates(2..60).prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())), quotas(12), 1..40_usize);
    each(200, strategy, |((candidates, shuffled), quotas, capacity)| {
        let method = method(quotas, capacity);
        let told = |candidates: &[Candidate]| {
            let drawn = select(&method, candidates).expect("a selection");
            let line = |outcome: &lmi::selection::Outcome| {
                (candidates[outcome.candidate].code.clone(), outcome.decision, outcome.reason.clone(), outcome.place)
            };
            (drawn.outcomes.iter().map(line).collect::<Vec<_>>(), drawn.shortfalls)
        };
        assert_eq!(told(&candidates), told(&shuffled));
    });
}

#[test]
fn by_lot_alone_one_more_place_takes_nobodys_away() {
    each(200, (candidates(1..60), 1..59_usize), |(candidates, capacity)| {
        let fewer = chosen(&select(&method(Vec::new(), capacity), &candidates).expect("a selection"));
        let more = chosen(&select(&method(Vec::new(), capacity + 1), &candidates).expect("a selection"));
        assert!(fewer.is_subset(&more));
    });
}

#[test]
fn another_seed_draws_otherwise_and_each_candidate_comes_in_as_often() {
    let plain = |number| Candidate {
        code: format!("{:014}", 1_000_000 * number),
        region: None,
        kind: None,
        enrollment: None,
        first_time: false,
        kept: false,
    };
    let candidates: Vec<Candidate> = (1..=20).map(plain).collect();
    let mut often: BTreeMap<usize, u32> = BTreeMap::new();
    for seed in 0..4_000 {
        let method = Method { seed: format!("seed {seed}"), ..method(Vec::new(), 5) };
        for candidate in chosen(&select(&method, &candidates).expect("a selection")) {
            *often.entry(candidate).or_default() += 1;
        }
    }
    // Each has a place in a quarter of 4,000 lotteries: 1,000 give or take four standard deviations of 27.
    assert_eq!(often.len(), 20);
    assert!(often.values().all(|count| (890..=1_110).contains(count)), "{often:?}");
}

#[test]
fn a_waiting_list_is_as_long_as_it_is_asked_to_be() {
    use Decision::{NotSelected, Selected, Waitlisted};
    let mut method = method(Vec::new(), 2);
    method.waitlist = Some(3);
    let plain = |number| Candidate {
        code: format!("district-{number}"),
        region: None,
        kind: None,
        enrollment: None,
        first_time: true,
        kept: false,
    };
    let candidates: Vec<Candidate> = (0..8).map(plain).collect();
    let drawn = select(&method, &candidates).expect("a selection");
    let decisions: Vec<Decision> = drawn.outcomes.iter().map(|outcome| outcome.decision).collect();
    let expected =
        [Selected, Selected, Waitlisted(1), Waitlisted(2), Waitlisted(3), NotSelected, NotSelected, NotSelected];
    assert_eq!(decisions, expected);
}
