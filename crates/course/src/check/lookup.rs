//! `lookup`: which addresses a name has, asked from a place.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::sync::Arc;

use cluster::network::{Outcome, Reply};

use super::traffic::run;
use super::{Check, Evidence, Judge, Verdict};
use crate::limits;
use crate::read::Node;
use crate::reference::{Sender, fill};

pub(super) static CHECK: Check = Check { name: "lookup", fields: &["from", "name", "addresses", "includes"], read };

fn read(node: &Node<'_>) -> Arc<dyn Judge> {
    let addresses = node.get("addresses").map(|count| count.number(0, 1000));
    let includes = node.get_text("includes", limits::TITLE);
    if addresses.is_none() && includes.is_none() {
        node.complain(
            "say how many addresses the name must have (addresses), or one that must be among them (includes)",
        );
    }
    Arc::new(Lookup {
        from: node.need("from").map_or(Sender::Laptop, |from| Sender::read(&from)),
        name: node.need_text("name", limits::TITLE),
        addresses,
        includes,
    })
}

#[derive(Debug)]
struct Lookup {
    from: Sender,
    name: String,
    addresses: Option<u64>,
    includes: Option<String>,
}

impl Judge for Lookup {
    fn judge(&self, evidence: &Evidence<'_>) -> Verdict {
        let mut fork = evidence.cluster.clone();
        let filled = fill(&self.name, &fork).and_then(|name| {
            let includes = self.includes.as_ref().map(|text| fill(text, &fork)).transpose()?;
            Ok((name, includes, self.from.enter(&mut fork)?))
        });
        let (name, includes, vantage) = match filled {
            Ok(filled) => filled,
            Err(words) => return Verdict::of(false, words),
        };
        // nslookup has ideas of its own about search lists; what counts is how programs find names. Nobody listens on
        // port 1, and nobody has to.
        let argv = ["wget", "-q", "-T", "1", "-O", "-", &format!("http://{name}:1/")];
        let traces = run(&mut fork, &vantage, argv.map(str::to_owned).to_vec());
        let mut found: BTreeSet<Ipv4Addr> = BTreeSet::new();
        let mut heard = false;
        for trace in &traces {
            if let Outcome::Answered(Reply::Dns(answer)) = &trace.outcome {
                heard = true;
                found.extend(answer.addresses());
            }
        }
        let met = heard
            && self.addresses.is_none_or(|wanted| found.len() as u64 == wanted)
            && includes.is_none_or(|ip| found.iter().any(|found| found.to_string() == ip));
        let list: Vec<String> = found.iter().map(ToString::to_string).collect();
        let words = match (heard, list.is_empty()) {
            (false, _) => format!("no name server answers {}", self.from),
            (true, true) => format!("{name} has no address, asked from {}", self.from),
            (true, false) => format!("{name} has {}, asked from {}", list.join(", "), self.from),
        };
        Verdict::of(met, words)
    }
}
