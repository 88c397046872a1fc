//! The hash that identifies bars, however they are cut into files.

use rayon::prelude::*;

use ct_core::units::Interval;

/// Begins what is hashed, so that no other hash of this program can be the same.
const DOMAIN: &[u8; 16] = b"ct-host bars v1\n";

/// Rows from which the columns are hashed at the same time: below, waking the threads takes longer than hashing.
const PARALLEL_ROWS_MIN: u64 = 1 << 14;

/// Number of columns of a bar.
pub(super) const COLUMN_COUNT: usize = 6;

/// The six columns of some consecutive bars as they are stored: time, open, high, low, close, volume; 8 bytes a value,
/// little-endian.
pub(super) type ColumnBytes<'a> = [&'a [u8]; COLUMN_COUNT];

/// BLAKE3 over `ct-host bars v1\n`, the interval in milliseconds, the number of rows (8 bytes each, little-endian), and
/// the BLAKE3 hashes of the six columns: open times in UTC milliseconds as 64-bit integers, then open, high, low, close
/// and volume as 64-bit floats, little-endian. `parts` are consecutive; how the rows are cut into parts does not matter.
pub(super) fn content_hash(interval: Interval, parts: &[ColumnBytes<'_>]) -> blake3::Hash {
    let rows: u64 = parts.iter().map(rows_of).sum();
    let column_hash = |column: usize| {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            let Some(bytes) = part.get(column) else {
                unreachable!("column {column} of {COLUMN_COUNT}");
            };
            hasher.update(bytes);
        }
        hasher.finalize()
    };
    let columns: Vec<blake3::Hash> = if rows < PARALLEL_ROWS_MIN {
        (0..COLUMN_COUNT).map(column_hash).collect()
    } else {
        (0..COLUMN_COUNT).into_par_iter().map(column_hash).collect()
    };
    let mut hasher = blake3::Hasher::new();
    hasher.update(DOMAIN).update(&interval.as_ms().to_le_bytes()).update(&rows.to_le_bytes());
    for column in columns {
        hasher.update(column.as_bytes());
    }
    hasher.finalize()
}

/// Number of rows of a part, whose columns are equally long.
fn rows_of(part: &ColumnBytes<'_>) -> u64 {
    let lengths = part.map(<[u8]>::len);
    let [bytes, ..] = lengths;
    assert!(lengths == [bytes; COLUMN_COUNT], "columns of {lengths:?} bytes");
    assert!(bytes.is_multiple_of(8), "columns of {bytes} bytes: values have 8");
    bytes as u64 / 8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(values: &[f64]) -> Vec<u8> {
        values.iter().flat_map(|value| value.to_le_bytes()).collect()
    }

    #[test]
    fn the_cuts_do_not_matter_but_every_value_and_the_interval_do() {
        let interval = "1h".parse().unwrap();
        let values: Vec<f64> = (0..20_000).map(f64::from).collect();
        let column = bytes(&values);
        let whole = content_hash(interval, &[[column.as_slice(); 6]]);
        for cut in [0, 8, 800, 159_992] {
            let (left, right) = column.split_at(cut);
            assert_eq!(content_hash(interval, &[[left; 6], [right; 6]]), whole, "{cut}");
        }
        assert_ne!(content_hash("2h".parse().unwrap(), &[[column.as_slice(); 6]]), whole);
        let mut other = column.clone();
        other[77] ^= 1;
        for changed in 0..6 {
            let mut columns = [column.as_slice(); 6];
            columns[changed] = &other;
            assert_ne!(content_hash(interval, &[columns]), whole, "column {changed}");
        }
    }

    #[test]
    fn the_hash_is_the_documented_one() {
        // Python 3 with blake3 1.0.11: blake3(b"ct-host bars v1\n" + struct.pack("<qq", 3600000, 2)
        // + blake3(struct.pack("<qq", 0, 3600000)).digest()
        // + b"".join(blake3(struct.pack("<dd", *column)).digest() for column in
        //   [(10, 11), (12, 11.5), (9, 10.5), (11, 11), (5, 0)])).hexdigest()
        let time: Vec<u8> = [0_i64, 3_600_000].iter().flat_map(|time| time.to_le_bytes()).collect();
        let columns = [[10.0, 11.0], [12.0, 11.5], [9.0, 10.5], [11.0, 11.0], [5.0, 0.0]]
            .map(|column| bytes(&column));
        let [open, high, low, close, volume] = &columns;
        let hash = content_hash("1h".parse().unwrap(), &[[&time, open, high, low, close, volume]]);
        assert_eq!(
            hash.to_hex().as_str(),
            "cc9e52910926cf4a25e4f936768dceb57399c147d77f18c5e99c3059770c5c48"
        );
    }
}
