//! Two plots that need no library: bars with their spread, and a line over growing sizes.

use std::fmt::Write;

use crate::report::short;
use crate::series::Outcome;

pub(crate) const WIDTH: f64 = 640.0;
const BAR: f64 = 26.0;

/// Figures worth a plot, the first that a scenario has.
const PLOTTED: &[&str] = &[
    "deliveries_per_cpu_s",
    "acked_per_s",
    "joins_per_cpu_s",
    "visits_per_cpu_s",
    "bytes_per_connection",
    "timeline_p99_ms",
];

/// One bar per hub; `None` for a single hub, where a number says as much.
pub(super) fn bars(outcomes: &[&Outcome]) -> Option<String> {
    let name = PLOTTED.iter().find(|n| outcomes.iter().any(|o| o.figures.contains_key(**n)))?;
    let shown: Vec<_> = outcomes.iter().filter_map(|o| Some((&o.hub, o.figures.get(*name)?))).collect();
    if shown.len() < 2 {
        return None;
    }
    let most = shown.iter().map(|(_, f)| f.high).fold(f64::MIN_POSITIVE, f64::max);
    let x = |value: f64| 150.0 + value / most * (WIDTH - 230.0);
    let height = 40.0 + BAR * shown.len() as f64;
    let mut svg = open(height, &name.replace('_', " "));
    for (row, (hub, figure)) in shown.iter().enumerate() {
        let y = 32.0 + BAR * row as f64;
        let middle = y + 9.0;
        let _ = write!(
            svg,
            r##"<text x="142" y="{:.0}" text-anchor="end">{hub}</text><rect x="150" y="{y:.0}" width="{:.1}" height="18" fill="#4f7cac"/><path d="M{:.1} {middle}H{:.1}" stroke="#222" stroke-width="2"/><text x="{:.1}" y="{:.0}">{}</text>"##,
            y + 13.0,
            x(figure.median) - 150.0,
            x(figure.low),
            x(figure.high),
            x(figure.high) + 6.0,
            y + 13.0,
            short(figure.median)
        );
    }
    svg.push_str("</svg>\n");
    Some(svg)
}

/// A line over the sizes of a growth series (`figure at SIZE`), from zero, logarithmic in size.
pub(super) fn growth(outcome: &Outcome) -> Option<String> {
    let points: Vec<(f64, f64, f64, f64)> = outcome
        .figures
        .iter()
        .filter_map(|(name, f)| Some((name.split_once(" at ")?.1.parse().ok()?, f.median, f.low, f.high)))
        .collect();
    let (first, last) = (points.first()?.0.ln(), points.last()?.0.ln());
    let most = points.iter().map(|p| p.3).fold(f64::MIN_POSITIVE, f64::max);
    let x = |size: f64| 70.0 + (size.ln() - first) / (last - first).max(0.01) * (WIDTH - 120.0);
    let y = |value: f64| 210.0 - value / most * 170.0;
    let mut svg = open(250.0, &outcome.title);
    svg.push_str(r##"<path d="M60 40V210H620" fill="none" stroke="#888"/>"##);
    let line: Vec<String> = points.iter().map(|p| format!("{:.1} {:.1}", x(p.0), y(p.1))).collect();
    let _ = write!(svg, r##"<path d="M{}" fill="none" stroke="#4f7cac" stroke-width="2"/>"##, line.join("L"));
    for (size, median, low, high) in points {
        let _ = write!(
            svg,
            r##"<path d="M{0:.1} {1:.1}V{2:.1}" stroke="#222"/><circle cx="{0:.1}" cy="{3:.1}" r="4" fill="#4f7cac"/><text x="{0:.1}" y="{4:.1}" text-anchor="middle">{5}</text><text x="{0:.1}" y="228" text-anchor="middle">{size}</text>"##,
            x(size),
            y(low),
            y(high),
            y(median),
            y(high) - 8.0,
            short(median)
        );
    }
    svg.push_str("</svg>\n");
    Some(svg)
}

/// The beginning of a plot.
pub(crate) fn open(height: f64, title: &str) -> String {
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="#fff"/><text x="12" y="20" font-weight="bold">{title}</text>"##
    )
}
