//! The quantities: their LOINC codes, unit, plausible limits, and factors from other units.

/// A quantity that laboratories or wards measure.
#[derive(Debug)]
pub struct Quantity {
    /// Words for people.
    pub name: &'static str,
    pub(super) loinc: &'static [&'static str],
    /// UCUM.
    pub(super) unit: &'static str,
    /// Below it, no living person.
    pub(super) low: f64,
    /// Above it, no living person.
    pub(super) high: f64,
    /// UCUM unit, factor and what is added: value in `unit` = value * factor + offset.
    pub(super) from: &'static [(&'static str, f64, f64)],
}

const fn q(
    name: &'static str,
    loinc: &'static [&'static str],
    unit: &'static str,
    (low, high): (f64, f64),
    from: &'static [(&'static str, f64, f64)],
) -> Quantity {
    Quantity { name, loinc, unit, low, high, from }
}

/// Cells, three powers of ten apart. What looks like grams a litre is giga a litre (`G/L`): cells are not weighed.
const PER_NL: &[(&str, f64, f64)] =
    &[("10*9/L", 1.0, 0.0), ("/uL", 0.001, 0.0), ("10*6/uL", 1000.0, 0.0), ("g/L", 1.0, 0.0)];
const SAME_AS_MMOL: &[(&str, f64, f64)] = &[("meq/L", 1.0, 0.0)];
const UKAT: &[(&str, f64, f64)] = &[("ukat/L", 60.0, 0.0)];
const G_PER_DL: &[(&str, f64, f64)] = &[("g/L", 0.1, 0.0), ("mg/dL", 0.001, 0.0)];
/// Cholesterol, 386.654 g/mol.
const CHOLESTEROL: &[(&str, f64, f64)] = &[("mmol/L", 38.6654, 0.0), ("g/L", 100.0, 0.0)];
/// Bilirubin, 584.66 g/mol.
const BILIRUBIN: &[(&str, f64, f64)] = &[("umol/L", 0.058_466, 0.0), ("mg/L", 0.1, 0.0)];

