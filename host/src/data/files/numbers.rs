//! Columns of numbers of any type, as `f64`.

use arrow_array::cast::AsArray;
use arrow_array::types::Float64Type;
use arrow_array::{Array, ArrayRef};
use arrow_cast::{CastOptions, cast_with_options};
use arrow_schema::{ArrowError, DataType};

/// What a column of prices or volumes may hold, for messages.
pub(super) const EXPECTED_TYPES: &str = "floating-point numbers, integers or decimals";

/// Whether a column of this type holds numbers.
pub(super) fn is_number(data_type: &DataType) -> bool {
    data_type.is_numeric()
}

/// Adds the values of `array`, which holds numbers and no nulls. Decimals and integers become the nearest `f64`.
///
/// # Errors
/// Arrow cannot convert the type.
pub(super) fn append_numbers(array: &ArrayRef, numbers: &mut Vec<f64>) -> Result<(), ArrowError> {
    if array.data_type().is_decimal() {
        return append_decimals(array, numbers);
    }
    let floats = converted(array, &DataType::Float64)?;
    numbers.extend_from_slice(floats.as_primitive::<Float64Type>().values());
    Ok(())
}

/// `array` as values of another type; values that do not fit are errors.
pub(super) fn converted(array: &ArrayRef, to: &DataType) -> Result<ArrayRef, ArrowError> {
    cast_with_options(array, to, &CastOptions { safe: false, ..CastOptions::default() })
}

/// Decimals are read from their text, because dividing by a power of ten rounds twice.
fn append_decimals(array: &ArrayRef, numbers: &mut Vec<f64>) -> Result<(), ArrowError> {
    let texts = converted(array, &DataType::Utf8)?;
    for text in texts.as_string::<i32>().iter().map(Option::unwrap_or_default) {
        numbers.push(fast_float2::parse(text).map_err(|_| ArrowError::CastError(text.to_owned()))?);
    }
    Ok(())
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
