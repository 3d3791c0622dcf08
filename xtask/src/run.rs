//! Running other programs, with the project's own tools first on the path.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

/// The workspace's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// The path with the project's own tools first.
fn path() -> String {
    let own = [root().join(".tools/bin"), root().join("e2e/node_modules/.bin")];
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    let all = own.into_iter().chain(std::env::split_paths(&inherited));
    std::env::join_paths(all).map(|p| p.to_string_lossy().into_owned()).unwrap_or_default()
}

/// A command that finds the project's own tools.
pub fn command(program: &str, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(args).env("PATH", path());
    command
}

/// Runs a program and fails if it does.
pub fn run(program: &str, args: &[&str]) -> anyhow::Result<()> {
    eprintln!("$ {program} {}", args.join(" "));
    check(program, command(program, args).status())
}

/// Runs a program in a folder and fails if it does.
pub fn run_in(folder: &str, program: &str, args: &[&str]) -> anyhow::Result<()> {
    eprintln!("$ (cd {folder}) {program} {}", args.join(" "));
    check(program, command(program, args).current_dir(root().join(folder)).status())
}

fn check(program: &str, status: std::io::Result<std::process::ExitStatus>) -> anyhow::Result<()> {
    let status = status.with_context(|| format!("'{program}' could not be started; is it installed?"))?;
    if !status.success() {
        bail!("'{program}' failed ({status})");
    }
    Ok(())
}

/// Runs a program, shows what it prints as it comes, and returns it, with whether it succeeded.
pub fn tee(mut command: Command) -> anyhow::Result<(bool, String)> {
    use std::io::{BufRead as _, BufReader};
    let name = command.get_program().to_string_lossy().into_owned();
    let args: Vec<String> = command.get_args().map(|a| a.to_string_lossy().into_owned()).collect();
    eprintln!("$ {name} {}", args.join(" "));
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("'{name}' could not be started; is it installed?"))?;
    let mut text = String::new();
    if let Some(out) = child.stdout.take() {
        for line in BufReader::new(out).lines() {
            let line = line?;
            println!("{line}");
            text.push_str(&line);
            text.push('\n');
        }
    }
    Ok((child.wait()?.success(), text))
}

/// What a program prints, if it can be run and succeeds.
pub fn output(program: &str, args: &[&str]) -> Option<String> {
    let out = command(program, args).stderr(Stdio::null()).output().ok()?;
    out.status.success().then(|| String::from_utf8_lossy(&out.stdout).into_owned())
}
