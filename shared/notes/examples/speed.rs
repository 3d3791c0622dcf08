//! Measures reading and screening: `cargo run --release -p notes --example speed [notes]`.
//!
//! Notes of 2 to 3 kB are made in memory out of clinical sentences, the same on every machine. Prints a JSON line for findings
//! with context, one for the identifier screen and one for both, as an import does it.

use std::time::Instant;

use notes::{KnownIdentifiers, Reader, screen};

/// A small generator with a fixed seed (xorshift64*): this file needs no quality, only the same notes everywhere.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33).unwrap_or(0) % n.max(1)
    }
}

const HEADINGS: [&str; 8] = [
    "HISTORY OF PRESENT ILLNESS:",
    "PAST MEDICAL HISTORY:",
    "MEDICATIONS:",
    "FAMILY HISTORY:",
    "PHYSICAL EXAM:",
    "LABS:",
    "ASSESSMENT AND PLAN:",
    "SOCIAL HISTORY:",
];

const SENTENCES: [&str; 24] = [
    "Mr. John Smith is a 67-year-old man who presents with two days of chest pain and shortness of breath.",
    "He denies any fever, chills, nausea, vomiting, abdominal pain or diarrhea.",
    "There is no evidence of pneumonia, pleural effusion or pneumothorax.",
    "Hypertension, type 2 diabetes, coronary artery disease status post CABG, and chronic kidney disease.",
    "Metoprolol succinate 50 mg po bid, lisinopril 10 mg daily, atorvastatin 80 mg at bedtime, aspirin 81 mg.",
    "His mother had breast cancer and his father died of a myocardial infarction at age 62.",
    "BP 128/76 mmHg, HR 72, RR 16, temperature 98.6 F, SpO2 97% on room air, weight 82.5 kg.",
    "Heart: regular rate and rhythm, no murmurs, rubs or gallops. Lungs are clear to auscultation bilaterally.",
    "The echocardiogram on 03/14/2020 showed an ejection fraction of 55-60% without wall motion abnormality.",
    "Possible urinary tract infection; will obtain a urinalysis and culture before starting ciprofloxacin.",
    "Return to the emergency department if there is worsening shortness of breath, fever or bleeding.",
    "Former smoker with a 30 pack-year history; drinks socially; denies illicit drug use.",
    "Dr. Maria Hernandez from cardiology was consulted on March 3, 2020 and agrees with the plan.",
    "Creatinine 1.4, potassium 4.2, hemoglobin 11.8, WBC 9.3, platelets 210, INR 1.1, glucose 142 mg/dL.",
    "The patient was admitted to rule out acute coronary syndrome and pulmonary embolism was thought to be unlikely.",
    "She lives alone at 12 Elm Street, Springfield, MA 02139 and can be reached at 617-555-0199.",
    "No known drug allergies. Up to date on immunizations.",
    "Abdomen soft, nontender, nondistended, with normal bowel sounds and no hepatosplenomegaly.",
    "Deep vein thrombosis was ruled out by duplex ultrasound of both lower extremities.",
    "Continue furosemide 40 mg iv twice daily, monitor electrolytes and renal function every morning.",
    "History of stroke in 2015 with residual left sided weakness, currently on clopidogrel.",
    "MRN: 0012345. Follow up in two weeks with primary care.",
    "Neurologic examination shows intact cranial nerves, normal strength and no focal deficits.",
    "The patient understands the plan and had no further questions at the time of discharge.",
];

fn note(r: &mut Numbers) -> String {
    let mut text = String::new();
    let length = 2_000 + r.below(1_000);
    while text.len() < length {
        text.push_str(HEADINGS[r.below(HEADINGS.len())]);
        text.push('\n');
        for _ in 0..2 + r.below(4) {
            text.push_str(SENTENCES[r.below(SENTENCES.len())]);
            text.push(' ');
        }
        text.push_str("\n\n");
    }
    text
}

/// Seconds this process was on a processor, where the system tells: other work on the machine does not count.
fn cpu_s() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/schedstat").ok()?;
    text.split_whitespace().next()?.parse::<f64>().ok().map(|ns| ns / 1e9)
}

fn measure(name: &str, what: &str, notes: &[String], mut each: impl FnMut(&str) -> usize) {
    let (begun, cpu_begun) = (Instant::now(), cpu_s());
    let found: usize = notes.iter().map(|n| each(n)).sum();
    let (seconds, cpu_end) = (begun.elapsed().as_secs_f64(), cpu_s());
    let cpu = cpu_begun.zip(cpu_end).map(|(a, b)| b - a);
    let bytes: usize = notes.iter().map(String::len).sum();
    println!(
        "{}",
        serde_json::json!({
            "name": name,
            "what": what,
            "notes": notes.len(),
            "mean_bytes": bytes / notes.len().max(1),
            "found": found,
            "seconds": seconds,
            "cpu_s": cpu,
            "notes_per_s": notes.len() as f64 / seconds,
            "notes_per_cpu_s": cpu.map(|s| notes.len() as f64 / s),
            "mb_per_cpu_s": cpu.map(|s| bytes as f64 / 1e6 / s),
        })
    );
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let n = std::env::args().nth(1).map_or(Ok(10_000), |n| n.parse())?;
    let mut r = Numbers(20_261_122);
    let notes: Vec<String> = (0..n).map(|_| note(&mut r)).collect();
    let begun = Instant::now();
    let reader = Reader::built_in();
    println!("{}", serde_json::json!({"what": "rules and lexicons read", "seconds": begun.elapsed().as_secs_f64()}));
    measure("notes_findings", "findings and context", &notes, |text| reader.findings(text).len());
    let known = KnownIdentifiers { names: vec!["John Smith".to_owned()], numbers: vec!["0012345".to_owned()] };
    measure("notes_screen", "identifier screen", &notes, |text| screen(text, &known).identifiers.len());
    let both = |text: &str| reader.findings(&screen(text, &known).text).len();
    measure("notes", "identifier screen, then findings and context", &notes, both);
    Ok(())
}
