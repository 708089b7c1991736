//! `kubectl create secret`. Models `create_secret.go`, `create_secret_tls.go` and `create_secret_docker.go`.

use api::secret::base64;
use api::{Map, Value, json};

use super::super::super::command::{Call, Running, Verb};
use super::super::super::errors::{Failure, Outcome};
use super::super::super::flags::Flag;
use super::super::common;
use super::super::create::{MANAGER, submit};
use super::data::{self, Problem};

/// The verb.
pub(super) static VERB: Verb = Verb {
    name: "secret",
    usage: "secret (docker-registry | generic | tls)",
    short: "Create a secret using a specified subcommand",
    long: "Create a secret with specified type.\n\n A docker-registry type secret is for accessing a container registry.\n\n A generic type secret indicate an Opaque secret type.\n\n A tls type secret holds TLS certificate and its associated key.",
    verbs: &[&DOCKER, &GENERIC, &TLS],
    ..Verb::EMPTY
};

static HASH: &[Flag] = &[Flag::bool("append-hash", "false", "Append a hash of the secret to its name.")];

static SOURCES: &[Flag] = &[
    Flag::list("from-env-file", "Specify the path to a file to read lines of key=val pairs to create a secret."),
    Flag::list(
        "from-file",
        "Key files can be specified using their file path, in which case a default name will be given to them, or optionally with a name and file path, in which case the given name will be used.  Specifying a directory will iterate each named file in the directory that is a valid secret key.",
    ),
    Flag::array("from-literal", "Specify a key and literal value to insert in secret (i.e. mykey=somevalue)"),
    Flag::text("type", "", "The type of secret to create"),
];

