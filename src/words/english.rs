//! The page's words in English: the one list of what can be said, and the language that is always at hand.
//!
//! A word is a line here, and a line of the same key in each file of `public/words`; `tests/tidy` compares them. `{name}`
//! is a hole that [`fill`](super::fill) fills. What Kubernetes, kubectl and the engine say is theirs and stays as it is.

/// Makes the keys, their names and their English text of one list.
macro_rules! catalogue {
    ($($key:ident = $text:literal;)*) => {
        /// Something that the page says.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Word { $(#[doc = $text] $key),* }

        /// The keys as the files of other languages write them, in the order of [`Word`].
        pub(super) const KEYS: &[&str] = &[$(stringify!($key)),*];

        /// The English text of each.
        pub(super) const ENGLISH: &[&str] = &[$($text),*];
    };
}

catalogue! {
    // What is said in several places.
    Close = "Close";
    Delete = "Delete";
    ShowOnDiagram = "Show on the diagram";

    // The page as a whole.
    Menu = "Menu";
    Settings = "Settings";
    Theme = "Theme";
    ThemeSystem = "Like the system";
    ThemeLight = "Light";
    ThemeDark = "Dark";
    StartOver = "Start over";
    Panes = "Panes";
    Language = "Language";
    Lesson = "Lesson";
    LessonWidth = "Width of the lesson";
    ManifestWidth = "Width of the manifest";
    TerminalHeight = "Height of the terminal";
    PanelWidth = "Width of the pane beside the terminal";
    ManifestShown = "Show the manifest";
    TerminalShown = "Show the terminal";
    ApiServer = "API server";
    ClusterTime = "Cluster time";
    NotBroughtBack = "your last visit could not be brought back: {why}";
    StoreDenied = "this browser keeps nothing for this page: copy your text before you leave";
    StoreFull = "the browser's store is full or closed: your text is not kept";
    LanguageNotLoaded = "the words of this language could not be loaded";

    // A scene given away, taken home, brought in.
    GiveAway = "Share";
    GiveIntroduction = "Whoever opens the link gets this scene: manifests, what was typed, the time and the cluster's make. All of it stands in the address; nothing is sent to anybody.";
    GiveForm = "What to give";
    GiveLink = "Link";
    GiveMarkdown = "Markdown";
    GiveElement = "For a web page";
    GiveText = "What to copy";
    GiveTooLarge = "This scene is too large for an address. Take it home as a file instead.";
    Copy = "Copy";
    Copied = "Copied.";
    NotCopied = "The browser does not let the page copy. The text is selected: copy it yourself.";
    PrintSheet = "Print";
    SheetBegins = "It begins with";
    Picture = "A picture of the diagram";
    PictureSvg = "Save as SVG";
    PicturePng = "Save as PNG";
    PictureSaved = "Saved.";
    PictureNotSaved = "This browser could not draw it.";
    TakeHome = "Take it home";
    TakeHomeIntroduction = "A script that builds this scene on kind or minikube and compares every answer with the playground's.";
    TakeHomeScript = "Save the script";
    TakeHomeManifests = "Save the manifests";
    BringIn = "Bring it in";
    BringInIntroduction = "Paste what kubectl printed of a real cluster. It stays in this browser; Secrets are not needed. Your files here are put aside.";
    BringInText = "Objects of a real cluster, as YAML or JSON";
    BringInOpen = "Open them";
    BringInFile = "Choose a file";
    BroughtIn = "They are here now.";
    BringInRemarks = "Not as it was there:";
    BringInWalk = "Find what is wrong";

    // Inside another page.
    OpenAlone = "Open in a page of its own";

    // When it breaks.
    TextNotKept = "The browser did not keep your text. Copy it from here:";
    Broke = "The playground broke";
    BrokeWhose = "This is a mistake in the playground, not in your text. Your text is kept.";
    LoadAgain = "Load the page again";
    BeginAnew = "Begin anew without my text";

    // The manifest.
    Files = "Files";
    NewFile = "New file";
    RenameFile = "Rename {name}";
    DeleteFile = "Delete {name}";
    NewName = "New name of {name}";
    Rename = "Rename";
    Cancel = "Cancel";
    HasProblems = "has problems";
    Format = "Format: indent as everybody does";
    ApplyNow = "Apply";
    PutAside = "Your earlier files are put aside.";
    Deleted = "{name} is deleted.";
    BringBack = "Bring back";
    NeverMind = "Never mind";
    ApplyWhen = "Changes go to the cluster";
    ApplyTyping = "As I type";
    ApplyDemand = "With Ctrl-Enter";
    Manifest = "Manifest";
    ManifestLabel = "Manifest, in YAML";
    LeaveEditor = "Escape, then Tab leaves the editor";
    Problems = "Problems";
    LastGoodState = "The diagram shows the last good state of these parts.";
    LineAt = "line {line}:{column}";
    EditName = "Edit {name}";
    EditAnObject = "Edit an object";
    EditKeys = "Ctrl-Enter saves, Escape leaves it as it was";
    SaveAndClose = "Save and close";
    LeaveUnchanged = "Leave unchanged";

    // The diagram.
    EmptyCluster = "Nothing of yours is in this cluster yet. Write a manifest, or begin with a scene.";
    ChooseScene = "Choose a scene";
    Diagram = "Diagram";
    DiagramOfCluster = "Diagram of the cluster";
    ShowSystem = "Show the cluster's own";
    DiagramInWords = "The diagram in words";

    // The terminal.
    ToTry = "One thing to try";
    Run = "Run";
    Terminal = "Terminal";
    Output = "Output";
    StopProgram = "Stop";
    CommandLine = "Command line";
    TryThis = "kubectl talks to this cluster. Try";
    WhyShort = "why?";
    WhyLong = "Why? Show the way of this request";

    // The way of a request.
    WhyPanel = "Why";
    WhyHeading = "Why?";
    BecauseOf = "because of";

    // The inspector.
    Inspector = "Inspector";
    ShowInManifest = "Show in the manifest";
    NotInCluster = "It is not in the cluster any more.";
    GoWrong = "Make something go wrong";

    // Who reaches what.
    Shortcuts = "Keyboard shortcuts";
    KeysEverywhere = "Everywhere";
    KeysSeparators = "On a bar between panes";
    KeyHelp = "this sheet";
    KeyClose = "close what is open";
    KeySuggest = "what could stand here";
    KeyApply = "apply";
    KeyFormat = "format";
    KeyUndo = "undo";
    KeyFind = "find";
    KeyLeave = "leave by keyboard";
    KeyRename = "rename the file (on its tab)";
    KeyComplete = "complete the word";
    KeyHistory = "earlier lines";
    KeySearch = "search earlier lines";
    KeyInterrupt = "stop the program";
    KeyClear = "clear";
    KeyResize = "move it";
    KeyPutAway = "put the pane away";
    Reach = "Who reaches what";
    ReachHeading = "Who reaches what?";
    ReachTable = "Table of who reaches what";
    ReachCaption = "What became of a connection from each place to each address";
    NothingToReach = "There is nothing to reach yet: no Service, and no pod that listens.";
    From = "from {place}";
    NameAtAddress = "{name} at {address}";
    Attempt = "From {from} to {target}: {outcome}. Show why";
    NotShown = "Not shown: {what}.";

    // What the cluster is made of.
    Scenes = "Scenes";
    ScenesIntroduction = "Each is a small cluster with one thing to try. Your own files are put aside, and come back with one click.";
    ScenesNotLoaded = "the scenes could not be loaded";
    Cluster = "Cluster";
    TheCluster = "The cluster";
    MadeAnew = "Another answer makes the cluster anew and applies the manifest to it. What was made in the terminal is gone then.";

    // Requests that are chosen, the diagram's tools, time, an object's story.
    AskARequest = "Send a request";
    View = "View";
    AskStarting = "Request from {name}: go to another box and press Enter; Escape gives up.";
    AskFrom = "From";
    AskTo = "To";
    AskTimes = "Times";
    AskSend = "Send";
    AskHint = "Or drag from one box to another. By keyboard: R on the first, Enter on the second.";
    ViewTools = "What the diagram shows";
    GroupPods = "Group pods";
    GroupAuto = "Automatic";
    GroupNone = "Every pod";
    GroupWorkload = "By workload";
    GroupNamespace = "By namespace";
    GroupNode = "By node";
    Find = "Find";
    FindHint = "name, label, address";
    OnlyThese = "Only these";
    NothingFound = "nothing found";
    CountFound = "{count} found; Enter goes from one to the next";
    Zoom = "Zoom";
    ZoomIn = "Zoom in";
    ZoomOut = "Zoom out";
    ZoomFit = "Fit";
    Player = "Player of the request";
    Play = "Play";
    Pause = "Pause";
    StepBack = "Step back";
    StepOn = "Step";
    Replay = "Replay";
    Position = "Position in the request";
    Slower = "Slower";
    Faster = "Faster";
    CloseRequest = "Close the request";
    WhoAnswered = "Who answered?";
    AllOfThem = "All of them";
    Who = "Who";
    Share = "Share";
    Requests = "Requests";
    ShowOneOf = "{name}: show one of them";
    Time = "Time";
    TimeStill = "Time stands still";
    TimeStep = "On to the next event";
    TimeSpeed = "Speed of time";
    EventBefore = "Back to the event before";
    EventAfter = "Forward to the event after";
    MomentShown = "Moment that is shown";
    InThePast = "{time}, in the past";
    AtNow = "{time}, now";
    LaneYou = "you";
    LaneCluster = "cluster";
    LaneRequests = "requests";
    HappenedInWords = "What happened, in words";
    LookingAt = "You are looking at {time}, {ago}.";
    PresentElsewhere = "The terminal and the manifest are in the present.";
    WatchFromHere = "Watch from here";
    StopWatching = "Stop";
    ReturnToNow = "Return to now";
    Story = "How it came to be";
    ItsEvents = "Its events";
    ItsRules = "Its rules";
    KernelWrote = "What kube-proxy wrote into this node's kernel:";
    RulesOfNode = "Rules of the node";
    RuleMet = "Met";
    Rule = "Rule";
    RuleBecause = "Because of";
    MoreNotShown = "{count} more are not shown.";
    LookBackAt = "Look back at {time}";
    BecauseList = "Because";
    SeveralPods = "Several pods";
    MorePods = "{count} more are not shown: search for them in the diagram.";
    // The course.
    Course = "Course";
    CourseWhat = "Short lessons on a cluster of their own, and exercises in which something is to be made, mended or found. Your own text is put aside meanwhile, and comes back.";
    CourseDone = "Lessons and exercises done";
    DoneOf = "{done} of {of} done";
    StateDone = "done";
    StateBegun = "begun";
    KindBuild = "Build";
    KindFix = "Mend";
    KindDiagnose = "Diagnose";
    KindPredict = "Predict";
    Easy = "easy";
    Middling = "medium";
    Hard = "hard";
    Minutes = "{minutes} min";
    Map = "Map";
    BackToLesson = "Back to the lesson";
    Loading = "Loading…";
    YourProgress = "Your progress";
    ProgressWhere = "Kept in this browser only.";
    ProgressExport = "Export";
    ProgressImport = "Import";
    ProgressForget = "Forget…";
    ForgetAsks = "Forget everything that you did in the course?";
    Forget = "Forget it";
    Keep = "Keep it";

    // A lesson.
    ToTerminal = "Put into the terminal: {command}";
    RunLines = "Run these lines";
    Goals = "Goals";
    Reached = "reached";
    NotYet = "not yet";
    StepDone = "Step {step} is done.";
    Hint = "Give me a hint";
    Solution = "Solution";
    MustStay = "Something is broken that must stay as it is:";
    AllDone = "Well done: that is all of it.";
    NextLesson = "Next: {title}";
    WaysBack = "Ways back";
    UndoStep = "Undo this step";
    SetCheckpoint = "Set a checkpoint";
    ToCheckpoint = "Back to the checkpoint";
    StartAgain = "Start again";
    LeaveLesson = "Leave the lesson";
    NotInYourLanguage = "This lesson is not there in your language yet; here it is in English.";
    FromElsewhere = "This lesson is not one of this site: it came with the address that you opened.";
    OfDraft = "This is the lesson that you are writing, as a learner sees it.";

    // Practice and exams.
    Practice = "Practice without end";
    PracticeWhat = "Each time another small cluster, and something in it is broken. Find it and mend it.";
    PracticeLevel = "Practice: {level}";
    PracticeMore = "Another one";
    PracticeShare = "Whoever opens this address gets the same task:";
    Exam = "Exam";
    ToExam = "To the exam";
    ExamWhat = "A set of exercises with points and a time limit. There are no hints, and what is right is said in the end.";
    ExamShort = "Begin a short one: 4 tasks";
    ExamLong = "Begin a long one: 10 tasks";
    ExamRules = "Take up the tasks in any order; each keeps its cluster. Half of a task is worth half of its points.";
    TimeLeft = "{time} left";
    TaskOf = "Task {task} of the exam, {time} left. ";
    TaskCurrent = "open";
    ToTasks = "To the tasks";
    HandIn = "Hand in";
    HandInAsks = "Hand in now? Nothing can be changed after it.";
    GoOn = "Go on working";
    Marking = "Your tasks are being marked…";
    Points = "{points} points";
    PointsOf = "{reached} of {of} points";
    ExamPassed = "Passed: it takes 66 in a hundred.";
    ExamFailed = "Not passed yet: it takes 66 in a hundred.";
    ExamReport = "Points for each task";
    ExamAgain = "Open a task to do it once more, with hints.";
    EndExam = "Put this exam away";

    // Writing a lesson.
    Builder = "Write a lesson";
    ToBuilder = "To the workshop";
    BuilderWhat = "Make an exercise of what is on your screen, test it, and give it to others.";
    BuilderHow = "Break something in the manifest and take it as the start. Mend it by commands, and take them as the solution. Call something, look at an object, run a command: each can be taken as a goal. Then test it.";
    DraftTitle = "Title";
    DraftKind = "What is to be done";
    DraftLevel = "Level, 1 to 3";
    DraftMinutes = "Minutes";
    DraftIntroduction = "Text before the first step";
    DraftStart = "Objects it begins with, in YAML";
    TakeStart = "Take the manifest and the cluster's make";
    DraftStep = "Step {step}";
    DraftText = "Text";
    GoalWords = "Goal in words";
    GoalCheck = "Its check";
    RemoveGoal = "Remove this goal";
    DraftHints = "Hints, one a line";
    Hints = "Hints";
    GoalFromScreen = "A goal from what is on the screen";
    AddThisGoal = "Add this goal";
    AddQuestion = "Add a question";
    QuestionWords = "Question";
    OptionSays = "Answer {number}";
    OptionBecause = "What is said to whoever chooses it";
    OptionRight = "This answer is right";
    AddOption = "Add an answer";
    RemoveOption = "Remove answer {number}";
    KnownMistakes = "Known mistakes";
    MistakeHow = "Try the lesson as a learner, make the mistake, and take the commands here. Then choose what is so after it, and write what helps.";
    TakeMistake = "Take the commands I ran as a mistake";
    MistakeOf = "Mistake {number}";
    MistakeCommands = "Commands that make it";
    MistakeWhen = "It is this mistake when";
    Feedback = "What is said then";
    RemoveMistake = "Remove this mistake";
    KeepGoals = "What must stay so all the time";
    KeepHow = "Whoever breaks one of these has not done it, even if all goals are reached.";
    Allows = "Ways around that are no cheating here";
    AllowsHow = "The test tries each of these and complains of one that reaches the goals, unless you allow it.";
    AllowPolicies = "Delete every network policy";
    AllowPods = "Delete every pod, so that new ones come";
    AllowRelabel = "Give every pod the labels that Services ask for";
    AllowPoint = "Write the addresses of the pods down by hand";
    Recorded = "Commands recorded: {count}";
    Record = "Record anew";
    TopicCalls = "Calls made last";
    TopicServices = "Services";
    TopicInspected = "The object in the inspector";
    TopicPods = "Pods";
    TopicCommands = "Commands run last";
    TopicStays = "What is to stay as it is";
    TopicTime = "Time";
    TakeCommands = "Take the commands I ran";
    TakeText = "Take the manifest as the solution";
    AddStep = "Add a step";
    RemoveStep = "Remove this step";
    Preview = "Preview";
    Test = "Test it";
    Testing = "Testing…";
    TryDraft = "Try it as a learner";
    DraftProblems = "It cannot be read yet:";
    DraftFindings = "It does not keep what it promises:";
    DraftGood = "It keeps what it promises: the start fails, and the solution does it.";
    DraftExport = "Export the folder";
    DraftLink = "Open its link";
    ClearDraft = "Clear all";

    // The walk to what is wrong.
    Walk = "Find the fault";
    WalkWhat = "Asks one question after the other, from the Service to its pods, and stops at the first that says no. Nothing changes in your cluster.";
    WalkTo = "Service";
    WalkFrom = "Asked from";
    WalkNewPod = "a new pod";
    WalkGo = "Walk";
    WalkFine = "Every station says yes: whoever calls it gets through.";
    ShowLine = "Show the line";
}
