//! All of HTTP and the socket together.

mod sweep;
