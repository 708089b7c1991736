//! Programs and what jq 1.7 makes of them.

use cluster::Cluster;

use crate::terminal::run_script;

fn jq(options: &str, program: &str, input: &str) -> (String, String, Option<i32>) {
    let files = [("program".to_owned(), program.to_owned())];
    let finished = run_script(&mut Cluster::default(), &format!("jq {options} -f program"), input, &files);
    (finished.stdout, finished.stderr, finished.exit)
}

#[test]
fn filters_make_what_jq_makes() {
    for (program, input, want) in [
        (".", "{\"b\": 1, \"a\": [1, 2.50]}", "{\"b\":1,\"a\":[1,2.5]}"),
        (".a.b, .a[\"b\"], .\"a\".b, .a.\"b\"", "{\"a\":{\"b\":1}}", "1\n1\n1\n1"),
        (".[0], .[-1], .[1:], .[:1], .[5]", "[1,2,3]", "1\n3\n[2,3]\n[1]\nnull"),
        (".[]|.x?", "[{\"x\":1},2]", "1"),
        ("[.[] | select(.a > 1) | .b]", "[{\"a\":1,\"b\":\"x\"},{\"a\":2,\"b\":\"y\"}]", "[\"y\"]"),
        ("{a: 1, (\"b\",\"c\"): 2}", "null", "{\"a\":1,\"b\":2}\n{\"a\":1,\"c\":2}"),
        ("{a:(1,2),b:(3,4)}", "null", "{\"a\":1,\"b\":3}\n{\"a\":1,\"b\":4}\n{\"a\":2,\"b\":3}\n{\"a\":2,\"b\":4}"),
        ("{a, \"b\"}", "{\"a\":1,\"b\":2,\"c\":3}", "{\"a\":1,\"b\":2}"),
        ("\"\\(1,2) \\(3,4)\"", "null", "\"1 3\"\n\"2 3\"\n\"1 4\"\n\"2 4\""),
        ("1+2*3-4/2%3", "null", "5"),
        ("-(1), -.", "5", "-1\n-5"),
        (".a // \"none\", (.b // empty)", "{\"a\":null}", "\"none\""),
        ("if . == 1 then \"one\" elif . == 2 then \"two\" else \"more\" end", "2 3", "\"two\"\n\"more\""),
        ("if . then 1 end", "false", "false"),
        ("[.[] as [$a, {b: $c}] | $a + $c]", "[[1,{\"b\":2}]]", "[3]"),
        ("reduce .[] as $x (0; . + $x), [foreach .[] as $x (0; . + $x)]", "[1,2,3]", "6\n[1,3,6]"),
        ("def f(g; $n): [g | . * $n]; f(.[]; 10)", "[1,2]", "[10,20]"),
        (
            "[limit(3; repeat(1))], [range(5)], [range(0; 10; 4)], first(range(3; 9))",
            "0",
            "[1,1,1]\n[0,1,2,3,4]\n[0,4,8]\n3",
        ),
        (
            "to_entries, keys, length, (to_entries | from_entries)",
            "{\"b\":1}",
            "[{\"key\":\"b\",\"value\":1}]\n[\"b\"]\n1\n{\"b\":1}",
        ),
        ("with_entries(.value += 1), map_values(. * 2)", "{\"a\":1}", "{\"a\":2}\n{\"a\":2}"),
        (
            "group_by(.a), unique_by(.a), sort_by(-.b)",
            "[{\"a\":1,\"b\":2},{\"a\":1,\"b\":3}]",
            "[[{\"a\":1,\"b\":2},{\"a\":1,\"b\":3}]]\n[{\"a\":1,\"b\":2}]\n[{\"a\":1,\"b\":3},{\"a\":1,\"b\":2}]",
        ),
        ("sort, unique, min, max, add, reverse, any, all", "[2,1,2]", "[1,2,2]\n[1,2]\n1\n2\n5\n[2,1,2]\ntrue\ntrue"),
        ("join(\",\"), (map(tostring) | join(\"-\"))", "[\"a\",null,1,true]", "\"a,,1,true\"\n\"a-null-1-true\""),
        (
            "test(\"A\"; \"i\"), sub(\"(?<x>b)\"; \"[\\(.x)]\"), gsub(\"[abc]\"; \"-\"), [scan(\"[ab]\")], [splits(\"b\")]",
            "\"abc\"",
            "true\n\"a[b]c\"\n\"---\"\n[\"a\",\"b\"]\n[\"a\",\"c\"]",
        ),
        ("capture(\"(?<n>[a-z]+)-(?<i>\\\\d+)\")", "\"web-12\"", "{\"n\":\"web\",\"i\":\"12\"}"),
        (
            "split(\",\"), startswith(\"a\"), endswith(\"x\"), ltrimstr(\"a\"), ascii_upcase",
            "\"a,b\"",
            "[\"a\",\"b\"]\ntrue\nfalse\n\",b\"\n\"A,B\"",
        ),
        (
            "@csv, @tsv, @sh, @html",
            "[1,\"a\\\"b\",null]",
            "\"1,\\\"a\\\"\\\"b\\\",\"\n\"1\\ta\\\"b\\t\"\n\"1 'a\\\"b' null\"\n\"[1,&quot;a\\\\&quot;b&quot;,null]\"",
        ),
        (
            "@base64, (@base64 | @base64d), @json, @uri, @text \"x\\(.)\"",
            "\"a b\"",
            "\"YSBi\"\n\"a b\"\n\"\\\"a b\\\"\"\n\"a%20b\"\n\"xa b\"",
        ),
        (
            "contains({a:[\"x\"]}), has(\"a\"), (.a | index(\"x\")), inside({a:[\"xy\"],b:1})",
            "{\"a\":[\"xy\"]}",
            "true\ntrue\nnull\ntrue",
        ),
        (
            "del(.a), del(.b[0]), (.a |= . + 1), (.b += [3]), (.c //= 5), (.b[] |= empty)",
            "{\"a\":1,\"b\":[1,2]}",
            "{\"b\":[1,2]}\n{\"a\":1,\"b\":[2]}\n{\"a\":2,\"b\":[1,2]}\n{\"a\":1,\"b\":[1,2,3]}\n{\"a\":1,\"b\":[1,2],\"c\":5}\n{\"a\":1,\"b\":[]}",
        ),
        ("[paths], [..|numbers], [leaf_paths]", "{\"a\":[1]}", "[[\"a\"],[\"a\",0]]\n[1]\n[[\"a\",0]]"),
        ("try error(\"x\") catch ., (try error catch .a), [.[]?]", "{\"a\":1}", "\"x\"\n1\n[1]"),
        ("label $out | 1, break $out, 2", "null", "1"),
        (". as $d | [\"a\",\"b\"] | map($d[.])", "{\"a\":1,\"b\":2}", "[1,2]"),
        ("tojson, (tojson | fromjson), tostring, type", "[1]", "\"[1]\"\n[1]\n\"[1]\"\n\"array\""),
        ("flatten, flatten(1), transpose", "[[1,[2]],[3]]", "[1,2,3]\n[1,[2],3]\n[[1,3],[[2],null]]"),
        ("walk(if type == \"number\" then . + 1 else . end)", "[1,{\"a\":2}]", "[2,{\"a\":3}]"),
        (
            "\"a\" * 2, ([1,2] - [1]), ({a:{b:1}} * {a:{c:2}}), 10 % 3, 1 / 3",
            "null",
            "\"aa\"\n[2]\n{\"a\":{\"b\":1,\"c\":2}}\n1\n0.3333333333333333",
        ),
        (
            "[.[] | {n: .name, p: .ports[].port}] | sort_by(.p) | .[0].n",
            "[{\"name\":\"a\",\"ports\":[{\"port\":2},{\"port\":1}]}]",
            "\"a\"",
        ),
        ("todate, (todate | fromdate)", "1425599507", "\"2015-03-05T23:51:47Z\"\n1425599507"),
        ("INDEX(.[]; .id) | .x.v, [range(0;3)|IN(1,2)]", "[{\"id\":\"x\",\"v\":1}]", "1\n[false,true,true]"),
        (
            "[until(. > 100; . * 2)], [while(. < 10; . * 3)], isempty(empty), ([1,[2]] | getpath([1,0]))",
            "3",
            "[192]\n[3,9]\ntrue\n2",
        ),
        ("input, [inputs]", "1 2 3 4", "2\n[3,4]"),
        ("1e1000, 1e17, 1e-7, 100000000, 0.1, 3.0", "null", "1.7976931348623157e+308\n1e+17\n1e-07\n100000000\n0.1\n3"),
    ] {
        let (stdout, stderr, _) = jq("-c", program, input);
        assert_eq!(stdout.trim_end(), want, "{program}: {stderr}");
    }
}

