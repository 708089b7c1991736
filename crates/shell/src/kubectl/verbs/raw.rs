//! `kubectl get --raw`: the API by its paths, as far as it is simulated.

use super::super::api_server;
use super::super::command::Call;
use super::super::errors::Outcome;

/// Answers a GET.
pub(super) fn get(call: &Call, path: &str) -> Outcome {
    match path.split('?').next().unwrap_or(path).trim_end_matches('/') {
        "/version" => call.sys.out.write(super::version::server_json()),
        "/healthz" | "/livez" | "/readyz" => call.sys.out.write("ok"),
        path => {
            let value = call.sys.cluster(|cluster| api_server::get(cluster, path))?;
            call.sys.out.write(manifest::to_json_compact(&value) + "\n");
        }
    }
    Ok(())
}
