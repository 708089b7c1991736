use serde_json::json;

use super::*;
use crate::{endpoint_slice, pod, service};

fn refused(kind: &Kind, value: &Value) -> String {
    decode_strict(kind, value).map_or_else(|errors| message(kind, &errors), |value| format!("accepted: {value}"))
}

#[test]
fn unknown_fields_come_together() {
    let value = json!({"spec": {"foo": 1, "ports": [{"port": 80, "bar": 2}], "selector": {"a": "b"}}, "x": null});
    let want = "Service in version \"v1\" cannot be handled as a Service: strict decoding error: \
                unknown field \"spec.foo\", unknown field \"spec.ports[0].bar\", unknown field \"x\"";
    assert_eq!(refused(&service::KIND, &value), want);
    let errors = decode_strict(&service::KIND, &value).unwrap_err();
    assert_eq!(errors[1].path.to_string(), "spec.ports[0].bar");
}

#[test]
fn the_first_wrong_type_outranks_unknown_fields() {
    for (value, want) in [
        (json!({"spec": {"ports": {}}}), "object into Go struct field ServiceSpec.spec.ports of type []v1.ServicePort"),
        (
            json!({"spec": {"foo": 1, "ports": [{"port": "80", "name": 5}]}}),
            "number into Go struct field ServicePort.spec.ports.name of type string",
        ),
        (
            json!({"spec": {"ports": [{"port": 99_999_999_999i64}]}}),
            "number 99999999999 into Go struct field ServicePort.spec.ports.port of type int32",
        ),
        (
            json!({"spec": {"ports": [{"targetPort": 80.5}]}}),
            "number 80.5 into Go struct field ServicePort.spec.ports.targetPort of type int32",
        ),
        (json!({"spec": {"type": []}}), "array into Go struct field ServiceSpec.spec.type of type v1.ServiceType"),
        (
            json!({"spec": {"selector": {"a": true}}}),
            "bool into Go struct field ServiceSpec.spec.selector of type string",
        ),
        (json!({"spec": "x"}), "string into Go struct field Service.spec of type v1.ServiceSpec"),
        (
            json!({"spec": {"ports": ["x"]}}),
            "string into Go struct field ServiceSpec.spec.ports of type v1.ServicePort",
        ),
        (
            json!({"spec": {"ports": [{"targetPort": {}}], "clusterIP": 5}}),
            "object into Go struct field ServicePort.spec.ports.targetPort of type int32",
        ),
    ] {
        let want = format!("Service in version \"v1\" cannot be handled as a Service: json: cannot unmarshal {want}");
        assert_eq!(refused(&service::KIND, &value), want);
    }
}

#[test]
fn embedded_fields_name_the_struct_between() {
    let value = json!({"spec": {"containers": [{"readinessProbe": {"httpGet": 1}}]}});
    let want = "Pod in version \"v1\" cannot be handled as a Pod: json: cannot unmarshal number into Go struct field \
                Probe.spec.containers.readinessProbe.ProbeHandler.httpGet of type v1.HTTPGetAction";
    assert_eq!(refused(&pod::KIND, &value), want);
}

#[test]
fn what_comes_back_is_what_go_prints() {
    let value = json!({"apiVersion": "v1", "kind": "Service",
        "metadata": {"name": "web", "creationTimestamp": null, "labels": {"a": null}, "annotations": {}},
        "spec": {"ports": [{"port": 80.0, "name": "", "nodePort": 0}], "clusterIP": "", "trafficDistribution": "",
            "publishNotReadyAddresses": false, "sessionAffinityConfig": {}}});
    let want = json!({"apiVersion": "v1", "kind": "Service",
        "metadata": {"name": "web", "labels": {"a": ""}},
        "spec": {"ports": [{"port": 80, "targetPort": 0}], "trafficDistribution": "", "sessionAffinityConfig": {}},
        "status": {"loadBalancer": {}}});
    assert_eq!(decode_strict(&service::KIND, &value), Ok(want));

    let value = json!({"spec": {"containers": [{"name": "a", "resources": {"limits": {"cpu": 0.5, "memory": "1024Mi"}}},
        {"name": "b"}]}});
    let want = json!({"metadata": {}, "status": {}, "spec": {"containers": [
        {"name": "a", "resources": {"limits": {"cpu": "500m", "memory": "1Gi"}}}, {"name": "b", "resources": {}}]}});
    assert_eq!(decode_strict(&pod::KIND, &value), Ok(want));

    let value = json!({"addressType": "IPv4", "endpoints": []});
    let want = json!({"metadata": {}, "addressType": "IPv4", "endpoints": null, "ports": null});
    assert_eq!(decode_strict(&endpoint_slice::KIND, &value), Ok(want));
}

#[test]
fn types_that_decode_themselves_say_their_own() {
    let quantity = json!({"spec": {"containers": [{"resources": {"limits": {"memory": "64 Mi"}}}]}});
    let want = "Pod in version \"v1\" cannot be handled as a Pod: quantities must match the regular expression \
                '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
    assert_eq!(refused(&pod::KIND, &quantity), want);
    let time = json!({"metadata": {"creationTimestamp": "now"}});
    let want = "Pod in version \"v1\" cannot be handled as a Pod: parsing time \"now\" as \
                \"2006-01-02T15:04:05Z07:00\": cannot parse \"now\" as \"2006\"";
    assert_eq!(refused(&pod::KIND, &time), want);
}

#[test]
fn kubectl_reads_the_metadata_first() {
    for (value, want) in [
        (json!({"metadata": "web"}), "string into Go struct field metadataOnlyObject.metadata of type v1.ObjectMeta"),
        (json!({"metadata": {"name": 5}}), "number into Go struct field ObjectMeta.metadata.name of type string"),
    ] {
        let error = decode_metadata_only(&value).unwrap_err();
        assert_eq!(error.message, format!("json: cannot unmarshal {want}"));
    }
    assert_eq!(decode_metadata_only(&json!({"metadata": {"nonsense": 5}, "spec": 3})), Ok(()));
}