#[test]
fn faults_and_exit_codes_are_jqs() {
    for (options, program, input, stdout, stderr, exit) in [
        ("", ".", "NAME READY\n", "", "jq: parse error: Invalid numeric literal at line 1, column 5\n", 5),
        ("", ".a.b", "{\"a\":1}\n", "", "jq: error (at <stdin>:1): Cannot index number with string \"b\"\n", 5),
        ("", ".[]", "5\n", "", "jq: error (at <stdin>:1): Cannot iterate over number (5)\n", 5),
        ("", "1 + \"a\"", "1\n", "", "jq: error (at <stdin>:1): number (1) and string (\"a\") cannot be added\n", 5),
        ("-n", "error({a: 1})", "", "", "jq: error (at <unknown>) (not a string): {\"a\":1}\n", 5),
        ("-n", "foo", "", "", "jq: error: foo/0 is not defined at <top-level>, line 1:\nfoo\njq: 1 compile error\n", 3),
        ("-n", "$x", "", "", "jq: error: $x is not defined at <top-level>, line 1:\n$x\njq: 1 compile error\n", 3),
        (
            "-n",
            ".a}",
            "",
            "",
            "jq: error: syntax error, unexpected INVALID_CHARACTER, expecting end of file (Unix shell quoting issues?) at <top-level>, line 1:\n.a}  \njq: 1 compile error\n",
            3,
        ),
        (
            "-n",
            "{a:1+2}",
            "",
            "",
            "jq: error: syntax error, unexpected '+', expecting '}' (Unix shell quoting issues?) at <top-level>, line 1:\n{a:1+2}    \njq: 1 compile error\n",
            3,
        ),
        (
            "-n",
            ".[",
            "",
            "",
            "jq: error: syntax error, unexpected end of file (Unix shell quoting issues?) at <top-level>, line 1:\n.[ \njq: 1 compile error\n",
            3,
        ),
        ("-e", ".a", "{}", "null\n", "", 1),
        ("-e", "empty", "{}", "", "", 4),
        ("-e", ".", "true", "true\n", "", 0),
        ("-n", "\"bye\\n\" | halt_error(3)", "", "", "bye\n", 3),
        ("--arg x 5 --argjson y '[1]' -nc", "[$x, $y, $ARGS.named.x]", "", "[\"5\",[1],\"5\"]\n", "", 0),
        ("-r", ".[]", "[\"a\", 1]", "a\n1\n", "", 0),
        ("-s", "length", "1 2", "2\n", "", 0),
        ("-R", ".", "a\nb\n", "\"a\"\n\"b\"\n", "", 0),
        (
            "",
            ".",
            "{\"b\":[],\"a\":{\"x\":[1]}}",
            "{\n  \"b\": [],\n  \"a\": {\n    \"x\": [\n      1\n    ]\n  }\n}\n",
            "",
            0,
        ),
        ("-S --tab", ".", "{\"b\":1,\"a\":2}", "{\n\t\"a\": 2,\n\t\"b\": 1\n}\n", "", 0),
        (
            "-z",
            ".",
            "",
            "",
            "jq: Unknown option -z\nUse jq --help for help with command-line options,\nor see the jq manpage, or online docs  at https://jqlang.github.io/jq\n",
            2,
        ),
    ] {
        let want = (stdout.to_owned(), stderr.to_owned(), Some(exit));
        assert_eq!(jq(options, program, input), want, "jq {options} '{program}'");
    }
}

#[test]
fn nothing_runs_for_ever() {
    for program in [
        "def f: f; f",
        "repeat(.)",
        "[range(1e9)]",
        "def f: (f | f); f",
        "until(false; .)",
        "\"x\" * 1e9",
        "last(range(1e12))",
    ] {
        let (_, stderr, exit) = jq("-n", program, "");
        assert_eq!(exit, Some(5), "{program}");
        assert!(stderr.contains("too long or too deep"), "{program}: {stderr}");
    }
    let deep = format!("{}1{}", "[".repeat(5000), "]".repeat(5000));
    assert_eq!(jq("-n", &deep, "").2, Some(3));
    assert_eq!(jq("", ".", &deep).2, Some(5));
}
