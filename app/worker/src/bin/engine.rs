//! The worker that every visitor waits for.

fn main() {
    worker::start();
}
