//! Scripts and what GNU sed makes of them.

use cluster::Cluster;

use crate::terminal::run_script;

fn sed(options: &str, script: &str, input: &str) -> (String, String, Option<i32>) {
    let files = [("script".to_owned(), script.to_owned())];
    let finished = run_script(&mut Cluster::default(), &format!("sed {options} \"$(cat script)\""), input, &files);
    (finished.stdout, finished.stderr, finished.exit)
}

const TEXT: &str = "one\ntwo\nthree\nfour\n";

#[test]
fn scripts_make_what_sed_makes() {
    for (options, script, want) in [
        ("", "s/o/0/", "0ne\ntw0\nthree\nf0ur\n"),
        ("", "s/[eo]/<&>/g", "<o>n<e>\ntw<o>\nthr<e><e>\nf<o>ur\n"),
        ("", "s/e/E/2", "one\ntwo\nthreE\nfour\n"),
        ("-E", "s/^(.)(.*)$/\\2\\1/", "neo\nwot\nhreet\nourf\n"),
        ("", "s/\\(t\\)\\(.\\)/\\2\\1/", "one\nwto\nhtree\nfour\n"),
        ("-n", "2p", "two\n"),
        ("-n", "$p", "four\n"),
        ("-n", "2,3p", "two\nthree\n"),
        ("-n", "/two/,/four/p", "two\nthree\nfour\n"),
        ("-n", "2,+1p", "two\nthree\n"),
        ("-n", "1~2p", "one\nthree\n"),
        ("-n", "/t/{s/t/T/;p}", "Two\nThree\n"),
        ("", "/t/!d", "two\nthree\n"),
        ("", "1d;$d", "two\nthree\n"),
        ("", "2q", "one\ntwo\n"),
        ("", "2a more", "one\ntwo\nmore\nthree\nfour\n"),
        ("", "2i\\\nless", "one\nless\ntwo\nthree\nfour\n"),
        ("", "2,3c other", "one\nother\nfour\n"),
        ("", "y/oe/01/", "0n1\ntw0\nthr11\nf0ur\n"),
        ("-n", "$=", "4\n"),
        ("", "N;s/\\n/ /", "one two\nthree four\n"),
        ("", ":a;N;$!ba;s/\\n/,/g", "one,two,three,four\n"),
        ("-n", "1!G;h;$p", "four\nthree\ntwo\none\n"),
        ("", "s/.*/\\U&/;s/\\(.\\)\\(.*\\)/\\1\\L\\2/", "One\nTwo\nThree\nFour\n"),
        ("", "s|o|/|;s#w#-#", "/ne\nt-/\nthree\nf/ur\n"),
        ("-e 's/one/1/' -e", "s/two/2/", "1\n2\nthree\nfour\n"),
        ("", "n;d", "one\nthree\n"),
        ("", "/one/,/two/s/^/> /", "> one\n> two\nthree\nfour\n"),
        ("", "0,/o/s/o/0/", "0ne\ntwo\nthree\nfour\n"),
        ("", "s/x*$/!/", "one!\ntwo!\nthree!\nfour!\n"),
    ] {
        let (stdout, stderr, exit) = sed(options, script, TEXT);
        assert_eq!((stdout.as_str(), stderr.as_str(), exit), (want, "", Some(0)), "sed {options} '{script}'");
    }
}

#[test]
fn faults_are_seds() {
    for (script, stderr) in [
        ("s/a/b", "sed: -e expression #1, char 5: unterminated `s' command\n"),
        ("k", "sed: -e expression #1, char 1: unknown command: `k'\n"),
        ("s/a/b/k", "sed: -e expression #1, char 7: unknown option to `s'\n"),
        ("pp", "sed: -e expression #1, char 2: extra characters after command\n"),
        ("{p", "sed: -e expression #1, char 0: unmatched `{'\n"),
        ("p}", "sed: -e expression #1, char 2: unexpected `}'\n"),
        ("s/a/\\1/", "sed: -e expression #1, char 7: invalid reference \\1 on `s' command's RHS\n"),
        ("/a", "sed: -e expression #1, char 2: unterminated address regex\n"),
    ] {
        assert_eq!(sed("", script, TEXT), (String::new(), stderr.to_owned(), Some(1)), "{script}");
    }
    assert_eq!(sed("", ":a;ba", TEXT).2, Some(4));
    assert_eq!(sed("", ":a;s/^/xxxxxxxxxxxxxxxx/;G;h;ba", TEXT).2, Some(4));
}
