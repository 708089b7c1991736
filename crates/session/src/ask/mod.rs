//! Requests that are chosen rather than typed: from where, to where, how many.
//!
//! - [`choices`]: what there is to choose from
//! - [`send`](mod@send): names are looked up as a program would, then the request goes its way
//! - [`spread`]: who answered how many of them

pub mod choices;
pub mod send;
pub mod spread;

use cluster::network::{Protocol, Vantage};
use scene::{FigureId, Journey};

#[cfg(test)]
mod tests;

pub use choices::Choices;
pub use spread::{Bar, Spread};

/// A place that requests can be sent from.
#[derive(Clone, PartialEq, Debug)]
pub struct Origin {
    /// In the viewer's words: `pod web`.
    pub label: String,
    /// The place.
    pub vantage: Vantage,
    /// Its figure.
    pub figure: FigureId,
}

/// An address that requests can be sent to.
#[derive(Clone, PartialEq, Debug)]
pub struct Aim {
    /// In the viewer's words: `Service web by its name`.
    pub label: String,
    /// What it belongs to.
    pub figure: FigureId,
    /// A name, or an address in numbers; HTTP servers are told it.
    pub host: String,
    /// The address, where it is not found by asking for the name.
    pub at: Option<std::net::Ipv4Addr>,
    /// The port.
    pub port: u16,
    /// The protocol.
    pub protocol: Protocol,
    /// What is asked for by HTTP.
    pub path: String,
}

impl Aim {
    /// As one would write it: `web:80/cart`.
    #[must_use]
    pub fn address(&self) -> String {
        let path = if self.path == "/" { "" } else { &self.path };
        format!("{}:{}{path}", self.host, self.port)
    }
}

/// What is to be sent.
#[derive(Clone, PartialEq, Debug)]
pub struct Ask {
    /// From where.
    pub from: Origin,
    /// To where.
    pub to: Aim,
    /// How often: 1 to [`MOST`].
    pub times: usize,
}

/// More at once says nothing new.
pub const MOST: usize = 1000;

/// What was asked and is looked at.
#[derive(Clone, PartialEq, Debug)]
pub struct Asked {
    /// `pod client to web:80`
    pub title: String,
    /// Each request.
    pub journeys: Vec<Journey>,
    /// The one whose way is shown; `None` while all of them are shown together.
    pub shown: Option<usize>,
}

impl Asked {
    /// One request whose way is shown.
    #[must_use]
    pub fn one(journey: Journey) -> Self {
        Self { title: journey.title.clone(), journeys: vec![journey], shown: Some(0) }
    }

    /// The request whose way is shown.
    #[must_use]
    pub fn journey(&self) -> Option<&Journey> {
        self.journeys.get(self.shown?)
    }
}
