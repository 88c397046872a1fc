//! Parquet files written byte by byte, so that they can claim anything.

/// A structure in Thrift's compact protocol.
#[derive(Clone, Debug, Default)]
pub(super) struct Structure {
    bytes: Vec<u8>,
    last: u8,
}

/// Number of the kind of a structure, and of a number of 32 bits, in lists.
pub(super) const STRUCTURES: u8 = 12;
pub(super) const NUMBERS: u8 = 5;

const NAMES: [&str; 6] = ["timestamp", "open", "high", "low", "close", "volume"];

/// Numbers of physical types.
const INT64: i64 = 2;
const DOUBLE: i64 = 5;
pub(super) const BYTE_ARRAY: i64 = 6;

/// Numbers of codecs.
pub(super) const PLAIN: i64 = 0;
pub(super) const SNAPPY: i64 = 1;
pub(super) const GZIP: i64 = 2;

impl Structure {
    fn field(mut self, number: u8, kind: u8, content: &[u8]) -> Self {
        self.bytes.push((number - self.last) << 4 | kind);
        self.bytes.extend(content);
        self.last = number;
        self
    }

    pub(super) fn int32(self, number: u8, value: i64) -> Self {
        self.field(number, 5, &integer(value))
    }

    pub(super) fn int64(self, number: u8, value: i64) -> Self {
        self.field(number, 6, &integer(value))
    }

    pub(super) fn text(self, number: u8, text: &str) -> Self {
        self.field(number, 8, &counted(text.as_bytes()))
    }

    pub(super) fn structure(self, number: u8, structure: Self) -> Self {
        self.field(number, 12, &structure.end())
    }

    pub(super) fn list(self, number: u8, kind: u8, values: &[Vec<u8>]) -> Self {
        let list = list(kind, values.len(), &values.concat());
        self.field(number, 9, &list)
    }

    /// A list whose bytes are given.
    pub(super) fn raw_list(self, number: u8, list: &[u8]) -> Self {
        self.field(number, 9, list)
    }

    pub(super) fn end(mut self) -> Vec<u8> {
        self.bytes.push(0);
        self.bytes
    }
}

/// A list that claims to have so many values.
pub(super) fn list(kind: u8, claimed: usize, values: &[u8]) -> Vec<u8> {
    [&[0xf0 | kind][..], &varint(claimed as u64), values].concat()
}

pub(super) fn varint(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number > 0x7f {
        bytes.push(0x80 | number.to_le_bytes()[0]);
        number >>= 7;
    }
    bytes.push(number.to_le_bytes()[0]);
    bytes
}

/// With the sign in the lowest bit.
pub(super) fn integer(number: i64) -> Vec<u8> {
    varint(((number << 1) ^ (number >> 63)).cast_unsigned())
}

pub(super) fn length(bytes: &[u8]) -> i64 {
    i64::try_from(bytes.len()).unwrap()
}

fn counted(bytes: &[u8]) -> Vec<u8> {
    [varint(bytes.len() as u64), bytes.to_vec()].concat()
}

/// A page of values that claims to unpack to so many bytes.
pub(super) fn data_page(unpacked: i64, values: i64, encoding: i64, content: &[u8]) -> Vec<u8> {
    let about = Structure::default().int32(1, values).int32(2, encoding).int32(3, 3).int32(4, 3);
    let header = Structure::default().int32(1, 0).int32(2, unpacked).int32(3, length(content));
    [header.structure(5, about).end(), content.to_vec()].concat()
}

/// A page with one value that claims to have so many.
pub(super) fn dictionary_page(values: i64, content: &[u8]) -> Vec<u8> {
    let about = Structure::default().int32(1, values).int32(2, 0);
    let bytes = length(content);
    let header = Structure::default().int32(1, 2).int32(2, bytes).int32(3, bytes);
    [header.structure(7, about).end(), content.to_vec()].concat()
}

/// So many rows of the first value of a dictionary, in some bytes.
pub(super) fn repeated(rows: u64) -> Vec<u8> {
    let run = [&[1][..], &varint(rows << 1), &[0]].concat();
    data_page(length(&run), rows.cast_signed(), 8, &run)
}

/// What a file is made of.
pub(super) struct File {
    /// Rows of each group.
    pub(super) rows: i64,
    /// Rows that the file claims to have.
    pub(super) rows_claimed: i64,
    /// Number of the codec.
    pub(super) codec: i64,
    /// Number of the physical type of prices.
    pub(super) prices_type: i64,
    /// Pages of the times, and of each other column.
    pub(super) times: Vec<u8>,
    pub(super) prices: Vec<u8>,
    /// Groups of rows, all in the same bytes.
    pub(super) groups: usize,
}

impl File {
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes = b"PAR1".to_vec();
        let mut chunks = Vec::new();
        for (column, name) in NAMES.iter().enumerate() {
            let pages = if column == 0 { &self.times } else { &self.prices };
            let (start, bytes_packed) = (length(&bytes), length(pages));
            bytes.extend(pages);
            let about = Structure::default()
                .int32(1, self.type_of(column))
                .list(2, NUMBERS, &[integer(0)])
                .list(3, 8, &[counted(name.as_bytes())])
                .int32(4, self.codec)
                .int64(5, self.rows)
                .int64(6, bytes_packed)
                .int64(7, bytes_packed)
                .int64(9, start);
            chunks.push(Structure::default().int64(2, start).structure(3, about).end());
        }
        let group = Structure::default().list(1, STRUCTURES, &chunks).int64(2, 100);
        let group = group.int64(3, self.rows).end();
        let footer = self.footer().list(4, STRUCTURES, &vec![group; self.groups]);
        [bytes, closed(footer)].concat()
    }

    fn type_of(&self, column: usize) -> i64 {
        if column == 0 { INT64 } else { self.prices_type }
    }

    fn footer(&self) -> Structure {
        let mut columns = vec![Structure::default().text(4, "schema").int32(5, 6).end()];
        for (column, name) in NAMES.iter().enumerate() {
            let of_type = Structure::default().int32(1, self.type_of(column)).int32(3, 0);
            let named = of_type.text(4, name);
            // Byte strings are decimals.
            let is_text = self.type_of(column) == BYTE_ARRAY;
            let full = if is_text { named.int32(6, 5).int32(7, 0).int32(8, 30) } else { named };
            columns.push(full.end());
        }
        let columns = Structure::default().int32(1, 1).list(2, STRUCTURES, &columns);
        columns.int64(3, self.rows_claimed)
    }
}

impl Default for File {
    /// Ten rows of the same price.
    fn default() -> Self {
        let times: Vec<u8> =
            (0..10).flat_map(|row: i64| (1_700_000_000_000 + row * 60_000).to_le_bytes()).collect();
        let prices = 1_f64.to_le_bytes().repeat(10);
        Self {
            rows: 10,
            rows_claimed: 10,
            codec: PLAIN,
            prices_type: DOUBLE,
            times: data_page(80, 10, 0, &times),
            prices: data_page(80, 10, 0, &prices),
            groups: 1,
        }
    }
}

/// A footer with its length and mark.
pub(super) fn closed(footer: Structure) -> Vec<u8> {
    let footer = footer.end();
    let length = u32::try_from(footer.len()).unwrap().to_le_bytes();
    [footer, length.to_vec(), b"PAR1".to_vec()].concat()
}
