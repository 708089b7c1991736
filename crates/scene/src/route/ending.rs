//! How a request ended. Every ending has a sign and a word of its own, so that none is told by colour alone.

use cluster::network::{Outcome, Refusal, Reply};

use crate::figure::Tone;

/// How a request ended.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Ending {
    /// There was an answer, with this status if it was HTTP and 0 otherwise.
    Answered(u16),
    /// An answer that says: you asked for something I do not have (4xx).
    NotFound(u16),
    /// An answer that says: nobody here can do that now (5xx).
    Unavailable(u16),
    /// The answer was no answer to what was asked.
    Garbled,
    /// Somebody said no.
    Refused,
    /// Nobody knows the way to the address.
    Unreachable,
    /// Nothing came back.
    Lost,
    /// The name has no address.
    Unresolved,
}

/// The shape of an ending's badge.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sign {
    /// A circle with a tick.
    Tick,
    /// A diamond with the status.
    Diamond,
    /// A triangle with the status.
    Triangle,
    /// An octagon with a bar, as where one must stop.
    Octagon,
    /// A broken ring: it went out.
    BrokenRing,
    /// A square with a question mark.
    Question,
}

impl Ending {
    /// The ending of an outcome.
    #[must_use]
    pub fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Answered(Reply::Http(response)) => match response.status {
                status @ 400..=499 => Self::NotFound(status),
                status @ 500.. => Self::Unavailable(status),
                status => Self::Answered(status),
            },
            Outcome::Answered(Reply::Dns(answer)) if answer.addresses().is_empty() => Self::Unresolved,
            Outcome::Answered(Reply::Garbage) => Self::Garbled,
            Outcome::Answered(_) => Self::Answered(0),
            Outcome::Refused(Refusal::HostUnreachable | Refusal::NoRoute | Refusal::NetworkUnreachable) => {
                Self::Unreachable
            }
            Outcome::Refused(_) => Self::Refused,
            Outcome::Lost => Self::Lost,
        }
    }

    /// In a word or two, for a badge: `200`, `refused`.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Self::Answered(0) => "answered".to_owned(),
            Self::Answered(status) | Self::NotFound(status) | Self::Unavailable(status) => status.to_string(),
            Self::Garbled => "odd answer".to_owned(),
            Self::Refused => "refused".to_owned(),
            Self::Unreachable => "no route".to_owned(),
            Self::Lost => "lost".to_owned(),
            Self::Unresolved => "no such name".to_owned(),
        }
    }

    /// The shape of its badge.
    #[must_use]
    pub fn sign(self) -> Sign {
        match self {
            Self::Answered(_) => Sign::Tick,
            Self::NotFound(_) => Sign::Diamond,
            Self::Unavailable(_) | Self::Garbled => Sign::Triangle,
            Self::Refused => Sign::Octagon,
            Self::Unreachable | Self::Lost => Sign::BrokenRing,
            Self::Unresolved => Sign::Question,
        }
    }

    /// How it is to be shown.
    #[must_use]
    pub fn tone(self) -> Tone {
        match self {
            Self::Answered(_) => Tone::Good,
            Self::Lost | Self::Unreachable => Tone::Waiting,
            Self::Unresolved => Tone::Leaving,
            _ => Tone::Bad,
        }
    }
}

#[cfg(test)]
mod tests {
    use cluster::network::HttpResponse;

    use super::*;

    #[test]
    fn endings_that_mean_different_things_differ_in_word_and_in_shape_or_tone() {
        let http = |status| {
            let response = HttpResponse { status, reason: String::new(), headers: Vec::new(), body: Vec::new() };
            Ending::of(&Outcome::Answered(Reply::Http(response)))
        };
        let all = [
            http(200),
            http(404),
            http(503),
            Ending::of(&Outcome::Answered(Reply::Connected)),
            Ending::of(&Outcome::Refused(Refusal::NoEndpoints)),
            Ending::of(&Outcome::Refused(Refusal::HostUnreachable)),
            Ending::of(&Outcome::Lost),
            Ending::Unresolved,
        ];
        for (at, one) in all.iter().enumerate() {
            assert!(all[at + 1..].iter().all(|other| other.word() != one.word()), "{one:?}");
        }
        for pair in [(http(404), http(503)), (http(503), Ending::Refused), (Ending::Refused, Ending::Lost)] {
            assert_ne!(pair.0.sign(), pair.1.sign(), "{pair:?}");
        }
    }
}
