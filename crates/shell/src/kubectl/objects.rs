//! What kubectl asks of the API server about objects: the client side of reads and writes.

use std::sync::Arc;

use api::{Kind, Object, Reason, Status, Value};
use cluster::{
    DeleteOptions, Patch, Request, WriteOptions,
    apiserver::{FieldValidation, Subresource},
};

use super::command::Call;
use super::errors::{Failure, Outcome};
use super::tree::Tree;

/// One object, known by name or from a manifest. Models `resource.Info`.
#[derive(Clone, PartialEq, Debug)]
pub struct Info {
    /// Its kind.
    pub kind: &'static Kind,
    /// Its namespace; empty for cluster-scoped kinds.
    pub namespace: String,
    /// Its name; empty when the server is to give one.
    pub name: String,
    /// The file it came from.
    pub source: Option<String>,
    /// What the manifest or the server says of it; `Null` while nobody looked.
    pub object: Tree,
}

impl Info {
    /// An object known by its name.
    #[must_use]
    pub fn named(kind: &'static Kind, namespace: &str, name: &str) -> Self {
        let namespace = if kind.namespaced { namespace.to_owned() } else { String::new() };
        Self { kind, namespace, name: name.to_owned(), source: None, object: Tree::default() }
    }

    /// An object that the server gave.
    #[must_use]
    pub fn read(kind: &'static Kind, object: &Arc<Object>) -> Self {
        let (namespace, name) = (object.namespace().to_owned(), object.name().to_owned());
        Self { kind, namespace, name, source: None, object: object.into() }
    }

    /// `service/web`, `deployment.apps/web`. Models `NamePrinter`.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{}/{}", self.kind.qualified_singular(), self.name)
    }

    /// Reads it from the server. Models `Info.Get`: when its namespace is missing, that is what is said.
    ///
    /// # Errors
    /// What the server says.
    pub fn get(&mut self, call: &Call) -> Outcome {
        let object = get(call, self.kind, &self.namespace, &self.name).map_err(|failure| {
            let elsewhere = failure.is_not_found() && !matches!(self.namespace.as_str(), "" | "default");
            let namespace = elsewhere.then(|| get(call, &api::namespace::KIND, "", &self.namespace).err()).flatten();
            namespace.filter(Failure::is_not_found).unwrap_or(failure)
        })?;
        self.object = (&object).into();
        Ok(())
    }

    /// Takes what the server answered to a write.
    pub fn refresh(&mut self, object: &Arc<Object>) {
        object.name().clone_into(&mut self.name);
        object.namespace().clone_into(&mut self.namespace);
        self.object = object.into();
    }
}

/// What a manifest's `apiVersion` and `kind` say. Models `NoKindMatchError` when nobody knows them.
///
/// # Errors
/// The words of the error.
pub fn kind_of(object: &Value) -> Result<&'static Kind, String> {
    let word = |field: &str| object.get(field).and_then(Value::as_str).unwrap_or_default();
    // The mapper takes the core group's kinds without their version; the server has no such place to send them to.
    let version = Some(word("apiVersion")).filter(|version| !version.is_empty()).unwrap_or("v1");
    Kind::of_manifest(version, word("kind"))
        .or_else(|| api::discovery::resources().find(|kind| kind.kind == word("kind") && kind.has_api_version(version)))
        .ok_or_else(|| format!("no matches for kind \"{}\" in version \"{}\"", word("kind"), word("apiVersion")))
}

/// How to write.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Write<'a> {
    /// The field manager.
    pub manager: &'a str,
    /// `--dry-run=server`.
    pub dry_run: bool,
}

impl<'a> Write<'a> {
    /// A plain write by a field manager.
    #[must_use]
    pub fn by(manager: &'a str) -> Self {
        Self { manager, dry_run: false }
    }

    /// Verbs with `--validate` say what is to be done about unknown fields; for the others the server warns.
    fn options(&self, call: &Call) -> WriteOptions {
        let field_validation = match call.flags.text("validate") {
            "strict" | "true" => FieldValidation::Strict,
            "ignore" | "false" => FieldValidation::Ignore,
            _ => FieldValidation::Warn,
        };
        WriteOptions { dry_run: self.dry_run, field_validation, ..WriteOptions::by(self.manager) }
    }
}

/// One object.
///
/// # Errors
/// What the server says.
pub fn get(call: &Call, kind: &'static Kind, namespace: &str, name: &str) -> Outcome<Arc<Object>> {
    check_name(name)?;
    deprecation(call, kind);
    call.sys.cluster(|cluster| cluster.get(kind, namespace, name)).map_err(Failure::from)
}

/// What the server says of a kind that is to go, in answer to every request for it.
fn deprecation(call: &Call, kind: &Kind) {
    if let Some(text) = kind.strategy.deprecation() {
        call.warn_once(text);
    }
}

