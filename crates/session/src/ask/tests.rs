//! Requests that are chosen, as a learner chooses them.

#![allow(clippy::unwrap_used)]

use scene::{Ending, FigureId, Shape, Tone};

use super::{Aim, Ask, Origin};
use crate::tests::{edit, session, wait};
use crate::{Model, Msg, update};

/// A session with a second pod that can ask.
fn with_client() -> Model {
    let mut model = session();
    let text = format!(
        "{}---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: client\nspec:\n  containers:\n    - name: c\n      image: busybox\n      stdin: true\n",
        model.text()
    );
    update(&mut model, Msg::EditorChanged(text));
    wait(&mut model, 20_000, 40_000);
    model
}

fn origin(model: &Model, label: &str) -> Origin {
    let choices = model.choices();
    let all: Vec<&str> = choices.from.iter().map(|origin| origin.label.as_str()).collect();
    choices.from.iter().find(|origin| origin.label == label).unwrap_or_else(|| panic!("{label} in {all:?}")).clone()
}

fn aim(model: &Model, label: &str) -> Aim {
    let choices = model.choices();
    let all: Vec<&str> = choices.to.iter().map(|aim| aim.label.as_str()).collect();
    choices.to.iter().find(|aim| aim.label == label).unwrap_or_else(|| panic!("{label} in {all:?}")).clone()
}

fn ask(model: &mut Model, from: &str, to: &str, times: usize) {
    let ask = Ask { from: origin(model, from), to: aim(model, to), times };
    update(model, Msg::Ask(ask));
}

#[test]
fn a_name_is_looked_up_before_it_is_asked() {
    let mut model = with_client();
    ask(&mut model, "pod client", "Service nginx-service by name", 1);
    let route = model.route().unwrap();
    assert_eq!((route.title.as_str(), route.ending), ("pod client to nginx-service:80", Ending::Answered(200)));
    let dns = route.stops.iter().position(|stop| stop.packet.ends_with(":53")).unwrap();
    let http = route.stops.iter().position(|stop| stop.packet.ends_with(":80")).unwrap();
    assert!(dns < http);
    assert!(route.stops.windows(2).all(|pair| pair[0].at + pair[0].took <= pair[1].at), "one after the other");
}

#[test]
fn a_name_means_nothing_outside_and_no_packet_is_made_up() {
    let mut model = with_client();
    ask(&mut model, "your laptop", "Service nginx-service by name", 1);
    let route = model.route().unwrap();
    assert_eq!(route.ending, Ending::Unresolved);
    let [only] = route.stops.as_slice() else { panic!("{:?}", route.stops) };
    assert_eq!((only.figure.clone(), only.packet.as_str()), (FigureId::laptop(), ""));
    assert!(only.text.starts_with("finds no address for nginx-service"), "{}", only.text);
    ask(&mut model, "your laptop", "Service nginx-service by cluster IP", 1);
    assert_eq!(model.route().unwrap().ending, Ending::Lost);
}

#[test]
fn a_drag_from_box_to_box_is_a_request_and_a_service_sends_none() {
    let mut model = with_client();
    let scene = model.scene();
    let id = |title: &str| scene.figures.iter().find(|figure| figure.title == title).unwrap().id.clone();
    update(&mut model, Msg::AskBetween(id("client"), id("nginx-service")));
    assert_eq!(model.route().unwrap().title, "pod client to nginx-service:80");
    update(&mut model, Msg::AskBetween(id("client"), id("nginx")));
    assert_eq!(model.route().unwrap().ending, Ending::Answered(200));
    update(&mut model, Msg::CloseTrace);
    update(&mut model, Msg::AskBetween(id("nginx-service"), id("client")));
    assert!(model.route().is_none());
    assert!(model.unasked().unwrap().contains("it is no machine, only rules"), "{:?}", model.unasked());
    update(&mut model, Msg::AskBetween(id("nginx"), id("client")));
    assert_eq!(model.unasked().unwrap(), "Pod client has no port that something could be sent to.");
}

#[test]
fn many_requests_are_counted_and_one_of_them_can_be_looked_at() {
    let mut model = session();
    let text = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 3\n  selector:\n    matchLabels: {app: web}\n  template:\n    metadata:\n      labels: {app: web}\n    spec:\n      containers:\n        - name: c\n          image: nginx\n---\napiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  selector: {app: web}\n  ports:\n    - port: 80\n";
    update(&mut model, Msg::EditorChanged(text.to_owned()));
    wait(&mut model, 20_000, 60_000);
    let before = model.clock().now;
    ask(&mut model, "node minikube", "Service web by cluster IP", 100);
    let spread = model.spread().unwrap();
    let counts: Vec<usize> = spread.bars.iter().map(|bar| bar.count).collect();
    assert_eq!((counts.len(), counts.iter().sum::<usize>(), spread.total), (3, 100, 100), "{:?}", spread.bars);
    assert!(counts.iter().all(|count| (15..60).contains(count)), "{counts:?}");
    assert!(spread.bars.iter().all(|bar| bar.tone == Tone::Good && bar.label.starts_with("pod web-")));
    assert!(spread.words.starts_with("Of 100 requests: pod web-"), "{}", spread.words);
    assert_eq!((model.route(), model.routes().len()), (None, 20));
    assert_eq!(model.clock().now, before, "they are sent at once");
    let sample = spread.bars[2].sample;
    update(&mut model, Msg::ShowSample(sample));
    let route = model.route().unwrap();
    let last = route.stops.last().unwrap();
    assert_eq!(Some(&last.figure), spread.bars[2].figure.as_ref());
    update(&mut model, Msg::ShowSample(None));
    assert!(model.route().is_none() && model.spread().is_some());
    // Nobody is left: all of them end in one way, and the pods say why they got none.
    for pod in model.scene().figures.iter().filter(|figure| figure.shape == Shape::Process) {
        update(&mut model, Msg::ShowFigure(pod.id.clone()));
        update(
            &mut model,
            Msg::SetTrouble(crate::panel::inspect::Trouble::Pod(cluster::kubelet::Fault::NotReady), true),
        );
    }
    wait(&mut model, 60_000, 160_000);
    ask(&mut model, "node minikube", "Service web by cluster IP", 10);
    let spread = model.spread().unwrap();
    assert_eq!((spread.bars[0].label.as_str(), spread.bars[0].count), ("refused", 10), "{:?}", spread.bars);
}

#[test]
fn node_ports_and_load_balancers_are_offered_where_there_are_some() {
    let mut model = with_client();
    edit(&mut model, "type: ClusterIP", "type: NodePort");
    wait(&mut model, 40_000, 42_000);
    ask(&mut model, "your laptop", "node port of nginx-service on minikube-m02", 1);
    assert_eq!(model.route().unwrap().ending, Ending::Answered(200));
    ask(&mut model, "the internet", "node port of nginx-service on minikube-m02", 1);
    assert_eq!(model.route().unwrap().ending, Ending::Lost);
}
