//! The browsers that tests run in, and the drivers that wasm-bindgen's test runner talks to.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Outcome};
use crate::process;
use crate::project::Project;
use crate::tools::GECKODRIVER;

/// A browser that every test runs in.
#[derive(Clone, Copy)]
pub(crate) enum Browser {
    Chromium,
    Firefox,
    /// WebKitGTK: for journeys only. It is driven through its driver, and has windows only.
    WebKit,
}

impl Browser {
    /// As steps and messages call it, and puppeteer's journeys.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// The driver's program.
    pub(crate) fn driver_name(self) -> &'static str {
        match self {
            Self::Chromium => "chromedriver",
            Self::Firefox => "geckodriver",
            Self::WebKit => "WebKitWebDriver",
        }
    }

    /// The names under which systems install the browser; of WebKit its driver, which finds the browser.
    fn programs(self) -> &'static [&'static str] {
        match self {
            Self::Chromium => &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
            Self::Firefox => &["firefox", "firefox-esr"],
            Self::WebKit => &["WebKitWebDriver"],
        }
    }

    /// Debian's packages: the browser, and the driver where there is one.
    fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Chromium => &["chromium", "chromium-driver"],
            Self::Firefox => &["firefox-esr"],
            Self::WebKit => &["webkit2gtk-driver", "xvfb"],
        }
    }
}

/// The browser's program, or the program that starts it.
///
/// # Errors
/// When it is neither there nor installable here.
pub(crate) fn executable(browser: Browser) -> Outcome<PathBuf> {
    if matches!(browser, Browser::WebKit) {
        find_or_install(browser, &["Xvfb"])?;
    }
    find_or_install(browser, browser.programs())
}

/// The driver of the browser, for wasm-bindgen's test runner.
///
/// # Errors
/// When it is neither there nor installable here.
pub(crate) fn driver(browser: Browser, project: &Project) -> Outcome<PathBuf> {
    match browser {
        Browser::Chromium | Browser::WebKit => find_or_install(browser, &[browser.driver_name()]),
        // Any geckodriver drives any recent Firefox, so one on PATH will do whatever its version.
        Browser::Firefox => match process::on_path(&["geckodriver"]) {
            Some(found) => Ok(found),
            None => Ok(GECKODRIVER.folder(project)?.join("geckodriver")),
        },
    }
}

fn find_or_install(browser: Browser, programs: &[&str]) -> Outcome<PathBuf> {
    if let Some(found) = process::on_path(programs) {
        return Ok(found);
    }
    let packages = browser.packages().join(" ");
    if may_use_apt() {
        let mut update = Command::new("apt-get");
        process::quiet(
            "updating apt's lists",
            "10 s",
            update.args(["update", "-q"]),
            "does `apt-get update` work here?",
        )?;
        let mut install = Command::new("apt-get");
        install.env("DEBIAN_FRONTEND", "noninteractive").args(["install", "-y", "-q", "--no-install-recommends"]);
        install.args(browser.packages());
        process::quiet(
            &format!("installing {packages}"),
            "1 min",
            &mut install,
            "install the packages by hand, then run the same again",
        )?;
    }
    process::on_path(programs).ok_or_else(|| {
        Failure::new(
            format!("there is no {} on PATH", programs[0]),
            format!("install it (Debian, Ubuntu: apt install {packages}) and run the same again"),
        )
    })
}

/// On Debian as root, packages are installed without asking: that is a container or a CI machine.
fn may_use_apt() -> bool {
    let root = process::read(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    root && Path::new("/etc/debian_version").exists() && process::on_path(&["apt-get"]).is_some()
}
