//! A port that `kubectl apply` lost: it merges a Service's ports by their number alone.

use api::metadata::LAST_APPLIED;
use api::object::lookup;
use api::{Kind, Object, Path, Value};

use super::Check;
use crate::{Report, View};

pub(super) struct LostPort;

impl Check for LostPort {
    fn code(&self) -> &'static str {
        "lost-port"
    }

    fn concerns(&self, kind: &Kind) -> bool {
        *kind == api::service::KIND
    }

    fn check(&self, _view: &View<'_>, service: &Object, report: &mut Report<'_>) {
        let Some(applied) = service.annotation(LAST_APPLIED) else { return };
        let stream = manifest::parse(applied);
        let value = stream.documents.first().and_then(manifest::Document::value);
        let wanted = value.and_then(|value| lookup(value, &["spec", "ports"])).and_then(Value::as_array);
        let has: Vec<(i64, String)> = service.list(&["spec", "ports"]).iter().filter_map(number_and_protocol).collect();
        for (number, protocol) in wanted.into_iter().flatten().filter_map(number_and_protocol) {
            let twin = has.iter().find(|(other, _)| *other == number);
            let Some((_, kept)) = twin.filter(|_| !has.contains(&(number, protocol.clone()))) else { continue };
            report.warn(
                Path::new("spec.ports"),
                format!("Port {number}/{protocol} was applied, and is not in the Service: only {number}/{kept} is."),
                format!(
                    "kubectl apply merges ports by their number alone, so of {number}/TCP and {number}/UDP one takes the \
                     other's place when the Service is changed. kubectl apply --server-side and kubectl replace keep both."
                ),
            );
        }
    }
}

fn number_and_protocol(port: &Value) -> Option<(i64, String)> {
    let protocol = port.get("protocol").and_then(Value::as_str).unwrap_or("TCP");
    Some((port.get("port")?.as_i64()?, protocol.to_owned()))
}

#[cfg(test)]
mod tests {
    use crate::testing::lines;

    fn of(ports: &str, applied: &str) -> Vec<String> {
        let annotation = format!("{{\"spec\":{{\"ports\":[{applied}]}}}}");
        lines(
            "lost-port",
            &format!(
                "apiVersion: v1\nkind: Service\nmetadata:\n  name: dns\n  annotations:\n    \
                 kubectl.kubernetes.io/last-applied-configuration: '{annotation}'\nspec: {{ports: [{ports}]}}\n"
            ),
        )
    }

    #[test]
    fn a_twin_that_vanished_is_named() {
        let (tcp, udp) = ("{name: tcp, port: 53}", "{name: udp, port: 53, protocol: UDP}");
        let applied = "{\"port\":53,\"name\":\"tcp\"},{\"port\":53,\"name\":\"udp\",\"protocol\":\"UDP\"}";
        assert_eq!(of(&format!("{tcp}, {udp}"), applied), [""; 0]);
        let lost = "spec.ports: Port 53/TCP was applied, and is not in the Service: only 53/UDP is.";
        assert_eq!(of(udp, applied), [lost]);
        // Taken away by another writer: no twin took its place.
        assert_eq!(of("{name: http, port: 80}", applied), [""; 0]);
        assert_eq!(of(udp, "oops"), [""; 0]);
    }
}
