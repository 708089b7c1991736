//! What is outside of the cluster: the learner's machine, the world, and load balancers.

use api::{Object, ObjectKey, Value};

use super::{Band, Drawing, blank};
use crate::figure::{Figure, FigureId, Line, Shape, Tone};
use crate::look::{Look, display_name};

/// All of it.
pub(super) fn draw(look: &Look<'_>) -> Vec<Drawing> {
    let laptop = Figure {
        id: FigureId::laptop(),
        lines: vec![Line::words(Tone::Plain, "runs kubectl")],
        words: "Your laptop, outside of the cluster: kubectl runs here".to_owned(),
        ..blank(Shape::Device, "Your laptop")
    };
    let world = Figure {
        id: FigureId::outside(),
        lines: vec![Line::words(Tone::Plain, "everyone else")],
        words: "The internet: everyone who is neither you nor in the cluster".to_owned(),
        ..blank(Shape::Device, "The internet")
    };
    let balancers = look.services().filter_map(|service| balancer(service));
    [laptop, world]
        .into_iter()
        .chain(balancers)
        .map(|figure| Drawing { band: Band::Outside, machine: None, figure })
        .collect()
}

/// The load balancer of a Service, once it has an address.
fn balancer(service: &Object) -> Option<Figure> {
    let first = service.list(&["status", "loadBalancer", "ingress"]).first()?;
    let field = |name| first.get(name).and_then(Value::as_str);
    let address = field("ip").or_else(|| field("hostname"))?;
    let key = ObjectKey::of(&api::service::KIND, service);
    let name = display_name(service);
    Some(Figure {
        id: FigureId::load_balancer(&key),
        lines: vec![Line::code(address)],
        words: format!("The load balancer of Service {name}, address {address}"),
        ..blank(Shape::Device, &format!("LB {name}"))
    })
}
