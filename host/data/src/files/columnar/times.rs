//! Columns of times of any type, as UTC milliseconds.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{ArrowError, DataType, TimeUnit};

use super::numbers::unlike;
use crate::LocalZone;
use crate::files::unix_time::{self, UnixFault, UnixUnit};

/// What a column of times may hold, for messages.
pub(super) const EXPECTED_TYPES: &str = "timestamps, dates, or whole numbers of seconds, milliseconds, \
                                         microseconds or nanoseconds since 1970";

/// The same where the column has text or times of day.
pub(super) const EXPECTED_NOT_TEXT: &str = "timestamps, dates, or whole numbers since 1970: of this kind of file, times in text, or \
                                            date and time of day in two columns, are not read; write one column of \
                                            timestamps, or save the table as CSV, which is read with either";

/// Whether a column of this type holds times as text, or times of day, in place of timestamps.
pub(super) fn is_text_or_time_of_day(data_type: &DataType) -> bool {
    match data_type {
        DataType::Dictionary(_, values) => is_text_or_time_of_day(values),
        other => matches!(
            other,
            DataType::Utf8
                | DataType::LargeUtf8
                | DataType::Utf8View
                | DataType::Time32(_)
                | DataType::Time64(_)
        ),
    }
}

/// Reads a column of times.
#[derive(Clone, Debug)]
pub(super) struct TimeColumn {
    /// `None` until the first value tells it.
    unit: Option<UnixUnit>,
    /// The zone whose local times they are; `None`: they are instants.
    zone: Option<LocalZone>,
}

/// What is wrong with an array.
#[derive(Debug)]
pub(super) enum ColumnFault {
    /// Arrow cannot convert the type.
    Type(ArrowError),
    /// One value is wrong.
    Value {
        /// Row of the array, from 0.
        row: usize,
        found: i64,
        expected: String,
    },
}

impl TimeColumn {
    /// A column of values of `data_type`; `None` if those are no times. Timestamps without a zone, and days, are local times
    /// of `zone`, or UTC.
    pub(super) fn of(data_type: &DataType, zone: Option<LocalZone>) -> Option<Self> {
        let unit = match data_type {
            DataType::Timestamp(TimeUnit::Second, _) => Some(UnixUnit::Seconds),
            DataType::Timestamp(TimeUnit::Millisecond, _) | DataType::Date64 => {
                Some(UnixUnit::Milliseconds)
            }
            DataType::Timestamp(TimeUnit::Microsecond, _) => Some(UnixUnit::Microseconds),
            DataType::Timestamp(TimeUnit::Nanosecond, _) => Some(UnixUnit::Nanoseconds),
            DataType::Date32 => Some(UnixUnit::Days),
            integer if integer.is_integer() => None,
            _ => return None,
        };
        let is_local =
            matches!(data_type, DataType::Timestamp(_, None) | DataType::Date32 | DataType::Date64);
        Some(Self { unit, zone: zone.filter(|_| is_local) })
    }

    /// Whether they are local times of a zone.
    pub(super) const fn is_local(&self) -> bool {
        self.zone.is_some()
    }

    /// Adds the times in `array`, which has no nulls. The first one tells the unit if the type does not.
    ///
    /// # Errors
    /// A time outside 1990 to 2099, in another unit than the first, or between two milliseconds.
    pub(super) fn append(
        &mut self,
        array: &ArrayRef,
        times: &mut Vec<i64>,
    ) -> Result<(), ColumnFault> {
        let numbers = integers(array)?;
        let Some(&first) = numbers.first() else { return Ok(()) };
        let unknown = || ColumnFault::Value {
            row: 0,
            found: first,
            expected: unix_time::EXPECTED.to_owned(),
        };
        let unit = self.unit.or_else(|| UnixUnit::of_number(first)).ok_or_else(unknown)?;
        self.unit = Some(unit);
        times.reserve(numbers.len());
        for (row, &number) in numbers.iter().enumerate() {
            let ms = unit.to_ms(number).map_err(UnixFault::expected);
            let ms = ms.and_then(|ms| match &self.zone {
                Some(zone) => zone.local_ms(ms).map_err(|fault| zone.expected(fault)),
                None => Ok(ms),
            });
            times.push(ms.map_err(|expected| ColumnFault::Value {
                row,
                found: number,
                expected,
            })?);
        }
        Ok(())
    }
}

