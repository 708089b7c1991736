//! What the page around the playground is told: how the open lesson stands, in the shape of xAPI statements (verb, object,
//! result), so that a learning record store takes them as they are once it is said who the learner is.

use serde_json::{Value, json};

use crate::Model;

/// What is told of a lesson.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    /// Which beginning of a lesson it is: with another one everything is new.
    serial: u64,
    /// The fragment of its address.
    address: String,
    title: String,
    /// Whether it is an exercise, rather than a lesson to read.
    exercise: bool,
    /// Steps done, and how many there are.
    done: (usize, usize),
    /// What is said of the mistake that was made last.
    mistake: Option<String>,
}

impl Model {
    /// How the open lesson stands, for the page around.
    #[must_use]
    pub fn told(&self) -> Option<Told> {
        let course = self.course();
        let ((title, exercise), standing) = (course.heading()?, course.standing());
        let wrong = standing.goals.last().into_iter().flatten().find(|goal| goal.chosen.is_some() && !goal.met);
        let mistake = standing.feedback.clone().or_else(|| wrong.map(|goal| goal.because.clone()));
        Some(Told {
            serial: course.serial(),
            address: course.address().unwrap_or_default(),
            title: title.to_owned(),
            exercise,
            done: (standing.step, standing.of),
            mistake,
        })
    }
}

/// The message that the playground stands and listens.
#[must_use]
pub fn ready() -> String {
    json!({"event": "ready", "detail": {}}).to_string()
}

/// The messages that follow from how a lesson stood before and how it stands now, as JSON. `site` is the address of the page.
#[must_use]
pub fn news(before: Option<&Told>, now: Option<&Told>, site: &str) -> Vec<String> {
    let Some(now) = now else { return Vec::new() };
    let before = before.filter(|before| before.serial == now.serial);
    let (steps, of) = now.done;
    let mut messages = Vec::new();
    let mistake =
        now.mistake.as_ref().filter(|mistake| before.is_none_or(|before| before.mistake.as_ref() != Some(*mistake)));
    if let Some(mistake) = mistake {
        messages.push(message("failed", "failed", now, site, &json!({"success": false, "response": mistake})));
    }
    // Done on an earlier visit: nobody did anything now.
    let Some(before) = before else { return messages };
    if steps > before.done.0 {
        let percent = (100 * steps).checked_div(of).unwrap_or_default();
        let extensions = json!({"https://w3id.org/xapi/cmi5/result/extensions/progress": percent});
        messages.push(message("progress", "progressed", now, site, &json!({"extensions": extensions})));
        if steps >= of {
            let verb = if now.exercise { "passed" } else { "completed" };
            let result = json!({"success": true, "completion": true, "score": {"scaled": 1}});
            messages.push(message("passed", verb, now, site, &result));
        }
    }
    messages
}

fn message(event: &str, verb: &str, told: &Told, site: &str, result: &Value) -> String {
    let kind = if told.exercise { "assessment" } else { "lesson" };
    json!({
        "event": event,
        "detail": {
            "verb": {"id": format!("http://adlnet.gov/expapi/verbs/{verb}"), "display": {"en": verb}},
            "object": {
                "objectType": "Activity",
                "id": format!("{site}{}", told.address),
                "definition": {
                    "type": format!("http://adlnet.gov/expapi/activities/{kind}"),
                    "name": {"en": told.title},
                },
            },
            "result": result,
        },
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(serial: u64, steps: usize, mistake: Option<&str>) -> Told {
        Told {
            serial,
            address: "#lesson=x".to_owned(),
            title: "X".to_owned(),
            exercise: true,
            done: (steps, 2),
            mistake: mistake.map(str::to_owned),
        }
    }

    fn events(before: Option<&Told>, now: &Told) -> Vec<String> {
        let event =
            |message: String| serde_json::from_str::<Value>(&message).unwrap()["event"].as_str().unwrap().to_owned();
        news(before, Some(now), "https://example.org/").into_iter().map(event).collect()
    }

    #[test]
    fn steps_mistakes_and_the_end_are_told_once() {
        let begun = told(1, 0, None);
        assert!(events(None, &begun).is_empty());
        assert_eq!(events(Some(&begun), &told(1, 0, Some("no"))), ["failed"]);
        assert!(events(Some(&told(1, 0, Some("no"))), &told(1, 0, Some("no"))).is_empty());
        assert_eq!(events(Some(&begun), &told(1, 1, None)), ["progress"]);
        assert_eq!(events(Some(&told(1, 1, None)), &told(1, 2, None)), ["progress", "passed"]);
        // Another lesson, or the same begun anew.
        assert!(events(Some(&told(1, 2, None)), &told(2, 0, None)).is_empty());
        assert!(events(None, &told(1, 2, None)).is_empty());
    }

    #[test]
    fn a_statement_names_the_exercise_by_its_address() {
        let passed = news(Some(&told(1, 1, None)), Some(&told(1, 2, None)), "https://example.org/").pop().unwrap();
        let passed: Value = serde_json::from_str(&passed).unwrap();
        assert_eq!(passed["detail"]["object"]["id"], "https://example.org/#lesson=x");
        assert_eq!(passed["detail"]["verb"]["id"], "http://adlnet.gov/expapi/verbs/passed");
        assert_eq!(passed["detail"]["result"]["score"]["scaled"], 1);
    }
}
