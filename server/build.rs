//! The page is embedded from `../dist`. Where it was not built yet, an empty folder stands in, so that the server
//! always compiles; it then serves a page that says how to build the page.

fn main() -> std::io::Result<()> {
    std::fs::create_dir_all("../dist")?;
    println!("cargo::rerun-if-changed=../dist");
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}
