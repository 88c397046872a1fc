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

/// What a column of times may hold, for messages.
pub(super) const EXPECTED_TYPES: &str = "timestamps, dates, or whole numbers of seconds, milliseconds, \
                                         microseconds or nanoseconds since 1970";

/// Earliest time that is believed, 1990-01-01, as in text files: with the latest it tells the units of numbers apart.
const EARLIEST_MS: i64 = 631_152_000_000;
/// First time that is not believed any more, 2100-01-01.
const LATEST_MS: i64 = 4_102_444_800_000;

const DAY_MS: i64 = 86_400_000;

/// Reads a column of times.
#[derive(Clone, Copy, Debug)]
pub(super) struct TimeColumn {
    /// `None` until the first value tells it.
    unit: Option<Unit>,
}

/// What a value of the column counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Days,
    Seconds,
    Milliseconds,
    Microseconds,
    Nanoseconds,
}

/// A value that is no time.
#[derive(Debug)]
pub(super) enum TimeFault {
    /// Arrow cannot convert the type.
    Type(ArrowError),
    /// One value is wrong.
    Value {
        /// Row of the array, from 0.
        row: usize,
        found: i64,
        expected: &'static str,
    },
}

impl TimeColumn {
    /// A column of values of `data_type`; `None` if those are no times. Times without a zone are UTC.
    pub(super) fn of(data_type: &DataType) -> Option<Self> {
        let unit = match data_type {
            DataType::Timestamp(TimeUnit::Second, _) => Some(Unit::Seconds),
            DataType::Timestamp(TimeUnit::Millisecond, _) | DataType::Date64 => {
                Some(Unit::Milliseconds)
            }
            DataType::Timestamp(TimeUnit::Microsecond, _) => Some(Unit::Microseconds),
            DataType::Timestamp(TimeUnit::Nanosecond, _) => Some(Unit::Nanoseconds),
            DataType::Date32 => Some(Unit::Days),
            integer if integer.is_integer() => None,
            _ => return None,
        };
        Some(Self { unit })
    }

    /// Adds the times in `array`, which has no nulls. The first one tells the unit if the type does not.
    ///
    /// # Errors
    /// A time outside 1990 to 2099, in another unit than the first, or between two milliseconds.
    pub(super) fn append(
        &mut self,
        array: &ArrayRef,
        times: &mut Vec<i64>,
    ) -> Result<(), TimeFault> {
        let numbers = integers(array)?;
        let Some(&first) = numbers.first() else { return Ok(()) };
        let unit = match self.unit {
            Some(unit) => unit,
            None => Unit::of_number(first).ok_or(TimeFault::Value {
                row: 0,
                found: first,
                expected: "Unix time in seconds, milliseconds, microseconds or nanoseconds, from 1990 to 2099",
            })?,
        };
        self.unit = Some(unit);
        times.reserve(numbers.len());
        for (row, &number) in numbers.iter().enumerate() {
            let ms = unit.to_ms(number);
            times.push(ms.map_err(|expected| TimeFault::Value { row, found: number, expected })?);
        }
        Ok(())
    }
}

/// The values of `array`, which holds times or integers.
fn integers(array: &ArrayRef) -> Result<Vec<i64>, TimeFault> {
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
        other => return Err(TimeFault::Type(unlike(other))),
    })
}

fn of_type<T: ArrowPrimitiveType>(array: &ArrayRef) -> Result<Vec<i64>, TimeFault>
where
    T::Native: TryInto<i64>,
{
    let whole = |value: &T::Native| {
        let too_large = |_| TimeFault::Type(ArrowError::CastError(format!("{value:?} is no time")));
        (*value).try_into().map_err(too_large)
    };
    array.as_primitive::<T>().values().iter().map(whole).collect()
}

impl Unit {
    /// The unit in which `number` is a time from 1990 to 2099.
    fn of_number(number: i64) -> Option<Self> {
        [Self::Seconds, Self::Milliseconds, Self::Microseconds, Self::Nanoseconds]
            .into_iter()
            .find(|unit| is_believed(unit.cut_to_ms(number)))
    }

    /// UTC milliseconds, or what was expected.
    fn to_ms(self, number: i64) -> Result<i64, &'static str> {
        let ms = self.cut_to_ms(number);
        if !is_believed(ms) {
            return Err(self.expected());
        }
        match number % self.per_ms() {
            0 => Ok(ms),
            _ => Err("a whole number of milliseconds: round the times"),
        }
    }

    const fn cut_to_ms(self, number: i64) -> i64 {
        match self {
            Self::Days => number.saturating_mul(DAY_MS),
            Self::Seconds => number.saturating_mul(1_000),
            Self::Milliseconds | Self::Microseconds | Self::Nanoseconds => number / self.per_ms(),
        }
    }

    /// How many make a millisecond.
    const fn per_ms(self) -> i64 {
        match self {
            Self::Days | Self::Seconds | Self::Milliseconds => 1,
            Self::Microseconds => 1_000,
            Self::Nanoseconds => 1_000_000,
        }
    }

    const fn expected(self) -> &'static str {
        match self {
            Self::Days => "days since 1970, from 1990 to 2099",
            Self::Seconds => "seconds since 1970, as in all rows, from 1990 to 2099",
            Self::Milliseconds => "milliseconds since 1970, as in all rows, from 1990 to 2099",
            Self::Microseconds => "microseconds since 1970, as in all rows, from 1990 to 2099",
            Self::Nanoseconds => "nanoseconds since 1970, as in all rows, from 1990 to 2099",
        }
    }
}

fn is_believed(ms: i64) -> bool {
    (EARLIEST_MS..LATEST_MS).contains(&ms)
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
        let mut column = TimeColumn::of(array.data_type()).ok_or("type")?;
        let mut times = Vec::new();
        match column.append(&(Arc::new(array) as ArrayRef), &mut times) {
            Ok(()) => Ok(times),
            Err(TimeFault::Value { row, found, expected }) => {
                Err(format!("{row} {found} {expected}"))
            }
            Err(TimeFault::Type(error)) => Err(error.to_string()),
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
            (vec![MS, MS / 1_000], "1 1704067200 milliseconds since 1970"),
            (vec![MS * 1_000, MS * 1_000 + 1], "1 1704067200000001 a whole number of milliseconds"),
            (vec![MS, i64::MIN], "1 -9223372036854775808 milliseconds"),
        ] {
            let fault = times(Int64Array::from(numbers)).unwrap_err();
            assert!(fault.starts_with(expected), "{fault}");
        }
        let ancient = times(TimestampSecondArray::from(vec![i64::MAX])).unwrap_err();
        assert!(ancient.starts_with("0 9223372036854775807 seconds"), "{ancient}");
        assert_eq!(times(arrow_array::Float64Array::from(vec![1.0])), Err("type".to_owned()));
    }
}
