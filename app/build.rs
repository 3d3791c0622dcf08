//! The page is cut into parts that are fetched when their screen is opened (`app/screens.rs`, `cargo xtask split-page`):
//! the tool that cuts needs to know which code refers to which.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "wasm32") {
        println!("cargo::rustc-link-arg-bins=--emit-relocs");
    }
}
