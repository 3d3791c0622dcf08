//! OMOP CDM 5.4 tables with all their columns, filled as OHDSI's ETL of Synthea fills them. The same rows on every machine, as CSV and as
//! Parquet.

use std::fmt::Write as _;
use std::sync::Arc;

use parquet::basic::{Compression, ConvertedType, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use super::numbers::{Numbers, civil};

/// A value; what a column holds is told by its name.
#[derive(Clone, Debug)]
pub enum Cell {
    /// No value.
    None,
    /// A whole number.
    Int(i64),
    /// Days since 1970.
    Day(i32),
    /// Midnight of a day.
    Time(i32),
    /// A number in hundredths.
    Hundredths(i64),
    /// A text.
    Text(String),
}
use Cell::{Day, Hundredths, Int, None as Nothing, Text, Time};

/// Name, rows, columns with their values, as long as rows are added.
pub struct Table {
    /// `measurement`.
    pub name: &'static str,
    /// `measurement_id`, ...
    pub columns: Vec<&'static str>,
    /// Rows, one behind the other.
    cells: Vec<Cell>,
    csv: Vec<u8>,
    groups: Vec<Vec<Cell>>,
    keep_cells: bool,
    /// Rows written.
    pub n_rows: u64,
}

/// Rows of a row group.
const GROUP_ROWS: usize = 122_880;

impl Table {
    fn new(name: &'static str, columns: &'static str, keep_cells: bool) -> Self {
        let csv = format!("{columns}\n").into_bytes();
        let columns = columns.split(',').collect();
        Self { name, columns, cells: Vec::new(), csv, groups: Vec::new(), keep_cells, n_rows: 0 }
    }

    fn row(&mut self, row: Vec<Cell>) {
        debug_assert_eq!(row.len(), self.columns.len(), "{}", self.name);
        self.n_rows += 1;
        let mut line = String::with_capacity(200);
        for (i, cell) in row.iter().enumerate() {
            if i > 0 {
                line.push(',');
            }
            let written = match cell {
                Nothing => Ok(()),
                Int(n) => write!(line, "{n}"),
                Day(day) => {
                    let (y, m, d) = civil(*day);
                    write!(line, "{y:04}-{m:02}-{d:02}")
                }
                Time(day) => {
                    let (y, m, d) = civil(*day);
                    write!(line, "{y:04}-{m:02}-{d:02} 00:00:00")
                }
                Hundredths(n) => write!(line, "{}.{:02}", n / 100, n % 100),
                Text(text) => write!(line, "{text}"),
            };
            // Writing to a String cannot fail.
            written.unwrap_or(());
        }
        line.push('\n');
        if self.keep_cells {
            self.cells.extend(row);
            if self.cells.len() >= GROUP_ROWS * self.columns.len() {
                self.groups.push(std::mem::take(&mut self.cells));
            }
        } else {
            self.csv.extend_from_slice(line.as_bytes());
        }
    }

    /// As delimited text.
    pub fn csv(self) -> Vec<u8> {
        self.csv
    }

    /// As Parquet, packed with snappy, in row groups as DuckDB makes them.
    pub fn parquet(mut self) -> Result<Vec<u8>, ParquetError> {
        let rest = std::mem::take(&mut self.cells);
        let groups: Vec<_> = self.groups.into_iter().chain(std::iter::once(rest)).collect();
        let n = self.columns.len();
        let fields = self.columns.iter().map(|name| field(name)).collect::<Result<Vec<_>, _>>()?;
        let schema = Type::group_type_builder("schema").with_fields(fields).build()?;
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let mut writer = SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties))?;
        for cells in groups.iter().filter(|cells| !cells.is_empty()) {
            let mut group = writer.next_row_group()?;
            for (i, name) in self.columns.iter().enumerate() {
                let Some(mut out) = group.next_column()? else { break };
                let of = || cells.iter().skip(i).step_by(n);
                let levels: Vec<i16> = of().map(|c| i16::from(!matches!(c, Nothing))).collect();
                let levels = Some(levels.as_slice());
                let whole = |c: &Cell| match c {
                    Int(n) => Some(*n),
                    Day(day) => Some(i64::from(*day)),
                    Time(day) => Some(i64::from(*day) * 86_400_000_000),
                    _ => None,
                };
                match physical(name) {
                    Physical::INT32 => {
                        let all: Vec<i32> = of().filter_map(whole).filter_map(|n| i32::try_from(n).ok()).collect();
                        out.typed::<Int32Type>().write_batch(&all, levels, None)?;
                    }
                    Physical::INT64 => {
                        let all: Vec<i64> = of().filter_map(whole).collect();
                        out.typed::<Int64Type>().write_batch(&all, levels, None)?;
                    }
                    Physical::DOUBLE => {
                        let number = |c: &Cell| match c {
                            Hundredths(n) => Some(*n as f64 / 100.0),
                            Int(n) => Some(*n as f64),
                            _ => None,
                        };
                        let all: Vec<f64> = of().filter_map(number).collect();
                        out.typed::<DoubleType>().write_batch(&all, levels, None)?;
                    }
                    _ => {
                        let text = |c: &Cell| match c {
                            Text(text) => Some(ByteArray::from(text.as_str())),
                            Int(n) => Some(ByteArray::from(n.to_string().as_str())),
                            Hundredths(n) => Some(ByteArray::from(format!("{}.{:02}", n / 100, n % 100).as_str())),
                            _ => None,
                        };
                        let all: Vec<ByteArray> = of().filter_map(text).collect();
                        out.typed::<ByteArrayType>().write_batch(&all, levels, None)?;
                    }
                }
                out.close()?;
            }
            group.close()?;
        }
        writer.into_inner()
    }
}

