//! Why "balancing" does not balance: an open connection stays where it is.

use api::json;
use cluster::Settings;
use cluster::network::{HttpRequest, Payload, Protocol, Traffic};

use crate::stage::{Stage, vantage};

#[test]
fn a_kept_connection_keeps_its_endpoint_until_that_ends() {
    let mut stage = Stage::new(Settings::default());
    stage.pod("client", "client", 0).pod("web-0", "web", 0).pod("web-1", "web", 1).service("web", json!({})).settle(30);
    let to = stage.socket("web:80");
    let traffic = Traffic { from: vantage("client"), protocol: Protocol::Tcp, to, payload: Payload::Connect };
    let (_, connection) = stage.cluster.connect(traffic);
    let connection = connection.unwrap();
    let ask = |stage: &mut Stage| {
        let id = stage.cluster.request_over(connection, HttpRequest::get("web", "/hostname"));
        (stage.end(id), stage.story(id))
    };
    let (first, story) = ask(&mut stage);
    assert!(story.contains("track 10.244."), "{story}");
    assert!((0..20).all(|_| ask(&mut stage).0 == first));
    // It is no endpoint any more, and still answers who is connected.
    stage.patch(
        &api::pod::KIND,
        &first,
        cluster::apiserver::Subresource::Main,
        json!({"metadata": {"labels": {"app": "x"}}}),
    );
    let id = stage.get("client", "web:80", "/hostname");
    assert_ne!(stage.end(id), first);
    assert_eq!(ask(&mut stage).0, first);
    stage.delete(&api::pod::KIND, &first).settle(60);
    assert_eq!(ask(&mut stage).0, "Closed");
    assert!(stage.cluster.connection(connection).is_none());
}