pub(super) static QUANTITIES: &[Quantity] = &[
    // Glucose, 180.156 g/mol.
    q(
        "glucose",
        &[
            "2345-7", "2339-0", "1558-6", "2341-6", "14749-6", "15074-8", "41653-7", "2340-8", "32016-8", "14743-9",
            "14771-0", "10450-5", "76629-5",
        ],
        "mg/dL",
        (5.0, 2000.0),
        &[("mmol/L", 18.0156, 0.0), ("mg/L", 0.1, 0.0), ("g/L", 100.0, 0.0)],
    ),
    // Creatinine, 113.120 g/mol.
    q(
        "creatinine",
        &["2160-0", "38483-4", "14682-9", "59826-8", "77140-2"],
        "mg/dL",
        (0.05, 50.0),
        &[("umol/L", 0.011_312, 0.0), ("mmol/L", 11.312, 0.0), ("mg/L", 0.1, 0.0)],
    ),
    // Two atoms of nitrogen, 28.014 g/mol.
    q("urea nitrogen", &["3094-0", "6299-2", "14937-7", "12961-9"], "mg/dL", (0.5, 400.0), &[("mmol/L", 2.8014, 0.0)]),
    // Urea, 60.056 g/mol: another quantity than its nitrogen.
    q("urea", &["3091-6", "22664-7"], "mg/dL", (1.0, 860.0), &[("mmol/L", 6.0056, 0.0), ("g/L", 100.0, 0.0)]),
    q("sodium", &["2951-2", "2947-0"], "mmol/L", (90.0, 210.0), SAME_AS_MMOL),
    q("potassium", &["2823-3", "6298-4"], "mmol/L", (0.8, 14.0), SAME_AS_MMOL),
    q("chloride", &["2075-0", "2069-3"], "mmol/L", (50.0, 180.0), SAME_AS_MMOL),
    q("carbon dioxide", &["2028-9", "1963-8", "1959-6"], "mmol/L", (1.0, 80.0), SAME_AS_MMOL),
    // Calcium, 40.078 g/mol, two charges.
    q(
        "calcium",
        &["17861-6", "2000-8", "49765-1"],
        "mg/dL",
        (2.0, 25.0),
        &[("mmol/L", 4.0078, 0.0), ("meq/L", 2.0039, 0.0)],
    ),
    // Magnesium, 24.305 g/mol, two charges.
    q("magnesium", &["2601-3", "19123-9"], "mmol/L", (0.1, 10.0), &[("mg/dL", 0.411_438, 0.0), ("meq/L", 0.5, 0.0)]),
    // Phosphorus, 30.974 g/mol.
    q("phosphate", &["2777-1", "14879-1"], "mg/dL", (0.2, 30.0), &[("mmol/L", 3.0974, 0.0)]),
    q("albumin", &["1751-7"], "g/dL", (0.3, 9.0), G_PER_DL),
    q("protein", &["2885-2"], "g/dL", (1.0, 18.0), G_PER_DL),
    q("bilirubin, total", &["1975-2", "14631-6", "42719-5"], "mg/dL", (0.0, 80.0), BILIRUBIN),
    q("bilirubin, direct", &["1968-7", "14629-0"], "mg/dL", (0.0, 60.0), BILIRUBIN),
    q("alanine aminotransferase", &["1742-6", "1743-4", "1744-2"], "U/L", (0.0, 30_000.0), UKAT),
    q("aspartate aminotransferase", &["1920-8", "30239-8"], "U/L", (0.0, 40_000.0), UKAT),
    q("alkaline phosphatase", &["6768-6"], "U/L", (0.0, 10_000.0), UKAT),
    q("gamma glutamyl transferase", &["2324-2"], "U/L", (0.0, 10_000.0), UKAT),
    q("lactate dehydrogenase", &["2532-0", "14804-9"], "U/L", (0.0, 50_000.0), UKAT),
    q("creatine kinase", &["2157-6"], "U/L", (0.0, 500_000.0), UKAT),
    q("cholesterol", &["2093-3", "14647-2"], "mg/dL", (20.0, 1500.0), CHOLESTEROL),
    q("HDL cholesterol", &["2085-9", "14646-4"], "mg/dL", (1.0, 250.0), CHOLESTEROL),
    q("LDL cholesterol", &["13457-7", "18262-6", "2089-1", "22748-8", "39469-2"], "mg/dL", (1.0, 1200.0), CHOLESTEROL),
    // Triolein, 885.43 g/mol, as laboratories take it.
    q(
        "triglycerides",
        &["2571-8", "14927-8"],
        "mg/dL",
        (5.0, 20_000.0),
        &[("mmol/L", 88.543, 0.0), ("g/L", 100.0, 0.0)],
    ),
    // A quarter of the tetramer, 16,114.5 g/mol.
    q(
        "hemoglobin",
        &["718-7", "20509-6", "59260-0", "30313-1", "30350-3", "55782-7"],
        "g/dL",
        (1.0, 30.0),
        &[("g/L", 0.1, 0.0), ("mmol/L", 1.611_45, 0.0)],
    ),
    q("hematocrit", &["4544-3", "20570-8", "71833-8"], "%", (3.0, 85.0), &[("L/L", 100.0, 0.0)]),
    // IFCC-NGSP master equation.
    q(
        "hemoglobin A1c",
        &["4548-4", "17856-6", "4549-2", "59261-8"],
        "%",
        (2.0, 25.0),
        &[("mmol/mol", 0.091_48, 2.152)],
    ),
    q("leukocytes", &["6690-2", "26464-8", "804-5"], "10*3/uL", (0.0, 1000.0), PER_NL),
    q("platelets", &["777-3", "26515-7", "778-1"], "10*3/uL", (0.0, 5000.0), PER_NL),
    q(
        "erythrocytes",
        &["789-8", "26453-1"],
        "10*6/uL",
        (0.5, 12.0),
        &[("10*12/L", 1.0, 0.0), ("/uL", 1e-6, 0.0), ("10*3/uL", 0.001, 0.0)],
    ),
    q("mean corpuscular volume", &["787-2", "30428-7"], "fL", (40.0, 160.0), &[]),
    q(
        "thyrotropin",
        &["3016-3", "11580-8", "11579-0"],
        "m[IU]/L",
        (0.0, 1000.0),
        &[("u[IU]/mL", 1.0, 0.0), ("m[IU]/mL", 1000.0, 0.0)],
    ),
    // Thyroxine, 776.87 g/mol.
    q(
        "free thyroxine",
        &["3024-7", "14920-3"],
        "ng/dL",
        (0.0, 20.0),
        &[("pmol/L", 0.077_687, 0.0), ("ng/L", 0.1, 0.0), ("pg/mL", 0.1, 0.0)],
    ),
    // As the AMA Manual of Style has it: 1 mg/L is 9.524 nmol/L.
    q(
        "C-reactive protein",
        &["1988-5", "30522-7", "71426-1", "76485-2"],
        "mg/L",
        (0.0, 1000.0),
        &[("mg/dL", 10.0, 0.0), ("nmol/L", 0.105, 0.0), ("ug/mL", 1.0, 0.0)],
    ),
    // Uric acid, 168.112 g/mol.
    q("urate", &["3084-1", "14933-6"], "mg/dL", (0.1, 60.0), &[("umol/L", 0.016_811_2, 0.0), ("mmol/L", 16.8112, 0.0)]),
    q("ferritin", &["2276-4"], "ng/mL", (0.0, 200_000.0), &[("ug/L", 1.0, 0.0)]),
    // Iron, 55.845 g/mol.
    q("iron", &["2498-4", "14798-3"], "ug/dL", (1.0, 2000.0), &[("umol/L", 5.5845, 0.0)]),
    q("natriuretic peptide, N-terminal pro-B", &["33762-6"], "pg/mL", (0.0, 400_000.0), &[("ng/L", 1.0, 0.0)]),
    q("systolic blood pressure", &["8480-6"], "mm[Hg]", (20.0, 350.0), &[("kPa", 7.500_616_8, 0.0)]),
    q("diastolic blood pressure", &["8462-4"], "mm[Hg]", (5.0, 250.0), &[("kPa", 7.500_616_8, 0.0)]),
    q("heart rate", &["8867-4"], "/min", (10.0, 350.0), &[]),
    q("respiratory rate", &["9279-1"], "/min", (2.0, 120.0), &[]),
    q(
        "body temperature",
        &["8310-5", "8331-1", "8332-9", "8328-7", "8333-7", "8329-5", "75539-7"],
        "Cel",
        (13.0, 47.0),
        &[("[degF]", 5.0 / 9.0, -160.0 / 9.0)],
    ),
    q(
        "body weight",
        &["29463-7", "3141-9", "3142-7", "8339-4"],
        "kg",
        (0.2, 700.0),
        &[("g", 0.001, 0.0), ("[lb_av]", 0.453_592_37, 0.0), ("[oz_av]", 0.028_349_523_125, 0.0)],
    ),
    q(
        "body height",
        &["8302-2", "8306-3", "3137-7", "3138-5", "8308-9"],
        "cm",
        (15.0, 280.0),
        &[("m", 100.0, 0.0), ("mm", 0.1, 0.0), ("[in_i]", 2.54, 0.0), ("[ft_i]", 30.48, 0.0)],
    ),
    q("body mass index", &["39156-5"], "kg/m2", (5.0, 250.0), &[]),
    q("oxygen saturation", &["2708-6", "59408-5", "20564-1"], "%", (10.0, 100.0), &[]),
    // Without a unit by their nature.
    q("prothrombin time, INR", &["6301-6", "34714-6", "38875-1", "46418-0"], "{INR}", (0.3, 30.0), &[("1", 1.0, 0.0)]),
    q("pH of blood", &["2744-1", "2746-6", "11558-4", "2745-8"], "[pH]", (6.3, 8.2), &[("1", 1.0, 0.0)]),
    q(
        "glomerular filtration rate, estimated",
        &["33914-3", "48642-3", "48643-1", "62238-1", "69405-9", "77147-7", "88293-6", "88294-4", "98979-8"],
        "mL/min/{1.73_m2}",
        (0.0, 300.0),
        &[],
    ),
    // Lactic acid, 90.078 g/mol.
    q("lactate", &["2524-7", "32693-4", "2518-9", "2519-7"], "mmol/L", (0.0, 50.0), &[("mg/dL", 0.111_015, 0.0)]),
    q("fibrinogen", &["3255-7"], "mg/dL", (5.0, 2500.0), &[("g/L", 100.0, 0.0)]),
    // Cobalamin, 1,355.37 g/mol.
    q(
        "vitamin B12",
        &["2132-9", "14685-2"],
        "pg/mL",
        (10.0, 20_000.0),
        &[("ng/L", 1.0, 0.0), ("pmol/L", 1.355_37, 0.0)],
    ),
    // Calcifediol, 400.64 g/mol.
    q(
        "25-hydroxyvitamin D",
        &["1989-3", "62292-8", "14635-7"],
        "ng/mL",
        (0.5, 500.0),
        &[("ug/L", 1.0, 0.0), ("nmol/L", 0.400_64, 0.0)],
    ),
];
