//! The log of one container, as the kubelet hands it out.

use api::arrange::Arrange;
use api::{Object, ObjectKey, Reason, Status, Value};
use cluster::kubelet::LogLine;
use cluster::{Cluster, Instant};

use super::super::super::command::Call;
use super::super::super::errors::{Failure, Outcome};

/// How often a log that is not there yet is asked for.
const RETRY: u64 = 1_000_000;

/// What is shown of each log. Models `PodLogOptions`.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Options {
    previous: bool,
    timestamps: bool,
    prefix: bool,
    since: Option<Instant>,
    tail: Option<usize>,
    limit: Option<usize>,
}

impl Options {
    /// Models `ToLogOptions`.
    ///
    /// # Errors
    /// For a time that is none.
    pub(super) fn of(call: &Call) -> Outcome<Self> {
        let flags = &call.flags;
        let seconds = |micros: i64| u64::try_from((micros + 500_000) / 1_000_000).unwrap_or(0) * 1_000_000;
        let mut since = (flags.micros("since") != 0)
            .then(|| Instant(call.sys.now().0.saturating_sub(seconds(flags.micros("since")))));
        let time = flags.text("since-time");
        if !time.is_empty() {
            let at = api::time::parse_rfc3339(time).ok_or_else(|| {
                let quoted = api::field::go_quote(time);
                Failure::Text(format!(
                    "parsing time {quoted} as \"2006-01-02T15:04:05Z07:00\": cannot parse {quoted} as \"2006\""
                ))
            })?;
            let ago = call.sys.now().unix_seconds() - at;
            let ago = u64::try_from(ago).unwrap_or(0) * 1_000_000;
            since = Some(Instant(call.sys.now().0.saturating_sub(ago)));
        }
        let tail = match flags.int("tail") {
            -1 if !flags.text("selector").is_empty() && !flags.changed("tail") => Some(10),
            lines => usize::try_from(lines).ok(),
        };
        Ok(Self {
            previous: flags.bool("previous"),
            timestamps: flags.bool("timestamps"),
            prefix: flags.bool("prefix") || flags.bool("all-pods"),
            since,
            tail,
            limit: usize::try_from(flags.int("limit-bytes")).ok().filter(|bytes| *bytes > 0),
        })
    }
}

/// A log under way.
#[derive(Clone, PartialEq, Debug)]
pub(in super::super) struct Stream {
    pod: ObjectKey,
    container: String,
    uid: String,
    /// How many lines were seen, of which run of the container.
    seen: usize,
    run: Option<i64>,
}

impl Stream {
    /// The log of a pod's container.
    #[must_use]
    pub(in super::super) fn new(pod: &Object, container: &str) -> Self {
        let uid = pod.uid().to_owned();
        Self { pod: ObjectKey::of(&api::pod::KIND, pod), container: container.to_owned(), uid, seen: 0, run: None }
    }

    /// This log from now on.
    #[must_use]
    pub(in super::super) fn skip_to_now(mut self, call: &Call) -> Self {
        self.seen = call.sys.cluster(|cluster| cluster.logs(&self.pod, &self.container, false).map_or(0, <[_]>::len));
        self
    }

    /// The container's status, if its pod is still there.
    fn status<'a>(&self, cluster: &'a Cluster) -> Option<&'a Value> {
        let pod = cluster.store().get(&self.pod).filter(|pod| pod.uid() == self.uid)?;
        let lists = ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"];
        let mut all = lists.into_iter().flat_map(|list| pod.list(&["status", list]));
        all.find(|status| status.get("name").is_some_and(|name| *name == *self.container))
    }

    /// All there is by now, as a text; or why there is nothing.
    pub(in super::super) fn whole(&mut self, cluster: &Cluster) -> Result<String, String> {
        if !self.available(cluster, false)? {
            return Ok(String::new());
        }
        Ok(self.next(cluster).0.into_iter().map(|line| line.text + "\n").collect())
    }

    /// Whether there is a log to show. Models the kubelet's `validateContainerLogStatus`.
    fn available(&self, cluster: &Cluster, previous: bool) -> Result<bool, String> {
        let (container, pod) = (api::field::go_quote(&self.container), api::field::go_quote(&self.pod.name));
        let assigned = cluster.store().get(&self.pod).is_some_and(|pod| !pod.str(&["spec", "nodeName"]).is_empty());
        if !assigned {
            return Ok(false);
        }
        let Some(status) = self.status(cluster) else {
            return Err(format!("container {container} in pod {pod} is not available"));
        };
        let at = |path: &str| status.pointer(path);
        if previous {
            return match at("/lastState/terminated") {
                Some(_) => Ok(true),
                None => Err(format!("previous terminated container {container} in pod {pod} not found")),
            };
        }
        let ran =
            ["/state/running", "/state/terminated", "/lastState/terminated"].into_iter().any(|path| at(path).is_some());
        if ran {
            return Ok(true);
        }
        let reason = at("/state/waiting/reason").and_then(Value::as_str).unwrap_or_default();
        let why = match reason {
            "ErrImagePull" => "image can't be pulled",
            "ImagePullBackOff" => "trying and failing to pull image",
            other => other,
        };
        Err(format!("container {container} in pod {pod} is waiting to start: {why}"))
    }

    /// The lines that were not shown yet, and whether more may come.
    fn next(&mut self, cluster: &Cluster) -> (Vec<LogLine>, bool) {
        let status = self.status(cluster);
        let run = status.and_then(|status| status.get("restartCount")?.as_i64());
        let same = run.is_some() && (self.run.is_none() || self.run == run);
        let runs = same && status.is_some_and(|status| status.pointer("/state/running").is_some());
        let log = cluster.logs(&self.pod, &self.container, !same).unwrap_or_default();
        let new = log.get(self.seen..).unwrap_or_default().to_vec();
        self.seen += new.len();
        self.run = self.run.or(run);
        (new, runs)
    }
}

