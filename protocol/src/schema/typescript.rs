//! TypeScript types of everything on the wire, in one module without imports.

use std::collections::BTreeMap;

use ts_rs::{Config, TS, TypeVisitor};

use crate::server::QueueChange;
use crate::{ClientFrame, ServerFrame};

/// The module's text. Large integers are `number`: ids and instants stay below 2^53.
pub fn module() -> String {
    let config = Config::new().with_large_int("number");
    let mut found = Declarations { config: &config, by_name: BTreeMap::new() };
    found.visit::<ClientFrame>();
    found.visit::<ServerFrame>();
    // Flattened into its frame, so not named by it.
    found.visit::<QueueChange>();
    let mut text = String::from("// Generated from protocol/src by `scripts/generate`; don't edit.\n");
    for declaration in found.by_name.values() {
        text.push('\n');
        text.push_str(&absent_not_null(declaration));
    }
    text
}

/// An optional field is left out, never sent as `null`: `x?: T | null` becomes `x?: T`.
fn absent_not_null(declaration: &str) -> String {
    let mut parts = declaration.split("?: ");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (field, rest) = part.split_at(part.find(',').unwrap_or(part.len()));
        text.push_str("?: ");
        text.push_str(field.strip_suffix(" | null").unwrap_or(field));
        text.push_str(rest);
    }
    text
}

/// Declarations of all types that were visited and of those they name, by name.
struct Declarations<'a> {
    config: &'a Config,
    by_name: BTreeMap<String, String>,
}

impl TypeVisitor for Declarations<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        // Types without a path of their own (numbers, strings, options) are not declared.
        if T::output_path().is_some() {
            let name = T::ident(self.config);
            if self.by_name.contains_key(&name) {
                return;
            }
            let docs = T::docs().unwrap_or_default();
            self.by_name.insert(name, format!("{docs}export {}\n", T::decl(self.config)));
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}
