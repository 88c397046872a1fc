//! The series that price files hold: files of one symbol are one series.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::price_file::{file_name, plain_name, read_price_file, refused, tell, tell_all};
use super::symbol_files::{ToldFile, series_of};
use super::{Observer, RunError, Task, interval_of_file};
use ct_core::units::Interval;
use ct_data::FileBudget;
use ct_data::files::{
    PRICE_FILES_MAX, PriceFile, PriceFiles, ReadOptions, joined, pair_of_name, price_files,
    read_file_with,
};
use ct_data::validate::interval_of_rows;

/// Price files to read, as the user names them.
#[derive(Clone, Copy, Debug)]
pub struct FilesRequest<'a> {
    /// Files, folders, zip files, and names with `*` and `?`.
    pub paths: &'a [PathBuf],
    /// How the files of each path are understood.
    pub options: &'a [ReadOptions],
    /// What the series are called: one for each path, or those to take, which labels or names of files tell; without any all
    /// are taken.
    pub symbols: &'a [String],
    /// Length of a bar, if it is known.
    pub interval: Option<Interval>,
}

/// Rows of one symbol, of one file or several, sound or not.
#[derive(Clone, Debug)]
pub struct FileSeries {
    /// The file as the user knows it, or the first of several.
    pub name: String,
    /// The symbol: as the user says, or as labels or names tell.
    pub symbol: String,
    /// Length of a bar.
    pub interval: Interval,
    /// The rows of all files.
    pub file: PriceFile,
    /// The files, and how many rows each has.
    pub files: Vec<(PathBuf, u64)>,
}

/// One of the files that are read.
#[derive(Clone, Debug)]
struct Member {
    path: PathBuf,
    /// Which of the user's paths stands for it.
    place: usize,
}

impl FilesRequest<'_> {
    /// Reads the files within `budget`, at the same time, and puts those of one symbol together. The `observer` is told how they
    /// were understood where its user may think otherwise, one after the other.
    ///
    /// # Errors
    /// [`RunError::Input`], or [`RunError::Problems`] of several files, with the place of the first problem of each, or the key of
    /// the configuration that allows more; files of one symbol with bars of different lengths; symbols that are not those of the files.
    pub fn read(
        &self,
        budget: &FileBudget,
        observer: &dyn Observer,
    ) -> Result<Vec<FileSeries>, RunError> {
        let members = self.members(observer)?;
        let files = self.read_all(&members, budget, observer)?;
        let symbols: Vec<Option<String>> = members
            .iter()
            .zip(&files)
            .map(|(member, file)| told_symbol(file, &member.path))
            .collect();
        let told: Vec<ToldFile<'_>> = members
            .iter()
            .zip(&symbols)
            .map(|(member, symbol)| ToldFile {
                place: member.place,
                path: &member.path,
                symbol: symbol.as_deref(),
            })
            .collect();
        let chosen = series_of(&told, self.paths.len(), self.symbols)?;
        if let Some(left_out) = &chosen.left_out {
            observer.notice(left_out);
        }
        let mut files: Vec<Option<PriceFile>> = files.into_iter().map(Some).collect();
        let mut all = Vec::with_capacity(chosen.series.len());
        for (symbol, places) in chosen.series {
            let taken = places.iter().filter_map(|place| {
                let file = files.get_mut(*place)?.take()?;
                Some((members.get(*place)?.path.clone(), file))
            });
            let taken: Vec<(PathBuf, PriceFile)> = taken.collect();
            let symbol = symbol.unwrap_or_else(|| {
                taken.first().map(|(path, _)| plain_name(path)).unwrap_or_default()
            });
            all.push(self.series(symbol, taken, observer)?);
        }
        Ok(all)
    }

    /// The files that the paths stand for.
    fn members(&self, observer: &dyn Observer) -> Result<Vec<Member>, RunError> {
        let mut members = Vec::with_capacity(self.paths.len());
        for (place, path) in self.paths.iter().enumerate() {
            let PriceFiles { paths, others } = price_files(path).map_err(refused)?;
            if let Some(first) = others.first() {
                observer.notice(&format!(
                    "{}: left out what is no price file: {}{}",
                    path.display(),
                    file_name(first),
                    and_more(others.len())
                ));
            }
            members.extend(paths.into_iter().map(|path| Member { path, place }));
        }
        if members.len() > PRICE_FILES_MAX {
            let found = members.len();
            return Err(RunError::input(format!(
                "{found} price files: expected at most {PRICE_FILES_MAX}; take longer files, or a shorter period"
            )));
        }
        Ok(members)
    }

    fn read_all(
        &self,
        members: &[Member],
        budget: &FileBudget,
        observer: &dyn Observer,
    ) -> Result<Vec<PriceFile>, RunError> {
        let default = ReadOptions::default();
        let options = |member: &Member| self.options.get(member.place).unwrap_or(&default);
        if let [member] = members {
            return Ok(vec![read_price_file(&member.path, options(member), budget, observer)?]);
        }
        let progress = observer.begin(Task::ReadFiles(members.len()));
        let one = |member: &Member| {
            let file = read_file_with(&member.path, options(member), budget, &mut |_| {});
            progress.advance();
            file.map_err(refused)
        };
        let files: Vec<Result<PriceFile, RunError>> = members.par_iter().map(one).collect();
        let files = all_or_mistakes(files)?;
        let paths = members.iter().map(|member| member.path.as_path());
        tell_all(paths.zip(&files), observer);
        Ok(files)
    }

    /// The series of `symbol` that `parts` are.
    fn series(
        &self,
        symbol: String,
        mut parts: Vec<(PathBuf, PriceFile)>,
        observer: &dyn Observer,
    ) -> Result<FileSeries, RunError> {
        // What the user says of the bars holds for all files.
        if self.interval.is_none() {
            check_intervals(&symbol, &parts)?;
        }
        // In whatever order the files are named, a repair finds their rows in the same.
        let first_time = |file: &PriceFile| file.columns.time.iter().min().copied();
        parts.sort_by(|(path, file), (other, next)| {
            first_time(file).cmp(&first_time(next)).then_with(|| path.cmp(other))
        });
        let rows =
            |(path, file): &(PathBuf, PriceFile)| (path.clone(), file.columns.time.len() as u64);
        let files: Vec<(PathBuf, u64)> = parts.iter().map(rows).collect();
        let first = files.first().map(|(path, _)| path.display().to_string()).unwrap_or_default();
        let name = format!("{first}{}", and_more(files.len()));
        let file =
            joined(parts).ok_or_else(|| RunError::run(format!("{symbol}: there is no file")))?;
        if files.len() > 1 {
            tell(&file, Path::new(&name), observer);
        }
        let interval = interval_of_file(&file, self.interval, Path::new(&name), observer)?;
        Ok(FileSeries { name, symbol, interval, file, files })
    }
}

