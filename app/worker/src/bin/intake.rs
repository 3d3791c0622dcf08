//! The worker that is fetched when files come in.

fn main() {
    worker::start();
}
