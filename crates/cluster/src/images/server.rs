//! Servers that speak no HTTP, or nobody asks more of than that they are there: databases, queues, the control plane.

use super::{Exit, Image, Listener, Run, Shell};

/// A server: its image, its ports, and what it says when it is up.
pub(super) struct Server {
    repository: &'static str,
    ports: &'static [u16],
    /// Variables of which one must be set, and what it says when none is.
    needs: (&'static [&'static str], &'static str),
    /// Microseconds until it listens.
    startup: u64,
    line: &'static str,
    shell: Option<Shell>,
}

const PLAIN: Server =
    Server { repository: "", ports: &[], needs: (&[], ""), startup: 500_000, line: "", shell: Some(Shell::Debian) };

/// MySQL: it wants a password for root.
pub(super) const MYSQL: Server = Server {
    repository: "mysql",
    ports: &[3306, 33_060],
    needs: (
        &["MYSQL_ROOT_PASSWORD", "MYSQL_ALLOW_EMPTY_PASSWORD", "MYSQL_RANDOM_ROOT_PASSWORD"],
        "[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified\n    You need to specify one \
         of the following as an environment variable:\n    - MYSQL_ROOT_PASSWORD\n    - MYSQL_ALLOW_EMPTY_PASSWORD\n    - \
         MYSQL_RANDOM_ROOT_PASSWORD",
    ),
    startup: 8_000_000,
    line: "/usr/sbin/mysqld: ready for connections. Version: '9.5.0'  socket: '/var/run/mysqld/mysqld.sock'  port: 3306  \
           MySQL Community Server - GPL.",
    ..PLAIN
};
/// MariaDB.
pub(super) const MARIADB: Server = Server {
    repository: "mariadb",
    ports: &[3306],
    needs: (
        &["MARIADB_ROOT_PASSWORD", "MYSQL_ROOT_PASSWORD", "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD"],
        "[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified",
    ),
    startup: 5_000_000,
    line: "mariadbd: ready for connections.",
    ..PLAIN
};
/// MongoDB.
pub(super) const MONGO: Server =
    Server { repository: "mongo", ports: &[27_017], startup: 2_000_000, line: "Waiting for connections", ..PLAIN };
/// memcached: silent.
pub(super) const MEMCACHED: Server = Server { repository: "memcached", ports: &[11_211], startup: 50_000, ..PLAIN };
/// RabbitMQ.
pub(super) const RABBITMQ: Server = Server {
    repository: "rabbitmq",
    ports: &[5672],
    startup: 6_000_000,
    line: "Server startup complete; 4 plugins started.",
    ..PLAIN
};
/// The pause image: it holds a pod's network and does nothing.
pub(super) const PAUSE: Server = Server { repository: "pause", startup: 0, shell: None, ..PLAIN };
/// etcd. Its ports and those of the rest of the control plane are the node's own and are known there.
pub(super) const ETCD: Server = Server { repository: "etcd", shell: None, ..PLAIN };
/// The API server.
pub(super) const API_SERVER: Server = Server { repository: "kube-apiserver", shell: None, ..PLAIN };
/// The controllers.
pub(super) const CONTROLLER_MANAGER: Server = Server { repository: "kube-controller-manager", shell: None, ..PLAIN };
/// The scheduler.
pub(super) const SCHEDULER: Server = Server { repository: "kube-scheduler", shell: None, ..PLAIN };

impl Server {
    fn lacks(&self, run: &Run<'_>) -> bool {
        let (names, _) = self.needs;
        let set =
            |name: &str| run.var(name).or_else(|| run.var(&format!("{name}_FILE"))).is_some_and(|v| !v.is_empty());
        !names.is_empty() && !names.iter().any(|name| set(name))
    }
}

impl Image for Server {
    fn repository(&self) -> &'static str {
        self.repository
    }

    fn has_tag(&self, tag: &str) -> bool {
        super::reference::usual_tag(tag) || self.repository == "etcd"
    }

    fn listens(&self, _run: &Run<'_>) -> Vec<Listener> {
        self.ports.iter().copied().map(Listener::tcp).collect()
    }

    fn startup(&self, _run: &Run<'_>) -> u64 {
        self.startup
    }

    fn exits(&self, run: &Run<'_>) -> Option<Exit> {
        self.lacks(run).then_some(Exit { after: 300_000, code: 1 })
    }

    fn first_lines(&self, run: &Run<'_>) -> Vec<String> {
        let text = if self.lacks(run) { self.needs.1 } else { self.line };
        text.lines().map(str::to_owned).collect()
    }

    fn shell(&self) -> Option<Shell> {
        self.shell
    }
}
