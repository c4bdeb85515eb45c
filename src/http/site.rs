//! What a browser opens: the web client, links with a preview, the documentation, the server's description.

pub mod assets;
pub mod docs;
pub mod server;
pub mod share;
