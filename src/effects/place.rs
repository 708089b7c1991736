//! Where the page stands.

use leptos::prelude::window;

/// The folder of the site's address, with the slash at its end.
#[must_use]
pub fn site() -> String {
    let location = window().location();
    let (origin, path) = (location.origin().unwrap_or_default(), location.pathname().unwrap_or_default());
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    [&origin, folder, "/"].concat()
}
