//! Records as text. Models lib/dns/masterdump.c with dig's style.

use cluster::network::dns::{Data, Record, RecordType};

use super::dotted;

/// The columns of TTL, class, type and data.
const COLUMNS: [usize; 4] = [24, 32, 40, 48];

const TAB: usize = 8;

/// Fills up to a column with tabs and spaces. Models `indent`.
fn indent(text: &mut String, at: &mut usize, to: usize) {
    let to = to.max(*at + 1);
    let tabs = to / TAB - *at / TAB;
    let mut from = *at;
    if tabs > 0 {
        text.push_str(&"\t".repeat(tabs));
        from = to / TAB * TAB;
    }
    text.push_str(&" ".repeat(to - from));
    *at = to;
}

/// A line of an answer.
pub(super) fn record(record: &Record) -> String {
    let mut text = dotted(&record.name);
    let mut at = text.len();
    let kind = record.data.record_type().as_str();
    for (column, word) in COLUMNS.into_iter().zip([record.ttl.to_string().as_str(), "IN", kind, &data(&record.data)]) {
        indent(&mut text, &mut at, column);
        text.push_str(word);
        at += word.len();
    }
    text + "\n"
}

/// The line of a question.
pub(super) fn question(name: &str, record: RecordType) -> String {
    let mut text = dotted(name);
    let mut at = text.len();
    for (column, word) in COLUMNS[1..].iter().zip(["IN", record.as_str()]) {
        indent(&mut text, &mut at, *column);
        text.push_str(word);
        at += word.len();
    }
    format!(";{text}\n")
}

/// The data of a record.
pub(super) fn data(data: &Data) -> String {
    match data {
        Data::A(ip) => ip.to_string(),
        Data::Aaaa(ip) => ip.to_string(),
        Data::Cname(name) | Data::Ptr(name) => dotted(name),
        Data::Srv { priority, weight, port, target } => format!("{priority} {weight} {port} {}", dotted(target)),
        Data::Txt(text) => format!("\"{text}\""),
        Data::Soa { server, mailbox, serial, times: [refresh, retry, expire, minimum] } => {
            format!("{} {} {serial} {refresh} {retry} {expire} {minimum}", dotted(server), dotted(mailbox))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_reached_by_tabs_and_long_names_push_them() {
        let a = |name: &str| record(&Record { name: name.into(), ttl: 30, data: Data::A([10, 0, 0, 1].into()) });
        assert_eq!(a("example.com"), "example.com.\t\t30\tIN\tA\t10.0.0.1\n");
        assert_eq!(a("web.default.svc.cluster.local"), "web.default.svc.cluster.local. 30 IN\tA\t10.0.0.1\n");
        assert_eq!(a("db-0.db.default.svc.cluster.local"), "db-0.db.default.svc.cluster.local. 30 IN A\t10.0.0.1\n");
        let name = "_http._tcp.web.default.svc.cluster.local";
        assert_eq!(a(name), format!("{name}. 30 IN\tA 10.0.0.1\n"));
        assert_eq!(question("api", RecordType::A), ";api.\t\t\t\tIN\tA\n");
        assert_eq!(
            question("ext-inside.default.svc.cluster.local", RecordType::A),
            ";ext-inside.default.svc.cluster.local. IN A\n"
        );
    }
}
