//! Bounds on what a lesson may hold: a lesson can come from anywhere.

/// Bytes of each file of a lesson.
pub const FILE: usize = 64 << 10;
/// Bytes of a script within it.
pub(crate) const SCRIPT: usize = 16 << 10;
/// Bytes of one text within it, such as a hint.
pub(crate) const TEXT: usize = 4 << 10;
/// Bytes of a title or a name.
pub(crate) const TITLE: usize = 200;
/// Steps of a lesson, and goals, hints, options of a step.
pub(crate) const LIST: usize = 30;
/// Objects a lesson begins with.
pub(crate) const OBJECTS: usize = 50;
/// Replicas that a workload may begin with.
pub(crate) const REPLICAS: u64 = 20;
/// Lessons of a course.
pub(crate) const LESSONS: usize = 500;
/// How often a request is made.
pub(crate) const TIMES: u64 = 200;
/// Commands that a script may begin.
pub(crate) const COMMANDS: u32 = 20_000;
/// Microseconds of virtual time that a script may take.
pub(crate) const SCRIPT_TIME: u64 = 600_000_000;
