//! What moves the dots of the requests that are looked at: one player for the diagram, its controls and the story beside the
//! terminal.

use leptos::prelude::*;
use session::Model;
use session::scene::{Flights, Player, Route, Spot};

use crate::bridge::Bridge;
use crate::effects::{clock, motion};

/// The player of the page. Copying it copies a reference.
#[derive(Clone, Copy)]
pub(super) struct Play {
    /// The one way that is looked at.
    pub(super) route: Memo<Option<Route>>,
    /// The ways that are looked at together.
    pub(super) routes: Memo<Vec<Route>>,
    /// All of them in time.
    pub(super) flights: Memo<Flights>,
    /// Where time stands in them.
    pub(super) player: RwSignal<Player>,
    running: StoredValue<bool>,
    /// Whether dots jump from stop to stop; asked when something begins to move, not for each dot in each frame.
    still: StoredValue<bool>,
}

impl Play {
    /// The player of a session; it starts by itself when another request is looked at.
    pub(super) fn new(bridge: Bridge) -> Self {
        let route = bridge.view(Model::route);
        let routes = bridge.view(Model::routes);
        let flights = Memo::new(move |_| match route.get() {
            Some(one) => Flights::of(&[one]),
            None => routes.with(|routes| Flights::of(routes)),
        });
        let play = Self {
            route,
            routes,
            flights,
            player: RwSignal::new(Player { playing: false, ..Player::default() }),
            running: StoredValue::new(false),
            still: StoredValue::new(motion::is_reduced()),
        };
        let asked = Memo::new(move |_| {
            let one = route.with(|route| route.as_ref().map(|route| (route.trace, route.title.clone())));
            (one, routes.with(|routes| routes.first().map(|route| (route.trace, routes.len()))))
        });
        Effect::new(move |_| {
            if asked.get() != (None, None) {
                play.player.update(|player| *player = Player { speed: player.speed, ..Player::default() });
                play.run();
            }
        });
        play
    }

    /// Changes something of the player, and moves on if it plays then.
    pub(super) fn change(self, how: impl FnOnce(&mut Player, &Flights)) {
        self.flights.with_untracked(|flights| self.player.update(|player| how(player, flights)));
        self.run();
    }

    /// Where a dot is; `None` before it starts. True when it has ended.
    pub(super) fn spot(self, which: usize) -> Option<(Spot, bool)> {
        let moment = self.player.with(|player| player.moment);
        self.flights.with(|flights| flights.at(which, moment, !self.still.get_value()))
    }

    /// The stop at which the dot of the only way is.
    pub(super) fn stop(self) -> Option<usize> {
        self.route.with(Option::is_some).then(|| self.spot(0).map(|(spot, _)| spot.stop))?
    }

    /// Whether everything has arrived.
    pub(super) fn is_over(self) -> bool {
        let length = self.flights.with(Flights::length);
        self.player.with(|player| player.moment >= length)
    }

    fn run(self) {
        self.still.set_value(motion::is_reduced());
        let plays = self.player.with_untracked(|player| player.playing);
        if plays && !self.running.get_value() {
            self.running.set_value(true);
            self.frame(clock::precise());
        }
    }

    fn frame(self, last: f64) {
        request_animation_frame(move || {
            let now = clock::precise();
            let length = self.flights.with_untracked(Flights::length);
            self.player.update(|player| player.advance(length, now - last));
            if self.player.with_untracked(|player| player.playing) {
                self.frame(now);
            } else {
                self.running.set_value(false);
            }
        });
    }
}

/// The player of the page that a component is in.
pub(super) fn play() -> Play {
    expect_context::<Play>()
}
