//! What a command line names: objects by type and name, by selector, or from manifests.
//!
//! Models `k8s.io/cli-runtime/pkg/resource` Builder and its visitors.

use api::{Kind, Value};

use super::command::Call;
use super::errors::{Failure, Outcome};
use super::objects::{self, Info};

const MISSING: &str = "You must provide one or more resources by argument or filename.\nExample resource specifications \
                       include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'";

/// What to look for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Query {
    /// The namespace to look in.
    pub namespace: String,
    /// Whether manifests must be of that namespace.
    pub enforce_namespace: bool,
    /// Look in every namespace.
    pub all_namespaces: bool,
    /// Files, folders, `-` for standard input.
    pub files: Vec<String>,
    /// Whether the server is not asked what the kinds are (`--local`).
    pub local: bool,
    /// The folder of a kustomization; empty for none.
    pub kustomize: String,
    /// Whether folders are read with those below.
    pub recursive: bool,
    /// Labels to select by; empty for none.
    pub labels: String,
    /// Fields to select by; empty for none.
    pub fields: String,
    /// Every object of the types (`--all`).
    pub all: bool,
    /// Whether a type alone means all its objects.
    pub type_means_all: bool,
    /// Types and names.
    pub args: Vec<String>,
    /// Whether objects are read from the server, those of manifests too.
    pub latest: bool,
    /// Whether named objects are read from the server.
    pub fetch: bool,
    /// Whether manifests must say what they are (`--validate`).
    pub validate: bool,
}

impl Query {
    /// The query of the flags that most verbs have.
    #[must_use]
    pub fn of(call: &Call) -> Self {
        Self {
            namespace: call.namespace(),
            enforce_namespace: call.namespace_given(),
            all_namespaces: call.flags.bool("all-namespaces"),
            files: call.flags.all("filename").to_vec(),
            local: call.flags.bool("local"),
            kustomize: call.flags.text("kustomize").to_owned(),
            recursive: call.flags.bool("recursive"),
            labels: call.flags.text("selector").to_owned(),
            fields: call.flags.text("field-selector").to_owned(),
            all: call.flags.bool("all"),
            args: call.args.clone(),
            fetch: true,
            ..Self::default()
        }
    }
}

/// What was found.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Found {
    /// Objects and errors, in order.
    pub items: Vec<Outcome<Info>>,
    /// The kinds it is about: those of the objects, and those of lists that may be empty.
    pub kinds: Vec<&'static Kind>,
    /// Whether one single object was asked for.
    pub single: bool,
}

impl Found {
    fn of(items: Vec<Outcome<Info>>, single: bool) -> Self {
        let mut kinds: Vec<&'static Kind> = Vec::new();
        for info in items.iter().flatten() {
            if !kinds.contains(&info.kind) {
                kinds.push(info.kind);
            }
        }
        Self { items, kinds, single }
    }

    /// The objects, and the errors beside them.
    #[must_use]
    pub fn split(self) -> (Vec<Info>, Vec<Failure>) {
        let (mut infos, mut failures) = (Vec::new(), Vec::new());
        for item in self.items {
            match item {
                Ok(info) => infos.push(info),
                Err(failure) => failures.push(failure),
            }
        }
        (infos, failures)
    }
}

/// An error of several, or of one, or none.
///
/// # Errors
/// When there are failures.
pub fn all_or(failures: Vec<Failure>) -> Outcome {
    if failures.is_empty() { Ok(()) } else { Err(Failure::Many(failures)) }
}

/// Looks up what a query names.
///
/// # Errors
/// What keeps the whole query from being answered; errors of single objects stand among the items.
pub async fn resolve(call: &Call, query: &Query) -> Outcome<Found> {
    let words = Words::read(&query.args)?;
    words.types.iter().chain(words.tuples.iter().map(|(word, _)| word)).for_each(|word| warn_ambiguous(call, word));
    if !query.files.is_empty() || !query.kustomize.is_empty() {
        words.forbid_with_files()?;
        return files(call, query).await;
    }
    let selecting = query.all || !query.labels.is_empty() || !query.fields.is_empty();
    if selecting
        || (query.type_means_all && words.names.is_empty() && words.tuples.is_empty() && !words.types.is_empty())
    {
        return select(call, query, &words);
    }
    if !words.tuples.is_empty() {
        return Ok(Found::of(by_tuple(call, query, &words)?, words.tuples.len() == 1));
    }
    if !words.names.is_empty() {
        return Ok(Found::of(by_name(call, query, &words)?, words.names.len() == 1));
    }
    for word in &words.types {
        kind(word)?;
    }
    let message = if words.types.is_empty() { MISSING } else { "resource(s) were provided, but no name was specified" };
    Err(Failure::text(message))
}

