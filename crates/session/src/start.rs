//! What a first visit begins with.

/// A web server and the Service in front of it: the first example of a course on Services.
pub(crate) const TEXT: &str = "\
# A web server, and one address that lasts.
# Change a line and watch what follows.
apiVersion: v1
kind: Pod
metadata:
  name: nginx
  labels:
    app: nginx-service
spec:
  containers:
    - name: nginx
      image: nginx
      ports:
        - containerPort: 80
---
apiVersion: v1
kind: Service
metadata:
  name: nginx-service
spec:
  type: ClusterIP
  selector:
    app: nginx-service
  ports:
    - port: 80
      targetPort: 80
";
