//! Checks the footer of a Parquet file before it is decoded.
//!
//! The decoder goes into nested columns by calling itself, and makes room for as many parts as are claimed. So the parts are
//! counted here, without keeping any.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use super::thrift::{Fault, Fields, Kind, Thrift};

/// Bytes of a footer, at most: some twenty thousand groups of rows with six columns.
const FOOTER_BYTES_MAX: u64 = 16 << 20;

/// Columns, nested ones and those that hold them, at most. Wide tables of research have a few thousand.
const COLUMNS_MAX: usize = 20_000;

/// Columns within columns, at most.
const DEPTH_MAX: usize = 32;

/// Behind the footer: its length and `PAR1`.
const TRAILER_BYTES: usize = 8;

/// The field of the footer that lists the columns.
const SCHEMA_FIELD: i16 = 2;

/// The field of a column that tells how many columns it holds.
const CHILDREN_FIELD: i16 = 5;

/// Looks at the footer of `file`, which has so many `bytes`. What is no Parquet file at all is left to the decoder.
///
/// # Errors
/// What is wrong, as the rest of a sentence about the file.
pub(super) fn check_footer(mut file: &File, bytes: u64) -> io::Result<Result<(), Fault>> {
    let Some(end) = bytes.checked_sub(TRAILER_BYTES as u64) else { return Ok(Ok(())) };
    let mut trailer = [0; TRAILER_BYTES];
    file.seek(SeekFrom::Start(end))?;
    file.read_exact(&mut trailer)?;
    let [first, second, third, fourth, magic @ ..] = trailer;
    let length = u64::from(u32::from_le_bytes([first, second, third, fourth]));
    let Some(start) = end.checked_sub(length).filter(|_| magic == *b"PAR1") else {
        return Ok(Ok(()));
    };
    if length > FOOTER_BYTES_MAX {
        return Ok(Err("its footer is too long"));
    }
    let mut footer = Vec::new();
    file.seek(SeekFrom::Start(start))?;
    file.take(length).read_to_end(&mut footer)?;
    Ok(check(&footer))
}

fn check(footer: &[u8]) -> Result<(), Fault> {
    let mut thrift = Thrift::new(footer);
    let mut fields = Fields::default();
    while let Some((field, kind)) = thrift.next(&mut fields)? {
        if field == SCHEMA_FIELD {
            check_columns(&mut thrift, kind)?;
        } else {
            thrift.skip(kind)?;
        }
    }
    Ok(())
}

fn check_columns(thrift: &mut Thrift<'_>, kind: Kind) -> Result<(), Fault> {
    let (of, count) = thrift.list(kind)?;
    if count > COLUMNS_MAX {
        return Err("it has too many columns");
    }
    // Of each column that is not complete, how many columns it still holds.
    let mut open: Vec<usize> = Vec::new();
    for column in 1..=count {
        let children = children(thrift, of)?;
        if children > count - column {
            return Err("it has fewer columns than it claims");
        }
        if let Some(missing) = open.last_mut() {
            *missing -= 1;
        }
        open.push(children);
        if open.len() > DEPTH_MAX {
            return Err("its columns are nested too deep");
        }
        while open.pop_if(|missing| *missing == 0).is_some() {}
    }
    Ok(())
}

/// Takes the description of a column: how many others it holds.
fn children(thrift: &mut Thrift<'_>, kind: Kind) -> Result<usize, Fault> {
    if kind != Kind::Struct {
        return Err("its columns are not described");
    }
    let mut children = 0;
    let mut fields = Fields::default();
    while let Some((field, kind)) = thrift.next(&mut fields)? {
        if field == CHILDREN_FIELD {
            children = usize::try_from(thrift.int32(kind)?)
                .map_err(|_| "a column claims to hold fewer columns than none")?;
        } else {
            thrift.skip(kind)?;
        }
    }
    Ok(children)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A footer with columns that hold so many others each.
    fn footer(children: &[u8]) -> Vec<u8> {
        let [low, high, ..] = (2 * children.len()).to_le_bytes();
        let mut footer = vec![0x29, 0xfc, low >> 1 | 0x80, high];
        for count in children {
            footer.extend([0x48, 1, b'a', 0x15, 2 * count, 0]);
        }
        footer.push(0);
        footer
    }

    #[test]
    fn columns_are_counted_in_their_depth() {
        assert_eq!(check(&footer(&[6, 0, 0, 0, 0, 0, 0])), Ok(()));
        assert_eq!(check(&footer(&[2, 1, 1, 0, 0])), Ok(()));
        assert_eq!(check(&footer(&[&[1; 31][..], &[0]].concat())), Ok(()));
        for (children, fault) in [
            (vec![1; 10_000], "nested too deep"),
            (vec![3, 0, 0], "fewer columns than it claims"),
            (vec![60], "fewer columns than it claims"),
        ] {
            assert!(check(&footer(&children)).unwrap_err().contains(fault), "{fault}");
        }
        let mut wide = vec![0; 16_000];
        wide[0] = 60;
        assert_eq!(check(&footer(&wide)), Ok(()));
        let many = [vec![0x29, 0xfc, 0xc0, 0x84, 0x3d], vec![0; 1_000_000]].concat();
        assert!(check(&many).unwrap_err().contains("too many columns"));
    }
}
