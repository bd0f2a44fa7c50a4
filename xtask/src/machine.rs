//! What a fresh Debian machine lacks: said in plain words, installed by apt when root, otherwise named and stopped at.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Result, bail};

use crate::run::{command, finish};

/// Something the machine must have.
pub struct Need {
    /// What it is for, in plain words.
    why: &'static str,
    /// Debian's packages that bring it.
    packages: &'static [&'static str],
    /// Whether it is there already.
    present: fn() -> bool,
}

/// Node with npm: builds the style sheets and scripts; not needed once the product runs.
pub const NODE: Need = Need {
    why: "Node and npm build the pages' styles and scripts",
    packages: &["nodejs", "npm"],
    present: || answers("npm", "--version"),
};
/// PostgreSQL 15: each repository test runs on it too.
pub const POSTGRES: Need = Need {
    why: "each storage test runs on PostgreSQL 15 as well",
    packages: &["postgresql-15"],
    present: || Path::new("/usr/lib/postgresql/15/bin/initdb").exists(),
};
/// Chromium with its driver: the product is tried in a real browser.
pub const BROWSER: Need = Need {
    why: "pages are tried in a real browser",
    packages: &["chromium", "chromium-driver"],
    present: || answers("chromedriver", "--version") && answers("chromium", "--version"),
};
/// A Chinese typeface: screenshots without one show empty boxes.
pub const TYPEFACE: Need = Need {
    why: "screenshots need a Chinese typeface",
    packages: &["fonts-noto-cjk"],
    present: typeface_present,
};

fn answers(program: &str, argument: &str) -> bool {
    command(program, &[argument])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn typeface_present() -> bool {
    [
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
    ]
    .iter()
    .any(|path| Path::new(path).exists())
}

fn is_root() -> bool {
    command("id", &["-u"]).output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// Makes sure that all `needs` are met.
///
/// # Errors
/// When something is missing and this is not root: the error is the exact command to run.
pub fn require(needs: &[Need]) -> Result<()> {
    let missing: Vec<&Need> = needs.iter().filter(|need| !(need.present)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages.iter().copied()).collect();
    for need in &missing {
        println!("Missing: {} ({}).", need.packages.join(", "), need.why);
    }
    if !is_root() {
        bail!(
            "please run this once, then start again:\n\n    sudo apt-get update && sudo apt-get install --yes --no-install-recommends {}\n",
            packages.join(" ")
        );
    }
    println!("Installing with apt: {}", packages.join(" "));
    finish(command("apt-get", &["update", "--quiet"]).env("DEBIAN_FRONTEND", "noninteractive"))?;
    let mut install = command("apt-get", &["install", "--yes", "--quiet", "--no-install-recommends"]);
    finish(install.args(&packages).env("DEBIAN_FRONTEND", "noninteractive"))
}