/// Whether a name can stand in a path of the API. Models client-go `Request.Name`.
fn check_name(name: &str) -> Outcome {
    let why: Vec<&str> = match name {
        "" => return Err(Failure::text("resource name may not be empty")),
        "." => vec!["may not be '.'"],
        ".." => vec!["may not be '..'"],
        _ => [('/', "may not contain '/'"), ('%', "may not contain '%'")]
            .into_iter()
            .filter(|(c, _)| name.contains(*c))
            .map(|(_, why)| why)
            .collect(),
    };
    if why.is_empty() {
        return Ok(());
    }
    let quoted = api::field::go_quote(name);
    Err(Failure::Text(format!("invalid resource name {quoted}: [{}]", why.join(" "))))
}

/// The objects that selectors pick, in one namespace or (`None`) in all.
///
/// # Errors
/// What the server says of a bad selector.
pub fn list(
    call: &Call,
    kind: &'static Kind,
    namespace: Option<&str>,
    labels: &str,
    fields: &str,
) -> Outcome<Vec<Arc<Object>>> {
    let refused = |why: String| {
        let version = if kind.group.is_empty() { format!("/{}", kind.version) } else { kind.api_version() };
        let resource = format!("{version}, Resource={}", kind.plural);
        let (labels, fields) = (api::field::go_quote(labels), api::field::go_quote(fields));
        let message = format!(
            "Unable to find {} that match label selector {labels}, field selector {fields}: {why}",
            api::field::go_quote(&resource)
        );
        Failure::from(Status::new(Reason::BadRequest, message))
    };
    deprecation(call, kind);
    let by_labels = super::selectors::labels(labels).map_err(refused)?;
    let by_fields = super::selectors::fields(kind, fields).map_err(refused)?;
    Ok(call.sys.cluster(|cluster| {
        let all = cluster.list(kind, namespace);
        all.filter(|object| by_labels(object) && by_fields(object)).cloned().collect()
    }))
}

/// Creates an object and prints the server's warnings.
///
/// # Errors
/// What the server says.
pub fn create(call: &Call, info: &Info, write: &Write<'_>) -> Outcome<Arc<Object>> {
    if info.object.get("apiVersion").is_some_and(|version| version == "") {
        return Err(Status::new(Reason::NotFound, "the server could not find the requested resource").into());
    }
    check_simulated(info.kind)?;
    let request = Request::Create {
        kind: info.kind,
        namespace: info.namespace.as_str().into(),
        object: info.object.to_value(),
        options: write.options(call),
    };
    Ok(submit(call, request)?.0)
}

/// Replaces an object, at its newest revision unless it names one. Models `Helper.Replace`.
///
/// # Errors
/// What the server says.
pub fn update(call: &Call, info: &Info, subresource: Subresource, write: &Write<'_>) -> Outcome<Arc<Object>> {
    let mut object = info.object.to_value();
    if object.pointer("/metadata/resourceVersion").is_none_or(|version| version == "")
        && let Ok(live) = get(call, info.kind, &info.namespace, &info.name)
    {
        api::object::set(&mut object, &["metadata", "resourceVersion"], live.resource_version().to_string().into());
    }
    let request = Request::Update {
        kind: info.kind,
        namespace: info.namespace.as_str().into(),
        name: info.name.as_str().into(),
        object,
        subresource,
        options: write.options(call),
    };
    Ok(submit(call, request)?.0)
}

/// Changes an object; says whether it became another.
///
/// # Errors
/// What the server says.
pub fn patch(
    call: &Call,
    info: &Info,
    patch: Patch,
    subresource: Subresource,
    write: &Write<'_>,
) -> Outcome<(Arc<Object>, bool)> {
    check_simulated(info.kind)?;
    let request = Request::Patch {
        kind: info.kind,
        namespace: info.namespace.as_str().into(),
        name: info.name.as_str().into(),
        patch,
        subresource,
        options: write.options(call),
    };
    submit(call, request)
}

/// Deletes an object.
///
/// # Errors
/// What the server says.
pub fn delete(call: &Call, info: &Info, options: DeleteOptions) -> Outcome<Arc<Object>> {
    check_name(&info.name)?;
    deprecation(call, info.kind);
    let (namespace, name) = (info.namespace.as_str().into(), info.name.as_str().into());
    Ok(submit(call, Request::Delete { kind: info.kind, namespace, name, options })?.0)
}

/// Whether there can be objects of a kind, and not only the word that it is served.
fn check_simulated(kind: &'static Kind) -> Outcome {
    if api::KINDS.contains(&kind) {
        return Ok(());
    }
    Err(Failure::Text(format!("{} are not simulated by this playground", kind.group_resource())))
}

fn submit(call: &Call, request: Request) -> Outcome<(Arc<Object>, bool)> {
    let response = call.sys.cluster(|cluster| cluster.submit(request))?;
    for warning in response.warnings {
        call.warn_once(&warning);
    }
    Ok((response.object, response.changed))
}