/// The values of `array`, which holds times or integers.
fn integers(array: &ArrayRef) -> Result<Vec<i64>, ColumnFault> {
    Ok(match array.data_type() {
        DataType::Timestamp(TimeUnit::Second, _) => of_type::<TimestampSecondType>(array)?,
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            of_type::<TimestampMillisecondType>(array)?
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            of_type::<TimestampMicrosecondType>(array)?
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => of_type::<TimestampNanosecondType>(array)?,
        DataType::Date32 => of_type::<Date32Type>(array)?,
        DataType::Date64 => of_type::<Date64Type>(array)?,
        DataType::Int8 => of_type::<Int8Type>(array)?,
        DataType::Int16 => of_type::<Int16Type>(array)?,
        DataType::Int32 => of_type::<Int32Type>(array)?,
        DataType::Int64 => of_type::<Int64Type>(array)?,
        DataType::UInt8 => of_type::<UInt8Type>(array)?,
        DataType::UInt16 => of_type::<UInt16Type>(array)?,
        DataType::UInt32 => of_type::<UInt32Type>(array)?,
        DataType::UInt64 => of_type::<UInt64Type>(array)?,
        other => return Err(ColumnFault::Type(unlike(other))),
    })
}

fn of_type<T: ArrowPrimitiveType>(array: &ArrayRef) -> Result<Vec<i64>, ColumnFault>
where
    T::Native: TryInto<i64>,
{
    let whole = |value: &T::Native| {
        let too_large =
            |_| ColumnFault::Type(ArrowError::CastError(format!("{value:?} is no time")));
        (*value).try_into().map_err(too_large)
    };
    array.as_primitive::<T>().values().iter().map(whole).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{
        Date32Array, Date64Array, Int32Array, Int64Array, TimestampMicrosecondArray,
        TimestampNanosecondArray, TimestampSecondArray, UInt64Array,
    };

    use super::*;

    const MS: i64 = 1_704_067_200_000;

    fn times(array: impl Array + 'static) -> Result<Vec<i64>, String> {
        let mut column = TimeColumn::of(array.data_type(), None).ok_or("type")?;
        let mut times = Vec::new();
        match column.append(&(Arc::new(array) as ArrayRef), &mut times) {
            Ok(()) => Ok(times),
            Err(ColumnFault::Value { row, found, expected }) => {
                Err(format!("{row} {found} {expected}"))
            }
            Err(ColumnFault::Type(error)) => Err(error.to_string()),
        }
    }

    #[test]
    fn every_type_of_time_is_read() {
        assert_eq!(times(TimestampSecondArray::from(vec![MS / 1_000])), Ok(vec![MS]));
        let zoned = TimestampMicrosecondArray::from(vec![MS * 1_000]).with_timezone("Asia/Tokyo");
        assert_eq!(times(zoned), Ok(vec![MS]));
        assert_eq!(times(TimestampNanosecondArray::from(vec![MS * 1_000_000])), Ok(vec![MS]));
        assert_eq!(times(Date32Array::from(vec![19_723])), Ok(vec![MS]));
        assert_eq!(times(Date64Array::from(vec![MS])), Ok(vec![MS]));
        assert_eq!(times(Int32Array::from(vec![1_704_067_200])), Ok(vec![MS]));
        assert_eq!(times(UInt64Array::from(vec![1_704_067_200_000_000_000])), Ok(vec![MS]));
        for per_second in [1, 1_000, 1_000_000, 1_000_000_000] {
            assert_eq!(times(Int64Array::from(vec![MS / 1_000 * per_second])), Ok(vec![MS]));
        }
        assert_eq!(times(Int64Array::from(Vec::<i64>::new())), Ok(Vec::new()));
    }

    #[test]
    fn what_is_no_time_is_refused_with_its_row() {
        for (numbers, expected) in [
            (vec![20_240_131], "0 20240131 Unix time in seconds"),
            (vec![MS, MS / 1_000], "1 1704067200 Unix time in milliseconds"),
            (vec![MS * 1_000, MS * 1_000 + 1], "1 1704067200000001 a whole number of milliseconds"),
            (vec![MS, i64::MIN], "1 -9223372036854775808 Unix time in milliseconds"),
        ] {
            let fault = times(Int64Array::from(numbers)).unwrap_err();
            assert!(fault.starts_with(expected), "{fault}");
        }
        let ancient = times(TimestampSecondArray::from(vec![i64::MAX])).unwrap_err();
        assert!(ancient.starts_with("0 9223372036854775807 Unix time in seconds"), "{ancient}");
        assert_eq!(times(arrow_array::Float64Array::from(vec![1.0])), Err("type".to_owned()));
    }
}
