//! An input made of others, as a fault on the way or a malicious hand would.

use crate::random::Random;
use crate::seed::Seed;

/// Largest input that is made, in bytes.
const BYTES_MAX: usize = 64 << 10;

/// Changes in one input: as often one as several.
const CHANGES_MAX: usize = 6;

/// Longest part that is moved, deleted or repeated.
const PART_BYTES_MAX: usize = 512;

/// How often a part is repeated at most.
const REPEATED_MAX: usize = 200;

/// Numbers at the ends of types, as binary formats write them.
const NUMBERS: [u64; 12] = [
    0,
    1,
    0x7f,
    0x80,
    0xff,
    0x7fff,
    0xffff,
    0x7fff_ffff,
    0xffff_ffff,
    0x7ff0_0000_0000_0000,
    i64::MAX as u64,
    u64::MAX,
];

/// Words that mean something in some format, or to whoever shows them.
const WORDS: [&str; 44] = [
    "0",
    "-1",
    "-0",
    "1e400",
    "1e308",
    "-1e308",
    "1e-400",
    "5e-324",
    "NaN",
    "inf",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "18446744073709551616",
    "340282366920938463463374607431768211456",
    "99999999999999999999999999999999999999999999",
    "0.000000000001",
    "0.0000000000001",
    "1,5",
    "null",
    "true",
    "\"\"",
    "{}",
    "[]",
    "[[[[[[[[[[",
    "{\"a\":{\"a\":",
    "&a ",
    "*a",
    "<<: *a",
    "---\n",
    "!!binary ",
    "\n",
    "\r",
    ",",
    ";",
    ":",
    "\"",
    "\0",
    "\u{1b}[2J\u{1b}]0;x\u{7}",
    "\u{202e}",
    "\u{200b}",
    "\u{feff}",
    "=HYPERLINK(\"http://x\")",
    "\u{9b}31m",
];

/// Makes an input of a seed, and maybe of parts of others.
pub(crate) type Mutation = fn(&Seed, &[Seed], &mut Random) -> Vec<u8>;

/// `seed` with one to three bits flipped.
pub(crate) fn with_flipped_bits(seed: &Seed, _: &[Seed], random: &mut Random) -> Vec<u8> {
    const FLIPS_MAX: usize = 3;
    let mut bytes = seed.bytes.clone();
    for _ in 0..=random.below(FLIPS_MAX) {
        flip_a_bit(&mut bytes, random);
    }
    bytes
}

