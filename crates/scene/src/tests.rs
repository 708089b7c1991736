//! Scenes of small clusters, as a learner makes and breaks them.

#![allow(clippy::unwrap_used)]

use api::{Kind, Value, json};
use cluster::network::{HttpRequest, Payload, Protocol, Socket, Traffic, Vantage};
use cluster::{Cluster, Patch, Request, WriteOptions, apiserver::Subresource};

use crate::{FigureId, Options, Places, Scene, Shape, Tone, scene};

fn create(cluster: &mut Cluster, kind: &'static Kind, object: Value) {
    let options = WriteOptions::by("test");
    cluster.submit(Request::Create { kind, namespace: "default".into(), object, options }).unwrap();
}

fn pod(cluster: &mut Cluster, name: &str, image: &str, app: &str) {
    let container = json!({"name": name, "image": image, "stdin": true});
    let object = json!({"metadata": {"name": name, "labels": {"app": app}}, "spec": {"containers": [container]}});
    create(cluster, &api::pod::KIND, object);
}

fn lesson() -> Cluster {
    let mut cluster = Cluster::default();
    pod(&mut cluster, "nginx", "nginx", "web");
    let spec = json!({"selector": {"app": "web"}, "ports": [{"port": 80}]});
    create(&mut cluster, &api::service::KIND, json!({"metadata": {"name": "web"}, "spec": spec}));
    cluster.settle(10_000_000);
    cluster
}

fn patched(change: Value) -> Cluster {
    let mut cluster = lesson();
    let (kind, namespace, name) = (&api::service::KIND, "default".into(), "web".into());
    let (options, subresource) = (WriteOptions::by("test"), Subresource::Main);
    let patch = Patch::Merge(change);
    cluster.submit(Request::Patch { kind, namespace, name, patch, subresource, options }).unwrap();
    cluster.settle(5_000_000);
    cluster
}

fn drawn(cluster: &Cluster) -> Scene {
    scene(cluster, &Options::default(), &mut Places::default())
}

#[test]
fn a_service_that_works_leads_to_its_pod() {
    let scene = drawn(&lesson());
    assert_eq!(scene.summary, "Service web: 1 endpoint, ready.");
    let [link] = scene.links.as_slice() else { panic!("{:?}", scene.links) };
    assert_eq!((link.tone, link.label.as_str()), (Tone::Good, "80 → 80"));
    let to = scene.figure(link.to.as_ref().unwrap()).unwrap();
    assert_eq!((to.title.as_str(), to.shape, to.badge.as_str()), ("nginx", Shape::Process, "Running"));
    assert_eq!(link.points.last().unwrap().x, to.frame.x, "the line ends at the pod");
    assert!(to.words.contains("listens on 80/TCP"), "{}", to.words);
}

#[test]
fn what_is_broken_is_said_with_its_reason() {
    for (change, summary, tone, ends) in [
        (
            json!({"spec": {"selector": {"app": "wbe"}}}),
            "Service web: no endpoints: pod nginx has app=web, not app=wbe.",
            Tone::Bad,
            false,
        ),
        (
            json!({"spec": {"selector": {"app": null, "tier": "front"}}}),
            "Service web: no endpoints: pod nginx has no label tier, wanted tier=front.",
            Tone::Bad,
            false,
        ),
        (
            json!({"spec": {"ports": [{"port": 80, "targetPort": 8080}]}}),
            "Service web: nothing listens on 8080 in pod nginx.",
            Tone::Bad,
            true,
        ),
        (
            json!({"spec": {"ports": [{"port": 80, "targetPort": "http"}]}}),
            "Service web: no endpoints: pod nginx has no port named http.",
            Tone::Bad,
            false,
        ),
    ] {
        let scene = drawn(&patched(change));
        assert_eq!((scene.summary.as_str(), scene.tone), (summary, tone));
        assert_eq!((scene.links[0].tone, scene.links[0].to.is_some()), (tone, ends), "{summary}");
        assert!(scene.sentences.iter().any(|sentence| sentence.tone == Tone::Bad), "{summary}");
    }
}

#[test]
fn a_selector_shows_which_label_misses() {
    let cluster = patched(json!({"spec": {"selector": {"app": "web", "tier": "front"}}}));
    for (width, want) in [
        (1200, [("app=web", Tone::Good), ("tier=front", Tone::Bad)]),
        // Where room is short, what misses is what is shown.
        (840, [("tier=front", Tone::Bad), ("+1", Tone::Plain)]),
    ] {
        let scene = scene(&cluster, &Options { width, system: false }, &mut Places::default());
        let service = scene.figures.iter().find(|figure| figure.shape == Shape::FrontDoor).unwrap();
        let chips = service.lines.iter().flat_map(|line| &line.chips);
        assert_eq!(chips.map(|c| (c.text.as_str(), c.tone)).collect::<Vec<_>>(), want, "{width}");
    }
}

