use super::*;

/// Whether a text is found by a question, as both databases look for it.
fn finds(q: &str, text: &str) -> bool {
    Query::of(q).finds(&document(text, "", &[]))
}

#[test]
fn words_are_found_wherever_they_stand_and_however_they_are_written() {
    let found = [
        ("Mixname", "Song (Mixname)"),
        ("heroes", "\"Heroes\""),
        ("rock n roll", "Rock'n Roll"),
        ("dc", "AC/DC"),
        ("acdc", "AC/DC"),
        ("ac/dc", "AC/DC"),
        ("rem", "R.E.M."),
        ("r.e.m", "R.E.M."),
        ("丽君", "邓丽君"),
        ("君", "邓丽君"),
        ("丽", "邓丽君"),
        ("の歌", "日本の歌"),
        ("ｶﾗｵｹ", "カラオケ"),
        ("coeur", "Le cœur"),
        ("strasse", "Straße"),
        ("STRASSE", "straße"),
        ("lodz", "Łódź"),
        ("smorrebrod", "Smørrebrød"),
        ("ΣΊΣΥΦΟΣ", "Σίσυφος"),
        ("istanbul", "İSTANBUL"),
        ("don't st", "Don’t Stop"),
        ("dont stop", "Don't Stop"),
        ("don't", "Dont"),
        ("ＡＢＣ", "abc"),
        ("übergrößen", "Übergrößen"),
        ("ubergrossen", "Übergrößen"),
        ("한국", "한국어"),
        ("!!!", "!!!"),
        ("!!!", "！！！"),
        ("rock & roll", "Rock and Roll"),
        ("noel", "No\u{eb}l"),
        ("noël", "Noe\u{308}l"),
        ("ﬁre", "Fire"),
        ("bla", "blackbird"),
        ("นี้", "รักนี้"),
    ];
    for (q, text) in found {
        assert!(finds(q, text), "{q} in {text}: {:?} of {:?}", Query::of(q), words(text));
    }
}

#[test]
fn what_is_not_there_is_not_found() {
    let missing = [
        ("one two three nine", "one two three four"),
        ("君丽", "邓丽君"),
        ("ix", "Mix"),
        ("bla bird", "blackbird"),
        ("blackbird bla", "bird bla"),
        ("???", "!!!"),
        ("", "a"),
        (" \u{200b} ", "a"),
    ];
    for (q, text) in missing {
        assert!(!finds(q, text), "{q} in {text}");
    }
}

#[test]
fn every_word_but_the_last_is_a_whole_one() {
    assert!(finds("song blu", "Song of the blue"));
    assert!(!finds("so blue", "Song of the blue"));
}

#[test]
fn texts_are_sorted_by_their_words() {
    assert_eq!(plain("  \"Heroes\" (Live)"), "heroes live");
    assert_eq!(plain("Don’t  Stop"), "don t stop");
    assert_eq!(plain("Ärger"), "arger");
    assert_eq!(plain("日本の歌"), "日本の歌");
    assert!(!plain("???").is_empty());
}

#[test]
fn nothing_that_is_kept_or_asked_needs_quoting() {
    let hostile = "a\"b'c\\d:*&|!()<->{}[]^~%_;\u{0}\u{e000}x \u{e001} \"\" '' -- \u{10ffff} !! *";
    for text in [hostile, "'", "\"", "*", "\u{e000}"] {
        let kept = document(text, text, &[text]) + &line(7, text);
        assert!(kept.chars().all(|c| c == ' ' || !c.is_ascii() || c.is_ascii_alphanumeric()), "{kept}");
        assert!(!kept.is_empty());
        for term in Query::of(text).choices().iter().flatten().flatten() {
            assert!(term.word.chars().all(|c| !c.is_ascii() || c.is_ascii_alphanumeric()), "{term:?}");
        }
    }
}

#[test]
fn a_question_is_written_for_either_database() {
    let query = Query::of("Don't sto");
    assert_eq!(query.fts5(), "((\"don\" AND \"t\") OR (\"dont\")) AND ((\"sto\" *))");
    assert_eq!(query.tsquery(), "(('don' & 't') | ('dont')) & (('sto':*))");
    assert_eq!(Query::of("a").in_title().fts5(), "((\"\u{e000}a\" *))");
    assert_eq!(Query::of("a").in_stage(7).tsquery(), "(('7\u{e001}a':*))");
}

#[test]
fn a_title_is_known_as_a_whole_and_by_its_artist() {
    let kept = document("Don't Stop", "Fleet’s", &["Album"]);
    for (query, found) in [
        (Query::of("don’t stop").exact(), true),
        (Query::of("don’t").exact(), false),
        (Query::of("don’t st").begun(), true),
        (Query::of("stop").begun(), false),
        (Query::of("stop").in_title(), true),
        (Query::of("stop").in_by(), false),
        (Query::of("fleets").in_by(), true),
        (Query::of("album fleet"), true),
    ] {
        assert_eq!(query.finds(&kept), found, "{query:?}");
    }
}

#[test]
fn titles_that_begin_so_stand_together_when_they_are_sorted() {
    for (q, title, begins) in [
        ("love so", "Łove  Song!", true),
        ("l", "Love", true),
        ("ac/dc", "AC/DC live", true),
        ("song", "Love Song", false),
        ("!!!", "!!! (chk)", false),
        ("", "Love", false),
    ] {
        let (from, plain) = (Query::of(q).beginning(), plain(title));
        let (before, behind) = (from.as_str() <= plain.as_str(), plain < format!("{from}{}", char::MAX));
        assert_eq!(before && behind, begins, "{q} {title}");
    }
}

#[test]
fn a_word_without_end_is_cut_in_what_is_kept_and_asked() {
    let long = "x".repeat(4_000);
    assert!(finds(&long, &long));
    assert!(document(&long, "", &[]).len() < 200);
}
