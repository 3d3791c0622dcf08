//! The Arrow IPC file format: <https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format>.

use arrow_ipc::{
    Block, Buffer, DateArgs, DateUnit, DictionaryBatch, DictionaryBatchArgs, DictionaryEncoding,
    DictionaryEncodingArgs, Field, FieldArgs, FieldNode, FloatingPoint, FloatingPointArgs, Footer, FooterArgs, Int,
    IntArgs, KeyValue, KeyValueArgs, Message, MessageArgs, MessageHeader, MetadataVersion, Precision, RecordBatch,
    RecordBatchArgs, Schema, SchemaArgs, Type, Utf8, Utf8Args,
};
use flatbuffers::{FlatBufferBuilder, UnionWIPOffset, WIPOffset};

use super::stored::{Raw, Storage, Stored};
use super::{EncodeError, KIND};

const MAGIC: &[u8] = b"ARROW1";
/// Buffers begin at multiples of this, as Arrow recommends.
const ALIGNMENT: usize = 64;
const VERSION: MetadataVersion = MetadataVersion::V5;

/// The bytes of a file with these columns in one batch.
pub(super) fn file(columns: &[Stored<'_>]) -> Result<Vec<u8>, EncodeError> {
    let buffers = columns.iter().flat_map(|c| c.buffers.iter().chain(c.levels.iter().flat_map(|(_, b)| b)));
    let size: usize = buffers.map(|b| b.len() + ALIGNMENT).sum();
    let names: usize = columns.iter().map(|c| c.name.len() * 2).sum();
    let mut out = Vec::with_capacity(size + names + columns.len() * 512 + 2048);
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&[0, 0]);

    let mut fbb = FlatBufferBuilder::new();
    let schema = schema(&mut fbb, columns);
    message(&mut fbb, MessageHeader::Schema, schema.as_union_value(), 0);
    put_message(&mut out, fbb.finished_data(), 0, |_| {});

    let mut dictionaries = Vec::new();
    for (id, column) in (0i64..).zip(columns) {
        if let Some((n, buffers)) = &column.levels {
            dictionaries.push(dictionary(&mut out, id, *n, buffers));
        }
    }
    let batch = batch(&mut out, columns);
    // The end of the stream that the file wraps.
    out.extend_from_slice(&[0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);
    footer(&mut out, columns, &dictionaries, batch);
    Ok(out)
}

fn footer(out: &mut Vec<u8>, columns: &[Stored<'_>], dictionaries: &[Block], batch: Block) {
    let mut fbb = FlatBufferBuilder::new();
    let schema = schema(&mut fbb, columns);
    let dictionaries = fbb.create_vector(dictionaries);
    let batches = fbb.create_vector(&[batch]);
    let footer = Footer::create(
        &mut fbb,
        &FooterArgs {
            version: VERSION,
            schema: Some(schema),
            dictionaries: Some(dictionaries),
            recordBatches: Some(batches),
            custom_metadata: None,
        },
    );
    fbb.finish(footer, None);
    let bytes = fbb.finished_data();
    out.extend_from_slice(bytes);
    out.extend_from_slice(&i32::try_from(bytes.len()).unwrap_or(i32::MAX).to_le_bytes());
    out.extend_from_slice(MAGIC);
}

fn message(fbb: &mut FlatBufferBuilder<'_>, kind: MessageHeader, header: WIPOffset<UnionWIPOffset>, body: usize) {
    let args = MessageArgs {
        version: VERSION,
        header_type: kind,
        header: Some(header),
        bodyLength: i64::try_from(body).unwrap_or(i64::MAX),
        custom_metadata: None,
    };
    let message = Message::create(fbb, &args);
    fbb.finish(message, None);
}

/// Writes a message and its body; gives its block for the footer.
fn put_message(out: &mut Vec<u8>, metadata: &[u8], body_len: usize, body: impl FnOnce(&mut Vec<u8>)) -> Block {
    let start = out.len();
    // The body begins at a multiple of the alignment.
    let end = (start + 8 + metadata.len()).next_multiple_of(if body_len > 0 { ALIGNMENT } else { 8 });
    out.extend_from_slice(&[0xff; 4]);
    out.extend_from_slice(&i32::try_from(end - start - 8).unwrap_or(i32::MAX).to_le_bytes());
    out.extend_from_slice(metadata);
    out.resize(end, 0);
    body(out);
    out.resize(end + body_len, 0);
    Block::new(
        i64::try_from(start).unwrap_or(i64::MAX),
        i32::try_from(end - start).unwrap_or(i32::MAX),
        i64::try_from(body_len).unwrap_or(i64::MAX),
    )
}

/// Where buffers lie in a body, and how long it is.
fn places<'a>(buffers: impl Iterator<Item = &'a Raw<'a>>) -> (Vec<Buffer>, usize) {
    let mut at = 0usize;
    let mut all = Vec::new();
    for buffer in buffers {
        let length = buffer.len();
        all.push(Buffer::new(i64::try_from(at).unwrap_or(i64::MAX), i64::try_from(length).unwrap_or(i64::MAX)));
        at += length.next_multiple_of(ALIGNMENT);
    }
    (all, at)
}

fn put_padded(buffer: &Raw<'_>, nulls: Option<&arrow_buffer::NullBuffer>, out: &mut Vec<u8>) {
    let end = out.len() + buffer.len().next_multiple_of(ALIGNMENT);
    buffer.write(nulls, out);
    out.resize(end, 0);
}

fn record_batch<'f>(
    fbb: &mut FlatBufferBuilder<'f>,
    n: usize,
    nodes: &[FieldNode],
    buffers: &[Buffer],
) -> WIPOffset<RecordBatch<'f>> {
    let nodes = fbb.create_vector(nodes);
    let buffers = fbb.create_vector(buffers);
    let args = RecordBatchArgs {
        length: i64::try_from(n).unwrap_or(i64::MAX),
        nodes: Some(nodes),
        buffers: Some(buffers),
        compression: None,
        variadicBufferCounts: None,
    };
    RecordBatch::create(fbb, &args)
}

