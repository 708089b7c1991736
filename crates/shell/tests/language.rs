//! The shell language, run as `bash -c` and as BusyBox's `sh -c`.

#![allow(clippy::unwrap_used)]

use cluster::Cluster;
use shell::Host;
use shell::terminal::{Run, run_command, run_script};

fn bash(script: &str) -> (String, String, Option<i32>) {
    let finished = run_script(&mut Cluster::default(), script, "", &[]);
    (finished.stdout, finished.stderr, finished.exit)
}

fn ash(script: &str) -> (String, String, Option<i32>) {
    let argv = ["sh", "-c", script].map(str::to_owned).to_vec();
    let run = Run { host: Host::Busybox, ..Run::default() };
    let finished = run_command(&mut Cluster::default(), argv, &run);
    (finished.stdout, finished.stderr, finished.exit)
}

#[test]
fn scripts_print_what_bash_prints() {
    for (script, want) in [
        ("echo a  b 'c  d' \"e  f\" \\$x", "a b c  d e  f $x\n"),
        ("x=1; echo $x \"$x\" '$x' ${x}y", "1 1 $x 1y\n"),
        ("x='a b'; printf '<%s>' $x \"$x\"", "<a><b><a b>"),
        ("echo ${x:-none} ${x:=set} $x ${x:+yes} ${#x}", "none set set yes 3\n"),
        ("f=a/b/c.yaml; echo ${f##*/} ${f#*/} ${f%.*} ${f%%/*} ${f/b/x}", "c.yaml b/c.yaml a/b/c a a/x/c.yaml\n"),
        ("x=abcdef; echo ${x:1:2} ${x: -2} ${x^^}", "bc ef ABCDEF\n"),
        ("echo $(echo a; echo b) `echo c`", "a b c\n"),
        ("echo $((1 + 2 * 3)) $(( (1 + 2) * 3 ))", "7 9\n"),
        ("for i in 1 2 3; do echo $i; done", "1\n2\n3\n"),
        ("for i in $(seq 3); do echo -n $i; done", "123"),
        ("for i in {1..3}; do echo -n $i; done; echo {a,b}c", "123ac bc\n"),
        ("for ((i = 0; i < 3; i++)); do echo -n $i; done", "012"),
        ("i=0; while [ $i -lt 3 ]; do i=$((i+1)); echo -n $i; done", "123"),
        ("i=0; until (( i >= 2 )); do ((i++)); done; echo $i", "2\n"),
        ("for i in 1 2 3; do if [ $i = 2 ]; then continue; fi; echo -n $i; done", "13"),
        ("for i in 1 2; do for j in a b; do break 2; done; done; echo $i$j", "1a\n"),
        ("case web-1 in db*) echo db;; web-?) echo web;; *) echo no;; esac", "web\n"),
        ("f() { echo $1 $#; return 3; }; f x y; echo $?", "x 2\n3\n"),
        ("true && echo yes || echo no; false && echo yes || echo no", "yes\nno\n"),
        ("! false; echo $?", "0\n"),
        ("(x=1; echo $x); echo [$x]", "1\n[]\n"),
        ("echo b a | tr ' ' '\\n' | sort", "a\nb\n"),
        ("echo one > f; echo two >> f; cat < f; wc -l < f", "one\ntwo\n2\n"),
        ("cat <<EOF\nhello $((1+1))\nEOF", "hello 2\n"),
        ("cat <<'EOF'\nhello $x\nEOF", "hello $x\n"),
        ("cat <<< word", "word\n"),
        ("nosuch 2>/dev/null; echo $?", "127\n"),
        ("nosuch > f 2>&1; cat f", "bash: line 1: nosuch: command not found\n"),
        ("{ echo a; echo b >&2; } 2>&1 | wc -l", "2\n"),
        ("touch a.yaml b.yaml; echo *.yaml *.json", "a.yaml b.yaml *.json\n"),
        ("printf 'a\\nb\\n' | while read x; do echo -$x-; done", "-a-\n-b-\n"),
        ("echo 'a b c' | { read x y; echo $y; }", "b c\n"),
        ("set -- a b; echo $1 $2 $# \"$@\"; shift; echo $1", "a b 2 a b\nb\n"),
        ("yes | head -2", "y\ny\n"),
        ("[[ web-1 == web* && -n x ]] && echo yes", "yes\n"),
        ("[[ abc =~ ^a.c$ ]] && echo yes", "yes\n"),
        ("x=5 env | grep ^x=; echo [$x]", "x=5\n[]\n"),
        ("eval 'echo a; echo b'", "a\nb\n"),
        ("sleep 2 & wait; echo done", "done\n"),
        ("cd /tmp && pwd && cd - > /dev/null && pwd", "/tmp\n/home/student\n"),
        ("echo a | grep -q a && echo found", "found\n"),
        ("seq 5 | sed -n '2,3p'", "2\n3\n"),
        ("echo a.b.c | cut -d. -f2,3", "b.c\n"),
        ("printf 'b\\na\\nb\\n' | sort | uniq -c", "      1 a\n      2 b\n"),
        ("echo x y | xargs -n1 echo -", "- x\n- y\n"),
        ("if true; then echo a; elif true; then echo b; else echo c; fi", "a\n"),
        ("trap 'x' EXIT; exit 4", ""),
        ("printf 'NAME READY\\nweb 1/1\\n' | column -t", "NAME  READY\nweb   1/1\n"),
        ("mkdir -p d/e; touch d/a.yaml d/e/b.yaml d/c; find d -name '*.yaml'", "d/a.yaml\nd/e/b.yaml\n"),
        ("mkdir d; touch d/a; find d -type f -exec echo got {} \\;", "got d/a\n"),
        ("echo a > x; echo b > y; diff x y; echo $?", "1c1\n< a\n---\n> b\n1\n"),
        ("seq 3 -1 1 | tr '\\n' ' '; seq -1 1 | wc -l; seq \u{e9} 2>/dev/null || echo bad", "3 2 1 3\nbad\n"),
        ("seq 3 | tac | tr '\\n' ' '", "3 2 1 "),
        ("echo a b | less", "a b\n"),
    ] {
        let (stdout, _, exit) = bash(script);
        assert_eq!(stdout, want, "{script}");
        assert!(exit.is_some(), "{script}");
    }
}

