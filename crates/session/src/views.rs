//! Views of the model that have to do with requests, time and the diagram's tools. Plain data, as all views.

use std::sync::Arc;

use scene::{FigureId, Options, Route};

use crate::Model;
use crate::ask::{Choices, Spread, spread};
use crate::time::{Clock, Timeline};

impl Model {
    /// The way of the request that is looked at.
    #[must_use]
    pub fn route(&self) -> Option<Route> {
        Some(scene::route(&self.picture, self.asked.as_ref()?.journey()?))
    }

    /// Whether requests are looked at.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.asked.is_some()
    }

    /// The ways of the first of many requests, to be shown at once; none while one alone is looked at.
    #[must_use]
    pub fn routes(&self) -> Vec<Route> {
        /// More dots than this are no longer told apart.
        const MOST: usize = 20;
        let many = self.asked.as_ref().filter(|asked| asked.shown.is_none());
        let journeys = many.iter().flat_map(|asked| &asked.journeys).take(MOST);
        journeys.map(|journey| scene::route(&self.picture, journey)).collect()
    }

    /// Who answered how many of many requests.
    #[must_use]
    pub fn spread(&self) -> Option<Spread> {
        self.asked.as_ref().filter(|asked| asked.journeys.len() > 1).map(spread::spread)
    }

    /// From where and to where a request can be sent.
    #[must_use]
    pub fn choices(&self) -> Arc<Choices> {
        Arc::clone(&self.choices)
    }

    /// Why nothing was sent, when that was asked for last.
    #[must_use]
    pub fn unasked(&self) -> Option<String> {
        self.unasked.clone()
    }

    /// What happened so far.
    #[must_use]
    pub fn timeline(&self) -> Arc<Timeline> {
        Arc::clone(&self.timeline)
    }

    /// The time that it is, and the one that is looked at.
    #[must_use]
    pub fn clock(&self) -> Clock {
        Clock {
            now: self.cluster.now(),
            paused: self.pace.paused,
            speed: self.pace.speed,
            past: self.past.as_ref().map(|past| past.at),
            watching: self.past.as_ref().is_some_and(|past| past.watching),
        }
    }

    /// The figures that have to do with some words.
    #[must_use]
    pub fn find(&self, words: &str) -> Vec<FigureId> {
        scene::find(self.looked_at(), &self.picture, words)
    }

    /// What stands for several pods in the diagram, and what is left out of it.
    #[must_use]
    pub fn options(&self) -> Options {
        self.options.clone()
    }
}
