//! Columns of names of any type.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType};
use arrow_schema::DataType;
use std::fmt::Display;

use super::numbers::unlike;
use crate::files::error::FileProblem;
use crate::files::file_format::FileFormat;
use crate::files::name_column::NameColumn;

/// Whether a column of this type may hold names: text, or the numbers by which some know their instruments.
pub(super) fn is_name(data_type: &DataType) -> bool {
    match data_type {
        DataType::Dictionary(_, values) => is_name(values),
        DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Binary
        | DataType::LargeBinary
        | DataType::BinaryView => true,
        other => other.is_integer(),
    }
}

/// Whether a column of this type holds text.
pub(super) fn is_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Dictionary(_, values) => is_text(values),
        other => matches!(other, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View),
    }
}

/// Adds the values of `array`, which holds names. What is missing is an empty name.
///
/// # Errors
/// Another type.
pub(super) fn append_names(
    format: FileFormat,
    array: &ArrayRef,
    names: &mut NameColumn,
) -> Result<(), FileProblem> {
    match array.data_type() {
        DataType::Dictionary(..) => return append_dictionary(format, array, names),
        DataType::Utf8 => texts(array.as_string::<i32>().iter(), names),
        DataType::LargeUtf8 => texts(array.as_string::<i64>().iter(), names),
        DataType::Utf8View => texts(array.as_string_view().iter(), names),
        DataType::Binary => texts(array.as_binary::<i32>().iter(), names),
        DataType::LargeBinary => texts(array.as_binary::<i64>().iter(), names),
        DataType::BinaryView => texts(array.as_binary_view().iter(), names),
        DataType::Int8 => numbers::<Int8Type>(array, names),
        DataType::Int16 => numbers::<Int16Type>(array, names),
        DataType::Int32 => numbers::<Int32Type>(array, names),
        DataType::Int64 => numbers::<Int64Type>(array, names),
        DataType::UInt8 => numbers::<UInt8Type>(array, names),
        DataType::UInt16 => numbers::<UInt16Type>(array, names),
        DataType::UInt32 => numbers::<UInt32Type>(array, names),
        DataType::UInt64 => numbers::<UInt64Type>(array, names),
        other => return Err(super::decoded::damaged(format, &unlike(other))),
    }
    Ok(())
}

fn texts<T: AsRef<[u8]>>(values: impl Iterator<Item = Option<T>>, names: &mut NameColumn) {
    for value in values {
        names.push(value.as_ref().map(AsRef::as_ref).unwrap_or_default());
    }
}

fn numbers<T: ArrowPrimitiveType>(array: &ArrayRef, names: &mut NameColumn)
where
    T::Native: Display,
{
    texts(
        array.as_primitive::<T>().iter().map(|value| value.map(|value| value.to_string())),
        names,
    );
}

/// Names that are stored once each, with the place of its name in each row.
fn append_dictionary(
    format: FileFormat,
    array: &ArrayRef,
    names: &mut NameColumn,
) -> Result<(), FileProblem> {
    let Some(dictionary) = array.as_any_dictionary_opt() else {
        return Err(super::decoded::damaged(format, &unlike(array.data_type())));
    };
    let mut values = NameColumn::default();
    append_names(format, dictionary.values(), &mut values)?;
    if values.one_too_many().is_some() {
        names.append(&values);
        return Ok(());
    }
    // Without values there are no places of any either: every row is missing.
    let places =
        if values.len() == 0 { vec![0; array.len()] } else { dictionary.normalized_keys() };
    for (row, place) in places.into_iter().enumerate() {
        let name = if array.is_null(row) { "" } else { values.name(place) };
        names.push(name.as_bytes());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{DictionaryArray, Int64Array, StringArray, StringViewArray};

    use super::*;

    fn names(array: impl Array + 'static) -> Vec<String> {
        let mut names = NameColumn::default();
        append_names(FileFormat::Arrow, &(Arc::new(array) as ArrayRef), &mut names).unwrap();
        (0..names.len()).map(|row| names.name(row).to_owned()).collect()
    }

    #[test]
    fn names_of_every_type_are_read() {
        let expected = ["BTC", "ETH", "", "BTC"];
        let values = vec![Some("BTC"), Some("ETH"), None, Some("BTC")];
        assert_eq!(names(StringArray::from(values.clone())), expected);
        assert_eq!(names(StringViewArray::from(values.clone())), expected);
        let dictionary: DictionaryArray<Int8Type> = values.into_iter().collect();
        assert!(is_name(dictionary.data_type()));
        assert_eq!(names(dictionary), expected);
        assert_eq!(names(Int64Array::from(vec![3, 3, 7])), ["3", "3", "7"]);
        assert!(!is_name(&DataType::Float64), "prices are no names");
    }
}
