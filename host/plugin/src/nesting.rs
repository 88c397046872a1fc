//! How deep the types of a component are nested. Whatever reads such types calls itself for each level, so that a small file
//! of many levels overflows the stack; this looks at them first and stops in time.

use wasmparser::{
    BinaryReader, BinaryReaderError, ComponentType, ComponentTypeDeclaration,
    InstanceTypeDeclaration,
};

/// A component type begins with this byte.
const COMPONENT: u8 = 0x41;
/// An instance type begins with this byte.
const INSTANCE: u8 = 0x42;
/// Within the two, a declaration that begins with this byte is a type, which may be one of the two again.
const TYPE: u8 = 0x01;

/// Levels of the types of `section`, the contents of a component's type section; counting stops past `levels_max`.
///
/// # Errors
/// [`BinaryReaderError`] when the section is damaged.
pub(super) fn levels(section: &[u8], levels_max: usize) -> Result<usize, BinaryReaderError> {
    let mut reader = BinaryReader::new(section, 0);
    let mut deepest = 0;
    for _ in 0..reader.read_var_u32()? {
        deepest = deepest.max(levels_of_type(&mut reader, levels_max)?);
        if deepest > levels_max {
            break;
        }
    }
    Ok(deepest)
}

/// Levels of the type at `reader`, and behind it; past `left` of them the reader stops where it is.
fn levels_of_type(reader: &mut BinaryReader<'_>, left: usize) -> Result<usize, BinaryReaderError> {
    let kind = first_byte(reader)?;
    if kind != COMPONENT && kind != INSTANCE {
        reader.read::<ComponentType<'_>>()?;
        return Ok(0);
    }
    if left == 0 {
        return Ok(1);
    }
    reader.read_u8()?;
    let mut deepest = 0;
    for _ in 0..reader.read_var_u32()? {
        match (first_byte(reader)?, kind) {
            (TYPE, _) => {
                reader.read_u8()?;
                deepest = deepest.max(levels_of_type(reader, left - 1)?);
            }
            (_, COMPONENT) => drop(reader.read::<ComponentTypeDeclaration<'_>>()?),
            _ => drop(reader.read::<InstanceTypeDeclaration<'_>>()?),
        }
        if deepest > left - 1 {
            break;
        }
    }
    Ok(1 + deepest)
}

fn first_byte(reader: &BinaryReader<'_>) -> Result<u8, BinaryReaderError> {
    reader.clone().read_u8()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A section with one type: `levels` component types, each in the one before.
    fn nested(levels: usize) -> Vec<u8> {
        let mut bytes = vec![1];
        for level in 0..levels {
            bytes.extend([COMPONENT, u8::from(level + 1 < levels)]);
            if level + 1 < levels {
                bytes.push(TYPE);
            }
        }
        bytes
    }

    #[test]
    fn levels_are_counted_up_to_one_too_many() {
        for (there, counted) in [(1, 1), (2, 2), (8, 8), (9, 9), (10, 9), (100_000, 9)] {
            assert_eq!(levels(&nested(there), 8).unwrap(), counted, "{there}");
        }
    }

    #[test]
    fn other_types_and_declarations_are_passed_over() {
        // A string; an instance type with a resource-free export of a function type; a component type that imports nothing.
        assert_eq!(levels(&[1, 0x73], 8).unwrap(), 0);
        let instance = [1, INSTANCE, 2, TYPE, 0x40, 0, 1, 0, 0x04, 0, 1, b'f', 1, 0];
        assert_eq!(levels(&instance, 8).unwrap(), 1);
        assert!(levels(&instance[..7], 8).is_err());
    }
}
