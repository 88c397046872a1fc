//! The SHA-256 that an archive publishes beside each file.

use sha2::{Digest, Sha256};

/// Bytes of a checksum file, at most: 64 digits and a file name.
pub(super) const BYTES_MAX: u64 = 1_024;

/// Checks `content` against the text of its checksum file, `<digits>  <file name>`.
///
/// # Errors
/// What is wrong, as the rest of a sentence about the file.
pub(super) fn check(content: &[u8], file_name: &str, checksum: &[u8]) -> Result<(), String> {
    let text = String::from_utf8_lossy(checksum);
    let mut words = text.split_whitespace();
    let digits = words.next().filter(|word| is_sha256(word));
    let (Some(expected), Some(name), None) = (digits, words.next(), words.next()) else {
        return Err("its checksum file is none: expected 64 hexadecimal digits and the file name"
            .to_owned());
    };
    // A star before the name says that the file was read as bytes.
    let name = name.strip_prefix('*').unwrap_or(name);
    if name != file_name {
        return Err(format!("its checksum file is for another file, '{}'", name.escape_debug()));
    }
    let found = format!("{:x}", Sha256::digest(content));
    if found.eq_ignore_ascii_case(expected) {
        return Ok(());
    }
    Err(format!("its SHA-256 is {found}, but {expected} was published"))
}

fn is_sha256(word: &str) -> bool {
    word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    /// SHA-256 of `abc`, from FIPS 180-4.
    const OF_ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn only_the_published_content_passes() {
        let check = |content: &str, text: String| {
            super::check(content.as_bytes(), "a.zip", text.as_bytes())
        };
        for text in [format!("{OF_ABC}  a.zip\n"), format!("{} *a.zip", OF_ABC.to_uppercase())] {
            assert_eq!(check("abc", text.clone()), Ok(()));
            assert!(check("abd", text).unwrap_err().contains("was published"));
        }
        for text in ["", "a.zip", "<html>", OF_ABC, &format!("{OF_ABC} a.zip b.zip")] {
            assert!(
                check("abc", text.to_owned()).unwrap_err().contains("64 hexadecimal"),
                "{text}"
            );
        }
        let other = check("abc", format!("{OF_ABC}  b.zip")).unwrap_err();
        assert!(other.contains("another file, 'b.zip'"), "{other}");
    }
}