/// The kind that a word names.
///
/// # Errors
/// When the server has no such type.
pub fn kind(word: &str) -> Outcome<&'static Kind> {
    Kind::of_word(word).ok_or_else(|| {
        let name = word.split('.').next().unwrap_or(word);
        Failure::Text(format!("the server doesn't have a resource type {}", api::field::go_quote(name)))
    })
}

/// Says that a short name could also mean a resource of a later group. Models `shortcutExpander.expandResourceShortcut`.
fn warn_ambiguous(call: &Call, word: &str) {
    let of = |kind: &&'static Kind| kind.short_names.contains(&word);
    for kind in api::discovery::resources().filter(of).skip(1) {
        let text = format!(
            "short name {} could also match lower priority resource {}",
            api::field::go_quote(word),
            kind.group_resource()
        );
        call.warn_once(&text);
    }
}

/// Types, names, and pairs of them.
#[derive(Default)]
struct Words {
    types: Vec<String>,
    names: Vec<String>,
    tuples: Vec<(String, String)>,
}

impl Words {
    /// Models `ResourceTypeOrNameArgs`.
    fn read(args: &[String]) -> Outcome<Self> {
        let mut args = args.to_vec();
        let types: Vec<String> =
            args.first().map(|first| first.split(',').map(str::to_owned).collect()).unwrap_or_default();
        if args.len() >= 2 && types.len() > 1 {
            args = types.iter().flat_map(|word| args[1..].iter().map(move |name| format!("{word}/{name}"))).collect();
        }
        let slashes = args.iter().filter(|arg| arg.contains('/')).count();
        if slashes > 0 && slashes != args.len() {
            return Err(Failure::text(
                "there is no need to specify a resource type as a separate argument when passing arguments in \
                 resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource \
                 resource/<resource_name>'",
            ));
        }
        if slashes > 0 {
            let tuples = args.iter().map(|arg| tuple(arg)).collect::<Outcome<_>>()?;
            return Ok(Self { tuples, ..Self::default() });
        }
        let mut args = args.into_iter();
        let first = args.next().unwrap_or_default();
        let types = first.split(',').filter(|word| !word.is_empty()).flat_map(expand).collect();
        Ok(Self { types, names: args.collect(), tuples: Vec::new() })
    }

    fn forbid_with_files(&self) -> Outcome {
        let message = if !self.types.is_empty() {
            "when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well"
        } else if !self.tuples.is_empty() {
            "resource/name arguments cannot be provided when a path is specified"
        } else {
            return Ok(());
        };
        Err(Failure::text(message))
    }

    fn kinds(&self) -> Outcome<Vec<&'static Kind>> {
        let mut kinds: Vec<&'static Kind> = Vec::new();
        for word in &self.types {
            let kind = kind(word)?;
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        Ok(kinds)
    }
}

/// The kinds of a category such as `all`, or the word itself. Models `ReplaceAliases`.
fn expand(word: &str) -> Vec<String> {
    let members: Vec<String> =
        api::KINDS.iter().filter(|kind| kind.categories.contains(&word)).map(|kind| kind.group_resource()).collect();
    if members.is_empty() { vec![word.to_owned()] } else { members }
}

/// Models `splitResourceTypeName`.
fn tuple(arg: &str) -> Outcome<(String, String)> {
    let parts: Vec<&str> = arg.split('/').collect();
    match parts.as_slice() {
        [kind, name] if !kind.is_empty() && !name.is_empty() && !kind.contains(',') => {
            Ok(((*kind).to_owned(), (*name).to_owned()))
        }
        [_, _] => Err(Failure::text("arguments in resource/name form must have a single resource and name")),
        _ => Err(Failure::text("arguments in resource/name form may not have more than one slash")),
    }
}

fn select(call: &Call, query: &Query, words: &Words) -> Outcome<Found> {
    if !words.names.is_empty() {
        return Err(Failure::text("name cannot be provided when a selector is specified"));
    }
    if !words.tuples.is_empty() {
        let message = "selectors and the all flag cannot be used when passing resource/name arguments";
        return Err(Failure::text(message));
    }
    if words.types.is_empty() {
        return Err(Failure::text("at least one resource must be specified to use a selector"));
    }
    let namespace = (!query.all_namespaces).then_some(query.namespace.as_str());
    let mut items = Vec::new();
    let kinds = words.kinds()?;
    for kind in &kinds {
        match objects::list(call, kind, namespace, &query.labels, &query.fields) {
            Ok(list) => items.extend(list.iter().map(|object| Ok(Info::read(kind, object)))),
            Err(failure) => items.push(Err(failure)),
        }
    }
    Ok(Found { items, kinds, single: false })
}

