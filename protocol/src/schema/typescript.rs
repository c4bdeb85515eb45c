//! TypeScript types of everything on the wire, in one module without imports.

use std::collections::BTreeMap;

use ts_rs::{Config, TS, TypeVisitor};

use crate::{ClientFrame, ServerFrame};

/// The module's text. Large integers are `number`: ids and instants stay below 2^53.
pub fn module() -> String {
    let config = Config::new().with_large_int("number");
    let mut found = Declarations { config: &config, by_name: BTreeMap::new() };
    found.visit::<ClientFrame>();
    found.visit::<ServerFrame>();
    let mut text = String::from("// Generated from protocol/src by `scripts/generate`; don't edit.\n");
    for declaration in found.by_name.values() {
        text.push('\n');
        text.push_str(declaration);
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
