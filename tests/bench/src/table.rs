//! Medians, ratios and goals, as a table.

/// Gives the middle of some measurements, or of the two in the middle.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => f64::NAN,
        length if length % 2 == 1 => sorted[middle],
        _ => f64::midpoint(sorted[middle - 1], sorted[middle]),
    }
}

/// Gives the value below which nine tenths of the measurements lie.
pub fn ninth_decile(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = (sorted.len() * 9).div_ceil(10).saturating_sub(1);
    sorted.get(at).copied().unwrap_or(f64::NAN)
}

/// Writes one line: what, the measure, ours, their ratio, and the goal.
pub fn ratio_line(what: &str, measure: f64, ours: f64, unit: &str, goal: f64) -> String {
    let ratio = ours / measure;
    let verdict = if ratio <= goal { "reached" } else { "MISSED" };
    format!("{what:<26} {measure:>9.1} {unit:<3} {ours:>9.1} {unit:<3} {ratio:>7.2}   goal {goal:.1}  {verdict}")
}

/// Says whether a time is below its goal, both in milliseconds.
pub fn goal(took: f64, goal: f64) -> String {
    let verdict = if took < goal { "reached" } else { "MISSED" };
    format!("goal under {goal:.0} ms  {verdict}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_and_deciles_are_of_the_sorted_values() {
        assert!((median(&[9.0, 1.0, 5.0]) - 5.0).abs() < f64::EPSILON);
        assert!((median(&[4.0, 1.0, 2.0, 9.0]) - 3.0).abs() < f64::EPSILON);
        let ten: Vec<f64> = (1..=10).rev().map(f64::from).collect();
        assert!((ninth_decile(&ten) - 9.0).abs() < f64::EPSILON);
        assert!(median(&[]).is_nan());
    }

    #[test]
    fn a_missed_goal_is_said() {
        assert!(ratio_line("to the window", 100.0, 119.0, "ms", 1.2).ends_with("goal 1.2  reached"));
        assert!(ratio_line("to the window", 100.0, 121.0, "ms", 1.2).ends_with("goal 1.2  MISSED"));
        assert_eq!(goal(49.9, 50.0), "goal under 50 ms  reached");
        assert_eq!(goal(50.0, 50.0), "goal under 50 ms  MISSED");
    }
}
