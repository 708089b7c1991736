//! A lesson that is being written: fields as a teacher fills them in, and what it is named.

/// A lesson in the making. Every text is as it was typed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Draft {
    /// Its title.
    pub title: String,
    /// What is to be done: the word of the format, such as `fix`.
    pub kind: String,
    /// How hard it is: a number from 1 to 3, as it was typed.
    pub level: String,
    /// How many minutes it takes, as it was typed.
    pub minutes: String,
    /// The text before the first step, in Markdown.
    pub introduction: String,
    /// The objects it begins with, as YAML.
    pub start: String,
    /// What the cluster is made of, as the format has it; empty for the usual.
    pub cluster: String,
    /// Its steps.
    pub steps: Vec<DraftStep>,
    /// What must be so all the time: nothing else broken.
    pub keep: Vec<DraftGoal>,
    /// The ways around the task that are no cheating here, by the word of the format.
    pub allows: Vec<String>,
}

/// A step of it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DraftStep {
    /// Its title.
    pub title: String,
    /// Its text, in Markdown.
    pub text: String,
    /// What is to be reached.
    pub goals: Vec<DraftGoal>,
    /// Hints, one a line.
    pub hints: String,
    /// The commands that do it.
    pub solution: String,
    /// Mistakes that are known.
    pub wrong: Vec<DraftWrong>,
}

/// A goal of it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DraftGoal {
    /// It in words; what is asked, if it is a question.
    pub words: String,
    /// The check, as the format has it: `request: {from: pod/client, to: http://web}`. A question has none.
    pub check: String,
    /// The answers, if it is a question.
    pub options: Vec<DraftOption>,
    /// Which of them is right.
    pub right: usize,
}

/// An answer to a question.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DraftOption {
    /// The answer.
    pub says: String,
    /// What is said to somebody who chose it.
    pub because: String,
}

/// A known mistake.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DraftWrong {
    /// The commands that make it.
    pub commands: String,
    /// What is so when somebody made it.
    pub when: Vec<DraftGoal>,
    /// What is said then.
    pub feedback: String,
}

/// Where goals stand in a draft.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// What is to be reached in this step.
    Step(usize),
    /// What is so when somebody made this mistake in this step: the step, and the mistake.
    Wrong(usize, usize),
    /// What must be so all the time.
    Keep,
}

/// A field of a draft.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Field {
    /// [`Draft::title`].
    Title,
    /// [`Draft::kind`].
    Kind,
    /// [`Draft::level`].
    Level,
    /// [`Draft::minutes`].
    Minutes,
    /// [`Draft::introduction`].
    Introduction,
    /// [`Draft::start`].
    Start,
    /// [`DraftStep::title`] of this step.
    StepTitle(usize),
    /// [`DraftStep::text`].
    StepText(usize),
    /// [`DraftStep::hints`].
    Hints(usize),
    /// [`DraftStep::solution`].
    Solution(usize),
    /// [`DraftGoal::words`] of this goal.
    GoalWords(Place, usize),
    /// [`DraftGoal::check`].
    GoalCheck(Place, usize),
    /// [`DraftOption::says`] of this option of this goal.
    OptionSays(Place, usize, usize),
    /// [`DraftOption::because`].
    OptionBecause(Place, usize, usize),
    /// [`DraftWrong::commands`] of this mistake of this step.
    WrongCommands(usize, usize),
    /// [`DraftWrong::feedback`].
    Feedback(usize, usize),
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            title: String::new(),
            kind: "fix".to_owned(),
            level: "1".to_owned(),
            minutes: "5".to_owned(),
            introduction: String::new(),
            start: String::new(),
            cluster: String::new(),
            steps: vec![DraftStep::default()],
            keep: Vec::new(),
            allows: Vec::new(),
        }
    }
}

impl DraftGoal {
    /// A goal with a check.
    pub(super) fn of(words: String, check: String) -> Self {
        Self { words, check, ..Self::default() }
    }

    /// A question with two answers to be filled in.
    pub(super) fn question() -> Self {
        Self { options: vec![DraftOption::default(); 2], ..Self::default() }
    }

    /// Whether it is a question.
    #[must_use]
    pub fn is_question(&self) -> bool {
        !self.options.is_empty()
    }
}

impl Draft {
    /// The text of a field; `None` where there is no such step or goal.
    pub fn field(&mut self, field: Field) -> Option<&mut String> {
        Some(match field {
            Field::Title => &mut self.title,
            Field::Kind => &mut self.kind,
            Field::Level => &mut self.level,
            Field::Minutes => &mut self.minutes,
            Field::Introduction => &mut self.introduction,
            Field::Start => &mut self.start,
            Field::StepTitle(step) => &mut self.steps.get_mut(step)?.title,
            Field::StepText(step) => &mut self.steps.get_mut(step)?.text,
            Field::Hints(step) => &mut self.steps.get_mut(step)?.hints,
            Field::Solution(step) => &mut self.steps.get_mut(step)?.solution,
            Field::GoalWords(place, goal) => &mut self.goals(place)?.get_mut(goal)?.words,
            Field::GoalCheck(place, goal) => &mut self.goals(place)?.get_mut(goal)?.check,
            Field::OptionSays(place, goal, option) => {
                &mut self.goals(place)?.get_mut(goal)?.options.get_mut(option)?.says
            }
            Field::OptionBecause(place, goal, option) => {
                &mut self.goals(place)?.get_mut(goal)?.options.get_mut(option)?.because
            }
            Field::WrongCommands(step, wrong) => &mut self.steps.get_mut(step)?.wrong.get_mut(wrong)?.commands,
            Field::Feedback(step, wrong) => &mut self.steps.get_mut(step)?.wrong.get_mut(wrong)?.feedback,
        })
    }

    /// The goals at a place.
    pub(super) fn goals(&mut self, place: Place) -> Option<&mut Vec<DraftGoal>> {
        Some(match place {
            Place::Step(step) => &mut self.steps.get_mut(step)?.goals,
            Place::Wrong(step, wrong) => &mut self.steps.get_mut(step)?.wrong.get_mut(wrong)?.when,
            Place::Keep => &mut self.keep,
        })
    }

    /// A goal at a place.
    pub(super) fn goal(&mut self, place: Place, goal: usize) -> Option<&mut DraftGoal> {
        self.goals(place)?.get_mut(goal)
    }

    /// The name of its folder, made of the title.
    #[must_use]
    pub fn id(&self) -> String {
        let letters = self.title.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' });
        let words = letters.collect::<String>();
        let id = words.split_whitespace().collect::<Vec<_>>().join("-");
        if id.is_empty() { "my-lesson".to_owned() } else { id }
    }
}