#[test]
fn faults_are_told_in_each_shells_words() {
    for (script, stderr, exit) in [
        ("nosuch", "bash: line 1: nosuch: command not found\n", 127),
        ("cat < /no", "bash: line 1: /no: No such file or directory\n", 1),
        ("echo 'x", "bash: -c: line 1: unexpected EOF while looking for matching `''\n", 2),
        ("if", "bash: -c: line 2: syntax error: unexpected end of file\n", 2),
        ("done", "bash: -c: line 1: syntax error near unexpected token `done'\nbash: -c: line 1: `done'\n", 2),
        ("cd /no", "bash: line 1: cd: /no: No such file or directory\n", 1),
        ("/etc/hosts", "bash: line 1: /etc/hosts: Permission denied\n", 126),
        ("echo $((1/0))", "bash: line 1: 1/0: division by 0 (error token is \"\")\n", 1),
    ] {
        assert_eq!(bash(script), (String::new(), stderr.to_owned(), Some(exit)), "{script}");
    }
    for (script, stderr, exit) in [
        ("nosuchcmd", "sh: nosuchcmd: not found\n", 127),
        ("/etc/hosts", "sh: /etc/hosts: Permission denied\n", 126),
        ("if", "sh: syntax error: unexpected end of file (expecting \"then\")\n", 2),
        ("cd /nonexistent", "sh: cd: line 0: can't cd to /nonexistent: No such file or directory\n", 2),
        ("cat /nonexistent", "cat: can't open '/nonexistent': No such file or directory\n", 1),
    ] {
        assert_eq!(ash(script), (String::new(), stderr.to_owned(), Some(exit)), "{script}");
    }
}

#[test]
fn nothing_runs_away_with_the_world() {
    for script in [
        "f() { f; }; f",
        "f() f; f",
        "while true; do :; done",
        "x='eval \"$x\"'; eval \"$x\"",
        "export x='sh -c \"$x\"'; sh -c \"$x\"",
        "yes > /dev/null",
        "f() { f | f; }; f",
    ] {
        let limit = 100_000;
        let argv = ["bash", "-c", script].map(str::to_owned).to_vec();
        let finished = run_command(&mut Cluster::default(), argv, &Run { limit, ..Run::default() });
        assert!(finished.exit != Some(0), "{script}");
    }
}
