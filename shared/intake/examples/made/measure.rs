//! Time and memory of this process.

use std::time::Instant;

use serde_json::{Value, json};

/// Peak resident memory of the process in MB, where the system tells.
pub fn peak_mb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kb| kb / 1024)
}

/// Seconds this process was on a processor, where the system tells: other work on the machine does not count.
pub fn cpu_s() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/schedstat").ok()?;
    text.split_whitespace().next()?.parse::<f64>().ok().map(|ns| ns / 1e9)
}

/// Runs something several times on one core: its last answer, and of the run that needed least processor time the seconds
/// by the clock and on the processor.
pub fn best_of<T, E>(repeats: usize, mut run: impl FnMut() -> Result<T, E>) -> Result<(Option<T>, Value), E> {
    let (mut answer, mut best) = (None, None::<(f64, f64)>);
    for _ in 0..repeats.max(1) {
        // The answer before is given back first: its memory is not held twice.
        drop(answer.take());
        let (begun, cpu) = (Instant::now(), cpu_s());
        answer = Some(run()?);
        let wall = begun.elapsed().as_secs_f64();
        let on_cpu = cpu_s().zip(cpu).map_or(wall, |(end, begin)| end - begin);
        if best.is_none_or(|(least, _)| on_cpu < least) {
            best = Some((on_cpu, wall));
        }
    }
    let (cpu, wall) = best.unwrap_or_default();
    Ok((answer, json!({"cpu_s": cpu, "wall_s": wall, "runs": repeats})))
}

/// Prints a line: what was measured, and how much of it a second on the processor.
pub fn print(name: &str, what: &str, times: &Value, amounts: &[(&str, f64)], more: Value) {
    let cpu = times["cpu_s"].as_f64().unwrap_or(f64::NAN);
    let wall = times["wall_s"].as_f64().unwrap_or(f64::NAN);
    let mut line =
        json!({"name": name, "what": what, "cpu_s": cpu, "wall_s": wall, "runs": times["runs"], "peak_mb": peak_mb()});
    for (unit, amount) in amounts {
        line[unit] = json!(amount);
        line[format!("{unit}_per_cpu_s")] = json!(amount / cpu);
        line[format!("{unit}_per_s")] = json!(amount / wall);
    }
    if let (Some(line), Value::Object(more)) = (line.as_object_mut(), more) {
        line.extend(more);
    }
    println!("{line}");
}
