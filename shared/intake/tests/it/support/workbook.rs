//! Workbooks made for tests: a zip written by hand, so that broken ones can be made too.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::Write as _;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

/// A zip of deflated files.
pub fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut out, mut central) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let mut deflate = DeflateEncoder::new(Vec::new(), Compression::fast());
        deflate.write_all(bytes).unwrap();
        let packed = deflate.finish().unwrap();
        let mut crc = Crc::new();
        crc.update(bytes);
        let at = u32::try_from(out.len()).unwrap();
        let mut fields = Vec::new();
        fields.extend([20u8, 0, 0, 0, 8, 0, 0, 0, 0x21, 0x28]);
        fields.extend(crc.sum().to_le_bytes());
        fields.extend(u32::try_from(packed.len()).unwrap().to_le_bytes());
        fields.extend(u32::try_from(bytes.len()).unwrap().to_le_bytes());
        fields.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        fields.extend([0, 0]);
        out.extend(b"PK\x03\x04");
        out.extend(&fields);
        out.extend(name.as_bytes());
        out.extend(&packed);
        central.extend(b"PK\x01\x02\x14\x00");
        central.extend(&fields);
        central.extend([0; 10]);
        central.extend(at.to_le_bytes());
        central.extend(name.as_bytes());
    }
    let (n, at) = (u16::try_from(files.len()).unwrap(), u32::try_from(out.len()).unwrap());
    let size = u32::try_from(central.len()).unwrap();
    out.extend(central);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(n.to_le_bytes());
    out.extend(n.to_le_bytes());
    out.extend(size.to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0, 0]);
    out
}

/// A workbook of sheets (name and the XML of its rows and of what stands behind them) and shared strings.
pub fn xlsx(sheets: &[(&str, &str)], strings: &[&str], date1904: bool) -> Vec<u8> {
    let mut list = String::new();
    let mut relations = String::new();
    let mut parts: Vec<(String, String)> = Vec::new();
    for (i, (name, xml)) in sheets.iter().enumerate() {
        let n = i + 1;
        list.push_str(&format!("<sheet name=\"{name}\" sheetId=\"{n}\" r:id=\"rId{n}\"/>"));
        relations.push_str(&format!(
            "<Relationship Id=\"rId{n}\" Type=\"t/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>"
        ));
        parts.push((
            format!("xl/worksheets/sheet{n}.xml"),
            format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><worksheet xmlns=\"m\">{xml}</worksheet>"),
        ));
    }
    let epoch = if date1904 { "<workbookPr date1904=\"1\"/>" } else { "" };
    parts
        .push(("xl/workbook.xml".into(), format!("<workbook xmlns:r=\"r\">{epoch}<sheets>{list}</sheets></workbook>")));
    parts.push(("xl/_rels/workbook.xml.rels".into(), format!("<Relationships>{relations}</Relationships>")));
    let strings: String = strings.iter().map(|s| format!("<si><t>{s}</t></si>")).collect();
    parts.push(("xl/sharedStrings.xml".into(), format!("<sst>{strings}</sst>")));
    // Style 0 is a number, 1 a date that Excel knows, 2 one of the file's own.
    let styles = "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"dd/mm/yyyy\\ hh:mm\"/></numFmts>\
                  <cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>\
                  <cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/></cellXfs></styleSheet>";
    parts.push(("xl/styles.xml".into(), styles.into()));
    let mut files: Vec<(&str, &[u8])> = vec![("[Content_Types].xml", b"<Types/>".as_slice())];
    files.extend(parts.iter().map(|(name, text)| (name.as_str(), text.as_bytes())));
    zip(&files)
}

/// Rows of a sheet: each cell as its reference's column letter and XML attributes and value, `s:Text` for words.
pub fn rows(rows: &[&[&str]]) -> String {
    let mut out = String::from("<sheetData>");
    for (r, row) in rows.iter().enumerate() {
        out.push_str(&format!("<row r=\"{}\">", r + 1));
        for (c, cell) in row.iter().enumerate() {
            let at = format!("{}{}", char::from(b'A' + u8::try_from(c).unwrap()), r + 1);
            match cell.split_once(':') {
                _ if cell.is_empty() => {}
                Some(("i", text)) => out.push_str(&format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")),
                Some(("s", number)) => out.push_str(&format!("<c r=\"{at}\" t=\"s\"><v>{number}</v></c>")),
                Some(("d", serial)) => out.push_str(&format!("<c r=\"{at}\" s=\"1\"><v>{serial}</v></c>")),
                Some(("t", serial)) => out.push_str(&format!("<c r=\"{at}\" s=\"2\"><v>{serial}</v></c>")),
                Some(("e", error)) => out.push_str(&format!("<c r=\"{at}\" t=\"e\"><v>{error}</v></c>")),
                Some(("f", value)) => out.push_str(&format!("<c r=\"{at}\"><f>A1*2</f><v>{value}</v></c>")),
                _ => out.push_str(&format!("<c r=\"{at}\"><v>{cell}</v></c>")),
            }
        }
        out.push_str("</row>");
    }
    out.push_str("</sheetData>");
    out
}