#[test]
fn things_keep_their_place_when_others_come_and_go() {
    let mut cluster = lesson();
    let mut places = Places::default();
    let options = Options::default();
    for name in ["a", "b", "c", "d", "e", "f"] {
        pod(&mut cluster, name, "nginx", "web");
    }
    cluster.settle(10_000_000);
    let before = scene(&cluster, &options, &mut places);
    let delete = Request::Delete {
        kind: &api::pod::KIND,
        namespace: "default".into(),
        name: "a".into(),
        options: cluster::DeleteOptions::by("test"),
    };
    cluster.submit(delete).unwrap();
    cluster.settle(60_000_000);
    pod(&mut cluster, "0", "nginx", "web");
    cluster.settle(10_000_000);
    let after = scene(&cluster, &options, &mut places);
    let common = before.figures.iter().filter_map(|old| Some((old, after.figure(&old.id)?)));
    let moved: Vec<_> = common.filter(|(old, new)| old.frame.x != new.frame.x || old.frame.y != new.frame.y).collect();
    assert!(moved.is_empty(), "{moved:?}");
    assert_eq!(before.figures.iter().filter(|figure| after.figure(&figure.id).is_none()).count(), 1);
}

#[test]
fn nothing_overlaps_at_any_width() {
    let mut cluster = lesson();
    for name in ["a", "b", "c"] {
        let spec = json!({"selector": {"app": name}, "ports": [{"port": 80}]});
        create(&mut cluster, &api::service::KIND, json!({"metadata": {"name": name}, "spec": spec}));
        pod(&mut cluster, name, "nginx", name);
    }
    cluster.settle(10_000_000);
    for width in [0, 320, 390, 600, 840, 1200, 4000] {
        let scene = scene(&cluster, &Options { width, system: true }, &mut Places::default());
        assert!(scene.width <= width.max(300), "{width}: {}", scene.width);
        let solid: Vec<_> =
            scene.figures.iter().filter(|f| matches!(f.shape, Shape::FrontDoor | Shape::Process)).collect();
        for (at, one) in solid.iter().enumerate() {
            for other in &solid[at + 1..] {
                let (a, b) = (one.frame, other.frame);
                let apart =
                    a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
                assert!(apart, "{width}: {:?} over {:?}", one.id, other.id);
            }
            assert!(one.frame.x >= 0 && one.frame.x + one.frame.width <= scene.width, "{width}: {:?}", one.frame);
            assert!(one.frame.y + one.frame.height <= scene.height, "{width}: {:?}", one.frame);
        }
    }
}

#[test]
fn a_route_says_where_what_and_why() {
    let mut cluster = patched(json!({"spec": {"selector": {"app": "wbe"}}}));
    pod(&mut cluster, "client", "busybox", "client");
    cluster.settle(10_000_000);
    let service = cluster.get(&api::service::KIND, "default", "web").unwrap();
    let to = Socket { ip: service.str(&["spec", "clusterIP"]).parse().unwrap(), port: 80 };
    let from = Vantage::Pod { namespace: "default".into(), name: "client".into() };
    let payload = Payload::Http(HttpRequest::get("web", "/"));
    let id = cluster.send(Traffic { from, protocol: Protocol::Tcp, to, payload });
    let scene = drawn(&cluster);
    let route = crate::route(&scene, cluster.trace(id).unwrap());
    assert_eq!((route.tone, route.outcome.as_str()), (Tone::Bad, "a rule here refuses: the Service has no endpoint"));
    let first = &route.stops[0];
    assert_eq!((first.place.as_str(), first.text.as_str()), ("pod client", "sends the packet"));
    let frame = scene.figure(&first.figure).unwrap().frame;
    assert_eq!((first.point.x, first.point.y), (frame.x + frame.width + 6, frame.center().y), "beside the pod");
    let node = scene.figure(&route.stops[2].figure).unwrap();
    assert_eq!((node.shape, route.stops[2].point.x), (Shape::Machine, first.point.x), "straight up to its node");
    let last = route.stops.last().unwrap();
    let because = last.because.as_ref().unwrap();
    assert_eq!((last.tone, because.text.as_str()), (Tone::Bad, "spec.selector of Service web"));
    assert_eq!(because.figure, FigureId::of(&because.object));
    assert!(scene.figure(&because.figure).is_some());
}