fn node(n: usize, n_null: usize) -> FieldNode {
    FieldNode::new(i64::try_from(n).unwrap_or(i64::MAX), i64::try_from(n_null).unwrap_or(i64::MAX))
}

fn dictionary(out: &mut Vec<u8>, id: i64, n: usize, buffers: &[Raw<'_>]) -> Block {
    let (places, body_len) = places(buffers.iter());
    let mut fbb = FlatBufferBuilder::new();
    let data = record_batch(&mut fbb, n, &[node(n, 0)], &places);
    let batch = DictionaryBatch::create(&mut fbb, &DictionaryBatchArgs { id, data: Some(data), isDelta: false });
    message(&mut fbb, MessageHeader::DictionaryBatch, batch.as_union_value(), body_len);
    put_message(out, fbb.finished_data(), body_len, |out| {
        buffers.iter().for_each(|b| put_padded(b, None, out));
    })
}

fn batch(out: &mut Vec<u8>, columns: &[Stored<'_>]) -> Block {
    let (places, body_len) = places(columns.iter().flat_map(|c| &c.buffers));
    let nodes: Vec<FieldNode> = columns.iter().map(|c| node(c.n, c.nulls.map_or(0, |n| n.null_count()))).collect();
    let n = columns.first().map_or(0, |c| c.n);
    let mut fbb = FlatBufferBuilder::new();
    let batch = record_batch(&mut fbb, n, &nodes, &places);
    message(&mut fbb, MessageHeader::RecordBatch, batch.as_union_value(), body_len);
    put_message(out, fbb.finished_data(), body_len, |out| {
        for column in columns {
            column.buffers.iter().for_each(|b| put_padded(b, column.nulls, out));
        }
    })
}

fn schema<'f>(fbb: &mut FlatBufferBuilder<'f>, columns: &[Stored<'_>]) -> WIPOffset<Schema<'f>> {
    let fields: Vec<_> = (0i64..).zip(columns).map(|(id, column)| field(fbb, id, column)).collect();
    let fields = fbb.create_vector(&fields);
    Schema::create(fbb, &SchemaArgs { fields: Some(fields), ..SchemaArgs::default() })
}

fn field<'f>(fbb: &mut FlatBufferBuilder<'f>, id: i64, column: &Stored<'_>) -> WIPOffset<Field<'f>> {
    let name = fbb.create_string(column.name);
    let (key, value) = (fbb.create_string(KIND), fbb.create_string(column.kind));
    let kind = KeyValue::create(fbb, &KeyValueArgs { key: Some(key), value: Some(value) });
    let metadata = fbb.create_vector(&[kind]);
    let children = fbb.create_vector::<WIPOffset<Field<'_>>>(&[]);
    let int = |fbb: &mut FlatBufferBuilder<'f>, bits, signed| {
        Int::create(fbb, &IntArgs { bitWidth: bits, is_signed: signed })
    };
    let (type_type, type_) = match column.storage {
        Storage::Int(bits) => (Type::Int, int(fbb, bits, true).as_union_value()),
        Storage::Uint32 => (Type::Int, int(fbb, 32, false).as_union_value()),
        Storage::Float64 => {
            let args = FloatingPointArgs { precision: Precision::DOUBLE };
            (Type::FloatingPoint, FloatingPoint::create(fbb, &args).as_union_value())
        }
        Storage::Date32 => {
            (Type::Date, arrow_ipc::Date::create(fbb, &DateArgs { unit: DateUnit::DAY }).as_union_value())
        }
        Storage::Utf8 | Storage::Dictionary(_) => (Type::Utf8, Utf8::create(fbb, &Utf8Args {}).as_union_value()),
    };
    let dictionary = if let Storage::Dictionary(bits) = column.storage {
        let index = int(fbb, bits, true);
        let args = DictionaryEncodingArgs { id, indexType: Some(index), ..DictionaryEncodingArgs::default() };
        Some(DictionaryEncoding::create(fbb, &args))
    } else {
        None
    };
    Field::create(
        fbb,
        &FieldArgs {
            name: Some(name),
            nullable: column.kind != "index",
            type_type,
            type_: Some(type_),
            dictionary,
            children: Some(children),
            custom_metadata: Some(metadata),
        },
    )
}
