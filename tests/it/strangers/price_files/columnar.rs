//! Parquet and Feather: numbers of rows, dictionaries, pages and columns that are claimed or packed.

use std::io::Write;
use std::sync::Arc;

use arrow_array::{ArrayRef, Int8Array, RecordBatch};
use arrow_ipc::CompressionType;
use arrow_ipc::writer::{FileWriter, IpcWriteOptions};
use flate2::write::GzEncoder;

use super::parquet::{
    BYTE_ARRAY, File, GZIP, SNAPPY, STRUCTURES, Structure, closed, data_page, dictionary_page,
    integer, length, list, repeated, varint,
};
use super::{assert_file_refused, bounded};
use crate::program::folder;

const ROWS_REFUSED: [&str; 2] =
    ["rows or more: expected 5000000 at most", "access.file_rows_max allows more"];

const BYTES_REFUSED: [&str; 2] =
    ["bytes or more: expected 134217728 at most", "access.file_bytes_max allows more"];

fn assert_parquet_refused(content: &[u8], expected: &[&str]) {
    assert!(content.len() < 2 << 20, "{} bytes", content.len());
    assert_file_refused(&folder(), "a.parquet", content, expected);
}

/// A file whose times and prices are the first of a dictionary in each of so many rows.
fn of_one_value(rows: u64) -> File {
    let number = rows.cast_signed();
    File {
        rows: number,
        rows_claimed: number,
        times: [dictionary_page(1, &1_700_000_000_000_i64.to_le_bytes()), repeated(rows)].concat(),
        prices: [dictionary_page(1, &1_f64.to_le_bytes()), repeated(rows)].concat(),
        ..File::default()
    }
}

#[test]
fn a_sound_file_of_the_same_making_is_read() {
    let folder = folder();
    for file in [File::default(), of_one_value(10)] {
        std::fs::write(folder.path().join("a.parquet"), file.bytes()).unwrap();
        let command = ["validate-data", "a.parquet", "--interval", "1m", "--json"];
        let ended = bounded(&folder, &command).assert();
        let found: serde_json::Value = serde_json::from_slice(&ended.get_output().stdout).unwrap();
        assert_eq!(found[0]["rows"], 10, "{found}");
    }
}

#[test]
fn rows_that_are_claimed_or_repeated_are_counted() {
    let claimed = File { rows_claimed: 2_000_000_000, ..File::default() };
    assert_parquet_refused(&claimed.bytes(), &ROWS_REFUSED);
    let hidden = File { rows_claimed: 10, ..of_one_value(2_000_000_000) };
    assert_parquet_refused(&hidden.bytes(), &ROWS_REFUSED);
    let groups = File { groups: 2_000, rows_claimed: 10, ..of_one_value(10_000) };
    assert_parquet_refused(&groups.bytes(), &ROWS_REFUSED);
}

#[test]
fn a_dictionary_has_no_more_values_than_bytes() {
    let prices = [dictionary_page(i32::MAX.into(), &1_f64.to_le_bytes()), repeated(10)].concat();
    let file = File { prices, ..File::default() };
    assert_parquet_refused(&file.bytes(), &["more values than bytes"]);
}

#[test]
fn pages_that_claim_to_be_large_or_hide_that_they_are_do_not_fill_the_memory() {
    let page = data_page(i32::MAX.into(), 10, 0, &[0; 50]);
    let claiming = File { codec: SNAPPY, prices: page, ..File::default() };
    assert_parquet_refused(&claiming.bytes(), &BYTES_REFUSED);
    let mut packed = GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(&vec![0; 64 << 20]).unwrap();
    let page = data_page(80, 10, 0, &packed.finish().unwrap());
    let hiding = File { codec: GZIP, times: page.clone(), prices: page, ..File::default() };
    assert_parquet_refused(&hiding.bytes(), &["unpacks to more than it claims"]);
    // Empty pages in groups that share them.
    let page = data_page(0, 0, 0, &[]).repeat(3_000);
    let tiny =
        File { rows: 0, groups: 3_000, times: page.clone(), prices: page, ..File::default() };
    let expected = [" bytes or more: expected ", "access.file_bytes_max allows more"];
    assert_parquet_refused(&tiny.bytes(), &expected);
}

