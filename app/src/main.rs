//! Mounts the page.

fn main() {
    app::app::start();
}
