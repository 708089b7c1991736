//! Writing a lesson: what is on the screen becomes its start, its goals and its solution; a test says what it does not keep.

use std::sync::Arc;

use cluster::Settings;
use course::{Files, Lesson, verify};

use super::draft::{Draft, DraftGoal, DraftOption, DraftStep, DraftWrong, Field, Place};
use super::offers::{Offer, offers};
use super::{files, link, zip};
use crate::model::Model;

/// What a teacher does with a draft.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum BuilderMsg {
    /// This field is this now.
    Write(Field, String),
    /// Begin with what is in the editor, and with the cluster's make.
    TakeStart,
    /// Add what is offered at this place of [`Builder::offers`] as a goal.
    AddGoal(Place, usize),
    /// Add a question.
    AddQuestion(Place),
    /// Take a goal away.
    RemoveGoal(Place, usize),
    /// Add an answer to a question.
    AddOption(Place, usize),
    /// Take an answer away.
    RemoveOption(Place, usize, usize),
    /// This answer is the right one.
    SetRight(Place, usize, usize),
    /// The commands that were recorded are the solution of this step.
    TakeCommands(usize),
    /// The text in the editor, applied, is the solution of this step.
    TakeText(usize),
    /// The commands that were recorded make a mistake in this step.
    AddWrong(usize),
    /// Take a mistake away: the step, and the mistake.
    RemoveWrong(usize, usize),
    /// Whether a way around the task is no cheating here: the word of the format for it.
    Allow(String, bool),
    /// Add a step.
    AddStep,
    /// Take a step away.
    RemoveStep(usize),
    /// Record commands from now on.
    Record,
    /// Try it: the start must fail, the solution must do it.
    Test,
    /// Begin with nothing.
    Clear,
}

/// A draft and what was found about it.
#[derive(Debug, Default)]
pub(super) struct Building {
    pub(super) draft: Draft,
    /// Lines run since the start was taken.
    pub(super) commands: Vec<String>,
    /// How late it was on the cluster when the start was taken, in seconds.
    since: u64,
    /// Grows when fields became others by something else than typing.
    serial: u64,
    /// A test was asked for and waits for a quiet moment.
    pub(super) testing: bool,
    tested: Option<Vec<String>>,
}

/// The builder, as it is shown.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Builder {
    /// Grows when fields became others by something else than typing.
    pub serial: u64,
    /// What is written so far.
    pub draft: Draft,
    /// Goals that what is on the screen suggests.
    pub offers: Vec<Offer>,
    /// The commands that were recorded.
    pub recorded: Vec<String>,
    /// What is wrong with the files, each with its place; empty for a lesson that can be read.
    pub problems: Vec<String>,
    /// What the last test found; `None` before one, empty for a lesson that keeps what it promises.
    pub tested: Option<Vec<String>>,
    /// Whether a test is under way.
    pub testing: bool,
    /// The fragment of an address that opens it.
    pub link: String,
    /// The name of its archive.
    pub archive_name: String,
    /// The archive itself.
    pub archive: Vec<u8>,
}

/// What is on the screen while a lesson is written.
struct Screen {
    text: String,
    settings: Settings,
    now: u64,
    recorded: Vec<String>,
    offers: Vec<Offer>,
}

/// Does what a teacher asks.
pub(super) fn update(model: &mut Model, msg: BuilderMsg) {
    let texts: Vec<String> = model.editor.texts().into_iter().map(|(_, text)| text).collect();
    let screen = Screen {
        text: texts.join("---\n"),
        settings: model.cluster.settings().clone(),
        now: model.cluster.now().0 / 1_000_000,
        recorded: recorded(model),
        offers: offered(model),
    };
    // Lines of another lesson that is open are that lesson's: only a draft's are recorded.
    if msg == BuilderMsg::Record
        && let Some(desk) = model.course.desk.as_mut().filter(|desk| desk.tries_draft())
    {
        desk.forget_commands();
    }
    model.course.building.update(msg, screen);
}

/// The lines that count: those of the step that is tried, or those run since the start was taken.
fn recorded(model: &Model) -> Vec<String> {
    let course = &model.course;
    match course.desk.as_ref().filter(|desk| desk.tries_draft()) {
        Some(desk) => desk.commands_of_step().to_vec(),
        None => course.building.commands.clone(),
    }
}

fn offered(model: &Model) -> Vec<Offer> {
    offers(model, &recorded(model), model.course.building.since)
}