/// Models `visitByResource`.
fn by_tuple(call: &Call, query: &Query, words: &Words) -> Outcome<Vec<Outcome<Info>>> {
    let kinds = words.tuples.iter().map(|(word, _)| kind(word)).collect::<Outcome<Vec<_>>>()?;
    let pairs = kinds.into_iter().zip(&words.tuples);
    pairs.map(|(kind, (_, name))| named(call, query, kind, name)).collect()
}

/// Models `visitByName`.
fn by_name(call: &Call, query: &Query, words: &Words) -> Outcome<Vec<Outcome<Info>>> {
    if words.types.len() > 1 {
        return Err(Failure::text("you must specify only one resource"));
    }
    let kinds = words.kinds()?;
    let kind =
        kinds.first().ok_or_else(|| Failure::text("you must provide a resource and a resource name together"))?;
    words.names.iter().map(|name| named(call, query, kind, name)).collect()
}

fn named(call: &Call, query: &Query, kind: &'static Kind, name: &str) -> Outcome<Outcome<Info>> {
    if kind.namespaced && query.all_namespaces {
        return Err(Failure::text("a resource cannot be retrieved by name across all namespaces"));
    }
    let mut info = Info::named(kind, &query.namespace, name);
    Ok(if query.fetch { info.get(call).map(|()| info) } else { Ok(info) })
}

/// Models `visitByPaths`.
async fn files(call: &Call, query: &Query) -> Outcome<Found> {
    if !query.kustomize.is_empty() {
        return kustomized(call, query);
    }
    let mut texts: Vec<(String, String)> = Vec::new();
    for file in &query.files {
        if file == "-" {
            texts.push(("STDIN".to_owned(), call.sys.read_all().await));
        } else {
            texts.extend(read_path(call, file, query.recursive)?);
        }
    }
    let single = query.files.len() == 1 && texts.len() == 1 && query.files[0] != "-";
    let mut items = Vec::new();
    for (source, text) in &texts {
        read_stream(query, source, text, &mut items);
    }
    let items = items.into_iter().map(|item| item.and_then(|info| place(call, query, info)));
    let items = items.filter(|item| !matches!(item, Ok(info) if !picked(query, info))).collect();
    Ok(Found::of(items, single))
}

/// Models `KustomizeVisitor`.
fn kustomized(call: &Call, query: &Query) -> Outcome<Found> {
    if !query.files.is_empty() {
        return Err(Failure::text("only one of -f or -k can be specified"));
    }
    if query.recursive && call.flags.changed("recursive") {
        return Err(Failure::text("the -k flag can't be used with -f or -R"));
    }
    let mut items = Vec::new();
    for object in super::kustomize::build(call, &query.kustomize)? {
        flatten(&object, &query.kustomize, &mut items);
    }
    let items = items.into_iter().map(|item| item.and_then(|info| place(call, query, info)));
    let items = items.filter(|item| !matches!(item, Ok(info) if !picked(query, info))).collect();
    Ok(Found::of(items, false))
}

fn picked(query: &Query, info: &Info) -> bool {
    let object = info.object.to_object();
    query.labels.is_empty() || super::selectors::labels(&query.labels).is_ok_and(|test| test(&object))
}

/// A file, or the manifests of a folder. Models `FilenameParam` and `ExpandPathsToFileVisitors`.
fn read_path(call: &Call, path: &str, recursive: bool) -> Outcome<Vec<(String, String)>> {
    if path.starts_with("http://") || path.starts_with("https://") {
        return Err(Failure::Text(format!("unable to read URL \"{path}\": this playground has no internet")));
    }
    let absolute = crate::files::absolute(&call.sys.folder, path);
    if !call.sys.files(|files| files.is_folder(&absolute)) {
        let text = call
            .sys
            .read_file(path)
            .map_err(|_| Failure::Text(format!("the path {} does not exist", api::field::go_quote(path))))?;
        return Ok(vec![(path.to_owned(), text)]);
    }
    let names: Vec<String> = call.sys.files(|files| files.names(&absolute).map(str::to_owned).collect());
    let mut found = Vec::new();
    for name in names {
        let below = format!("{}/{name}", path.trim_end_matches('/'));
        let is_folder = call.sys.files(|files| files.is_folder(&crate::files::absolute(&call.sys.folder, &below)));
        let is_manifest = [".json", ".yaml", ".yml"].iter().any(|end| name.ends_with(end));
        if if is_folder { recursive } else { is_manifest } {
            found.extend(read_path(call, &below, recursive)?);
        }
    }
    if found.is_empty() && !recursive {
        return Err(Failure::Text(format!(
            "error reading [{path}]: recognized file extensions are [.json .yaml .yml]"
        )));
    }
    Ok(found)
}

