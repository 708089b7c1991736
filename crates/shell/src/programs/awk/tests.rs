//! Programs and what mawk makes of them.

use cluster::Cluster;

use crate::terminal::run_script;

fn awk(options: &str, program: &str, input: &str) -> (String, String, Option<i32>) {
    let files = [("program".to_owned(), program.to_owned())];
    let script = format!("awk {options} \"$(cat program)\"");
    let finished = run_script(&mut Cluster::default(), &script, input, &files);
    (finished.stdout, finished.stderr, finished.exit)
}

const PODS: &str = "NAME  READY  STATUS\nweb-1  1/1  Running\nweb-2  0/1  Pending\n";

#[test]
fn programs_make_what_mawk_makes() {
    for (options, program, input, want) in [
        ("", "{print $1}", PODS, "NAME\nweb-1\nweb-2\n"),
        ("", "NR>1 {print $1, $NF}", PODS, "web-1 Running\nweb-2 Pending\n"),
        ("", "/Running/", PODS, "web-1  1/1  Running\n"),
        ("", "$3 == \"Pending\" {print $1}", PODS, "web-2\n"),
        ("", "!/NAME/ && $2 ~ /^1/ {print NR \": \" $0}", PODS, "2: web-1  1/1  Running\n"),
        ("", "END {print NR, $1}", PODS, "3 web-2\n"),
        ("", "NR==2, NR==3 {n++} END {print n}", PODS, "2\n"),
        ("-F/", "{print $2}", "a/b/c\n", "b\n"),
        ("-F: -v x=5", "{print $2 + x}", "a:3:c\n", "8\n"),
        ("-F '[:,]'", "{print $3; print NF}", "a:3,c\n", "c\n3\n"),
        ("-F '|'", "{print $2}", "a|b\n", "b\n"),
        ("", "BEGIN {OFS=\"-\"} {$1=$1; print}", "a b c\n", "a-b-c\n"),
        ("", "{$2=\"\"; print; print NF}", "a b c\n", "a  c\n3\n"),
        ("", "{NF=2; print}", "a b c\n", "a b\n"),
        (
            "",
            "BEGIN {printf \"%-5s|%5.2f|%03d|%x|%c|%s\\n\", \"ab\", 3.14159, 7, 255, 65, 1e6}",
            "",
            "ab   | 3.14|007|ff|A|1000000\n",
        ),
        ("", "{s += $1} END {print s, s/NR}", "1\n2\n4\n", "7 2.33333\n"),
        ("", "{c[$1]++} END {for (k in c) print k, c[k]}", "a\nb\na\n", "a 2\nb 1\n"),
        ("", "{a[NR]=$0} END {for (i=NR; i>0; i--) print a[i]}", "1\n2\n3\n", "3\n2\n1\n"),
        ("", "{n=split($0, p, \".\"); print n, p[1], p[n]}", "10.0.0.7\n", "4 10 7\n"),
        ("", "{gsub(/o/, \"[&]\"); sub(\"f\", \"F\"); print}", "foo\n", "F[o][o]\n"),
        ("", "{print toupper(substr($0, 2, 3)), length($0), length, index($0, \"l\")}", "hello\n", "ELL 5 5 3\n"),
        ("", "{if (match($0, /[0-9]+/)) print RSTART, RLENGTH, substr($0, RSTART, RLENGTH)}", "ab123c\n", "3 3 123\n"),
        ("", "function f(n) {return n <= 1 ? 1 : n * f(n - 1)} BEGIN {print f(5)}", "", "120\n"),
        ("", "function fill(a) {a[1]=5} BEGIN {fill(x); print x[1]}", "", "5\n"),
        (
            "",
            "BEGIN {while (i < 3) {i++; if (i == 2) continue; print i}; do i--; while (i > 0); print i}",
            "",
            "1\n3\n0\n",
        ),
        ("", "BEGIN {print 1==1.0, \"a\"<\"b\", 2<10, \"2\"<\"10\", 2^3, 7%3, -3, !0}", "", "1 1 1 0 8 1 -3 1\n"),
        ("", "$1 > 5", "10\n3\nabc\n", "10\nabc\n"),
        (
            "",
            "BEGIN {x[\"a\",1]=2; if ((\"a\",1) in x) print \"in\"; delete x[\"a\",1]; print length(x)}",
            "",
            "in\n0\n",
        ),
        ("", "{print > \"out\"} END {close(\"out\")}", "z\n", ""),
        ("", "{print | \"sort\"}", "b\na\n", "a\nb\n"),
        (
            "",
            "BEGIN {print substr(\"hello\", 0, 2), substr(\"hello\", 4), 0.1+0.2, 1e20, 100000 * 100000}",
            "",
            "h lo 0.3 1e+20 1e+10\n",
        ),
        ("", "NR==1{next} {print; exit 3} END {print \"end\"}", "a\nb\nc\n", "b\nend\n"),
        ("", "BEGIN { print length() ; print -1 \" \" -1 }", "", "0\n-1-1\n"),
        ("", "{ print $1 \" \" ($2 > 1 ? \"many\" : \"one\") }", "a 1\nb 2\n", "a one\nb many\n"),
        ("", "BEGIN {print 1/0, -1/0}", "", "inf -inf\n"),
        ("", "BEGIN{RS=\"\"}{print NR\":\"$1}", "a b\nc\n\nd\n", "1:a\n2:d\n"),
        ("", "{print NR\"/\"$1/2}", "8\n", "1/4\n"),
        ("", "BEGIN { printf \"%s %d%%\\n\", \"x\", 50; printf(\"%5s|\\n\", \"r\") }", "", "x 50%\n    r|\n"),
        ("", "$1 ~ \"^a\" || $1 == \"b\" # comment\n", "a\nb\nc\n", "a\nb\n"),
        ("", "BEGIN { if (!(3 in a)) print \"no\"; a[3]; if (3 in a) print \"yes\" }", "", "no\nyes\n"),
    ] {
        let (stdout, stderr, _) = awk(options, program, input);
        assert_eq!(stdout, want, "awk {options} '{program}': {stderr}");
        assert_eq!(stderr, "", "{program}");
    }
    assert_eq!(awk("", "{exit 3}", "a\n").2, Some(3));
}

#[test]
fn faults_are_mawks() {
    for (program, stderr, exit) in [
        ("{print", "awk: line 2: missing } near end of file\n", 2),
        ("{print $1)}", "awk: line 1: extra ')'\n", 2),
        ("BEGIN {nosuch(1)}", "awk: function nosuch never defined\n", 2),
    ] {
        assert_eq!(awk("", program, "x\n"), (String::new(), stderr.to_owned(), Some(exit)), "{program}");
    }
}

#[test]
fn nothing_runs_for_ever() {
    for program in [
        "BEGIN {while (1);}",
        "function f() {f()} BEGIN {f()}",
        "BEGIN {x = \"ab\"; while (1) x = x x}",
        "BEGIN {while (1) print}",
    ] {
        assert_eq!(awk("", program, "").2, Some(2), "{program}");
    }
    let deep = format!("BEGIN {{print {}1{}}}", "(".repeat(3000), ")".repeat(3000));
    assert_eq!(awk("", &deep, "").2, Some(2));
}
