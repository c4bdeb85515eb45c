//! What a soak found, for people: a table, the curve of memory, and the samples themselves.

use std::fmt::Write;

use super::samples::Sample;
use super::{Found, MAX_SLOPE};
use crate::probe;
use crate::report::svg::{WIDTH, open};

/// A figure of a sample, as it is shown.
type Shown = fn(&Sample) -> String;

const MIB: f64 = 1024.0 * 1024.0;

pub(super) fn table(found: &Found) -> String {
    let last = found.samples.last().copied().unwrap_or_default();
    let after = found.samples.iter().find(|s| s.at > found.warm_up).copied().unwrap_or_default();
    let minutes = |d: std::time::Duration| d.as_secs_f64() / 60.0;
    let mut text = format!(
        "{:.1} minutes, of which {:.1} to warm up, on {}, octave-load of {}; the server took {:.0} % of one core.\n\n",
        minutes(found.soak_length),
        minutes(found.warm_up),
        probe::machine(),
        probe::revision(),
        found.busy * 100.0
    );
    let slope = found.slope.map_or("too short to tell".into(), |s| format!("{:+.2} MiB", s / MAX_SLOPE));
    let _ = writeln!(text, "Memory in 10 minutes, fitted after the warm-up: **{slope}**\n");
    text.push_str("| | before anybody came | warmed up | at the end of it | everybody gone |\n| --- | ---: | ---: | ---: | ---: |\n");
    let rows: [(&str, Shown); 5] = [
        ("resident memory, MiB", |s| format!("{:.1}", s.resident as f64 / MIB)),
        ("descriptors", |s| s.descriptors.to_string()),
        ("tasks", |s| s.tasks.to_string()),
        ("WebSockets", |s| s.sockets.to_string()),
        ("stages in memory", |s| s.stages.to_string()),
    ];
    for (name, of) in rows {
        let _ =
            writeln!(text, "| {name} | {} | {} | {} | {} |", of(&found.base), of(&after), of(&last), of(&found.end));
    }
    let _ = writeln!(text, "\n{}", what_happened(found));
    let faults = found.faults();
    let verdict =
        if faults.is_empty() { "Nothing is left behind.".into() } else { format!("FAILED: {}", faults.join("; ")) };
    let _ = writeln!(text, "\n{verdict}");
    text
}

fn what_happened(found: &Found) -> String {
    let (c, h) = (&found.counts, &found.chores);
    format!(
        "Members: {} joined, {} came back and heard exactly what they had missed, {} came back and began anew, {} left, \
         {} broke off, {} fell silent, {} moved on when their stage ended, {} joins of a stage just ended were refused.\n\
         Lines: {} said, {} acknowledged, {} heard; {} events out of turn.\n\
         Stages: {} opened, {} ended. Songs: {} uploaded, {} uploads spoiled, {} played, {} deleted; \
         {} fetched whole, {} in part, {} broken off. {} requests were answered 503 and sent again.",
        c.joined,
        c.resumed,
        c.begun_anew,
        c.left,
        c.broke_off,
        c.fell_silent,
        c.moved,
        c.refused,
        c.said,
        c.acknowledged,
        c.heard,
        c.out_of_turn,
        h.opened,
        h.ended,
        h.uploaded,
        h.spoiled,
        h.played,
        h.deleted,
        h.downloaded,
        h.in_part,
        h.broken_off,
        h.asked_again
    )
}

pub(super) fn csv(found: &Found) -> String {
    let mut text = String::from("seconds,resident,descriptors,tasks,sockets,stages\n");
    for s in &found.samples {
        let Sample { at, resident, descriptors, tasks, sockets, stages } = s;
        let _ = writeln!(text, "{:.0},{resident},{descriptors},{tasks},{sockets},{stages}", at.as_secs_f64());
    }
    text
}

/// Memory over time, from zero, with the border of the warm-up.
pub(super) fn curve(found: &Found) -> String {
    const HEIGHT: f64 = 260.0;
    let length = found.soak_length.as_secs_f64().max(1.0);
    let most = found.samples.iter().map(|s| s.resident).max().unwrap_or(1) as f64 * 1.1;
    let x = |seconds: f64| 60.0 + seconds / length * (WIDTH - 80.0);
    let y = |bytes: f64| HEIGHT - 30.0 - bytes / most * (HEIGHT - 70.0);
    let mut svg = open(HEIGHT, "Resident memory of the server, MiB, over minutes");
    for step in 0..=4_u32 {
        let bytes = most * f64::from(step) / 4.0;
        let (at, left, right) = (y(bytes), x(0.0), x(length));
        let _ = write!(
            svg,
            r##"<path d="M{left:.0} {at:.1}H{right:.0}" stroke="#ddd"/><text x="{:.0}" y="{:.1}" text-anchor="end">{:.0}</text>"##,
            left - 6.0,
            at + 4.0,
            bytes / MIB
        );
    }
    for step in 0..=6_u32 {
        let seconds = length * f64::from(step) / 6.0;
        let _ = write!(
            svg,
            r#"<text x="{:.0}" y="{:.0}" text-anchor="middle">{:.0}</text>"#,
            x(seconds),
            HEIGHT - 12.0,
            seconds / 60.0
        );
    }
    let _ = write!(
        svg,
        r##"<path d="M{0:.1} {1:.1}V{2:.1}" stroke="#888" stroke-dasharray="4 3"/>"##,
        x(found.warm_up.as_secs_f64()),
        y(most),
        y(0.0)
    );
    let line: Vec<String> =
        found.samples.iter().map(|s| format!("{:.1} {:.1}", x(s.at.as_secs_f64()), y(s.resident as f64))).collect();
    let _ = write!(svg, r##"<path d="M{}" fill="none" stroke="#4f7cac" stroke-width="1.5"/></svg>"##, line.join("L"));
    svg.push('\n');
    svg
}
