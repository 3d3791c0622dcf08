/** A small Excel workbook, made here: the parts that ECMA-376 asks for in a zip of stored files. */

type Cell = string | number | { day: number };

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function zip(files: [string, string][]): Buffer {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const [name, content] of files) {
    const bytes = Buffer.from(content);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt32LE(crc32(bytes), 10);
    fields.writeUInt32LE(bytes.length, 14);
    fields.writeUInt32LE(bytes.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), fields, Buffer.from(name), bytes]);
    const behind = Buffer.alloc(14);
    behind.writeUInt32LE(at, 10);
    central.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), fields, behind, Buffer.from(name)]));
    parts.push(local);
    at += local.length;
  }
  const list = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, list, end]);
}

function sheet(rows: Cell[][]): string {
  const cell = (value: Cell, ref: string) => {
    if (typeof value === "string") return `<c r="${ref}" t="inlineStr"><is><t>${value}</t></is></c>`;
    if (typeof value === "number") return `<c r="${ref}"><v>${value}</v></c>`;
    return `<c r="${ref}" s="1"><v>${value.day}</v></c>`;
  };
  const row = (cells: Cell[], r: number) =>
    `<row r="${r}">${cells.map((c, i) => cell(c, `${String.fromCharCode(65 + i)}${r}`)).join("")}</row>`;
  const data = rows.map((cells, i) => row(cells, i + 1)).join("");
  return `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${data}</sheetData></worksheet>`;
}

/** A workbook of these sheets; `{ day }` is a date by Excel's serial number. */
export function workbook(sheets: Record<string, Cell[][]>): Buffer {
  const names = Object.keys(sheets);
  const list = names.map((name, i) => `<sheet name="${name}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join("");
  const relations = names
    .map((_, i) => `<Relationship Id="rId${i + 1}" Type="worksheet" Target="worksheets/sheet${i + 1}.xml"/>`)
    .join("");
  return zip([
    ["[Content_Types].xml", "<Types/>"],
    ["xl/workbook.xml", `<workbook xmlns:r="r"><sheets>${list}</sheets></workbook>`],
    ["xl/_rels/workbook.xml.rels", `<Relationships>${relations}</Relationships>`],
    ["xl/styles.xml", `<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`],
    ...names.map((name, i): [string, string] => [`xl/worksheets/sheet${i + 1}.xml`, sheet(sheets[name]!)]),
  ]);
}
