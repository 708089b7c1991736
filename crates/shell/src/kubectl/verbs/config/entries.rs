//! The clusters and users of a kubeconfig.

use api::arrange::Arrange;
use api::json;

use super::super::super::command::{Call, Running, Verb};
use super::super::super::config::Config;
use super::super::super::errors::{Failure, Outcome};
use super::super::super::flags::Flag;

pub(super) static CLUSTERS: Verb = Verb {
    name: "get-clusters",
    usage: "get-clusters [flags]",
    short: "Display clusters defined in the kubeconfig",
    long: "Display clusters defined in the kubeconfig.",
    examples: "# List the clusters that kubectl knows about\nkubectl config get-clusters",
    run: Some(|call| -> Running<'_> { Box::pin(async { names(call, "clusters") }) }),
    ..Verb::EMPTY
};

pub(super) static USERS: Verb = Verb {
    name: "get-users",
    usage: "get-users [flags]",
    short: "Display users defined in the kubeconfig",
    long: "Display users defined in the kubeconfig.",
    examples: "# List the users that kubectl knows about\nkubectl config get-users",
    run: Some(|call| -> Running<'_> { Box::pin(async { names(call, "users") }) }),
    ..Verb::EMPTY
};

pub(super) static DELETE_CLUSTER: Verb = Verb {
    name: "delete-cluster",
    usage: "delete-cluster NAME",
    short: "Delete the specified cluster from the kubeconfig",
    long: "Delete the specified cluster from the kubeconfig.",
    examples: "# Delete the minikube cluster\nkubectl config delete-cluster minikube",
    run: Some(|call| -> Running<'_> { Box::pin(async { super::delete(call, "clusters", "cluster") }) }),
    ..Verb::EMPTY
};

pub(super) static DELETE_USER: Verb = Verb {
    name: "delete-user",
    usage: "delete-user NAME",
    short: "Delete the specified user from the kubeconfig",
    long: "Delete the specified user from the kubeconfig.",
    examples: "# Delete the minikube user\nkubectl config delete-user minikube",
    run: Some(|call| -> Running<'_> { Box::pin(async { delete_user(call) }) }),
    ..Verb::EMPTY
};

pub(super) static SET_CLUSTER: Verb = Verb {
    name: "set-cluster",
    usage: "set-cluster NAME [--server=server] [--certificate-authority=path/to/certificate/authority] [--insecure-skip-tls-verify=true] [--tls-server-name=example.com]",
    short: "Set a cluster entry in kubeconfig",
    long: "Set a cluster entry in kubeconfig.\n\n Specifying a name that already exists will merge new fields on top of existing values for those fields.",
    examples: "# Set only the server field on the e2e cluster entry without touching other values\nkubectl config set-cluster e2e --server=https://1.2.3.4\n\n# Embed certificate authority data for the e2e cluster entry\nkubectl config set-cluster e2e --embed-certs --certificate-authority=~/.kube/e2e/kubernetes.ca.crt\n\n# Disable cert checking for the e2e cluster entry\nkubectl config set-cluster e2e --insecure-skip-tls-verify=true\n\n# Set the custom TLS server name to use for validation for the e2e cluster entry\nkubectl config set-cluster e2e --tls-server-name=my-cluster-name\n\n# Set the proxy URL for the e2e cluster entry\nkubectl config set-cluster e2e --proxy-url=https://1.2.3.4",
    flags: &[CLUSTER_FLAGS],
    run: Some(|call| -> Running<'_> { Box::pin(async { set_cluster(call) }) }),
    ..Verb::EMPTY
};

static CLUSTER_FLAGS: &[Flag] = &[
    Flag::text("certificate-authority", "", "Path to certificate-authority file for the cluster entry in kubeconfig"),
    Flag::bool("embed-certs", "false", "embed-certs for the cluster entry in kubeconfig"),
    Flag::bool("insecure-skip-tls-verify", "false", "insecure-skip-tls-verify for the cluster entry in kubeconfig"),
    Flag::text("proxy-url", "", "proxy-url for the cluster entry in kubeconfig"),
    Flag::text("server", "", "server for the cluster entry in kubeconfig"),
    Flag::text("tls-server-name", "", "tls-server-name for the cluster entry in kubeconfig"),
];

pub(super) static SET_CREDENTIALS: Verb = Verb {
    name: "set-credentials",
    usage: "set-credentials NAME [--client-certificate=path/to/certfile] [--client-key=path/to/keyfile] [--token=bearer_token] [--username=basic_user] [--password=basic_password] [--auth-provider=provider_name] [--auth-provider-arg=key=value] [--exec-command=exec_command] [--exec-api-version=exec_api_version] [--exec-arg=arg] [--exec-env=key=value]",
    short: "Set a user entry in kubeconfig",
    long: "Set a user entry in kubeconfig.\n\n Specifying a name that already exists will merge new fields on top of existing values.\n\n        Client-certificate flags:\n        --client-certificate=certfile --client-key=keyfile\n        \n        Bearer token flags:\n        --token=bearer_token\n        \n        Basic auth flags:\n        --username=basic_user --password=basic_password\n        \n Bearer token and basic auth are mutually exclusive.",
    examples: "# Set only the \"client-key\" field on the \"cluster-admin\"\n# entry, without touching other values\nkubectl config set-credentials cluster-admin --client-key=~/.kube/admin.key\n\n# Set basic auth for the \"cluster-admin\" entry\nkubectl config set-credentials cluster-admin --username=admin --password=uXFGweU9l35qcif\n\n# Embed client certificate data in the \"cluster-admin\" entry\nkubectl config set-credentials cluster-admin --client-certificate=~/.kube/admin.crt --embed-certs=true\n\n# Enable the Google Compute Platform auth provider for the \"cluster-admin\" entry\nkubectl config set-credentials cluster-admin --auth-provider=gcp\n\n# Enable the OpenID Connect auth provider for the \"cluster-admin\" entry with additional arguments\nkubectl config set-credentials cluster-admin --auth-provider=oidc --auth-provider-arg=client-id=foo --auth-provider-arg=client-secret=bar\n\n# Remove the \"client-secret\" config value for the OpenID Connect auth provider for the \"cluster-admin\" entry\nkubectl config set-credentials cluster-admin --auth-provider=oidc --auth-provider-arg=client-secret-\n\n# Enable new exec auth plugin for the \"cluster-admin\" entry\nkubectl config set-credentials cluster-admin --exec-command=/path/to/the/executable --exec-api-version=client.authentication.k8s.io/v1beta1\n\n# Enable new exec auth plugin for the \"cluster-admin\" entry with interactive mode\nkubectl config set-credentials cluster-admin --exec-command=/path/to/the/executable --exec-api-version=client.authentication.k8s.io/v1beta1 --exec-interactive-mode=Never\n\n# Define new exec auth plugin arguments for the \"cluster-admin\" entry\nkubectl config set-credentials cluster-admin --exec-arg=arg1 --exec-arg=arg2\n\n# Create or update exec auth plugin environment variables for the \"cluster-admin\" entry\nkubectl config set-credentials cluster-admin --exec-env=key1=val1 --exec-env=key2=val2\n\n# Remove exec auth plugin environment variables for the \"cluster-admin\" entry\nkubectl config set-credentials cluster-admin --exec-env=var-to-remove-",
    flags: &[USER_FLAGS],
    run: Some(|call| -> Running<'_> { Box::pin(async { set_credentials(call) }) }),
    ..Verb::EMPTY
};

static USER_FLAGS: &[Flag] = &[
    Flag::text("auth-provider", "", "Auth provider for the user entry in kubeconfig"),
    Flag::array("auth-provider-arg", "'key=value' arguments for the auth provider"),
    Flag::text("client-certificate", "", "Path to client-certificate file for the user entry in kubeconfig"),
    Flag::text("client-key", "", "Path to client-key file for the user entry in kubeconfig"),
    Flag::bool("embed-certs", "false", "Embed client cert/key for the user entry in kubeconfig"),
    Flag::text("exec-api-version", "", "API version of the exec credential plugin for the user entry in kubeconfig"),
    Flag::array("exec-arg", "New arguments for the exec credential plugin command for the user entry in kubeconfig"),
    Flag::text("exec-command", "", "Command for the exec credential plugin for the user entry in kubeconfig"),
    Flag::array("exec-env", "'key=value' environment values for the exec credential plugin"),
    Flag::text(
        "exec-interactive-mode",
        "",
        "InteractiveMode of the exec credentials plugin for the user entry in kubeconfig",
    ),
    Flag::bool(
        "exec-provide-cluster-info",
        "false",
        "ProvideClusterInfo of the exec credentials plugin for the user entry in kubeconfig",
    ),
    Flag::text("password", "", "password for the user entry in kubeconfig"),
    Flag::text("token", "", "token for the user entry in kubeconfig"),
    Flag::text("username", "", "username for the user entry in kubeconfig"),
];

/// What names programs that would have to be asked.
const PLUGIN_FLAGS: &[&str] = &[
    "auth-provider",
    "auth-provider-arg",
    "embed-certs",
    "exec-api-version",
    "exec-arg",
    "exec-command",
    "exec-env",
    "exec-interactive-mode",
    "exec-provide-cluster-info",
];

fn names(call: &Call, list: &str) -> Outcome {
    call.sys.out.line("NAME");
    let config = Config::load(&call.sys);
    let mut names: Vec<&str> = config.names(list).collect();
    names.arrange();
    names.iter().for_each(|name| call.sys.out.line(*name));
    Ok(())
}

fn delete_user(call: &Call) -> Outcome {
    if call.args.len() != 1 {
        return Err(call.usage_error("user to delete is required"));
    }
    super::delete(call, "users", "user")
}

/// Models `modifyCluster`.
fn set_cluster(call: &Call) -> Outcome {
    let name = super::one_word(call)?;
    if name.is_empty() {
        return Err(Failure::text("you must specify a non-empty cluster name"));
    }
    let flags = &call.flags;
    if flags.bool("insecure-skip-tls-verify") && !flags.text("certificate-authority").is_empty() {
        return Err(Failure::text("you cannot specify a certificate authority and insecure mode at the same time"));
    }
    if flags.bool("embed-certs") && flags.text("certificate-authority").is_empty() {
        return Err(Failure::text("you must specify a --certificate-authority to embed"));
    }
    let mut config = Config::load(&call.sys);
    let mut cluster = config.entry("clusters", name).cloned().unwrap_or_else(|| json!({"server": ""}));
    if flags.changed("server") {
        cluster["tls-server-name"] = json!(null);
    }
    for flag in ["server", "tls-server-name", "proxy-url"] {
        if flags.changed(flag) {
            cluster[flag] = flags.text(flag).into();
        }
    }
    if flags.changed("insecure-skip-tls-verify") {
        cluster["insecure-skip-tls-verify"] = flags.bool("insecure-skip-tls-verify").into();
        if flags.bool("insecure-skip-tls-verify") {
            cluster["certificate-authority"] = json!(null);
        }
    }
    if flags.changed("certificate-authority") {
        let path = crate::files::absolute(&call.sys.folder, flags.text("certificate-authority"));
        cluster["certificate-authority"] = path.into();
        cluster["insecure-skip-tls-verify"] = json!(null);
    }
    config.put("clusters", name, cluster);
    config.save(&call.sys);
    call.sys.out.line(format!("Cluster {} set.", api::field::go_quote(name)));
    Ok(())
}

/// Models `setCredentialsOptions.modifyAuthInfo`.
fn set_credentials(call: &Call) -> Outcome {
    let name = super::one_word(call)?;
    if name.is_empty() {
        return Err(Failure::text("you must specify a non-empty user name"));
    }
    let plugin = |flag: &&&str| call.flags.changed(flag);
    if let Some(flag) = PLUGIN_FLAGS.iter().find(plugin) {
        return Err(Failure::Text(format!("--{flag} is not simulated by this playground: it has no plugins")));
    }
    let mut config = Config::load(&call.sys);
    let mut user = config.entry("users", name).cloned().unwrap_or_else(|| json!({}));
    for flag in ["client-certificate", "client-key", "token", "username", "password"] {
        if call.flags.changed(flag) {
            user[flag] = match flag {
                "client-certificate" | "client-key" => {
                    crate::files::absolute(&call.sys.folder, call.flags.text(flag)).into()
                }
                _ => call.flags.text(flag).into(),
            };
        }
    }
    config.put("users", name, user);
    config.save(&call.sys);
    call.sys.out.line(format!("User {} set.", api::field::go_quote(name)));
    Ok(())
}
