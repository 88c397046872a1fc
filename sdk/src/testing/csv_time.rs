//! Times of price files: numbers since 1970 or ISO 8601 in UTC.

/// Milliseconds since 1970-01-01T00:00:00Z.
pub(super) fn milliseconds(cell: &str) -> Result<i64, String> {
    epoch(cell).or_else(|| iso(cell)).ok_or_else(|| {
        format!(
            "expected a time as seconds, milliseconds or microseconds since 1970 or as 2024-01-31T00:00:00Z, found `{cell}`"
        )
    })
}

/// The number of digits tells the unit: seconds have 10, milliseconds 13 and microseconds 16
/// between 2001 and 2286.
fn epoch(cell: &str) -> Option<i64> {
    let number = digits(cell)?;
    match cell.len() {
        10 => Some(number * 1000),
        13 => Some(number),
        16 => (number % 1000 == 0).then_some(number / 1000),
        _ => None,
    }
}

fn iso(cell: &str) -> Option<i64> {
    let cell = cell.strip_suffix('Z').or(cell.strip_suffix("+00:00")).unwrap_or(cell);
    let (date, clock) = cell.split_once(['T', ' ']).unwrap_or((cell, "00:00"));
    let [year, month, day] = parts(date, '-', [4, 2, 2])?;
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "000"));
    let [hour, minute, second] = parts(clock, ':', [2; 3])
        .or_else(|| parts(clock, ':', [2; 2]).map(|[hour, minute]| [hour, minute, 0]))?;
    let [fraction] = parts(fraction, '.', [3])?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    let there = (1..=days).contains(&day) && hour < 24 && minute < 60 && second < 60;
    let seconds = ((days_since_1970(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    there.then_some(seconds * 1000 + fraction)
}

/// Years begin in March here, so that the leap day is their last one.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + (153 * month + 2) / 5 + day - 1 - 719_468
}

/// Numbers of exactly so many digits each.
fn parts<const N: usize>(text: &str, separator: char, lengths: [usize; N]) -> Option<[i64; N]> {
    let cells: Vec<&str> = text.split(separator).collect();
    let fits = cells.iter().map(|cell| cell.len()).eq(lengths);
    let numbers: Option<Vec<i64>> = cells.into_iter().map(digits).collect();
    numbers.filter(|_| fits)?.try_into().ok()
}

fn digits(cell: &str) -> Option<i64> {
    let plain = cell.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| cell.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_numbers_and_iso() {
        let cases = [
            ("1704164400", Some(1_704_164_400_000)),
            ("1704164400000", Some(1_704_164_400_000)),
            ("1704164400000000", Some(1_704_164_400_000)),
            ("2024-01-02T03:00:00Z", Some(1_704_164_400_000)),
            ("2024-01-02 03:00", Some(1_704_164_400_000)),
            ("2024-01-02T03:00:00.500+00:00", Some(1_704_164_400_500)),
            ("2024-02-29", Some(1_709_164_800_000)),
            ("2023-02-29", None),
            ("2024-01-02T03:00:00+01:00", None),
            ("2024-01-02T24:00:00Z", None),
            ("02.01.2024", None),
            ("45293", None),
            ("1704164400000001", None),
            ("", None),
        ];
        for (cell, expected) in cases {
            assert_eq!(milliseconds(cell).ok(), expected, "{cell}");
        }
    }
}