/// The type of a column by OMOP's names.
fn physical(name: &str) -> Physical {
    if matches!(name, "domain_id" | "vocabulary_id" | "concept_class_id") {
        Physical::BYTE_ARRAY
    } else if name.ends_with("_datetime")
        || name.ends_with("_id")
        || matches!(name, "year_of_birth" | "month_of_birth" | "day_of_birth")
    {
        Physical::INT64
    } else if name.ends_with("_date") || matches!(name, "days_supply" | "refills") {
        Physical::INT32
    } else if matches!(name, "value_as_number" | "range_low" | "range_high" | "quantity") {
        Physical::DOUBLE
    } else {
        Physical::BYTE_ARRAY
    }
}

fn field(name: &str) -> Result<Arc<Type>, ParquetError> {
    let physical = physical(name);
    let logical = match physical {
        Physical::INT32 if name.ends_with("_date") => Some(LogicalType::Date),
        Physical::INT64 if name.ends_with("_datetime") => Some(LogicalType::timestamp(false, TimeUnit::MICROS)),
        Physical::BYTE_ARRAY => Some(LogicalType::String),
        _ => None,
    };
    let builder = Type::primitive_type_builder(name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_converted_type(ConvertedType::NONE)
        .with_logical_type(logical);
    Ok(Arc::new(builder.build()?))
}

/// Concept, name, domain, vocabulary, code.
const CONCEPTS: [(i64, &str, &str, &str, &str); 14] = [
    (3_016_723, "Creatinine [Mass/volume] in Serum or Plasma", "Measurement", "LOINC", "2160-0"),
    (3_000_483, "Glucose [Mass/volume] in Blood", "Measurement", "LOINC", "2339-0"),
    (3_004_295, "Urea nitrogen [Mass/volume] in Blood", "Measurement", "LOINC", "6299-2"),
    (3_000_285, "Sodium [Moles/volume] in Blood", "Measurement", "LOINC", "2947-0"),
    (3_025_315, "Body weight", "Measurement", "LOINC", "29463-7"),
    (3_004_249, "Systolic blood pressure", "Measurement", "LOINC", "8480-6"),
    (201_826, "Type 2 diabetes mellitus", "Condition", "SNOMED", "44054006"),
    (316_866, "Hypertensive disorder", "Condition", "SNOMED", "38341003"),
    (372_328, "Otitis media", "Condition", "SNOMED", "65363002"),
    (19_073_183, "amoxicillin 250 MG Oral Capsule", "Drug", "RxNorm", "308182"),
    (19_019_979, "ibuprofen 100 MG Oral Tablet", "Drug", "RxNorm", "198405"),
    (9_202, "Outpatient Visit", "Visit", "Visit", "OP"),
    (8_840, "milligram per deciliter", "Unit", "UCUM", "mg/dL"),
    (9_529, "kilogram", "Unit", "UCUM", "kg"),
];

/// The tables of `persons` persons: 10 visits each, with 10 measurements, a diagnosis and a drug a visit.
#[expect(clippy::too_many_lines, reason = "a table after the other, each with its columns")]
pub fn tables(persons: i64, keep_cells: bool) -> Vec<Table> {
    let new = |name, columns| Table::new(name, columns, keep_cells);
    let mut person = new(
        "person",
        "person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth,birth_datetime,race_concept_id,ethnicity_concept_id,location_id,provider_id,care_site_id,person_source_value,gender_source_value,gender_source_concept_id,race_source_value,race_source_concept_id,ethnicity_source_value,ethnicity_source_concept_id",
    );
    let mut period = new(
        "observation_period",
        "observation_period_id,person_id,observation_period_start_date,observation_period_end_date,period_type_concept_id",
    );
    let mut visit = new(
        "visit_occurrence",
        "visit_occurrence_id,person_id,visit_concept_id,visit_start_date,visit_start_datetime,visit_end_date,visit_end_datetime,visit_type_concept_id,provider_id,care_site_id,visit_source_value,visit_source_concept_id,admitted_from_concept_id,admitted_from_source_value,discharged_to_concept_id,discharged_to_source_value,preceding_visit_occurrence_id",
    );
    let mut condition = new(
        "condition_occurrence",
        "condition_occurrence_id,person_id,condition_concept_id,condition_start_date,condition_start_datetime,condition_end_date,condition_end_datetime,condition_type_concept_id,condition_status_concept_id,stop_reason,provider_id,visit_occurrence_id,visit_detail_id,condition_source_value,condition_source_concept_id,condition_status_source_value",
    );
    let mut drug = new(
        "drug_exposure",
        "drug_exposure_id,person_id,drug_concept_id,drug_exposure_start_date,drug_exposure_start_datetime,drug_exposure_end_date,drug_exposure_end_datetime,verbatim_end_date,drug_type_concept_id,stop_reason,refills,quantity,days_supply,sig,route_concept_id,lot_number,provider_id,visit_occurrence_id,visit_detail_id,drug_source_value,drug_source_concept_id,route_source_value,dose_unit_source_value",
    );
    let mut measurement = new(
        "measurement",
        "measurement_id,person_id,measurement_concept_id,measurement_date,measurement_datetime,measurement_time,measurement_type_concept_id,operator_concept_id,value_as_number,value_as_concept_id,unit_concept_id,range_low,range_high,provider_id,visit_occurrence_id,visit_detail_id,measurement_source_value,measurement_source_concept_id,unit_source_value,unit_source_concept_id,value_source_value,measurement_event_id,meas_event_field_concept_id",
    );
    let mut concept = new(
        "concept",
        "concept_id,concept_name,domain_id,vocabulary_id,concept_class_id,standard_concept,concept_code,valid_start_date,valid_end_date,invalid_reason",
    );
    let text = |t: &str| Text(t.to_owned());
    for (id, name, domain, vocabulary, code) in CONCEPTS {
        concept.row(vec![
            Int(id),
            text(name),
            text(domain),
            text(vocabulary),
            text(domain),
            text("S"),
            text(code),
            Day(0),
            Day(40_000),
            Nothing,
        ]);
    }
    let mut r = Numbers::new();
    let (labs, problems, drugs) = (&CONCEPTS[..6], &CONCEPTS[6..9], &CONCEPTS[9..11]);
    for id in 1..=persons {
        let (year, month, of_month) = (1930 + id % 80, 1 + id % 12, 1 + id % 28);
        let gender = if r.below(2) == 0 { (8507, "M") } else { (8532, "F") };
        person.row(vec![
            Int(id),
            Int(gender.0),
            Int(year),
            Int(month),
            Int(of_month),
            Nothing,
            Int(8527),
            Int(38_003_564),
            Nothing,
            Nothing,
            Nothing,
            Text(r.uuid()),
            text(gender.1),
            Int(0),
            text("white"),
            Int(0),
            text("nonhispanic"),
            Int(0),
        ]);
        let mut day = 12_000 + i32::try_from(r.below(3000)).unwrap_or(0);
        let first = day;
        for n in 0..10 {
            day += 5 + i32::try_from(r.below(200)).unwrap_or(0);
            let visit_id = id * 10 + n;
            visit.row(vec![
                Int(visit_id),
                Int(id),
                Int(9202),
                Day(day),
                Time(day),
                Day(day),
                Time(day),
                Int(44_818_517),
                Int(10),
                Nothing,
                Text(r.uuid()),
                Int(0),
                Int(0),
                Nothing,
                Int(0),
                Nothing,
                if n > 0 { Int(visit_id - 1) } else { Nothing },
            ]);
            let (c, _, _, _, code) = *r.pick(problems);
            let end = if r.below(2) == 0 { (Day(day + 60), Time(day + 60)) } else { (Nothing, Nothing) };
            condition.row(vec![
                Int(visit_id),
                Int(id),
                Int(c),
                Day(day),
                Time(day),
                end.0,
                end.1,
                Int(38_000_175),
                Int(0),
                Nothing,
                Int(10),
                Int(visit_id),
                Int(1_000_000 + visit_id),
                text(code),
                Int(c),
                Nothing,
            ]);
            let (c, _, _, _, code) = *r.pick(drugs);
            drug.row(vec![
                Int(visit_id),
                Int(id),
                Int(c),
                Day(day),
                Time(day),
                Day(day + 14),
                Time(day + 14),
                Day(day + 14),
                Int(32_869),
                Nothing,
                Int(0),
                Int(0),
                Int(14),
                Nothing,
                Int(0),
                Int(0),
                Int(10),
                Int(visit_id),
                Int(1_000_000 + visit_id),
                text(code),
                Int(c),
                Nothing,
                Nothing,
            ]);
            for m in 0..10 {
                let (c, _, _, _, code) = *r.pick(labs);
                let value = 100 + i64::try_from(r.below(20_000)).unwrap_or(0);
                let unit = if c == 3_025_315 { (9529, "kg") } else { (8840, "mg/dL") };
                measurement.row(vec![
                    Int(visit_id * 10 + m),
                    Int(id),
                    Int(c),
                    Day(day),
                    Time(day),
                    Text(super::numbers::iso(day)),
                    Int(38_000_267),
                    Int(0),
                    Hundredths(value),
                    Int(0),
                    Int(unit.0),
                    Nothing,
                    Nothing,
                    Int(33),
                    Int(visit_id),
                    Int(1_000_000 + visit_id),
                    text(code),
                    Int(c),
                    text(unit.1),
                    Nothing,
                    Hundredths(value),
                    Nothing,
                    Nothing,
                ]);
            }
        }
        period.row(vec![Int(id), Int(id), Day(first), Day(day + 30), Int(44_814_724)]);
    }
    vec![person, period, visit, condition, drug, measurement, concept]
}
