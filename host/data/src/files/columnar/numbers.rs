//! Columns of numbers of any type, as `f64`.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type, DecimalType,
    Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{ArrowError, DataType};

use crate::files::number;

/// What a column of prices or volumes may hold, for messages.
pub(super) const EXPECTED_TYPES: &str = "floating-point numbers, integers or decimals";

/// Whether a column of this type holds numbers.
pub(super) fn is_number(data_type: &DataType) -> bool {
    data_type.is_numeric() || *data_type == DataType::Null
}

/// Adds the values of `array`, which holds numbers. Decimals and integers become the nearest `f64`, what is missing NaN.
///
/// # Errors
/// Another type.
pub(super) fn append_numbers(array: &ArrayRef, numbers: &mut Vec<f64>) -> Result<(), ArrowError> {
    let before = numbers.len();
    append_values(array, numbers)?;
    if let Some(missing) = array.nulls().filter(|nulls| nulls.null_count() > 0) {
        let added = numbers.get_mut(before..).unwrap_or_default();
        for (number, is_there) in added.iter_mut().zip(missing.iter()) {
            if !is_there {
                *number = f64::NAN;
            }
        }
    }
    Ok(())
}

/// Adds the values of `array`; where one is missing, anything.
fn append_values(array: &ArrayRef, numbers: &mut Vec<f64>) -> Result<(), ArrowError> {
    match array.data_type() {
        DataType::Float64 => {
            numbers.extend_from_slice(array.as_primitive::<Float64Type>().values());
        }
        // A column without any value.
        DataType::Null => numbers.resize(numbers.len() + array.len(), f64::NAN),
        DataType::Float32 => append::<Float32Type>(array, f64::from, numbers),
        DataType::Float16 => append::<Float16Type>(
            array,
            <Float16Type as ArrowPrimitiveType>::Native::to_f64,
            numbers,
        ),
        DataType::Int8 => append::<Int8Type>(array, f64::from, numbers),
        DataType::Int16 => append::<Int16Type>(array, f64::from, numbers),
        DataType::Int32 => append::<Int32Type>(array, f64::from, numbers),
        DataType::Int64 => append::<Int64Type>(array, |value| value as f64, numbers),
        DataType::UInt8 => append::<UInt8Type>(array, f64::from, numbers),
        DataType::UInt16 => append::<UInt16Type>(array, f64::from, numbers),
        DataType::UInt32 => append::<UInt32Type>(array, f64::from, numbers),
        DataType::UInt64 => append::<UInt64Type>(array, |value| value as f64, numbers),
        DataType::Decimal32(..) => append_decimals::<Decimal32Type>(array, numbers)?,
        DataType::Decimal64(..) => append_decimals::<Decimal64Type>(array, numbers)?,
        DataType::Decimal128(..) => append_decimals::<Decimal128Type>(array, numbers)?,
        DataType::Decimal256(..) => append_decimals::<Decimal256Type>(array, numbers)?,
        other => return Err(unlike(other)),
    }
    Ok(())
}

fn append<T: ArrowPrimitiveType>(
    array: &ArrayRef,
    number: impl Fn(T::Native) -> f64,
    numbers: &mut Vec<f64>,
) {
    numbers.extend(array.as_primitive::<T>().values().iter().map(|value| number(*value)));
}

/// Decimals are read from their text, because dividing by a power of ten rounds twice.
fn append_decimals<T: DecimalType>(
    array: &ArrayRef,
    numbers: &mut Vec<f64>,
) -> Result<(), ArrowError> {
    let decimals = array.as_primitive::<T>();
    for row in 0..decimals.len() {
        let text = decimals.value_as_string(row);
        numbers.push(number::parse(text.as_bytes()).ok_or(ArrowError::CastError(text))?);
    }
    Ok(())
}

/// A column of another type than was expected when its values came.
pub(super) fn unlike(found: &DataType) -> ArrowError {
    ArrowError::CastError(format!("values of the type {found}"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{Decimal128Array, Float32Array, Int64Array, UInt8Array};

    use super::*;

    fn numbers(array: impl Array + 'static) -> Vec<f64> {
        let mut numbers = Vec::new();
        append_numbers(&(Arc::new(array) as ArrayRef), &mut numbers).unwrap();
        numbers
    }

    #[test]
    fn what_is_missing_is_no_number() {
        let float = numbers(arrow_array::Float64Array::from(vec![Some(1.5), None]));
        let integer = numbers(Int64Array::from(vec![None, Some(2)]));
        let decimal = Decimal128Array::from(vec![None, Some(3)]);
        let decimal = numbers(decimal.with_precision_and_scale(38, 0).unwrap());
        for (column, missing) in [(&float, 1), (&integer, 0), (&decimal, 0)] {
            let is_missing: Vec<bool> = column.iter().map(|value| value.is_nan()).collect();
            assert_eq!(is_missing, [missing == 0, missing == 1]);
        }
        assert!(numbers(arrow_array::NullArray::new(3)).iter().all(|value| value.is_nan()));
    }

    #[test]
    fn every_type_of_number_becomes_the_nearest_float() {
        assert_eq!(numbers(UInt8Array::from(vec![0, 255])), [0.0, 255.0]);
        assert_eq!(numbers(Int64Array::from(vec![-1, 1 << 53])), [-1.0, 9_007_199_254_740_992.0]);
        assert_eq!(numbers(Float32Array::from(vec![0.1])), [f64::from(0.1_f32)]);
        // 2^53 + 1 hundred-millionths have no exact float: the quotient of the rounded integer would be one off.
        let decimals = vec![9_007_199_254_740_993, 1, -150_000_000];
        let decimals = Decimal128Array::from(decimals).with_precision_and_scale(38, 8).unwrap();
        assert_eq!(numbers(decimals), [90_071_992.547_409_93, 0.000_000_01, -1.5]);
    }
}