#[test]
fn a_byte_string_does_not_become_as_many_as_there_are_rows() {
    let long = [100_000_u32.to_le_bytes().as_slice(), &vec![0; 100_000]].concat();
    let strings = File {
        prices_type: BYTE_ARRAY,
        prices: [dictionary_page(1, &long), repeated(60_000)].concat(),
        ..of_one_value(60_000)
    };
    assert_parquet_refused(&strings.bytes(), &["is no Parquet file that can be read"]);
    let header = [varint(128), varint(4), varint(1 << 40), integer(0)].concat();
    let deltas = data_page(length(&header), 10, 7, &header);
    let shared = File { prices_type: BYTE_ARRAY, prices: deltas, ..File::default() };
    assert_parquet_refused(&shared.bytes(), &["DELTA_BYTE_ARRAY", "write it as DOUBLE"]);
}

#[test]
fn columns_are_not_nested_or_claimed_without_end() {
    let footer = |columns: &[Vec<u8>]| {
        let columns = Structure::default().int32(1, 1).list(2, STRUCTURES, columns);
        [b"PAR1".to_vec(), closed(columns.int64(3, 0).list(4, STRUCTURES, &[]))].concat()
    };
    let nested = Structure::default().int32(3, 0).text(4, "a").int32(5, 1).end();
    assert_parquet_refused(&footer(&vec![nested; 10_000]), &["nested too deep"]);
    let wide = Structure::default().text(4, "a").int32(5, i32::MAX.into()).end();
    assert_parquet_refused(&footer(&[wide]), &["fewer columns than it claims"]);
    let column = Structure::default().int32(1, 5).int32(3, 0).text(4, "a").end();
    assert_parquet_refused(&footer(&vec![column; 100_000]), &["too many columns"]);
}

/// Truth values take no byte in the reader's way of skipping them.
#[test]
fn a_list_of_truth_values_does_not_keep_the_reader_busy() {
    let endless = list(1, i32::MAX as usize, &[]).repeat(10_000);
    let footer = Structure::default().int32(1, 1).raw_list(2, &list(9, 10_000, &endless));
    assert_parquet_refused(
        &[b"PAR1".to_vec(), closed(footer)].concat(),
        &["its columns are not described"],
    );
    let footer = Structure::default().int32(1, 1).raw_list(8, &list(9, 10_000, &endless));
    assert_parquet_refused(&[b"PAR1".to_vec(), closed(footer)].concat(), &["unknown kind"]);
}

/// A Feather file of so many rows of zeros in the columns of bars and `others`.
fn feather(rows: usize, others: usize) -> Vec<u8> {
    let zeros: ArrayRef = Arc::new(Int8Array::from(vec![0; rows]));
    let names = ["timestamp", "open", "high", "low", "close", "volume"].map(str::to_owned);
    let names = names.into_iter().chain((0..others).map(|other| format!("other {other}")));
    let batch = RecordBatch::try_from_iter(names.map(|name| (name, Arc::clone(&zeros)))).unwrap();
    let options = IpcWriteOptions::default();
    let options = options.try_with_compression(Some(CompressionType::ZSTD)).unwrap();
    let mut file = FileWriter::try_new_with_options(Vec::new(), &batch.schema(), options).unwrap();
    file.write(&batch).unwrap();
    file.into_inner().unwrap()
}

#[test]
fn batches_of_arrow_are_counted_before_they_are_unpacked() {
    let many_rows = feather(6_000_000, 0);
    let many_columns = feather(1_000_000, 200);
    for (content, expected) in [(many_rows, &ROWS_REFUSED), (many_columns, &BYTES_REFUSED)] {
        assert!(content.len() < 1 << 20, "{} bytes", content.len());
        assert_file_refused(&folder(), "a.feather", &content, expected);
    }
}
