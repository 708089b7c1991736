//! How a visit begins, and what a first one begins with.

use cluster::Boot;

use crate::model::Model;
use crate::saved::Saved;

/// A session that comes to be, step by step, each of which is little work: a front end that has to answer in between does them one
/// at a time.
#[derive(Debug)]
pub struct Starting {
    model: Model,
    boot: Boot,
    /// How many of [`STEPS`] are done.
    done: usize,
}

/// What is to be done once the cluster runs.
const STEPS: [fn(&mut Model); 5] =
    [Model::born, Model::put_files, |model| model.editor.flush(&mut model.cluster), Model::keep, Model::look];

impl Starting {
    /// A first visit, or one that goes on.
    #[must_use]
    pub fn new(saved: Option<Saved>) -> Self {
        Self { model: Model::bare(saved), boot: Boot::default(), done: 0 }
    }

    /// The room that the diagram will have, in CSS pixels: then nothing in it moves when it is measured.
    pub fn set_room(&mut self, width: i32, height: i32) {
        (self.model.options.width, self.model.options.height) = (width, height);
    }

    /// Does the next step; `false` when none was left.
    pub fn step(&mut self) -> bool {
        if self.boot.step(&mut self.model.cluster) {
            return true;
        }
        let Some(step) = STEPS.get(self.done) else { return false };
        step(&mut self.model);
        self.done += 1;
        true
    }

    /// What came of it, whole.
    #[must_use]
    pub fn finish(mut self) -> Model {
        while self.step() {}
        self.model
    }
}

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
