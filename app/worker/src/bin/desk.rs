//! The worker that is fetched when findings are written, a record is looked at closely, or files go out.

fn main() {
    worker::start();
}