static GENERIC: Verb = Verb {
    name: "generic",
    usage: "generic NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]",
    short: "Create a secret from a local file, directory, or literal value",
    long: "Create a secret based on a file, directory, or specified literal value.\n\n A single secret may package one or more key/value pairs.\n\n When creating a secret based on a file, the key will default to the basename of the file, and the value will default to the file content. If the basename is an invalid key or you wish to chose your own, you may specify an alternate key.\n\n When creating a secret based on a directory, each file whose basename is a valid key in the directory will be packaged into the secret. Any directory entries except regular files are ignored (e.g. subdirectories, symlinks, devices, pipes, etc).",
    examples: "# Create a new secret named my-secret with keys for each file in folder bar\nkubectl create secret generic my-secret --from-file=path/to/bar\n\n# Create a new secret named my-secret with specified keys instead of names on disk\nkubectl create secret generic my-secret --from-file=ssh-privatekey=path/to/id_rsa --from-file=ssh-publickey=path/to/id_rsa.pub\n\n# Create a new secret named my-secret with key1=supersecret and key2=topsecret\nkubectl create secret generic my-secret --from-literal=key1=supersecret --from-literal=key2=topsecret\n\n# Create a new secret named my-secret using a combination of a file and a literal\nkubectl create secret generic my-secret --from-file=ssh-privatekey=path/to/id_rsa --from-literal=passphrase=topsecret\n\n# Create a new secret named my-secret from env files\nkubectl create secret generic my-secret --from-env-file=path/to/foo.env --from-env-file=path/to/bar.env",
    flags: &[SOURCES, HASH, MANAGER, common::PRINT, common::DRY_RUN, common::SAVE_CONFIG, common::VALIDATE],
    run: Some(|call| -> Running<'_> { Box::pin(async { generic(call) }) }),
    ..Verb::EMPTY
};

static TLS_FLAGS: &[Flag] = &[
    Flag::text("cert", "", "Path to PEM encoded public key certificate."),
    Flag::text("key", "", "Path to private key associated with given certificate."),
];

static TLS: Verb = Verb {
    name: "tls",
    usage: "tls NAME --cert=path/to/cert/file --key=path/to/key/file [--dry-run=server|client|none]",
    short: "Create a TLS secret",
    long: "Create a TLS secret from the given public/private key pair.\n\n The public/private key pair must exist beforehand. The public key certificate must be .PEM encoded and match the given private key.",
    examples: "# Create a new TLS secret named tls-secret with the given key pair\nkubectl create secret tls tls-secret --cert=path/to/tls.crt --key=path/to/tls.key",
    flags: &[TLS_FLAGS, HASH, MANAGER, common::PRINT, common::DRY_RUN, common::SAVE_CONFIG, common::VALIDATE],
    run: Some(|call| -> Running<'_> { Box::pin(async { tls(call) }) }),
    ..Verb::EMPTY
};

static DOCKER_FLAGS: &[Flag] = &[
    Flag::text("docker-email", "", "Email for Docker registry"),
    Flag::text("docker-password", "", "Password for Docker registry authentication"),
    Flag::text("docker-server", "https://index.docker.io/v1/", "Server location for Docker registry"),
    Flag::text("docker-username", "", "Username for Docker registry authentication"),
    Flag::list(
        "from-file",
        "Key files can be specified using their file path, in which case a default name of .dockerconfigjson will be given to them, or optionally with a name and file path, in which case the given name will be used. Specifying a directory will iterate each named file in the directory that is a valid secret key. For this command, the key should always be .dockerconfigjson.",
    ),
];

static DOCKER: Verb = Verb {
    name: "docker-registry",
    usage: "docker-registry NAME --docker-username=user --docker-password=password --docker-email=email [--docker-server=string] [--from-file=[key=]source] [--dry-run=server|client|none]",
    short: "Create a secret for use with a Docker registry",
    long: "Create a new secret for use with Docker registries.\n        \n        Dockercfg secrets are used to authenticate against Docker registries.\n        \n        When using the Docker command line to push images, you can authenticate to a given registry by running:\n        '$ docker login DOCKER_REGISTRY_SERVER --username=DOCKER_USER --password=DOCKER_PASSWORD --email=DOCKER_EMAIL'.\n        \n That produces a ~/.dockercfg file that is used by subsequent 'docker push' and 'docker pull' commands to authenticate to the registry. The email address is optional.\n\n        When creating applications, you may have a Docker registry that requires authentication.  In order for the\n        nodes to pull images on your behalf, they must have the credentials.  You can provide this information\n        by creating a dockercfg secret and attaching it to your service account.",
    examples: "# If you do not already have a .dockercfg file, create a dockercfg secret directly\nkubectl create secret docker-registry my-secret --docker-server=DOCKER_REGISTRY_SERVER --docker-username=DOCKER_USER --docker-password=DOCKER_PASSWORD --docker-email=DOCKER_EMAIL\n\n# Create a new secret named my-secret from ~/.docker/config.json\nkubectl create secret docker-registry my-secret --from-file=path/to/.docker/config.json",
    flags: &[DOCKER_FLAGS, HASH, MANAGER, common::PRINT, common::DRY_RUN, common::SAVE_CONFIG, common::VALIDATE],
    run: Some(|call| -> Running<'_> { Box::pin(async { docker(call) }) }),
    ..Verb::EMPTY
};

/// The pairs of the flags. Models `addKeyFromLiteralToSecret`.
fn pairs(call: &Call) -> Outcome<Vec<(String, String)>> {
    data::pairs(call, "secret", |key, problem| match problem {
        Problem::Invalid(wrong) => {
            format!("{} is not valid key name for a Secret {}", api::field::go_quote(key), wrong.join(";"))
        }
        Problem::Taken => format!("cannot add key {key}, another key by that name already exists"),
    })
}

fn send(call: &Call, pairs: Vec<(String, String)>, kind: &str) -> Outcome {
    let data: Map<String, Value> =
        pairs.into_iter().map(|(key, value)| (key, base64(value.as_bytes()).into())).collect();
    let mut object = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": call.one_name()?}});
    if !data.is_empty() {
        object["data"] = data.into();
    }
    if !kind.is_empty() {
        object["type"] = kind.into();
    }
    submit(call, object, "failed to create secret")
}

fn generic(call: &Call) -> Outcome {
    call.one_name()?;
    send(call, pairs(call)?, call.flags.text("type"))
}

/// Models `createSecretTLS`; whether the key belongs to the certificate is not looked at.
fn tls(call: &Call) -> Outcome {
    call.one_name()?;
    let (cert, key) = (call.flags.text("cert"), call.flags.text("key"));
    if cert.is_empty() || key.is_empty() {
        return Err(Failure::text("key and cert must be specified"));
    }
    let read = |path: &str| {
        let missing = || Failure::Text(format!("Cannot read file {path}, open {path}: no such file or directory"));
        call.sys.read_file(path).map_err(|_| missing())
    };
    let (cert, key) = (read(cert)?, read(key)?);
    for (text, mark, what) in [(&cert, "CERTIFICATE-----", "certificate"), (&key, "PRIVATE KEY-----", "key")] {
        if !(text.contains("-----BEGIN ") && text.contains(mark)) {
            return Err(Failure::Text(format!("tls: failed to find any PEM data in {what} input")));
        }
    }
    send(call, vec![("tls.crt".to_owned(), cert), ("tls.key".to_owned(), key)], "kubernetes.io/tls")
}

/// Models `createSecretDockerRegistry`.
fn docker(call: &Call) -> Outcome {
    call.one_name()?;
    let flag = |name: &str| call.flags.text(name);
    let (user, password, server) = (flag("docker-username"), flag("docker-password"), flag("docker-server"));
    let from_files = !call.flags.all("from-file").is_empty();
    if !from_files && (user.is_empty() || password.is_empty() || server.is_empty()) {
        return Err(Failure::text(
            "either --from-file or the combination of --docker-username, --docker-password and --docker-server is required",
        ));
    }
    let kind = "kubernetes.io/dockerconfigjson";
    if from_files {
        return send(call, pairs(call)?, kind);
    }
    let email = match flag("docker-email") {
        "" => String::new(),
        email => format!(",\"email\":{}", json!(email)),
    };
    let auth = base64(format!("{user}:{password}").as_bytes());
    // In the order of the type's fields.
    let text = format!(
        "{{\"auths\":{{{}:{{\"username\":{},\"password\":{}{email},\"auth\":{}}}}}}}",
        json!(server),
        json!(user),
        json!(password),
        json!(auth)
    );
    send(call, vec![(".dockerconfigjson".to_owned(), text)], kind)
}

#[cfg(test)]
mod tests {
    use cluster::Cluster;

    use crate::terminal::run_script;

    #[test]
    fn secrets_and_config_maps_come_from_files_and_words() {
        let mut cluster = Cluster::default();
        let files = [
            ("a.txt", "hello\n"),
            ("e.env", "# x\nA=1\n B=2\n"),
            ("c.pem", "-----BEGIN CERTIFICATE-----\n"),
            ("k.pem", "no"),
        ];
        let files = files.map(|(name, text)| (name.to_owned(), text.to_owned()));
        for (words, out, err) in [
            ("secret generic s --from-literal=a=b=c --from-file=a.txt", "secret/s created\n", ""),
            ("secret generic s", "", "error: failed to create secret secrets \"s\" already exists\n"),
            ("secret generic t --from-literal=a", "", "error: invalid literal source a, expected key=value\n"),
            (
                "secret generic t --from-literal=a=1 --from-literal=a=2",
                "",
                "error: cannot add key a, another key by that name already exists\n",
            ),
            ("secret tls t --cert=c.pem", "", "error: key and cert must be specified\n"),
            ("secret tls t --cert=c.pem --key=k.pem", "", "error: tls: failed to find any PEM data in key input\n"),
            ("secret tls t --cert=c.pem --key=x", "", "error: Cannot read file x, open x: no such file or directory\n"),
            ("secret docker-registry d --docker-username=u --docker-password=p", "secret/d created\n", ""),
            ("cm c --from-env-file=e.env", "configmap/c created\n", ""),
            (
                "cm d --from-literal=x/y=1",
                "",
                "error: \"x/y\" is not a valid key name for a ConfigMap: a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')\n",
            ),
            ("cm d --from-file=nope", "", "error: error reading nope: no such file or directory\n"),
        ] {
            let done = run_script(&mut cluster, &format!("kubectl create {words}"), "", &files);
            assert_eq!((done.stdout.as_str(), done.stderr.as_str()), (out, err), "{words}");
        }
        let get = "kubectl get secret d -o jsonpath='{.data.\\.dockerconfigjson}' | base64 -d; kubectl get cm c -o jsonpath='{.data}'; kubectl get secret s -o jsonpath='{.data.a}'";
        let want = r#"{"auths":{"https://index.docker.io/v1/":{"username":"u","password":"p","auth":"dTpw"}}}{"A":"1","B":"2"}Yj1j"#;
        assert_eq!(run_script(&mut cluster, get, "", &[]).stdout, want);
    }
}
