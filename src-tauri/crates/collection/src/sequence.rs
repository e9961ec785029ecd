//! The order of siblings: `seq`, a number of at least 1 that may be fractional, so that a move renumbers nobody.

/// Finds the numbers that must be set so that siblings stand in the given order, with a new one at `at`.
///
/// `others` are the numbers of the siblings in their order without the new one; those without a number stand last.
/// The result pairs places in the order to be (the new one included) with their numbers.
pub fn place(others: &[Option<f64>], at: usize) -> Vec<(usize, f64)> {
    let mut order: Vec<Option<f64>> = others.to_vec();
    let at = at.min(order.len());
    order.insert(at, None);
    let mut changes = Vec::new();
    let mut last: Option<f64> = None;
    for index in 0..order.len() {
        let fits = order[index].is_some_and(|number| number >= 1.0 && last.is_none_or(|last| number > last));
        if fits {
            last = order[index];
            continue;
        }
        // Behind the new one a missing number stays missing: such siblings stand last anyway.
        if index > at && order[index].is_none() {
            break;
        }
        let next = order[index + 1..].iter().flatten().copied().next();
        let number = between(last, next.filter(|next| last.is_none_or(|last| *next > last)));
        changes.push((index, number));
        last = Some(number);
    }
    changes
}

/// The number to append with.
pub fn behind(others: impl Iterator<Item = f64>) -> f64 {
    others.fold(0.0, f64::max).floor() + 1.0
}

fn between(last: Option<f64>, next: Option<f64>) -> f64 {
    let last_or_zero = last.unwrap_or(0.0);
    let whole = (last_or_zero.floor() + 1.0).max(1.0);
    let Some(next) = next else { return whole };
    if whole < next {
        return whole;
    }
    let middle = f64::midpoint(last_or_zero.max(if last.is_none() { 1.0 } else { last_or_zero }), next);
    let is_room = last.is_none_or(|last| middle > last) && middle < next && middle >= 1.0;
    if is_room { middle } else { whole }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::between(&[Some(1.0), Some(2.0), Some(3.0)], 2, &[(2, 2.5)])]
    #[case::last(&[Some(1.0), Some(2.0)], 2, &[(2, 3.0)])]
    #[case::first_moves_the_old_first(&[Some(1.0), Some(2.0)], 0, &[(0, 1.0), (1, 1.5)])]
    #[case::first_with_room(&[Some(2.0)], 0, &[(0, 1.0)])]
    #[case::alone(&[], 0, &[(0, 1.0)])]
    #[case::before_one_without_number(&[Some(1.0), None], 1, &[(1, 2.0)])]
    #[case::behind_ones_without_number(&[None, None], 1, &[(0, 1.0), (1, 2.0)])]
    #[case::twins(&[Some(1.0), Some(1.0)], 1, &[(1, 2.0), (2, 3.0)])]
    fn a_place_is_made_with_few_changes(
        #[case] others: &[Option<f64>],
        #[case] at: usize,
        #[case] changes: &[(usize, f64)],
    ) {
        assert_eq!(place(others, at), changes);
    }

    proptest! {
        #[test]
        fn the_order_holds_after_any_placement(
            mut numbers in prop::collection::vec(1.0f64..6.0, 0..8),
            unnumbered in 0usize..3,
            at in 0usize..11,
        ) {
            numbers.sort_by(f64::total_cmp);
            let mut others: Vec<_> = numbers.into_iter().map(Some).collect();
            others.extend(std::iter::repeat_n(None, unnumbered));
            let at = at.min(others.len());
            let mut order = others.clone();
            order.insert(at, None);
            for (index, number) in place(&others, at) {
                order[index] = Some(number);
            }
            prop_assert!(order[at].is_some());
            let numbered: Vec<_> = order.iter().map_while(|number| *number).collect();
            prop_assert!(numbered.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(numbered.iter().all(|number| *number >= 1.0));
            prop_assert!(order[numbered.len()..].iter().all(Option::is_none));
        }
    }
}
