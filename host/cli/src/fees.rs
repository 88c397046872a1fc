//! `ct-host fees`: published fees that a run can be given by name.

use serde::Serialize;

use super::failure::Failure;
use super::terminal::{Terminal, write_json};
use ct_host::config::quotation;
use ct_host::costs::{FeeAsset, FeePreset, FeeSchedule, fee_presets};
use ct_host::report::{Block, Column, Document, Fact, Note, Section, Table};
use ct_host::suggestion::suggestion;
use ct_host::units::{Money, Rate};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Name of published fees, such as binance-spot [default: list all]
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// Write JSON
    #[arg(long)]
    json: bool,
}

/// Published fees as JSON.
#[derive(Debug, Serialize)]
struct Published {
    name: &'static str,
    exchange: &'static str,
    source: &'static str,
    as_of: &'static str,
    scope: &'static str,
    fees: FeeSchedule,
}

impl From<&FeePreset> for Published {
    fn from(preset: &FeePreset) -> Self {
        let FeePreset { name, exchange, source, as_of, scope, .. } = *preset;
        Self { name, exchange, source, as_of, scope, fees: preset.schedule() }
    }
}

/// Lists published fees, or shows those of one name with every tier.
///
/// # Errors
/// [`Failure::input`] when there are none of that name.
pub(super) fn run(arguments: &Args, terminal: Terminal) -> Result<(), Failure> {
    match &arguments.name {
        None => list(arguments.json, terminal),
        Some(name) => show(&found(name)?.into(), arguments.json, terminal),
    }
}

fn found(name: &str) -> Result<&'static FeePreset, Failure> {
    FeePreset::named(name).ok_or_else(|| {
        let names: Vec<&str> = fee_presets().iter().map(|preset| preset.name).collect();
        let hint = match suggestion(name, names.iter().copied()) {
            Some(meant) => format!("did you mean '{meant}'?"),
            None => format!("expected one of {}", names.join(", ")),
        };
        Failure::input(format!("there are no published fees '{}': {hint}", quotation(name)))
    })
}

fn list(json: bool, terminal: Terminal) -> Result<(), Failure> {
    let all: Vec<Published> = fee_presets().iter().map(Published::from).collect();
    if json { write_json(&all) } else { terminal.document(&list_document(&all)) }
}

fn list_document(all: &[Published]) -> Document {
    let columns = vec![
        Column::words("Name"),
        Column::words("Exchange"),
        Column::numbers("Maker bps"),
        Column::numbers("Taker bps"),
        Column::numbers("Tiers"),
        Column::words("As of"),
    ];
    let row = |published: &Published| {
        vec![
            published.name.to_owned(),
            published.exchange.to_owned(),
            bps(published.fees.maker_bps),
            bps(published.fees.taker_bps),
            (published.fees.tiers.len() + 1).to_string(),
            published.as_of.to_owned(),
        ]
    };
    let table = Table { caption: String::new(), columns, rows: all.iter().map(row).collect() };
    let hint = "`ct-host fees NAME` shows the tiers and where the numbers come from; `ct-host backtest --fee-preset NAME` uses \
                them. Exchanges change their fees: check yours.";
    let blocks = vec![Block::Table(table), Block::Note(Note::plain(hint))];
    Document {
        title: "Published fees".to_owned(),
        notes: Vec::new(),
        sections: vec![Section::detail("Lowest tiers", blocks)],
    }
}

fn show(published: &Published, json: bool, terminal: Terminal) -> Result<(), Failure> {
    if json { write_json(published) } else { terminal.document(&document(published)) }
}

fn document(published: &Published) -> Document {
    let fees = &published.fees;
    let asset = match fees.asset {
        FeeAsset::Quote => "in quote asset",
        FeeAsset::Base => "in what is bought; in quote asset on sales",
    };
    let facts = vec![
        Fact::new("Exchange", published.exchange),
        Fact::new("Source", published.source),
        Fact::new("As of", published.as_of),
        Fact::new("Scope", published.scope),
        Fact::new("Taken", asset),
    ];
    let columns = vec![
        Column::numbers("Tier"),
        Column::numbers("Volume of 30 days"),
        Column::numbers("Maker bps"),
        Column::numbers("Taker bps"),
    ];
    let lowest = (Money::ZERO, fees.maker_bps, fees.taker_bps);
    let higher = fees.tiers.iter().map(|tier| (tier.volume_min, tier.maker_bps, tier.taker_bps));
    let rows = std::iter::once(lowest).chain(higher).enumerate();
    let rows = rows.map(|(tier, (volume, maker, taker))| {
        vec![tier.to_string(), volume.to_string(), bps(maker), bps(taker)]
    });
    let table = Table { caption: String::new(), columns, rows: rows.collect() };
    Document {
        title: format!("Published fees {}", published.name),
        notes: Vec::new(),
        sections: vec![
            Section::detail("Origin", vec![Block::Properties(facts)]),
            Section::detail("Tiers", vec![Block::Table(table)]),
        ],
    }
}

fn bps(rate: Rate) -> String {
    rate.to_bps().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_and_shown_with_all_its_tiers() {
        for preset in fee_presets() {
            let published = Published::from(found(preset.name).unwrap());
            let document = document(&published);
            let tables = document.sections.iter().flat_map(|section| &section.blocks);
            let rows = tables.filter_map(|block| match block {
                Block::Table(table) => Some(table.rows.len()),
                _ => None,
            });
            assert_eq!(rows.sum::<usize>(), published.fees.tiers.len() + 1, "{}", preset.name);
        }
    }

    #[test]
    fn an_unknown_name_gets_a_suggestion() {
        let message = |name| found(name).unwrap_err().messages().concat();
        assert!(message("binance-sptot").ends_with("did you mean 'binance-spot'?"));
        assert!(message("xyz").contains("expected one of"));
    }
}
