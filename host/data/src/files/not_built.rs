//! What is said of Parquet and Arrow files in a program that was built without them.

use std::io::{self, Write};
use std::path::Path;

use ct_core::market::{Bars, RawColumns};

use super::error::FileProblem;
use super::file_format::FileFormat;
use super::instruments::SeriesColumn;
use super::label::Label;
use super::options::ReadOptions;
use super::progress::Progress;
use crate::FileBudget;

/// Never made.
#[derive(Debug)]
pub(super) struct TableRows {
    pub(super) columns: RawColumns,
    pub(super) names: Vec<SeriesColumn>,
    pub(super) label: Label,
}

pub(super) fn read_parquet(
    _path: &Path,
    _options: &ReadOptions,
    _budget: &FileBudget,
    _progress: &mut dyn FnMut(Progress),
) -> Result<TableRows, FileProblem> {
    Err(FileProblem::NotBuilt)
}

pub(super) fn read_arrow(
    _file: (&Path, FileFormat),
    _options: &ReadOptions,
    _budget: &FileBudget,
    _progress: &mut dyn FnMut(Progress),
) -> Result<TableRows, FileProblem> {
    Err(FileProblem::NotBuilt)
}

pub(super) fn write_parquet(
    _bars: &Bars,
    _label: &Label,
    _output: &mut (impl Write + Send),
) -> io::Result<()> {
    Err(io::Error::other(FileProblem::NotBuilt))
}

pub(super) fn write_arrow(
    _bars: &Bars,
    _time_name: &str,
    _label: &Label,
    _output: &mut impl Write,
) -> io::Result<()> {
    Err(io::Error::other(FileProblem::NotBuilt))
}
