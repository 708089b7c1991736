//! An exam as it is kept: its tasks, the time that is left, and what was done in each task. What comes from a store is
//! hostile until decoded here.

use std::collections::BTreeMap;

use api::{Kind, ObjectKey, Value, json};
use cluster::Instant;
use course::exam::Report;

use super::link;
use super::replay::Input;

/// More than this is no exam of ours.
const MOST: usize = 4 << 20;

/// An exam that is being sat, or was.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Sat {
    /// How many seconds there are.
    pub(super) seconds: u64,
    /// How many milliseconds of them are left.
    pub(super) left: u64,
    /// The task on the desk.
    pub(super) current: Option<usize>,
    /// Its tasks, in order.
    pub(super) tasks: Vec<SatTask>,
    /// How it went, once all is marked.
    pub(super) report: Option<Report>,
}

/// A task of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct SatTask {
    /// The folder of its exercise.
    pub(super) id: String,
    /// What it is worth.
    pub(super) points: u32,
    /// How far it is, if it was begun.
    pub(super) begun: Option<Begun>,
}

/// How far a task is.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Begun {
    pub(super) step: usize,
    /// How many lines had been run when the step began.
    pub(super) heard: usize,
    /// The option chosen for each question, by the goal's place in the step.
    pub(super) answers: BTreeMap<usize, usize>,
    /// How late it was.
    pub(super) until: Instant,
    /// What was done.
    pub(super) inputs: Vec<(Instant, Input)>,
}

impl Sat {
    /// It as one line of JSON.
    pub(super) fn encode(&self) -> String {
        let task = |task: &SatTask| json!({"id": task.id, "points": task.points, "begun": task.begun.as_ref().map(begun_to_json)});
        manifest::to_json_compact(&json!({
            "seconds": self.seconds,
            "left": self.left,
            "current": self.current,
            "tasks": self.tasks.iter().map(task).collect::<Vec<Value>>(),
            "report": self.report.as_ref().map(|report| report.points.clone()),
        }))
    }

    /// Reads such a line; `None` when it is none.
    pub(super) fn decode(line: &str) -> Option<Self> {
        let value = manifest::from_json(line).ok().filter(|_| line.len() <= MOST)?;
        let tasks: Vec<SatTask> = value["tasks"].as_array()?.iter().map(task_of).collect::<Option<_>>()?;
        let points = value["report"].as_array().map(|points| points.iter().map(small).collect::<Option<Vec<u32>>>());
        let report = match points {
            Some(points) => {
                let points = points.filter(|points| points.len() == tasks.len())?;
                let (total, of) = (sum(points.iter().copied())?, sum(tasks.iter().map(|task| task.points))?);
                Some(Report { points, total, of })
            }
            None => None,
        };
        let seconds = value["seconds"].as_u64().filter(|seconds| *seconds <= 86_400)?;
        let left = value["left"].as_u64()?.min(seconds * 1000);
        let current = size(&value["current"]).filter(|current| *current < tasks.len());
        Some(Self { seconds, left, current, tasks, report })
    }
}

fn sum(mut numbers: impl Iterator<Item = u32>) -> Option<u32> {
    numbers.try_fold(0_u32, u32::checked_add)
}

fn size(value: &Value) -> Option<usize> {
    value.as_u64().and_then(|number| usize::try_from(number).ok())
}

fn small(value: &Value) -> Option<u32> {
    value.as_u64().and_then(|number| u32::try_from(number).ok())
}

fn begun_to_json(begun: &Begun) -> Value {
    let answers: Vec<Value> = begun.answers.iter().map(|(goal, option)| json!([goal, option])).collect();
    let inputs: Vec<Value> = begun.inputs.iter().map(|(at, input)| input_to_json(*at, input)).collect();
    json!({"step": begun.step, "heard": begun.heard, "answers": answers, "until": begun.until.0, "inputs": inputs})
}

fn input_to_json(at: Instant, input: &Input) -> Value {
    match input {
        Input::Line(line) => json!([at.0, "line", line]),
        Input::Interrupt => json!([at.0, "interrupt"]),
        Input::End => json!([at.0, "end"]),
        Input::Texts(texts) => {
            let texts: Vec<Value> = texts.iter().map(|(name, text)| json!([name, text])).collect();
            json!([at.0, "texts", texts])
        }
        Input::Edited(text) => json!([at.0, "edited", text]),
        Input::Deleted(key) => json!([at.0, "deleted", key.kind.kind, &*key.namespace, &*key.name]),
        Input::Anew => json!([at.0, "anew"]),
    }
}

fn task_of(value: &Value) -> Option<SatTask> {
    let id = value["id"].as_str().filter(|id| link::is_id(id))?.to_owned();
    let points = small(&value["points"])?;
    let begun = if value["begun"].is_null() { None } else { Some(begun_of(&value["begun"])?) };
    Some(SatTask { id, points, begun })
}