/// All of `files`; what is wrong with any of them is told at once.
fn all_or_mistakes(files: Vec<Result<PriceFile, RunError>>) -> Result<Vec<PriceFile>, RunError> {
    /// Files of which the mistakes are told.
    const TOLD_MAX: usize = 20;
    let mut sound = Vec::with_capacity(files.len());
    let mut mistakes = Vec::new();
    for file in files {
        match file {
            Ok(file) => sound.push(file),
            Err(error @ (RunError::Input(_) | RunError::Problems(_))) => {
                mistakes.extend(error.messages());
            }
            Err(error) => return Err(error),
        }
    }
    if mistakes.is_empty() {
        return Ok(sound);
    }
    let count = mistakes.len();
    mistakes.truncate(TOLD_MAX);
    if count > TOLD_MAX {
        mistakes.push(format!("and {} more files cannot be read", count - TOLD_MAX));
    }
    Err(RunError::inputs(mistakes))
}

/// The symbol that a file tells: in it, or by its name.
fn told_symbol(file: &PriceFile, path: &Path) -> Option<String> {
    file.label.symbol.clone().or_else(|| pair_of_name(path))
}

/// Behind the first of `count`: how many more there are.
fn and_more(count: usize) -> String {
    match count {
        ..=1 => String::new(),
        count => format!(" and {} more", count - 1),
    }
}

/// # Errors
/// [`RunError::Input`] with both files when two of `parts` have bars of different lengths.
fn check_intervals(symbol: &str, parts: &[(PathBuf, PriceFile)]) -> Result<(), RunError> {
    let shown = parts.iter().filter_map(|(path, file)| Some((path, interval_shown(file)?)));
    let shown: Vec<(&PathBuf, Interval)> = shown.collect();
    let Some((first, interval)) = shown.first() else { return Ok(()) };
    match shown.iter().find(|(_, other)| other != interval) {
        None => Ok(()),
        Some((path, other)) => Err(RunError::input(format!(
            "{symbol}: {} has bars of {interval}, {} bars of {other}: files of one symbol are one series, whose bars are \
             equally long; name files with bars of one length",
            first.display(),
            path.display()
        ))),
    }
}

/// The length of bars that `file` shows beyond doubt: of few rows those between may just be missing.
fn interval_shown(file: &PriceFile) -> Option<Interval> {
    const ROWS_MIN: usize = 10;
    if file.columns.time.len() < ROWS_MIN {
        return file.label.interval;
    }
    interval_of_rows(&file.columns).ok()
}
