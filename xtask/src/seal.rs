//! The last step of a page build: one style sheet, a name with the content's hash for every part, and in `index.html` what
//! each part consists of, so that `boot.js` can ask for a screen's parts together with the page and not after it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, bail};
use sha2::{Digest as _, Sha256};

/// Name of the script that fetches parts, as the cutter wrote it.
const LINK: &str = "__wasm_split.js";

/// Seals the page in a folder; `name` is what Trunk called it (`app-0123456789abcdef`).
pub fn seal(staging: &Path, name: &str) -> anyhow::Result<()> {
    let index = staging.join("index.html");
    let mut html = std::fs::read_to_string(&index).with_context(|| format!("no {}", index.display()))?;
    html = one_style_sheet(staging, &html)?;
    let link = std::fs::read_to_string(staging.join(LINK))?;
    let needs = parts_of(&link);
    if needs.is_empty() {
        bail!("{LINK} names no part: has the cutter's format changed?");
    }
    let names = rename(staging, name, &needs)?;
    html = replace_all(&html, &names);
    let listed: BTreeMap<&str, Vec<&str>> = needs
        .iter()
        .map(|(part, files)| (part.as_str(), files.iter().map(|file| names[file].as_str()).collect()))
        .collect();
    let attribute = format!("data-parts='{}' data-wasm=", serde_json::to_string(&listed)?);
    if html.matches("data-wasm=").count() != 1 {
        bail!("index.html has no script with data-wasm: see pattern_script in Trunk.toml");
    }
    html = html.replace("data-wasm=", &attribute);
    Ok(std::fs::write(index, html)?)
}

/// Joins the style sheets in their order; returns the page that asks for one.
fn one_style_sheet(staging: &Path, html: &str) -> anyhow::Result<String> {
    let (mut out, mut rest, mut css, mut n_joined) = (String::new(), html, String::new(), 0);
    let mut place = None;
    while let Some(start) = rest.find("<link") {
        let end = start + rest[start..].find('>').context("a link in index.html has no end")? + 1;
        let tag = &rest[start..end];
        out.push_str(&rest[..start]);
        if attribute(tag, "rel") == Some("stylesheet") {
            let file = attribute(tag, "href").context("a style sheet has no address")?.trim_start_matches('/');
            let path = staging.join(file);
            css.push_str(&std::fs::read_to_string(&path).with_context(|| format!("no {}", path.display()))?);
            css.push('\n');
            std::fs::remove_file(path)?;
            place.get_or_insert(out.len());
            n_joined += 1;
        } else {
            out.push_str(tag);
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    let place = place.context("index.html has no style sheet")?;
    if css.contains("@import") && n_joined > 1 {
        bail!("a style sheet imports another: joined, that import would be ignored");
    }
    let file = format!("style-{}.css", hash([css.as_bytes()]));
    std::fs::write(staging.join(&file), css)?;
    out.insert_str(place, &format!("<link rel=\"stylesheet\" href=\"/{file}\">"));
    Ok(out)
}

/// The value of an attribute, quoted or not.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let after = tag.split_once(&format!(" {name}="))?.1;
    match after.strip_prefix(['"', '\'']) {
        Some(quoted) => quoted.split(['"', '\'']).next(),
        None => after.split([' ', '>']).next(),
    }
}

/// Which files each part consists of. The cutter writes, of a chunk, which parts share it (`/* cohorts, data */` before it),
/// and of a part's own module its name (`split_data.wasm`).
fn parts_of(link: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut parts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut shared_by: Vec<&str> = Vec::new();
    for line in link.lines() {
        if let Some(comment) = line.strip_prefix("/* ").and_then(|rest| rest.strip_suffix(" */")) {
            shared_by = comment.split(", ").collect();
        }
        let Some(file) = line.split("new URL(\"./").nth(1).and_then(|rest| rest.split('"').next()) else { continue };
        let own = file.strip_prefix("split_").and_then(|rest| rest.strip_suffix(".wasm"));
        for part in own.map_or_else(|| std::mem::take(&mut shared_by), |part| vec![part]) {
            parts.entry(part.to_owned()).or_default().insert(file.to_owned());
        }
    }
    parts
}

/// Gives every file of the page a name with one hash over all of them (they name each other), and returns old to new.
fn rename(
    staging: &Path,
    name: &str,
    needs: &BTreeMap<String, BTreeSet<String>>,
) -> anyhow::Result<BTreeMap<String, String>> {
    let (script, module) = (format!("{name}.js"), format!("{name}_bg.wasm"));
    let wasm: BTreeSet<&String> = needs.values().flatten().collect();
    let mut files: Vec<String> = wasm.into_iter().cloned().collect();
    files.extend([LINK.to_owned(), script.clone(), module.clone()]);
    let contents = files.iter().map(|file| std::fs::read(staging.join(file))).collect::<Result<Vec<_>, _>>()?;
    let seal = hash(contents.iter().map(Vec::as_slice));
    let names: BTreeMap<String, String> = files
        .iter()
        .map(|file| {
            let sealed = match file.as_str() {
                LINK => format!("parts-{seal}.js"),
                file if file == script => format!("app-{seal}.js"),
                file if file == module => format!("app-{seal}_bg.wasm"),
                file => file.replace(".wasm", &format!("-{seal}.wasm")),
            };
            (file.clone(), sealed)
        })
        .collect();
    for (old, new) in &names {
        std::fs::rename(staging.join(old), staging.join(new))?;
        if new.ends_with(".js") {
            let text = std::fs::read_to_string(staging.join(new))?;
            // The compiled page asks for what it needs of the script by its first name; only the import follows the new one.
            let (from, kept) = (format!("from \"./{LINK}\""), format!("\"./{LINK}\":"));
            let text = text.replace(&from, &format!("from \"./{}\"", names[LINK])).replace(&kept, "\u{0}");
            std::fs::write(staging.join(new), replace_all(&text, &names).replace('\u{0}', &kept))?;
        }
    }
    Ok(names)
}

/// Replaces whole file names (`chunk_1.wasm` does not stand in `chunk_11.wasm`, since every name holds its ending).
fn replace_all(text: &str, names: &BTreeMap<String, String>) -> String {
    names.iter().fold(text.to_owned(), |text, (old, new)| text.replace(old.as_str(), new))
}

fn hash<'a>(contents: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hasher = Sha256::new();
    for content in contents {
        hasher.update(content.len().to_le_bytes());
        hasher.update(content);
    }
    hasher.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::root;

    /// The sheets are joined into one: a class that two of them define is both at once, on screens that know of one.
    #[test]
    fn a_class_is_defined_in_one_sheet() {
        let mut of = std::collections::BTreeMap::<String, String>::new();
        for sheet in std::fs::read_dir(root().join("app/style")).unwrap().map(|entry| entry.unwrap().path()) {
            let text = std::fs::read_to_string(&sheet).unwrap();
            for class in text.lines().filter_map(|line| line.strip_prefix('.')?.strip_suffix(" {")) {
                let is_plain = class.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c));
                let name = sheet.display().to_string();
                if let Some(other) =
                    of.insert(class.to_owned(), name.clone()).filter(|other| is_plain && *other != name)
                {
                    panic!("'.{class}' is defined in {other} and in {name}");
                }
            }
        }
        assert!(of.len() > 200, "{} classes found", of.len());
    }

    const LINKED: &str = r#"