fn begun_of(value: &Value) -> Option<Begun> {
    let answer = |pair: &Value| Some((size(pair.get(0)?)?, size(pair.get(1)?)?));
    let inputs: Vec<(Instant, Input)> = value["inputs"].as_array()?.iter().map(input_of).collect::<Option<_>>()?;
    // A day of one task is more than any exam has.
    let until = value["until"].as_u64().filter(|until| *until <= 86_400_000_000)?;
    let in_order = inputs.iter().map(|(at, _)| at.0).chain([until]).try_fold(0, |last, at| (last <= at).then_some(at));
    in_order.map(|_| ())?;
    Some(Begun {
        step: size(&value["step"])?,
        heard: size(&value["heard"])?,
        answers: value["answers"].as_array()?.iter().map(answer).collect::<Option<_>>()?,
        until: Instant(until),
        inputs,
    })
}

fn input_of(value: &Value) -> Option<(Instant, Input)> {
    let text = |at: usize| value.get(at).and_then(Value::as_str);
    let input = match text(1)? {
        "line" => Input::Line(text(2)?.to_owned()),
        "interrupt" => Input::Interrupt,
        "end" => Input::End,
        "texts" => {
            let pair = |pair: &Value| {
                let (name, text) = (pair.get(0)?.as_str()?, pair.get(1)?.as_str()?);
                Some((name.to_owned(), text.to_owned()))
            };
            // There is always a file.
            let texts = value.get(2)?.as_array()?.iter().map(pair).collect::<Option<Vec<_>>>()?;
            Input::Texts(Some(texts).filter(|texts| !texts.is_empty())?)
        }
        "edited" => Input::Edited(text(2).map(str::to_owned)),
        "deleted" => Input::Deleted(ObjectKey::new(Kind::of_word(text(2)?)?, text(3)?, text(4)?)),
        "anew" => Input::Anew,
        _ => return None,
    };
    Some((Instant(value.get(0)?.as_u64()?), input))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sat() -> Sat {
        let inputs = vec![
            (Instant(5), Input::Line("kubectl get pods # \"é\"\n".to_owned())),
            (Instant(6), Input::Interrupt),
            (Instant(6), Input::End),
            (Instant(7), Input::Texts(vec![("a.yaml".to_owned(), "kind: Pod\n".to_owned())])),
            (Instant(8), Input::Edited(None)),
            (Instant(9), Input::Edited(Some("x".to_owned()))),
            (Instant(10), Input::Deleted(ObjectKey::new(&api::pod::KIND, "default", "web"))),
            (Instant(11), Input::Anew),
        ];
        let begun = Begun { step: 1, heard: 2, answers: BTreeMap::from([(0, 3)]), until: Instant(12), inputs };
        let task = |id: &str, begun| SatTask { id: id.to_owned(), points: 4, begun };
        let tasks = vec![task("turned-away", Some(begun)), task("next-door", None)];
        Sat { seconds: 600, left: 1234, current: Some(0), tasks, report: None }
    }

    #[test]
    fn an_exam_goes_out_as_a_line_and_comes_back() {
        let mut sat = sat();
        let line = sat.encode();
        assert!(!line.contains('\n'));
        assert_eq!(Sat::decode(&line), Some(sat.clone()));
        sat.report = Some(Report { points: vec![4, 0], total: 4, of: 8 });
        assert_eq!(Sat::decode(&sat.encode()), Some(sat));
    }

    #[test]
    fn what_is_damaged_is_no_exam() {
        let line = sat().encode();
        for (from, to) in [
            ("\"turned-away\"", "\"../x\""),
            ("\"until\":12", "\"until\":1"),
            ("[5,", "[50,"),
            ("\"line\"", "\"rm\""),
            ("\"points\":4", "\"points\":-4"),
            ("\"seconds\":600", "\"seconds\":1e30"),
            ("\"report\":null", "\"report\":[1]"),
            ("\"report\":null", "\"report\":[4294967295,4294967295]"),
            ("\"Pod\"", "\"Nope\""),
            ("[[\"a.yaml\",\"kind: Pod\\n\"]]", "[]"),
        ] {
            assert!(line.contains(from), "{from} in {line}");
            assert_eq!(Sat::decode(&line.replacen(from, to, 1)), None, "{to}");
        }
        for line in ["", "{}", "[]", "null", "{\"tasks\":[]}"] {
            assert_eq!(Sat::decode(line), None, "{line}");
        }
        let much = Sat::decode(&line.replace("\"left\":1234", "\"left\":99999999")).unwrap();
        assert_eq!((much.left, much.current), (600_000, Some(0)));
    }
}
