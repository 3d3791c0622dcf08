//! The worker that is fetched when files come in or go out, or findings are written.

fn main() {
    worker::start();
}