/* cohorts, data */
const __chunk_1 = makeLoad(() => {
    const src = fetch(new URL("./chunk_1.wasm", import.meta.url));
/* data */
const load_data = wrapAsyncCb(makeLoad(() => {
    const src = fetch(new URL("./split_data.wasm", import.meta.url));
/* cohorts */
    const src = fetch(new URL("./split_cohorts.wasm", import.meta.url));
"#;

    fn folder(name: &str) -> std::path::PathBuf {
        let folder = std::env::temp_dir().join(format!("rounds-seal-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[test]
    fn a_part_is_its_own_module_and_what_it_shares() {
        let parts = parts_of(LINKED);
        let of = |part: &str| parts[part].iter().map(String::as_str).collect::<Vec<_>>();
        assert_eq!(of("data"), ["chunk_1.wasm", "split_data.wasm"]);
        assert_eq!(of("cohorts"), ["chunk_1.wasm", "split_cohorts.wasm"]);
        assert_eq!(parts.len(), 2);
    }

    #[test]
    fn a_page_is_sealed_whole() {
        let folder = folder("whole");
        let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
        write(
            "index.html",
            "<link href=/icon.svg rel=icon><link href=/a-1.css integrity=x rel=stylesheet><link rel=\"stylesheet\" \
             href=\"/b-2.css\"/><script data-js=/app-9.js data-wasm=/app-9_bg.wasm></script>",
        );
        write("a-1.css", "a{}");
        write("b-2.css", "b{}");
        write("app-9.js", "import * as x from \"./__wasm_split.js\"\nreturn { \"./__wasm_split.js\": x }");
        write(LINK, &format!("import {{ initSync }} from \"./app-9.js\";{LINKED}"));
        for file in ["app-9_bg.wasm", "chunk_1.wasm", "split_data.wasm", "split_cohorts.wasm"] {
            write(file, file);
        }
        seal(&folder, "app-9").unwrap();
        let html = std::fs::read_to_string(folder.join("index.html")).unwrap();
        let listed: BTreeMap<String, Vec<String>> =
            serde_json::from_str(html.split("data-parts='").nth(1).unwrap().split('\'').next().unwrap()).unwrap();
        assert_eq!(listed["data"].len(), 2);
        assert_eq!(html.matches("stylesheet").count(), 1);
        assert!(html.contains("rel=icon"));
        // Every file that anything names is there, and nothing of the old names is left.
        let mut there: Vec<String> =
            std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        there.sort();
        for file in listed.values().flatten() {
            assert!(there.contains(file), "{file} of {there:?}");
        }
        let script = there.iter().find(|name| name.starts_with("app-") && name.ends_with(".js")).unwrap();
        assert!(html.contains(script.as_str()) && *script != "app-9.js");
        let script = std::fs::read_to_string(folder.join(script)).unwrap();
        let link = there.iter().find(|name| name.starts_with("parts-")).unwrap();
        assert!(script.contains(&format!("from \"./{link}\"")));
        assert!(script.contains("\"./__wasm_split.js\": x"), "the name that the compiled page knows");
        let style = there.iter().find(|name| name.starts_with("style-")).unwrap();
        assert_eq!(std::fs::read_to_string(folder.join(style)).unwrap(), "a{}\nb{}\n");
        assert_eq!(there.len(), 8, "{there:?}");
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn boot_knows_every_part() {
        let root = crate::run::root();
        let screens = std::fs::read_to_string(root.join("app/src/app/screens.rs")).unwrap();
        let boot = std::fs::read_to_string(root.join("public/boot.js")).unwrap();
        let listed = screens.split("\nscreens! {").nth(1).unwrap().split("\n}").next().unwrap();
        let parts: Vec<&str> = listed.lines().filter_map(|l| l.trim().strip_suffix(" {")).collect();
        assert!(parts.len() >= 3, "{parts:?}");
        for part in parts {
            assert!(boot.contains(&format!("\"{part}\"")), "public/boot.js does not ask for the part '{part}'");
        }
    }
}
