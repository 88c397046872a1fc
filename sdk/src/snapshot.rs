//! The envelope around saved state: checksum, configuration, driver state, strategy.

use crate::guest::{LoadError, Snapshot};
use crate::{Config, State};
use crc::{CRC_32_ISO_HDLC, Crc, NoTable};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Tells damaged bytes before anything is decoded from them. Without a table it is slower and a
/// kilobyte smaller, and snapshots are rare.
const CHECKSUM: Crc<u32, NoTable> = Crc::<u32, NoTable>::new(&CRC_32_ISO_HDLC);

/// Packs a driver and its strategy. The configuration goes in front of them, so that the state of
/// other parameters is never taken for the state of these.
pub(crate) fn pack<D: Serialize, S: State>(
    version: u32,
    config: &Config,
    driver: &D,
    strategy: &S,
) -> Option<Snapshot> {
    let mut body = postcard::to_allocvec(config).ok()?;
    body.extend(postcard::to_allocvec(&(driver, strategy)).ok()?);
    let mut bytes = CHECKSUM.checksum(&body).to_le_bytes().to_vec();
    bytes.append(&mut body);
    Some(Snapshot { version, bytes })
}

/// Unpacks what [`pack`] made.
pub(crate) fn unpack<D: DeserializeOwned, S: State>(
    version: u32,
    config: &Config,
    snapshot: &Snapshot,
) -> Result<(D, S), LoadError> {
    if snapshot.version != version {
        return Err(LoadError::Version { expected: version, found: snapshot.version });
    }
    let (checksum, body) = snapshot.bytes.split_first_chunk().ok_or(LoadError::Damaged)?;
    if u32::from_le_bytes(*checksum) != CHECKSUM.checksum(body) {
        return Err(LoadError::Damaged);
    }
    let config = postcard::to_allocvec(config).map_err(|_| LoadError::Damaged)?;
    let state = body.strip_prefix(config.as_slice()).ok_or(LoadError::Configuration)?;
    match postcard::take_from_bytes(state) {
        Ok((state, [])) => Ok(state),
        _ => Err(LoadError::Damaged),
    }
}

#[cfg(test)]
mod tests;
