//! Frames as client authors see them: the golden examples, and what a wrong frame is told.

#![expect(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

use std::collections::BTreeSet;

use octave_protocol::{ClientFrame, ErrorCode, ServerFrame};
use proptest::prelude::*;
use serde_json::Value;

const CLIENT: &str = include_str!("../examples/client.json");
const SERVER: &str = include_str!("../examples/server.json");

fn examples(text: &str) -> Vec<Value> {
    serde_json::from_str(text).unwrap()
}

fn types(examples: &[Value]) -> BTreeSet<&str> {
    examples.iter().map(|e| e["type"].as_str().unwrap()).collect()
}

#[test]
fn every_client_example_is_read_and_written_as_it_is() {
    for example in examples(CLIENT) {
        let frame = ClientFrame::parse(&example.to_string()).unwrap();
        assert_eq!(serde_json::to_value(&frame).unwrap(), example);
    }
}

#[test]
fn a_frame_tells_its_id_and_its_stage() {
    for example in examples(CLIENT) {
        let frame = ClientFrame::parse(&example.to_string()).unwrap();
        assert_eq!(frame.id(), example["id"].as_i64(), "{example}");
        assert_eq!(frame.stage().map(|stage| stage.0), example["stage"].as_i64(), "{example}");
    }
}

/// There is a shorter way for those that are.
#[test]
fn a_frame_with_its_type_in_front_is_read_the_same() {
    for example in examples(CLIENT) {
        let sorted = example.to_string();
        let mut rest = example.clone();
        let tag = rest.as_object_mut().unwrap().remove("type").unwrap();
        let in_front = format!(r#"{{"type":{tag},{}"#, &rest.to_string()[1..]);
        assert_eq!(ClientFrame::parse(&in_front), ClientFrame::parse(&sorted), "{in_front}");
    }
}

/// PostgreSQL keeps no NUL, so nobody may say one, wherever it stands.
#[test]
fn a_nul_is_refused_at_the_door() {
    let refused = [
        r#"{"type":"chat","id":4,"stage":7,"text":"a\u0000b"}"#,
        r#"{"type":"chat","id":4,"stage":7,"text":"a","nonce":"\u0000"}"#,
        r#"{"type":"chat","id":4,"stage":7,"text":"\\\\\u0000"}"#,
        r#"{"id":4,"type":"edit_chat","stage":7,"seq":1,"text":"\u0000"}"#,
        r#"{"type":"join","id":4,"stage":7,"invite":"x\u0000"}"#,
        r#"{"type":"hello","id":4,"token":"\u0000"}"#,
        r#"{"type":"react","id":4,"stage":7,"emoji":"\u0000"}"#,
    ];
    for frame in refused {
        let bad = ClientFrame::parse(frame).unwrap_err();
        assert_eq!((bad.re, bad.code), (Some(4), ErrorCode::InvalidField), "{frame}");
    }
    let fine = [
        r#"{"type":"chat","id":4,"stage":7,"text":"a backslash and zeros: \\u0000"}"#,
        r#"{"type":"chat","id":4,"stage":7,"text":"\u0001"}"#,
        r#"{"type":"ping","id":4,"t0":"\u0000"}"#,
    ];
    for frame in fine {
        ClientFrame::parse(frame).unwrap();
    }
}

#[test]
fn every_server_example_is_read_and_written_as_it_is() {
    for example in examples(SERVER) {
        let frame: ServerFrame = serde_json::from_value(example.clone()).unwrap();
        assert_eq!(serde_json::to_value(&frame).unwrap(), example);
    }
}

#[test]
fn there_is_an_example_of_every_type() {
    let client = examples(CLIENT);
    assert_eq!(types(&client), ClientFrame::TYPES.iter().copied().collect());
    // The server's types are those of the committed schema, which `generated.rs` keeps fresh.
    let schema: Value = serde_json::from_str(include_str!("../schema/server-frame.json")).unwrap();
    let known = schema["oneOf"].as_array().unwrap();
    let server = examples(SERVER);
    assert_eq!(types(&server), known.iter().map(|one| one["properties"]["type"]["const"].as_str().unwrap()).collect());
}

#[track_caller]
fn refused(text: &str, code: ErrorCode, re: Option<i64>) -> String {
    let bad = ClientFrame::parse(text).unwrap_err();
    assert_eq!((bad.code, bad.re), (code, re), "{text}: {}", bad.detail);
    bad.detail
}

#[test]
fn what_is_not_json_is_told_so() {
    for text in ["", "hello", "{", "{\"type\":\"ping\",\"id\":1", "{\"type\":\"ping\"} {}", "\u{0}", "{'type':'ping'}"]
    {
        refused(text, ErrorCode::BadJson, None);
    }
}

#[test]
fn json_that_is_no_frame_has_no_type() {
    for text in ["null", "1", "\"ping\"", "[]", "[{\"type\":\"ping\",\"id\":1}]", "{}"] {
        let bad = ClientFrame::parse(text).unwrap_err();
        assert_eq!(bad.code, ErrorCode::UnknownType, "{text}");
    }
    refused(r#"{"id":3}"#, ErrorCode::UnknownType, Some(3));
    refused(r#"{"type":7,"id":3}"#, ErrorCode::UnknownType, Some(3));
    refused(r#"{"type":null,"id":3}"#, ErrorCode::UnknownType, Some(3));
}

#[test]
fn an_unknown_type_is_named_back_shortened() {
    assert!(refused(r#"{"type":"dance","id":4}"#, ErrorCode::UnknownType, Some(4)).contains("dance"));
    let long = format!(r#"{{"type":"{}","id":4}}"#, "x".repeat(60_000));
    assert!(refused(&long, ErrorCode::UnknownType, Some(4)).len() < 100);
}

#[test]
fn a_wrong_field_is_named_and_the_request_is_answered() {
    let cases = [
        (r#"{"type":"chat","id":5,"stage":7}"#, "text"),
        (r#"{"type":"chat","id":5,"stage":"seven","text":"hi"}"#, "invalid type"),
        (r#"{"type":"chat","id":5,"stage":7,"text":7}"#, "invalid type"),
        (r#"{"type":"chat","id":5,"stage":7.5,"text":"hi"}"#, "invalid type"),
        (r#"{"type":"control","id":5,"stage":7,"action":"explode"}"#, "explode"),
        (r#"{"type":"join","id":5,"stage":7,"resume":{"epoch":1}}"#, "seq"),
        (r#"{"type":"queue","id":5,"stage":7,"action":"move","entry":1,"position":-1}"#, "invalid value"),
    ];
    for (text, named) in cases {
        let detail = refused(text, ErrorCode::InvalidField, Some(5));
        assert!(detail.contains(named), "{text}: {detail}");
    }
}

#[test]
fn a_request_without_a_usable_id_is_refused_without_re() {
    refused(r#"{"type":"leave","stage":7}"#, ErrorCode::InvalidField, None);
    refused(r#"{"type":"leave","id":"five","stage":7}"#, ErrorCode::InvalidField, None);
    refused(r#"{"type":"leave","id":1.5,"stage":7}"#, ErrorCode::InvalidField, None);
}

#[test]
fn unknown_fields_are_ignored_and_order_is_free() {
    let frame = ClientFrame::parse(r#"{"stage":7,"mood":{"deep":[1,2]},"id":6,"type":"leave"}"#).unwrap();
    assert_eq!(serde_json::to_value(&frame).unwrap(), serde_json::json!({"type": "leave", "id": 6, "stage": 7}));
}

#[test]
fn deep_nesting_is_refused_without_harm() {
    let deep = format!(r#"{{"type":"ping","id":1,"t0":{}{}}}"#, "[".repeat(30_000), "]".repeat(30_000));
    assert!(ClientFrame::parse(&deep).is_err());
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in ".{0,200}") {
        let _ = ClientFrame::parse(&text);
    }

    #[test]
    fn what_is_written_is_read_again(id: i64, stage in 1_i64..1 << 53, text in "[^\\n\\x00]{0,100}", nonce in proptest::option::of("[a-z0-9]{1,20}")) {
        let json = serde_json::json!({"type": "chat", "id": id, "stage": stage, "text": text});
        let frame = ClientFrame::parse(&json.to_string()).unwrap();
        prop_assert_eq!(serde_json::to_value(&frame).unwrap(), json);
        let mut json = serde_json::to_value(&frame).unwrap();
        if let Some(nonce) = nonce {
            json["nonce"] = nonce.into();
        }
        let frame = ClientFrame::parse(&json.to_string()).unwrap();
        prop_assert_eq!(serde_json::to_value(&frame).unwrap(), json);
    }
}
