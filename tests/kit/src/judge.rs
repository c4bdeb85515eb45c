//! Every frame of the tests is held against the schemas that client authors get, so that those can't lie. Behind a
//! feature: what is measured by this client is not to be slowed down by it.

use std::collections::HashMap;

use anyhow::{Result, ensure};
use serde_json::Value;

#[derive(Debug, Default)]
pub(crate) struct Judge {
    /// Requests that wait for their answer: those that are refused may have been meant to be wrong.
    asked: HashMap<i64, Value>,
}

impl Judge {
    pub(crate) fn sent(&mut self, frame: &Value) {
        if let Some(id) = frame["id"].as_i64() {
            self.asked.insert(id, frame.clone());
        }
    }

    pub(crate) fn received(&mut self, frame: &Value) -> Result<()> {
        fits(Side::Server, frame)?;
        match frame["re"].as_i64().and_then(|id| self.asked.remove(&id)) {
            Some(request) if frame["type"] != "error" => fits(Side::Client, &request),
            _ => Ok(()),
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Side {
    Client,
    Server,
}

fn fits(side: Side, frame: &Value) -> Result<()> {
    let errors = errors(side, frame);
    ensure!(errors.is_empty(), "not as the schema of the {side:?} says: {errors:#?}\n{frame:#}");
    Ok(())
}

#[cfg(feature = "judge")]
fn errors(side: Side, frame: &Value) -> Vec<String> {
    use std::sync::LazyLock;

    use jsonschema::Validator;

    static CLIENT: LazyLock<Validator> =
        LazyLock::new(|| schema(include_str!("../../../protocol/schema/client-frame.json")));
    static SERVER: LazyLock<Validator> =
        LazyLock::new(|| schema(include_str!("../../../protocol/schema/server-frame.json")));
    fn schema(text: &str) -> Validator {
        let schema = serde_json::from_str(text).expect("the committed schema is JSON");
        jsonschema::validator_for(&schema).expect("the committed schema is one")
    }
    let validator = match side {
        Side::Client => &CLIENT,
        Side::Server => &SERVER,
    };
    validator.iter_errors(frame).map(|e| format!("{}: {e}", e.instance_path())).take(3).collect()
}

#[cfg(not(feature = "judge"))]
fn errors(_: Side, _: &Value) -> Vec<String> {
    Vec::new()
}

#[cfg(all(test, feature = "judge"))]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_schemas_do_not_know_is_refused() {
        let mut judge = Judge::default();
        judge.received(&json!({ "type": "ok", "re": 1 })).unwrap();
        judge.received(&json!({ "type": "ok", "re": "1" })).unwrap_err();
        judge.received(&json!({ "type": "dance" })).unwrap_err();
        judge.sent(&json!({ "type": "leave", "id": 2 }));
        judge.received(&json!({ "type": "error", "re": 2, "code": "invalid_field", "detail": "x" })).unwrap();
        judge.sent(&json!({ "type": "leave", "id": 3 }));
        judge.received(&json!({ "type": "ok", "re": 3 })).unwrap_err();
    }
}