/// An input made of `seed`, and maybe of parts of `seeds`.
pub(crate) fn mutated(seed: &Seed, seeds: &[Seed], random: &mut Random) -> Vec<u8> {
    let mut bytes = seed.bytes.clone();
    let is_text = std::str::from_utf8(&bytes).is_ok();
    let several = random.below(2) * random.below(CHANGES_MAX);
    for _ in 0..=several {
        // What is refused at its first letter says little of the rest.
        if is_text && random.below(4) > 0 {
            change_text(&mut bytes, random);
        } else {
            change(&mut bytes, seeds, random);
        }
        bytes.truncate(BYTES_MAX);
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, seeds: &[Seed], random: &mut Random) {
    match random.below(10) {
        0 | 1 => flip_a_bit(bytes, random),
        2 => overwrite_a_byte(bytes, random),
        3 => overwrite_a_number(bytes, random),
        4 => insert_a_word(bytes, random),
        5 => drop(bytes.drain(part(bytes.len(), random))),
        6 => bytes.truncate(random.below(bytes.len())),
        7 => repeat_a_part(bytes, random),
        8 => move_a_part(bytes, random),
        _ => splice(bytes, &random.one_of(seeds).bytes, random),
    }
}

fn change_text(bytes: &mut Vec<u8>, random: &mut Random) {
    match random.below(8) {
        0..=2 => change_a_digit(bytes, random),
        3 | 4 => replace_a_written_number(bytes, random),
        5 => drop(bytes.drain(line(bytes, random))),
        6 => repeat_a_line(bytes, random),
        _ => insert_a_word(bytes, random),
    }
}

/// A part of something with `length` bytes; short ones are as likely as long ones.
fn part(length: usize, random: &mut Random) -> std::ops::Range<usize> {
    let start = random.below(length);
    let bytes_max = 1 + random.below(PART_BYTES_MAX);
    let end = start + 1 + random.below(bytes_max);
    start..end.min(length)
}

fn flip_a_bit(bytes: &mut [u8], random: &mut Random) {
    let place = random.below(bytes.len());
    if let Some(byte) = bytes.get_mut(place) {
        *byte ^= 1 << random.below(8);
    }
}

fn overwrite_a_byte(bytes: &mut [u8], random: &mut Random) {
    let place = random.below(bytes.len());
    if let Some(byte) = bytes.get_mut(place) {
        let [noise, ..] = random.next().to_le_bytes();
        *byte = noise;
    }
}

fn overwrite_a_number(bytes: &mut [u8], random: &mut Random) {
    let number = *random.one_of(&NUMBERS);
    let written = if random.below(2) == 0 { number.to_le_bytes() } else { number.to_be_bytes() };
    let width = *random.one_of(&[1, 2, 4, 8]);
    let place = random.below(bytes.len());
    for (byte, new) in bytes.iter_mut().skip(place).zip(written.iter().take(width)) {
        *byte = *new;
    }
}

/// The line around a random place, with its end.
fn line(bytes: &[u8], random: &mut Random) -> std::ops::Range<usize> {
    let (before, behind) = bytes.split_at(random.below(bytes.len()));
    let is_end = |byte: &u8| *byte == b'\n';
    let start = before.iter().rposition(is_end).map_or(0, |end| end + 1);
    let end = behind.iter().position(is_end).map_or(bytes.len(), |end| before.len() + end + 1);
    start..end
}

fn repeat_a_line(bytes: &mut Vec<u8>, random: &mut Random) {
    let (line, times) = (line(bytes, random), 1 + random.below(REPEATED_MAX) * random.below(2));
    let repeated = bytes.get(line).unwrap_or_default().repeat(times);
    let place = self::line(bytes, random).start;
    bytes.splice(place..place, repeated);
}

/// Puts another digit in place of the first one at or behind a random place.
fn change_a_digit(bytes: &mut [u8], random: &mut Random) {
    let from = random.below(bytes.len());
    if let Some(digit) = bytes.iter_mut().skip(from).find(|byte| byte.is_ascii_digit()) {
        *digit = *random.one_of(b"0123456789");
    }
}

/// Puts a word in place of the digits that begin at or behind a random place.
fn replace_a_written_number(bytes: &mut Vec<u8>, random: &mut Random) {
    let from = random.below(bytes.len());
    let is_digit = |byte: &u8| byte.is_ascii_digit() || *byte == b'.';
    let Some(start) = bytes.iter().skip(from).position(is_digit).map(|found| from + found) else {
        return;
    };
    let end = start + bytes.iter().skip(start).take_while(|byte| is_digit(byte)).count();
    bytes.splice(start..end, random.one_of(&WORDS).bytes());
}

fn insert_a_word(bytes: &mut Vec<u8>, random: &mut Random) {
    let place = random.below(bytes.len());
    bytes.splice(place..place, random.one_of(&WORDS).bytes());
}

fn repeat_a_part(bytes: &mut Vec<u8>, random: &mut Random) {
    let part = part(bytes.len(), random);
    let times = 1 + random.below(REPEATED_MAX) * random.below(2);
    let end = part.end;
    let repeated = bytes.get(part).unwrap_or_default().repeat(times);
    bytes.splice(end..end, repeated);
}

fn move_a_part(bytes: &mut Vec<u8>, random: &mut Random) {
    let moved: Vec<u8> = bytes.drain(part(bytes.len(), random)).collect();
    let place = random.below(bytes.len());
    bytes.splice(place..place, moved);
}

/// Goes on as `other` does, from some place in each.
fn splice(bytes: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    bytes.truncate(random.below(bytes.len()));
    bytes.extend_from_slice(other.get(random.below(other.len())..).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_input_is_changed_the_same_way_for_the_same_case() {
        let seeds: Vec<Seed> = [&b""[..], b"a", b"1704067200000,1.5,2\n", &[0xff; 3_000]]
            .into_iter()
            .map(|bytes| Seed { name: String::new(), bytes: bytes.to_vec() })
            .collect();
        let made = |case| {
            let mut random = Random::of_case(7, case);
            mutated(random.one_of(&seeds), &seeds, &mut random)
        };
        let mut different = std::collections::BTreeSet::new();
        for case in 0..2_000 {
            let bytes = made(case);
            assert!(bytes.len() <= BYTES_MAX);
            assert_eq!(bytes, made(case));
            different.insert(bytes);
        }
        assert!(different.len() > 1_000, "{}", different.len());
    }
}
