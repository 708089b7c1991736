//! `playground bring FILE` and `playground home FILE`: from a real cluster, and to one.

use session::saved::Saved;
use session::{Effect, Model, Msg, update};

/// How long the scene's pods have to start, in milliseconds of virtual time.
const PATIENCE: u64 = 120_000;

/// Manifests of what a real cluster printed; what is not as it was there goes to stderr.
///
/// # Errors
/// When the file cannot be read, or is no such print.
pub(crate) fn bring(path: &str) -> Result<String, String> {
    let brought = session::bring::bring(&read(path)?).map_err(|why| format!("{path}: {why}"))?;
    for remark in &brought.remarks {
        crate::complain(&format!("{}: {}", remark.object, remark.words));
    }
    Ok(brought.text.trim_end().to_owned())
}

/// The script that builds a scene elsewhere.
///
/// # Errors
/// When the file cannot be read, or the playground's cluster does not take it.
pub(crate) fn home(path: &str) -> Result<String, String> {
    let files = vec![("scene.yaml".to_owned(), read(path)?)];
    let mut model = Model::new(Some(Saved { seed: 1, history: Vec::new(), files, open: 0, aside: Vec::new() }));
    let mut at = 0;
    while at < PATIENCE {
        let effects = update(&mut model, Msg::Tick(at));
        let next = effects.iter().find_map(|effect| if let Effect::TickAt(next) = effect { Some(*next) } else { None });
        at = next.unwrap_or(PATIENCE).max(at + 1);
    }
    let wrong = model.diagnostics().into_iter().find(|diagnostic| diagnostic.severity == session::Severity::Error);
    match wrong {
        Some(wrong) => Err(format!("{path}:{}:{}: {}", wrong.line, wrong.column, wrong.message)),
        None => Ok(model.take_home().trim_end().to_owned()),
    }
}

fn read(path: &str) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("cannot read {path}: {error}"))
}