impl Building {
    fn update(&mut self, msg: BuilderMsg, screen: Screen) {
        self.tested = None;
        self.serial += u64::from(!matches!(msg, BuilderMsg::Write(..) | BuilderMsg::Test | BuilderMsg::Allow(..)));
        let draft = &mut self.draft;
        match msg {
            BuilderMsg::Write(field, words) => {
                if let Some(field) = draft.field(field) {
                    *field = words;
                }
            }
            BuilderMsg::TakeStart => {
                draft.start = screen.text;
                draft.cluster = make_of(&screen.settings);
                (self.since, self.commands) = (screen.now, Vec::new());
            }
            BuilderMsg::AddGoal(place, offer) => {
                let goal = screen.offers.into_iter().nth(offer).map(|offer| offer.goal);
                if let (Some(goals), Some(goal)) = (draft.goals(place), goal) {
                    goals.push(goal);
                }
            }
            BuilderMsg::AddQuestion(place) => {
                if let Some(goals) = draft.goals(place) {
                    goals.push(DraftGoal::question());
                }
            }
            BuilderMsg::RemoveGoal(place, goal) => {
                if let Some(goals) = draft.goals(place).filter(|goals| goal < goals.len()) {
                    goals.remove(goal);
                }
            }
            BuilderMsg::AddOption(place, goal) => {
                if let Some(goal) = draft.goal(place, goal) {
                    goal.options.push(DraftOption::default());
                }
            }
            BuilderMsg::RemoveOption(place, goal, option) => {
                if let Some(goal) =
                    draft.goal(place, goal).filter(|goal| goal.options.len() > 2 && option < goal.options.len())
                {
                    goal.options.remove(option);
                    if goal.right > option || goal.right == goal.options.len() {
                        goal.right -= 1;
                    }
                }
            }
            BuilderMsg::SetRight(place, goal, option) => {
                if let Some(goal) = draft.goal(place, goal) {
                    goal.right = option;
                }
            }
            BuilderMsg::TakeCommands(step) => {
                if let Some(step) = draft.steps.get_mut(step) {
                    step.solution = screen.recorded.join("\n");
                }
            }
            BuilderMsg::TakeText(step) => {
                if let Some(step) = draft.steps.get_mut(step) {
                    step.solution = format!("kubectl apply -f - <<'EOF'\n{}\nEOF", screen.text.trim_end());
                }
            }
            BuilderMsg::AddWrong(step) => {
                if let Some(step) = draft.steps.get_mut(step) {
                    let commands = screen.recorded.join("\n");
                    step.wrong.push(DraftWrong { commands, ..DraftWrong::default() });
                }
            }
            BuilderMsg::RemoveWrong(step, wrong) => {
                if let Some(step) = draft.steps.get_mut(step).filter(|step| wrong < step.wrong.len()) {
                    step.wrong.remove(wrong);
                }
            }
            BuilderMsg::Allow(bypass, allowed) => {
                draft.allows.retain(|other| *other != bypass);
                if allowed {
                    draft.allows.push(bypass);
                }
            }
            BuilderMsg::AddStep => draft.steps.push(DraftStep::default()),
            BuilderMsg::RemoveStep(step) => {
                if draft.steps.len() > 1 && step < draft.steps.len() {
                    draft.steps.remove(step);
                }
            }
            BuilderMsg::Record => self.commands.clear(),
            BuilderMsg::Test => self.testing = true,
            BuilderMsg::Clear => *self = Self { serial: self.serial, ..Self::default() },
        }
    }

    /// The draft as a lesson.
    ///
    /// # Errors
    /// What is wrong with its files, each with its place.
    pub(super) fn lesson(&self) -> Result<Lesson, Vec<String>> {
        let [lesson, start, text] = files::files(&self.draft);
        let files = Files { lesson: &lesson, start: &start, text: &text };
        Lesson::read(&self.draft.id(), &files).map_err(|problems| problems.iter().map(ToString::to_string).collect())
    }

    /// Tests what was asked to be tested.
    pub(super) fn test(&mut self) {
        self.testing = false;
        if let Ok(lesson) = self.lesson() {
            self.tested = Some(verify(&Arc::new(lesson)).iter().map(ToString::to_string).collect());
        }
    }
}

impl Model {
    /// The lesson that is being written.
    #[must_use]
    pub fn builder(&self) -> Builder {
        let building = &self.course.building;
        let files = files::files(&building.draft);
        let [lesson, start, text] = files.each_ref().map(String::as_str);
        let id = building.draft.id();
        let name = |file: &str| format!("{id}/{file}");
        Builder {
            serial: building.serial,
            draft: building.draft.clone(),
            offers: offered(self),
            recorded: recorded(self),
            problems: building.lesson().err().unwrap_or_default(),
            tested: building.tested.clone(),
            testing: building.testing,
            link: link::pack([lesson, start, text]),
            archive: zip::archive(&[
                (name("lesson.yaml"), lesson),
                (name("start.yaml"), start),
                (name("text.md"), text),
            ]),
            archive_name: format!("{id}.zip"),
        }
    }
}

/// What a cluster is made of, as the format has it, where it is not the usual.
fn make_of(settings: &Settings) -> String {
    use cluster::addons::{GatewayController, IngressController, LoadBalancerProvider};
    use cluster::cluster::ProxyMode;
    let usual = Settings::default();
    let mut parts: Vec<String> = Vec::new();
    if settings.proxy_mode != usual.proxy_mode {
        let mode = match settings.proxy_mode {
            ProxyMode::Iptables => "iptables",
            ProxyMode::Nftables => "nftables",
            ProxyMode::Ipvs => "ipvs",
        };
        parts.push(format!("proxyMode: {mode}"));
    }
    if settings.load_balancer != usual.load_balancer {
        let provider = match settings.load_balancer {
            LoadBalancerProvider::None => "none",
            LoadBalancerProvider::Cloud => "cloud",
            LoadBalancerProvider::Pool { .. } => "metallb",
        };
        parts.push(format!("loadBalancer: {provider}"));
    }
    if settings.ingress_controller != usual.ingress_controller {
        let none = settings.ingress_controller == IngressController::None;
        parts.push(format!("ingress: {}", if none { "none" } else { "nginx" }));
    }
    if settings.gateway_controller != usual.gateway_controller {
        let none = settings.gateway_controller == GatewayController::None;
        parts.push(format!("gateway: {}", if none { "none" } else { "nginx" }));
    }
    for (name, now, before) in [
        ("networkPolicies", settings.network_policies, usual.network_policies),
        ("nodesReachable", settings.nodes_reachable, usual.nodes_reachable),
    ] {
        if now != before {
            parts.push(format!("{name}: {now}"));
        }
    }
    if parts.is_empty() { String::new() } else { format!("{{{}}}", parts.join(", ")) }
}