/// Shows logs one after the other, or all as they are written. Models `RunLogsContext`.
///
/// # Errors
/// What the kubelet says of a log that is not there.
pub(super) async fn print(call: &Call, mut streams: Vec<Stream>, options: &Options) -> Outcome {
    let following = call.flags.bool("follow");
    let most = call.flags.int("max-log-requests");
    if following && streams.len() > 1 && i64::try_from(streams.len()).is_ok_and(|count| count > most) {
        return Err(Failure::Text(format!(
            "you are attempting to follow {} log streams, but maximum allowed concurrency is {most}, use --max-log-requests to increase the limit",
            streams.len()
        )));
    }
    let mut failed = Vec::new();
    for (index, stream) in streams.iter_mut().enumerate() {
        if let Err(why) = start(call, stream, options).await {
            let refused = Failure::from(Status::new(Reason::BadRequest, why.clone()));
            match () {
                () if call.flags.bool("ignore-errors") => call.sys.out.line(format!("error: {why}")),
                () if following => return Err(Failure::text("context deadline exceeded")),
                () => return Err(refused),
            }
            failed.push(index);
        }
    }
    if !following {
        return Ok(());
    }
    let mut index = 0;
    streams.retain(|_| {
        index += 1;
        !failed.contains(&(index - 1))
    });
    follow(call, streams, |stream, line| write(call, stream, line, options)).await;
    Ok(())
}

/// Shows what is there, once there is a log; one that is followed is waited for.
async fn start(call: &Call, stream: &mut Stream, options: &Options) -> Result<(), String> {
    let until = call.sys.now() + u64::try_from(call.flags.micros("pod-running-timeout")).unwrap_or(0);
    loop {
        match call.sys.cluster(|cluster| stream.available(cluster, options.previous)) {
            Ok(true) => break,
            Ok(false) => return Ok(()),
            Err(why) if !call.flags.bool("follow") || call.flags.bool("ignore-errors") => return Err(why),
            Err(why) => {
                call.sys.err.line(&why);
                if call.sys.now() >= until {
                    return Err(why);
                }
                call.sys.sleep(RETRY).await;
            }
        }
    }
    let lines = call.sys.cluster(|cluster| match options.previous {
        true => cluster.logs(&stream.pod, &stream.container, true).unwrap_or_default().to_vec(),
        false => stream.next(cluster).0,
    });
    let recent: Vec<&LogLine> =
        lines.iter().filter(|line| options.since.is_none_or(|since| line.at >= since)).collect();
    let first = options.tail.map_or(0, |tail| recent.len().saturating_sub(tail));
    let mut text: String = recent[first..].iter().map(|line| shown(stream, line, options)).collect();
    if let Some(limit) = options.limit.filter(|limit| *limit < text.len()) {
        let end = (0..=limit).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        text.truncate(end);
    }
    call.sys.out.write(text);
    Ok(())
}

/// Hands on every line that is written, until all containers have ended.
pub(in super::super) async fn follow(call: &Call, mut streams: Vec<Stream>, mut show: impl FnMut(&Stream, &LogLine)) {
    while !streams.is_empty() {
        let news = call.sys.wait(None, |cluster| {
            let looks: Vec<(Vec<LogLine>, bool)> = streams.iter_mut().map(|stream| stream.next(cluster)).collect();
            looks.iter().any(|(lines, more)| !lines.is_empty() || !more).then_some(looks)
        });
        let news = news.await.unwrap_or_default();
        let mut lines: Vec<(usize, &LogLine)> = news
            .iter()
            .enumerate()
            .flat_map(|(index, (lines, _))| lines.iter().map(move |line| (index, line)))
            .collect();
        lines.arrange_by_key(|(_, line)| line.at);
        lines.iter().for_each(|(index, line)| show(&streams[*index], line));
        let mut more = news.iter().map(|(_, more)| *more);
        streams.retain(|_| more.next().unwrap_or(false));
    }
}

fn write(call: &Call, stream: &Stream, line: &LogLine, options: &Options) {
    call.sys.out.write(shown(stream, line, options));
}

/// A line with what is asked for before it.
fn shown(stream: &Stream, line: &LogLine, options: &Options) -> String {
    let mut text = String::new();
    if options.prefix {
        text.push_str(&format!("[pod/{}/{}] ", stream.pod.name, stream.container));
    }
    if options.timestamps {
        let time = api::time::format_rfc3339(line.at.unix_seconds());
        text.push_str(&format!("{}.{:06}000Z ", time.trim_end_matches('Z'), line.at.0 % 1_000_000));
    }
    text + &line.text + if line.open { "" } else { "\n" }
}
