use super::*;

fn figure(runs: &[f64]) -> Figure {
    Figure::of(runs.to_vec()).unwrap()
}

fn outcome(scenario: &str, hub: &str, figures: &[(&str, f64)]) -> Outcome {
    Outcome {
        scenario: scenario.into(),
        title: scenario.into(),
        hub: hub.into(),
        congestion: "reno".into(),
        figures: figures.iter().map(|(name, value)| ((*name).into(), figure(&[*value]))).collect(),
        verdicts: Vec::new(),
        failures: Vec::new(),
    }
}

fn report(outcomes: Vec<Outcome>) -> Report {
    Report { machine: String::new(), client: String::new(), revision: "abc".into(), busy_before: 0.0, outcomes }
}

/// Octave and a peer in two scenarios, nothing wrong.
fn whole() -> Report {
    report(vec![
        outcome("fanout", "octave", &[("deliveries_per_cpu_s", 100.0), ("disordered", 0.0)]),
        outcome("fanout", "bun", &[("deliveries_per_cpu_s", 50.0)]),
        outcome("joins", "octave", &[("joins_per_cpu_s", 20.0)]),
    ])
}

fn is_good(now: &Report) -> bool {
    compare(&whole(), now, &Choice::default()).1
}

#[test]
fn overlapping_runs_are_noise() {
    let (old, new) = (figure(&[90.0, 100.0, 130.0]), figure(&[110.0, 125.0, 140.0]));
    assert_eq!(judge("deliveries_per_cpu_s", &old, &new, 1.0), Difference::Noise);
}

#[test]
fn a_change_beyond_the_spread_counts() {
    let (old, new) = (figure(&[98.0, 100.0, 102.0]), figure(&[118.0, 120.0, 122.0]));
    assert_eq!(judge("deliveries_per_cpu_s", &old, &new, 1.0), Difference::Better);
    assert_eq!(judge("p99_ms", &old, &new, 1.0), Difference::Worse);
    assert_eq!(judge("baseline_per_s", &old, &new, 1.0), Difference::Other);
}

#[test]
fn a_faster_machine_is_no_improvement() {
    let (old, new) = (figure(&[98.0, 100.0, 102.0]), figure(&[118.0, 120.0, 122.0]));
    assert_eq!(judge("deliveries_per_cpu_s", &old, &new, 1.2), Difference::Noise);
}

#[test]
fn from_nothing_to_something_is_no_noise() {
    let (none, some) = (figure(&[0.0, 0.0, 0.0]), figure(&[3.0, 3.0, 4.0]));
    assert_eq!(judge("disordered", &none, &some, 1.0), Difference::Worse);
    assert_eq!(judge("disordered", &some, &none, 1.0), Difference::Better);
    assert_eq!(judge("mirrors_equal", &some, &none, 1.0), Difference::Worse);
    assert_eq!(judge("disordered", &none, &none, 1.0), Difference::Noise);
    assert_eq!(judge("idle_cpu_share", &none, &figure(&[0.003]), 1.0), Difference::Noise, "one tick of the clock");
}

#[test]
fn a_figure_that_is_no_number_is_worse() {
    assert_eq!(judge("p99_ratio", &figure(&[1.0]), &figure(&[f64::NAN]), 1.0), Difference::Worse);
}

#[test]
fn the_same_again_is_good() {
    let (text, good) = compare(&whole(), &whole(), &Choice::default());
    assert!(good, "{text}");
}

#[test]
fn a_scenario_that_is_missing_is_not_good() {
    let mut now = whole();
    now.outcomes.retain(|o| o.scenario != "joins");
    assert!(!is_good(&now));
    let chosen = Choice { only: Some("fanout".into()), ..Choice::default() };
    assert!(compare(&whole(), &now, &chosen).1, "it was not asked for");
}

#[test]
fn a_hub_that_is_missing_is_not_good() {
    let mut now = whole();
    now.outcomes.retain(|o| o.hub != "bun");
    assert!(!is_good(&now));
    let chosen = Choice { hubs: vec!["octave".into()], ..Choice::default() };
    assert!(compare(&whole(), &now, &chosen).1, "it was not asked for");
}

#[test]
fn a_run_that_failed_is_not_good() {
    let mut now = whole();
    now.outcomes[2].failures.push("the server has gone".into());
    assert!(!is_good(&now));
}

#[test]
fn a_new_scenario_must_not_fail_either() {
    let mut now = whole();
    now.outcomes.push(outcome("new", "octave", &[]));
    assert!(is_good(&now));
    now.outcomes[3].failures.push("the server has gone".into());
    assert!(!is_good(&now));
}

#[test]
fn a_figure_that_is_missing_is_not_good() {
    let mut now = whole();
    now.outcomes[0].figures.remove("disordered");
    assert!(!is_good(&now));
}
