//! The stage played through by scripts (see [`script`]) and by chance.

mod chance;
mod crossfade;
mod guests;
mod listeners;
mod order;
mod playback;
mod queueing;
mod restart;
mod rights;
mod script;
mod speaker;
mod suggestions;
mod turns;

use script::check;
