//! Objects of every kind made at random from the types of their fields: whatever is sent, the API server answers, and what
//! it stores is an object of its kind.

#![allow(clippy::unwrap_used)]

use api::schema::{Scalar, Shape, Struct, Type, schema};
use api::{KINDS, Kind, Map, Value, decode, json};
use cluster::apiserver::Subresource;
use cluster::{Cluster, Patch, Request, Rng, WriteOptions};

/// Texts that mean something somewhere, and some that mean nothing anywhere.
const TEXTS: [&str; 24] = [
    "a",
    "web",
    "",
    "A!",
    "a.b",
    "a/b",
    "10.96.0.1",
    "300.1.1.1",
    "::1",
    "None",
    "TCP",
    "ClusterIP",
    "Always",
    "Never",
    "In",
    "Exists",
    "100m",
    "1Gi",
    "50%",
    "-5",
    "2026-01-01T00:00:00Z",
    "é😀",
    "*.a.b",
    "Indexed",
];
const NUMBERS: [i64; 10] = [0, 1, 2, 80, 443, 30_000, 65_535, 65_536, -1, i64::MAX];

/// A value of a type, and now and then one of another.
fn value(rng: &mut Rng, ty: &Type, depth: usize) -> Value {
    if rng.below(40) == 0 {
        return rng.pick(&[json!(null), json!({}), json!([]), json!(true), json!(1.5), json!("x")]).cloned().unwrap();
    }
    match schema().shape(ty) {
        Shape::Struct(of) => structure(rng, of, depth + 1),
        Shape::List(of) => (0..rng.below(3)).map(|_| value(rng, of, depth + 1)).collect(),
        Shape::Map(of) => {
            let entries = (0..rng.below(3)).map(|_| (text(rng).to_owned(), value(rng, of, depth + 1)));
            Value::Object(entries.collect())
        }
        Shape::Scalar(scalar) => match scalar {
            Scalar::Bool => json!(rng.below(2) == 0),
            Scalar::Int32 | Scalar::Int64 | Scalar::Float64 => json!(rng.pick(&NUMBERS).copied().unwrap()),
            Scalar::IntOrString if rng.below(2) == 0 => json!(rng.pick(&NUMBERS).copied().unwrap()),
            _ => word(rng, ty).into(),
        },
    }
}

fn text(rng: &mut Rng) -> &'static str {
    rng.pick(&TEXTS).copied().unwrap()
}

/// One of the words of an enumeration, or any text.
fn word(rng: &mut Rng, ty: &Type) -> &'static str {
    let words = schema().enum_values(ty);
    if rng.below(4) == 0 { text(rng) } else { rng.pick(words).copied().unwrap_or_else(|| text(rng)) }
}

fn structure(rng: &mut Rng, of: &Struct, depth: usize) -> Value {
    let mut map = Map::new();
    for field in &of.fields {
        // Deep parts are rare, so that an object has an end.
        let given = if field.required { rng.below(10) > 0 } else { rng.below(4 + 3 * depth as u64) == 0 };
        if given && depth < 12 {
            map.insert(field.name.to_owned(), value(rng, &field.ty, depth));
        }
    }
    if rng.below(50) == 0 {
        map.insert("unheardOf".to_owned(), json!(1));
    }
    Value::Object(map)
}

fn object(rng: &mut Rng, kind: &Kind) -> Value {
    let mut object = structure(rng, schema().of_kind(kind).unwrap(), 0);
    object["metadata"] = json!({"name": rng.pick(&["a", "b", "c", "a.b"]).copied().unwrap(), "labels": {"app": "web"}});
    object["apiVersion"] = kind.api_version().into();
    object["kind"] = kind.kind.into();
    object
}

#[test]
fn whatever_is_sent_is_answered_and_what_is_stored_fits_its_kind() {
    let mut rng = Rng::new(11);
    let mut cluster = Cluster::new(cluster::Settings::default());
    let mut stored = 0;
    for kind in KINDS {
        for turn in 0..60 {
            let object = object(&mut rng, kind);
            let (namespace, options) = ("default".into(), WriteOptions::by("test"));
            let name = object["metadata"]["name"].as_str().unwrap().into();
            let answer = cluster.submit(if turn % 3 == 0 {
                let (patch, subresource) = (Patch::Merge(object), Subresource::Main);
                Request::Patch { kind, namespace, name, patch, subresource, options }
            } else {
                Request::Create { kind, namespace, object, options }
            });
            match answer {
                Ok(response) => {
                    stored += 1;
                    let tree = response.object.to_value();
                    assert_eq!(decode::decode_strict(kind, &tree).as_ref(), Ok(&tree), "{}", kind.kind);
                }
                Err(status) => assert!(!status.message.is_empty()),
            }
        }
        let until = cluster.now() + 5_000_000;
        cluster.poll(until);
    }
    assert!(stored > 100, "only {stored} were good");
}
