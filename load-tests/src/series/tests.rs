use super::*;
use crate::hub::Framing;

const SCENARIO: &str = r#"
    name = "fanout"
    title = "fan-out"
    runs = 2
    people = 1
    compared_by = "rate"
    objectives = { of_bun = ">= 0.9", of_ws = ">= 1" }
    floors = { rate = ">= 80", p99_ms = "<= 5" }
    work = { kind = "idle", rooms = 1, members = 1 }
"#;

fn hub(name: &str) -> Hub {
    let how = match name {
        "octave" => How::Octave { program: String::new(), data_in: None, postgres: None },
        _ => How::Peer { framing: Framing::Plain, command: Vec::new() },
    };
    Hub { name: name.into(), how }
}

fn turns<'h>(hub: &'h Hub, rates: &[Option<f64>]) -> Turns<'h> {
    let run = |rate: &Option<f64>| rate.map(|rate| Measured::from([("rate".to_owned(), rate)]));
    Turns { runs: rates.iter().map(run).collect(), ..Turns::new(hub) }
}

fn standings(outcome: &Outcome) -> Vec<(&str, Standing)> {
    outcome.verdicts.iter().map(|v| (v.figure.as_str(), v.standing)).collect()
}

#[test]
fn each_run_is_compared_with_the_peers_run_of_the_same_turn() {
    let scenario: Scenario = toml::from_str(SCENARIO).unwrap();
    let (octave, bun) = (hub("octave"), hub("bun"));
    let mut all =
        [turns(&octave, &[Some(90.0), Some(45.0), Some(80.0)]), turns(&bun, &[Some(100.0), Some(50.0), None])];
    compare_with_peers(&scenario, &mut all);
    let [octave, _] = all.map(|turns| outcome(&scenario, turns));
    assert_eq!(octave.figures["of_bun"].runs, [0.9, 0.9]);
}

#[test]
fn a_bound_is_met_missed_or_without_its_peer() {
    let scenario: Scenario = toml::from_str(SCENARIO).unwrap();
    let (octave, bun) = (hub("octave"), hub("bun"));
    let mut all = [turns(&octave, &[Some(80.0)]), turns(&bun, &[Some(100.0)])];
    compare_with_peers(&scenario, &mut all);
    let [octave, bun] = all.map(|turns| outcome(&scenario, turns));
    let (met, missed, unknown) = (Standing::Met, Standing::Missed, Standing::NotMeasured);
    // `p99_ms` was not measured, and no peer is to blame for that.
    let expected = [("of_bun", missed), ("of_ws", unknown), ("p99_ms", missed), ("rate", met)];
    assert_eq!(standings(&octave), expected);
    assert!(bun.verdicts.is_empty());
}

#[test]
fn a_series_is_good_without_failures_and_without_a_missed_bound() {
    let scenario: Scenario = toml::from_str(SCENARIO).unwrap();
    let octave = hub("octave");
    let report = |scenario: &Scenario, failures: Vec<String>| Report {
        machine: String::new(),
        client: String::new(),
        revision: String::new(),
        busy_before: 0.0,
        outcomes: vec![outcome(scenario, Turns { failures, ..turns(&octave, &[Some(90.0)]) })],
    };
    assert!(!report(&scenario, Vec::new()).is_good(), "its p99 is missing");
    let mut modest = scenario;
    modest.floors.remove("p99_ms");
    assert!(report(&modest, Vec::new()).is_good());
    assert!(!report(&modest, vec!["it broke".into()]).is_good());
}
