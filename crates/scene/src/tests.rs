//! Scenes of small clusters, as a learner makes and breaks them.

#![allow(clippy::unwrap_used)]

use api::{Kind, Value, json};
use cluster::network::{HttpRequest, Payload, Protocol, Socket, Traffic, Vantage};
use cluster::{Cluster, Patch, Request, WriteOptions, apiserver::Subresource};

use crate::{Ending, FigureId, GateState, Grouping, Journey, Options, Places, Scene, Shape, Tone, find, scene};

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
        let scene = scene(&cluster, &Options { width, ..Options::default() }, &mut Places::default());
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
    let rooms = [0, 320, 390, 600, 840, 1200, 4000].map(|width| (width, 0));
    for (width, height) in rooms.into_iter().chain([(660, 320), (950, 300), (1500, 400), (366, 500)]) {
        let options = Options { width, height, system: true, ..Options::default() };
        let scene = scene(&cluster, &options, &mut Places::default());
        assert!(height > 0 || scene.width <= width.max(300), "{width}: {}", scene.width);
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
    let route = crate::route(&scene, &Journey::of(cluster.trace(id).unwrap().clone()));
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

fn deployment(cluster: &mut Cluster, name: &str, replicas: u32) {
    let container = json!({"name": "c", "image": "nginx"});
    let labels = json!({"app": name});
    let spec = json!({
        "replicas": replicas, "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
    });
    create(cluster, &api::deployment::KIND, json!({"metadata": {"name": name}, "spec": spec}));
}

#[test]
fn many_pods_become_few_figures_that_count_them_and_stay_put() {
    let mut cluster = lesson();
    deployment(&mut cluster, "many", 100);
    let spec = json!({"selector": {"app": "many"}, "ports": [{"port": 80}]});
    create(&mut cluster, &api::service::KIND, json!({"metadata": {"name": "many"}, "spec": spec}));
    cluster.settle(120_000_000);
    let mut places = Places::default();
    let before = scene(&cluster, &Options::default(), &mut places);
    let crowds: Vec<_> = before.figures.iter().filter(|figure| figure.shape == Shape::Crowd).collect();
    let pods: usize = crowds.iter().map(|figure| figure.crowd.len()).sum();
    assert_eq!((crowds.len(), pods), (3, 100), "one for each node");
    assert!(crowds[0].words.contains("pods of many on node minikube: "), "{}", crowds[0].words);
    assert!(crowds[0].words.ends_with(" ready, all with app=many"), "{}", crowds[0].words);
    let lone: Vec<_> = before.figures.iter().filter(|figure| figure.shape == Shape::Process).collect();
    assert_eq!(lone.iter().map(|figure| &*figure.title).collect::<Vec<_>>(), ["nginx"], "one pod stays a pod");
    let links: Vec<_> = before.links.iter().filter(|link| link.words.starts_with("Service many")).collect();
    assert_eq!(links.len(), 3);
    assert!(
        before.sentences.iter().any(|s| s.text == "Service many port 80 leads to 100 endpoints, 100 of them ready.")
    );
    for link in links {
        let to = before.figure(link.to.as_ref().unwrap()).unwrap();
        assert_eq!((to.shape, link.points.last().unwrap().x), (Shape::Crowd, to.frame.x));
    }
    let one = crowds[0].crowd[0].object.clone();
    assert_eq!(find(&cluster, &before, &one.name), [crowds[0].id.clone()], "what is in a crowd is found at it");
    cluster.set_fault(&one, cluster::kubelet::Fault::NotReady, true);
    cluster.settle(60_000_000);
    let after = scene(&cluster, &Options::default(), &mut places);
    let crowd = after.figure(&crowds[0].id).unwrap();
    assert_eq!((&crowd.crowd[0].object, crowd.crowd[0].tone, crowd.tone), (&one, Tone::Waiting, Tone::Waiting));
    for (grouping, figures) in [(Grouping::Pods, 0), (Grouping::Node, 3), (Grouping::Namespace, 3)] {
        let scene = scene(&cluster, &Options { grouping, ..Options::default() }, &mut Places::default());
        let crowds = scene.figures.iter().filter(|figure| figure.shape == Shape::Crowd);
        assert_eq!(crowds.count(), figures, "{grouping:?}");
    }
    let filter = "nginx-nothing".to_owned();
    let none = scene(&cluster, &Options { filter, ..Options::default() }, &mut Places::default());
    assert!(none.figures.iter().all(|figure| !matches!(figure.shape, Shape::Crowd | Shape::Process)));
    let some = scene(&cluster, &Options { filter: "APP=WEB".to_owned(), ..Options::default() }, &mut Places::default());
    let names = some.figures.iter().filter(|f| matches!(f.shape, Shape::Process | Shape::FrontDoor));
    assert_eq!(names.map(|figure| &*figure.title).collect::<Vec<_>>(), ["web", "nginx"], "with what leads there");
}

#[test]
fn policies_are_gates_of_the_pods_they_select() {
    let mut cluster = lesson();
    let policy = |name: &str, spec: Value| json!({"metadata": {"name": name}, "spec": spec});
    let closed = json!({"podSelector": {}, "policyTypes": ["Ingress"]});
    create(&mut cluster, &api::network_policy::KIND, policy("deny", closed));
    let scene = drawn(&cluster);
    let pod = scene.figures.iter().find(|figure| figure.shape == Shape::Process).unwrap();
    let [gate] = pod.gates.as_slice() else { panic!("{:?}", pod.gates) };
    assert_eq!(
        (gate.inward, gate.state, gate.words.as_str()),
        (true, GateState::Closed, "NetworkPolicy deny lets in nothing")
    );
    assert!(pod.words.ends_with(&gate.words), "{}", pod.words);
    let open =
        json!({"podSelector": {"matchLabels": {"app": "web"}}, "policyTypes": ["Ingress", "Egress"], "ingress": [{}]});
    create(&mut cluster, &api::network_policy::KIND, policy("some", open));
    let scene = drawn(&cluster);
    let pod = scene.figures.iter().find(|figure| figure.shape == Shape::Process).unwrap();
    let states: Vec<_> = pod.gates.iter().map(|gate| (gate.inward, gate.state)).collect();
    assert_eq!(states, [(true, GateState::Some), (false, GateState::Closed)]);
}

#[test]
fn a_way_has_the_addresses_before_and_after_and_avoids_what_there_is_to_read() {
    let mut cluster = patched(json!({"spec": {"type": "NodePort", "ports": [{"port": 80, "nodePort": 30080}]}}));
    let to = Socket { ip: "192.168.64.3".parse().unwrap(), port: 30080 };
    let id = cluster.send(Traffic { from: Vantage::Laptop, protocol: Protocol::Tcp, to, payload: Payload::Connect });
    let scene = drawn(&cluster);
    let route = crate::route(&scene, &Journey::of(cluster.trace(id).unwrap().clone()));
    assert_eq!(route.ending, Ending::Answered(0));
    let rewritten = route.stops.iter().find(|stop| stop.text.starts_with("a rule here rewrites")).unwrap();
    assert!(rewritten.before.as_ref().unwrap().ends_with("→ 192.168.64.3:30080"), "{:?}", rewritten.before);
    assert!(rewritten.packet.ends_with(":80"), "{}", rewritten.packet);
    assert!(route.stops.windows(2).all(|pair| pair[0].at + pair[0].took == pair[1].at), "it is the engine's time");
    let leaving = route.stops.iter().position(|stop| stop.figure != FigureId::laptop()).unwrap() - 1;
    let [out, up, over] = route.stops[leaving].corners[..] else { panic!("{:?}", route.stops[leaving].corners) };
    assert_eq!((out.x, up.y, over.x), (up.x, over.y, route.stops[leaving + 1].point.x));
    assert!(up.y < route.stops[leaving + 1].point.y, "above the machines' names");
    let label = &scene.links[0].label;
    assert_eq!(label, "30080 on nodes, 80 → 80");
    assert!(scene.links[0].words.ends_with("not declared as containerPort"), "{}", scene.links[0].words);
}

#[test]
fn an_ingress_leads_to_its_services_and_says_when_nobody_serves_it() {
    let mut cluster = lesson();
    let backend = |name: &str| json!({"service": {"name": name, "port": {"number": 80}}});
    let path = |path: &str, name: &str| json!({"path": path, "pathType": "Prefix", "backend": backend(name)});
    let http = json!({"paths": [path("/", "web"), path("/gone", "nosuch")]});
    let spec = json!({"rules": [{"host": "shop.example.com", "http": http}]});
    create(&mut cluster, &api::ingress::KIND, json!({"metadata": {"name": "shop"}, "spec": spec}));
    let scene = drawn(&cluster);
    let ingress = scene.figures.iter().find(|figure| figure.title.starts_with("Ingress")).unwrap();
    assert_eq!((ingress.lines[0].text.as_str(), ingress.tone), ("nobody serves it", Tone::Bad));
    assert_eq!(
        ingress.words,
        "Ingress shop, nobody serves it; shop.example.com/ → web:80; shop.example.com/gone → nosuch:80"
    );
    let ends: Vec<_> =
        scene.links.iter().filter(|link| link.from == ingress.id).map(|link| link.to.is_some()).collect();
    assert_eq!(ends, [true, false]);
    let service = scene.figures.iter().find(|figure| figure.title == "web").unwrap();
    assert!(service.frame.y >= ingress.frame.y + ingress.frame.height, "above its Services");
}

#[test]
fn a_low_room_puts_services_beside_the_machines_and_keeps_them_there() {
    let mut cluster = lesson();
    let mut places = Places::default();
    let options = |height| Options { width: 950, height, ..Options::default() };
    let low = scene(&cluster, &options(300), &mut places);
    let at = |scene: &Scene, shape: Shape| scene.figures.iter().find(|figure| figure.shape == shape).unwrap().frame;
    let (door, node) = (at(&low, Shape::FrontDoor), at(&low, Shape::Machine));
    assert!(door.x + door.width < node.x && door.y == node.y, "{door:?} {node:?}");
    assert!(low.height <= 300, "{}", low.height);
    let link = &low.links[0];
    let (start, end) = (link.points[0], *link.points.last().unwrap());
    assert_eq!((start.x, end.x), (door.x + door.width, low.figure(link.to.as_ref().unwrap()).unwrap().frame.x));
    assert!(link.points.windows(2).all(|pair| pair[0].x == pair[1].x || pair[0].y == pair[1].y), "{:?}", link.points);
    pod(&mut cluster, "other", "nginx", "web");
    cluster.settle(10_000_000);
    let higher = scene(&cluster, &options(420), &mut places);
    assert_eq!(at(&higher, Shape::FrontDoor), door, "a little more room moves nobody");
    let covered = scene(&cluster, &options(120), &mut places);
    assert_eq!(at(&covered, Shape::FrontDoor), door, "nor does what covers a part of it");
}