/// Models `StreamVisitor.Visit`: a document that cannot be read ends the stream, one that cannot be mapped does not.
pub(super) fn read_stream(query: &Query, source: &str, text: &str, items: &mut Vec<Outcome<Info>>) {
    for document in &manifest::parse(text).documents {
        if let Some(error) = document.errors().first() {
            items.push(Err(Failure::Text(format!("error parsing {source}: {}", error.kubectl()))));
            return;
        }
        let Some(value) = document.value().filter(|value| !value.is_null()) else { continue };
        if query.validate
            && let Err(why) = validate(value)
        {
            items.push(Err(Failure::Text(format!(
                "error validating \"{source}\": error validating data: {why}; if you choose to ignore these errors, \
                 turn validation off with --validate=false"
            ))));
            return;
        }
        flatten(value, source, items);
    }
}

/// Models `getObjectKind` of the schema validation.
fn validate(value: &Value) -> Result<(), String> {
    let Some(fields) = value.as_object() else { return Err("invalid object to validate".to_owned()) };
    let mut wrong = Vec::new();
    for field in ["apiVersion", "kind"] {
        match fields.get(field) {
            None | Some(Value::Null) => wrong.push(format!("{field} not set")),
            Some(Value::String(_)) => {}
            Some(_) => wrong.push(format!("{field} isn't string type")),
        }
    }
    match wrong.as_slice() {
        [] => Ok(()),
        [one] => Err(one.clone()),
        all => Err(format!("[{}]", all.join(", "))),
    }
}

/// An object, or the items of a list. Models `FlattenListVisitor`.
fn flatten(value: &Value, source: &str, items: &mut Vec<Outcome<Info>>) {
    match api::object::items(value) {
        Some(list) => list.iter().for_each(|item| flatten(item, source, items)),
        None => items.push(read_object(value, source)),
    }
}

/// Models `mapper.infoForData`.
fn read_object(value: &Value, source: &str) -> Outcome<Info> {
    let quoted = api::field::go_quote(source);
    let word = |field: &str| value.get(field).and_then(Value::as_str).unwrap_or_default();
    for (field, name) in [("kind", "Kind"), ("apiVersion", "apiVersion")] {
        // A manifest whose apiVersion is empty text is one of the core group, whose kinds the mapper knows.
        let known = field == "apiVersion" && value.get(field).is_some() && !word("kind").is_empty();
        if word(field).is_empty() && !known {
            let json = manifest::to_json_compact(value);
            return Err(Failure::Text(format!("unable to decode {quoted}: Object '{name}' is missing in '{json}'")));
        }
    }
    api::decode::decode_metadata_only(value)
        .map_err(|error| Failure::Text(format!("unable to decode {quoted}: {}", error.message)))?;
    let meta = |field: &str| value.get("metadata").and_then(|m| m.get(field)?.as_str()).unwrap_or_default();
    let (name, namespace) = (meta("name"), meta("namespace"));
    let kind = objects::kind_of(value).map_err(|why| {
        Failure::Text(format!(
            "resource mapping not found for name: {} namespace: {} from {quoted}: {why}\nensure CRDs are installed first",
            api::field::go_quote(name),
            api::field::go_quote(namespace)
        ))
    })?;
    Ok(Info {
        kind,
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        source: Some(source.to_owned()),
        object: value.clone().into(),
    })
}

/// The namespace of a manifest's object. Models `SetNamespace`, `RequireNamespace` and `RetrieveLatest`.
fn place(call: &Call, query: &Query, mut info: Info) -> Outcome<Info> {
    if query.local {
        // Nobody knows then whether the kind has namespaces.
        return Ok(info);
    }
    if !info.kind.namespaced {
        info.namespace.clear();
        if let Some(metadata) = info.object.get_mut("metadata").and_then(Value::as_object_mut) {
            metadata.remove("namespace");
        }
    } else if info.namespace.is_empty() {
        info.namespace.clone_from(&query.namespace);
        api::object::set(&mut info.object, &["metadata", "namespace"], query.namespace.as_str().into());
    } else if query.enforce_namespace && info.namespace != query.namespace {
        return Err(Failure::Text(format!(
            "the namespace from the provided object \"{0}\" does not match the namespace \"{1}\". You must pass \
             '--namespace={0}' to perform this operation.",
            info.namespace, query.namespace
        )));
    }
    if query.latest && !info.name.is_empty() {
        info.get(call)?;
    }
    Ok(info)
}
