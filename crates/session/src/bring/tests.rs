use super::*;

/// What a learner would paste: `kubectl get deploy,rs,pod,svc,endpoints,node -o yaml`, cut to what matters.
const REAL: &str = r#"
apiVersion: v1
kind: List
metadata: {resourceVersion: ""}
items:
- apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: shop
    namespace: default
    uid: 1-2-3
    resourceVersion: "77"
    generation: 2
    creationTimestamp: "2026-01-01T00:00:00Z"
    annotations:
      deployment.kubernetes.io/revision: "1"
    managedFields: [{manager: kubectl, operation: Update}]
  spec:
    replicas: 1
    selector: {matchLabels: {app: shop}}
    template:
      metadata: {creationTimestamp: null, labels: {app: shop}}
      spec:
        containers:
        - name: shop
          image: registry.example.com/team/shop:3
          command: [java]
          ports: [{containerPort: 9000}]
  status: {replicas: 1}
- apiVersion: v1
  kind: Pod
  metadata:
    name: shop-1
    namespace: default
    ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: shop-77, uid: 4, controller: true}]
  spec:
    nodeName: ip-10-0-0-1
    containers:
    - name: shop
      image: nginx:1.27
      volumeMounts: [{name: kube-api-access-x, mountPath: /var/run/secrets}]
    volumes: [{name: kube-api-access-x, projected: {}}]
- apiVersion: v1
  kind: Service
  metadata: {name: shop, namespace: default}
  spec:
    clusterIP: 172.20.1.1
    clusterIPs: [172.20.1.1]
    ipFamilies: [IPv4]
    ports: [{port: 80, targetPort: 8080}]
    selector: {app: shop}
- apiVersion: v1
  kind: Endpoints
  metadata:
    name: shop
    namespace: default
    annotations: {endpoints.kubernetes.io/last-change-trigger-time: "2026-01-01T00:00:00Z"}
- apiVersion: v1
  kind: Service
  metadata: {name: kubernetes, namespace: default}
- apiVersion: v1
  kind: Node
  metadata: {name: ip-10-0-0-1}
- apiVersion: cert-manager.io/v1
  kind: Certificate
  metadata: {name: tls, namespace: default}
"#;

#[test]
fn a_real_scene_comes_without_what_the_cluster_added() {
    let brought = bring(REAL).unwrap();
    let want = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  namespace: default
spec:
  replicas: 1
  selector:
    matchLabels:
      app: shop
  template:
    metadata:
      labels:
        app: shop
    spec:
      containers:
      - env:
        - name: PORT
          value: \"9000\"
        image: playground/app:1
        name: shop
        ports:
        - containerPort: 9000
---
apiVersion: v1
kind: Pod
metadata:
  name: shop-1
  namespace: default
spec:
  containers:
  - image: nginx:1.27
    name: shop
---
apiVersion: v1
kind: Service
metadata:
  name: shop
  namespace: default
spec:
  ports:
  - port: 80
    targetPort: 8080
  selector:
    app: shop
";
    assert_eq!(brought.text, want);
    let said: Vec<String> =
        brought.remarks.iter().map(|remark| format!("{}: {}", remark.object, remark.words)).collect();
    assert_eq!(
        said,
        [
            "deployment/shop: registry.example.com/team/shop:3 cannot run here: a stand-in listens on 9000, the port that is \
             declared, and answers whatever it is asked",
            "pod/shop-1: stands alone here: its ReplicaSet shop-77 is not in the text",
            "service/shop: gets another cluster IP than 172.20.1.1",
            "node/ip-10-0-0-1: left out: the playground has nodes of its own",
            "certificate/tls: left out: the playground does not simulate this kind",
        ]
    );
}

#[test]
fn pods_whose_owner_is_there_too_are_made_by_it() {
    let owned = REAL.replace("kind: ReplicaSet, name: shop-77", "kind: Deployment, name: shop");
    assert!(!bring(&owned).unwrap().text.contains("kind: Pod\n"));
}

#[test]
fn an_image_that_was_not_there_either_stays_wrong() {
    let text = "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: ngnix}]}, \
                status: {containerStatuses: [{name: a, image: ngnix, state: {waiting: {reason: ImagePullBackOff}}}]}}";
    assert!(bring(text).unwrap().text.contains("image: ngnix\n"));
    assert!(!bring(&text.replace("ImagePullBackOff", "ContainerCreating")).unwrap().text.contains("ngnix"));
    let crashing = bring(&text.replace("ImagePullBackOff", "CrashLoopBackOff")).unwrap();
    assert!(crashing.text.contains("CRASH_AFTER"), "{}", crashing.text);
}

#[test]
fn what_is_no_scene_is_said() {
    for (text, words) in [
        ("", "there is no object"),
        ("- 1\n- 2\n", "there is no object"),
        ("a: [", "line "),
        (
            "{apiVersion: v1, kind: Service, metadata: {name: kubernetes, namespace: default}}",
            "made by the cluster itself",
        ),
        ("{kind: List, items: 3}", "made by the cluster itself"),
    ] {
        let error = bring(text).unwrap_err();
        assert!(error.contains(words), "{text:?}: {error}");
    }
}
